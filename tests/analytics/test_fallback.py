"""Whose box score counts for a game: one source, whole, the best-ranked that is complete at the time."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.features.league import BOS, DELAY, NYK, League, evening

DAY = date(2023, 12, 1)
TIP = evening(DAY)
GAME = "0022300001"
PLAYERS = ((1, BOS), (2, BOS), (3, NYK), (4, NYK))
NBA, ESPN, BDL = "nba_box_score", "espn_box_score", "balldontlie_box_scores"


@pytest.fixture
def league() -> League:
    """A game on the schedule that nobody has told of yet."""
    league = League()
    league.game(GAME, DAY, BOS, NYK)
    return league


def told(league: League, source: str, hours: float = 4, players: tuple[tuple[int, int], ...] = PLAYERS, **counts: Any):
    """A source's box score, so many hours after tip-off: two players a side, ten points each."""
    for player, team in players:
        league.box(
            GAME, DAY, player, team, source=source, known_at=TIP + timedelta(hours=hours), **{"minutes": 120.0} | counts
        )


def revisions(league: League) -> list[tuple[float, str]]:
    """Hours after tip-off, and whose box score counts from then."""
    rows = league.warehouse().query("SELECT known_at, box_source FROM analytics.game_revisions ORDER BY known_at")
    return [((at - TIP) / timedelta(hours=1), source) for at, source in rows.rows()]


def test_what_espn_tells_first_gives_way_to_what_nba_tells_later(league: League):
    told(league, ESPN, hours=3, points=9)
    told(league, NBA, hours=5)
    assert revisions(league) == [(3.0, ESPN), (5.0, NBA)]
    rows = league.warehouse().query(
        "SELECT DISTINCT points, box_source, known_at FROM analytics.player_game_summary ORDER BY known_at"
    )
    assert [row[:2] for row in rows.rows()] == [(9, ESPN), (10, NBA)]
    teams = league.warehouse().query("SELECT DISTINCT box_source FROM analytics.team_offense_game_summary")
    assert set(teams["box_source"]) == {ESPN, NBA}


def test_a_worse_source_that_comes_later_changes_nothing_and_makes_no_revision(league: League):
    told(league, NBA)
    told(league, ESPN, hours=6, points=9)
    told(league, BDL, hours=8, points=8)
    assert revisions(league) == [(4.0, NBA)]


def test_a_player_only_the_worse_source_has_is_not_added_to_the_better_ones_game(league: League):
    told(league, NBA)
    told(league, ESPN, players=(*PLAYERS, (5, BOS)), minutes=100.0)
    rows = league.warehouse().query("SELECT player_id, box_source FROM analytics.player_game_summary ORDER BY 1")
    assert rows.rows() == [(player, NBA) for player, _ in PLAYERS]


@pytest.mark.parametrize(
    ("players", "counts"),
    [(PLAYERS[:2], {}), (PLAYERS, {"minutes": 60.0}), (PLAYERS[:3], {})],
    ids=["one team alone", "half the minutes", "half a team"],
)
def test_half_a_box_score_of_the_better_source_waits_for_the_other_half(
    league: League, players: tuple[tuple[int, int], ...], counts: dict[str, float]
):
    told(league, NBA, hours=3, players=players, **counts)
    told(league, ESPN, hours=4)
    told(league, NBA, hours=6)
    assert revisions(league) == [(3.0, NBA), (4.0, ESPN), (6.0, NBA)]


def test_points_that_do_not_make_the_score_send_to_the_next_source(league: League):
    result = {"statement": "result", "status": "final", "home_points": 20, "away_points": 20}
    league.game(GAME, DAY, BOS, NYK, known_at=TIP + DELAY, **result)
    told(league, NBA, points=11)
    told(league, ESPN)
    told(league, NBA, hours=30)
    assert revisions(league) == [(4.0, ESPN), (30.0, NBA)]


def test_rounded_minutes_and_overtimes_are_complete(league: League):
    told(league, NBA, minutes=131.5)
    told(league, ESPN, hours=5)
    assert revisions(league) == [(4.0, NBA)]


def test_where_nobody_is_complete_the_best_of_those_with_both_teams_counts(league: League):
    told(league, NBA, players=PLAYERS[:2])
    told(league, BDL, minutes=30.0)
    told(league, ESPN, minutes=30.0)
    assert revisions(league) == [(4.0, ESPN)]


def test_the_better_sources_own_correction_counts(league: League):
    told(league, NBA)
    told(league, ESPN, points=9)
    told(league, NBA, hours=50, players=PLAYERS[:1], points=12)
    rows = league.warehouse().query(
        "SELECT points, box_source FROM analytics.player_game_summary WHERE player_id = 1 ORDER BY known_at"
    )
    assert rows.rows() == [(10, NBA), (12, NBA)]


def test_shots_of_two_sources_are_never_added_up(league: League):
    told(league, NBA)
    for source, shots in (("shots", 3), ("nba_shots", 2)):
        for ordinal in range(shots):
            league.shot(GAME, DAY, 1, BOS, ordinal, source=source, seconds_left=600 + shots)
    attempted = league.warehouse().query(
        "SELECT paint_attempted FROM analytics.player_game_summary WHERE player_id = 1"
    )
    assert attempted["paint_attempted"].to_list() == [2]
