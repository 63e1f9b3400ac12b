"""Who can play, as reports tell it: of whom each speaks, how long it counts, and what silence means."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from tests.features.league import BOS, LAL, NYK, League, asking, evening

from fairline.features import assemble
from fairline.platform.warehouse import DuckWarehouse

DAY = date(2023, 12, 2)
GAME = "0022300002"
CUTOFF = evening(DAY, 18)
NBA, ESPN, BDL = "nba_injury_report", "espn_roster", "balldontlie_injuries"
HOUR = timedelta(hours=1)


@pytest.fixture
def league() -> League:
    """Boston (1, 2) meets New York (3, 4), which it met the evening before."""
    league = League()
    for game, day in (("0022300001", DAY - timedelta(days=1)), (GAME, DAY)):
        league.game(game, day, BOS, NYK)
    for player, team in ((1, BOS), (2, BOS), (3, NYK), (4, NYK)):
        league.box("0022300001", DAY - timedelta(days=1), player, team, minutes=120.0)
    return league


def official(league: League, at: datetime, *games: tuple[date, int, dict[int, str] | None]) -> None:
    """A report of teams: date of the game, team, its statuses; None where it has not submitted."""
    league.add("injury_snapshots", at, source=NBA, reported_at=at, players_listed=0)
    seen: set[int] = set()
    for day, team, statuses in games:
        league.add(
            "injury_report_teams", at, source=NBA, reported_at=at, game_date=day, team_id=team,
            submitted=statuses is not None, players_listed=len(statuses or {}),
        )  # fmt: skip
        table, of_game = ("later_injury_reports", {"game_date": day}) if team in seen else ("injury_reports", {})
        seen |= {team} if statuses is not None else set()
        for player, status in (statuses or {}).items():
            _status(league, at, table, NBA, player, status, team_id=team, **of_game)


def _status(league: League, at: datetime, table: str, source: str, player: int, status: str, **told: Any) -> None:
    league.add(
        table,
        at,
        source=source,
        reported_at=at,
        player_id=player,
        player_name=f"Player {player}",
        status=status,
        **told,
    )


def roster(league: League, at: datetime, team: int, *players: int, injured: dict[int, str]) -> None:
    """A team's roster at ESPN, with injuries."""
    for player in players:
        league.add(
            "rosters", at, source=ESPN, listed_at=at, team_id=team, player_id=player, player_name=f"Player {player}"
        )
    for player, status in injured.items():
        _status(league, at, "injury_reports", ESPN, player, status, team_id=team)


def in_context(warehouse: DuckWarehouse, cutoff: datetime, game: str = GAME) -> dict[int, str | None]:
    rows = assemble.build(warehouse, asking((game, cutoff, 1))[0], asking()[1])
    return dict(rows.select("player_id", "status").iter_rows())


def statuses(league: League, cutoff: datetime = CUTOFF) -> dict[int, str | None]:
    """What a forecast knows of everyone at the cutoff."""
    return in_context(league.warehouse(), cutoff)


def test_a_team_that_has_not_submitted_has_no_healthy_players(league: League):
    official(league, CUTOFF - HOUR, (DAY, BOS, {2: "out"}), (DAY, NYK, None))
    assert statuses(league) == {1: "available", 2: "out", 3: None, 4: None}


def test_a_team_that_submits_an_empty_list_is_healthy(league: League):
    official(league, CUTOFF - HOUR, (DAY, BOS, {}), (DAY, NYK, {4: "doubtful"}))
    assert statuses(league) == {1: "available", 2: "available", 3: "available", 4: "doubtful"}


def test_before_it_submits_its_report_on_the_game_before_counts(league: League):
    yesterday = DAY - timedelta(days=1)
    official(league, CUTOFF - 24 * HOUR, (yesterday, BOS, {1: "out"}), (yesterday, NYK, {}))
    official(league, CUTOFF - HOUR, (DAY, BOS, {}), (DAY, NYK, None))
    assert statuses(league) == {1: "available", 2: "available", 3: "available", 4: "available"}
    assert statuses(league, CUTOFF - 2 * HOUR)[1] == "out"


def test_a_report_that_covers_both_nights_tells_each_game_its_own(league: League):
    yesterday = DAY - timedelta(days=1)
    at = evening(yesterday, 18)
    official(league, at, (yesterday, BOS, {1: "questionable"}), (DAY, BOS, {1: "out"}))
    warehouse = league.warehouse()
    assert in_context(warehouse, at + HOUR, "0022300001").get(1) is None, "on no roster before his first game"
    assert in_context(warehouse, evening(DAY, 4))[1] == "out"
    said = warehouse.query(
        "SELECT status, game_date FROM analytics.player_availability WHERE player_id = 1 ORDER BY game_date"
    )
    assert said.rows() == [("questionable", yesterday), ("out", DAY)]


def test_a_report_on_a_later_game_says_nothing_of_this_one(league: League):
    official(league, CUTOFF - HOUR, (DAY + timedelta(days=2), BOS, {1: "out"}))
    assert statuses(league)[1] is None


def test_a_roster_with_injuries_speaks_of_its_team_alone(league: League):
    roster(league, CUTOFF - HOUR, BOS, 1, 2, injured={2: "questionable"})
    assert statuses(league) == {1: "available", 2: "questionable", 3: None, 4: None}


def test_a_list_in_pages_speaks_of_whom_it_names_alone(league: League):
    _status(league, CUTOFF - HOUR, "injury_reports", BDL, 2, "out", team_id=BOS)
    assert statuses(league) == {1: None, 2: "out", 3: None, 4: None}


def test_whom_the_next_list_names_no_more_has_recovered_an_hour_after_it_began(league: League):
    for minutes, player in ((600, 2), (598, 4), (120, 4), (118, 3)):
        _status(league, CUTOFF - timedelta(minutes=minutes), "injury_reports", BDL, player, "out", team_id=BOS)
    assert statuses(league) == {1: None, 2: None, 3: "out", 4: "out"}
    assert statuses(league, CUTOFF - timedelta(minutes=119))[2] == "out"


@pytest.mark.parametrize(("espn", "nba", "status"), [
    ("questionable", "out", "out"), ("out", "probable", "out"), ("doubtful", "available", "doubtful"),
])  # fmt: skip
def test_of_two_sources_the_graver_word_counts(league: League, espn: str, nba: str, status: str):
    roster(league, CUTOFF - 2 * HOUR, BOS, 1, 2, injured={2: espn})
    official(league, CUTOFF - HOUR, (DAY, BOS, {2: nba}))
    assert statuses(league)[2] == status


def test_no_report_counts_after_36_hours(league: League):
    official(league, CUTOFF - 36 * HOUR, (DAY, BOS, {2: "out"}))
    assert statuses(league) == dict.fromkeys((1, 2, 3, 4))
    assert statuses(league, CUTOFF - HOUR)[2] == "out"


def test_who_was_inactive_last_night_is_not_called_out_tonight(league: League):
    league.add(
        "inactives", CUTOFF - 18 * HOUR, source="nba_box_score", game_id="0022300001",
        game_date=DAY - timedelta(days=1), player_id=1, team_id=BOS, player_name="Player 1", absence="inactive",
        reason="Injury/Illness",
    )  # fmt: skip
    assert statuses(league)[1] is None
    said = league.warehouse().query("SELECT status, words FROM analytics.player_availability WHERE player_id = 1")
    assert said.rows() == [("unknown", "inactive: Injury/Illness on 2023-12-01")]


def test_a_traded_player_has_the_word_of_the_team_he_is_with(league: League):
    roster(league, CUTOFF - 3 * HOUR, BOS, 1, injured={1: "out"})
    roster(league, CUTOFF - 2 * HOUR, LAL, 1, injured={})
    assert 1 not in statuses(league)
    roster(league, CUTOFF - HOUR, NYK, 1, 3, 4, injured={})
    assert statuses(league)[3] == "available"


def test_the_same_words_in_report_after_report_are_one_spell_since_the_first(league: League):
    for hours in (20, 10, 5):
        league.report(CUTOFF - hours * HOUR, {1: "out"})
    league.report(CUTOFF - HOUR, {})
    rows = league.warehouse().query(
        "SELECT known_at, superseded_at, status_since FROM analytics.player_availability WHERE player_id = 1"
    )
    assert rows.rows() == [(CUTOFF - 20 * HOUR, CUTOFF - HOUR, CUTOFF - 20 * HOUR)]


def test_other_words_for_the_same_status_begin_a_spell_and_keep_its_beginning(league: League):
    league.report(CUTOFF - 20 * HOUR, {1: "out"})
    league.report(CUTOFF - 10 * HOUR, {1: "out"})
    league.rows["injury_reports"][-1]["reason"] = "Out (Knee)"
    rows = league.warehouse().query(
        "SELECT words, known_at, status_since FROM analytics.player_availability WHERE player_id = 1 ORDER BY known_at"
    )
    first = CUTOFF - 20 * HOUR
    assert rows.rows() == [(None, first, first), ("Out (Knee)", CUTOFF - 10 * HOUR, first)]


def test_what_is_reported_later_changes_nothing_said_of_before(league: League):
    official(league, CUTOFF - HOUR, (DAY, BOS, {2: "out"}), (DAY, NYK, None))
    before = statuses(league)
    official(league, CUTOFF + HOUR, (DAY, BOS, {1: "out"}), (DAY, NYK, {}))
    roster(league, CUTOFF + HOUR, NYK, 3, 4, injured={3: "out"})
    _status(league, CUTOFF + HOUR, "injury_reports", BDL, 4, "out", team_id=NYK)
    assert statuses(league) == before


def changes(league: League) -> dict[int, datetime]:
    """When the status of each player or a teammate last changed, as known at the cutoff."""
    warehouse = league.warehouse()
    in_context(warehouse, CUTOFF)
    rows = assemble.status_changes(warehouse).select("player_id", "status_changed_at")
    return dict(rows.iter_rows())


def test_a_team_that_submits_at_last_changes_nobody_it_does_not_name(league: League):
    official(league, CUTOFF - 3 * HOUR, (DAY, BOS, {2: "out"}), (DAY, NYK, None))
    official(league, CUTOFF - HOUR, (DAY, BOS, {2: "out"}), (DAY, NYK, {}))
    assert changes(league) == {}


def test_a_teammate_newly_out_makes_older_quotes_of_the_whole_team_stale_and_of_nobody_else(league: League):
    official(league, CUTOFF - 3 * HOUR, (DAY, BOS, {}), (DAY, NYK, {4: "out"}))
    official(league, CUTOFF - HOUR, (DAY, BOS, {2: "out"}), (DAY, NYK, {4: "out"}))
    assert changes(league) == {1: CUTOFF - HOUR, 2: CUTOFF - HOUR}
