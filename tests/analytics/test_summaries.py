"""What the summaries and contexts say when sources correct themselves, lack something, or move a game."""

from datetime import date, datetime, timedelta

import pytest
from tests.features.league import BOS, DELAY, LAL, NYK, League, evening, row

from fairline.analytics.schema import NEUTRAL_ARENAS
from fairline.platform.warehouse import DuckWarehouse

DAY = date(2023, 12, 1)
TIP = evening(DAY)
GAME, NEXT = "0022300001", "0022300002"
LATEST = "superseded_at = TIMESTAMPTZ '9999-01-01 00:00:00+00'"


@pytest.fixture
def league() -> League:
    """One game of Boston against New York, two players a side, and the next two days later."""
    league = League()
    league.game(GAME, DAY, BOS, NYK)
    league.game(NEXT, DAY + timedelta(days=2), BOS, NYK)
    for player, team in ((1, BOS), (2, BOS), (3, NYK), (4, NYK)):
        league.box(GAME, DAY, player, team, minutes=120.0, won=team == BOS)
    return league


def team(warehouse: DuckWarehouse, team_id: int, name: str = "team_offense_game_summary") -> dict[str, object]:
    rows = warehouse.query(f"SELECT * FROM analytics.{name} WHERE team_id = ? AND {LATEST}", [team_id])
    return rows.row(0, named=True)


def test_what_a_source_lacks_is_null_and_only_what_depends_on_it(league: League):
    league.rows["player_box_scores"][0]["offensive_rebounds"] = None
    league.rows["player_box_scores"][0]["fouls"] = None
    warehouse = league.warehouse()
    ours, theirs = team(warehouse, BOS), team(warehouse, NYK)
    assert (ours["possession_hundredths"], ours["pace"], ours["offensive_rating"]) == (None, None, None)
    assert (ours["points"], ours["field_goals_attempted"], ours["rebounds"], ours["turnovers"]) == (20, 18, 8, 4)
    assert theirs["possession_hundredths"] == 2 * (900 + 88 + 200 - 100)
    assert team(warehouse, NYK, "team_defense_game_summary")["defensive_rating"] is None
    usage = warehouse.query(f"SELECT usage FROM analytics.player_game_summary WHERE team_id = {BOS}")["usage"]
    assert usage.null_count() == 0


def test_a_players_missing_attempts_leave_the_whole_team_without_usage(league: League):
    league.rows["player_box_scores"][0]["turnovers"] = None
    usage = league.warehouse().query(
        "SELECT team_id, count(usage) AS held FROM analytics.player_game_summary GROUP BY team_id"
    )
    assert dict(usage.iter_rows()) == {BOS: 0, NYK: 2}


def test_a_game_without_possessions_does_not_inflate_the_rating_of_ten_games(league: League):
    for place in range(6):
        day = DAY - timedelta(days=2 * (place + 1))
        league.game(f"00223001{place:02d}", day, BOS, NYK)
        for player, own in ((1, BOS), (3, NYK)):
            lacking = {"offensive_rebounds": None} if place == 3 else {}
            league.box(
                f"00223001{place:02d}",
                day,
                player,
                own,
                minutes=240.0,
                points=100,
                field_goals_attempted=101,
                free_throws_attempted=0,
                turnovers=0,
                **lacking,
            )
    rated = row(league.warehouse(), GAME, TIP, 1)
    # 101 attempts, one of them rebounded: 100 points in 100 possessions.
    assert (rated["team_offensive_rating"], rated["opponent_defensive_rating"], rated["team_pace"]) == (
        100.0,
        100.0,
        100.0,
    )


def test_a_corrected_shot_counts_once(league: League):
    league.shot(GAME, DAY, 1, BOS, 0, made=True)
    league.shot(GAME, DAY, 1, BOS, 0, made=False, known_at=TIP + timedelta(days=3))
    rows = league.warehouse().query(
        "SELECT paint_attempted, paint_made FROM analytics.player_game_summary WHERE player_id = 1 ORDER BY known_at"
    )
    assert rows.rows() == [(1, 1), (1, 0)]


def test_a_correction_that_states_another_tip_off_keeps_the_team_whole(league: League):
    moved = TIP + timedelta(hours=1)
    league.box(GAME, DAY, 1, BOS, known_at=TIP + timedelta(days=2), tip_at=moved, minutes=120.0, points=50)
    teams = league.warehouse().query(
        "SELECT points, known_at FROM analytics.team_offense_game_summary WHERE team_id = ? ORDER BY known_at", [BOS]
    )
    assert teams["points"].to_list() == [20, 60]


def test_part_of_a_box_score_is_not_a_game_of_negative_overtime(league: League):
    del league.rows["player_box_scores"][1:3]
    assert team(league.warehouse(), BOS)["overtimes"] == 0


def test_a_postponed_game_is_postponed_until_its_new_date_is_told(league: League):
    known = TIP - timedelta(hours=1)
    told = {"statement": "result", "status": "postponed"}
    league.game(NEXT, DAY + timedelta(days=2), BOS, NYK, known_at=known, **told)
    league.game(NEXT, DAY + timedelta(days=9), BOS, NYK, known_at=known + timedelta(days=3))
    versions = league.warehouse().query(
        "SELECT game_date, status FROM analytics.game_versions WHERE game_id = ? ORDER BY known_at", [NEXT]
    )
    assert versions.rows() == [
        (DAY + timedelta(days=2), "scheduled"),
        (DAY + timedelta(days=2), "postponed"),
        (DAY + timedelta(days=9), "scheduled"),
    ]


def test_a_postponed_game_tires_nobody(league: League):
    later, day = "0022300003", DAY + timedelta(days=3)
    league.game(later, day, BOS, LAL)
    cutoff = evening(day, 12)
    assert row(league.warehouse(), later, cutoff, 1)["back_to_back"] == 1
    league.game(
        NEXT,
        DAY + timedelta(days=2),
        BOS,
        NYK,
        known_at=cutoff - timedelta(hours=20),
        statement="result",
        status="postponed",
    )
    rested = row(league.warehouse(), later, cutoff, 1)
    assert (rested["back_to_back"], rested["games_held"]) == (0, 1)


@pytest.mark.parametrize(("arena", "home"), [("TD Garden", True), *((arena, False) for arena in NEUTRAL_ARENAS)])
def test_at_a_neutral_site_neither_team_is_at_home_and_the_spread_keeps_its_side(
    league: League, arena: str, home: bool
):
    for game in league.rows["games"]:
        game["arena"] = arena
    for player, own in ((1, BOS), (3, NYK)):
        league.box(NEXT, DAY + timedelta(days=2), player, own)
    cutoff = evening(DAY + timedelta(days=2), 12)
    league.add(
        "game_line_quotes", cutoff, game_id=NEXT, game_date=DAY + timedelta(days=2), home_spread=-6.5, total=220.0
    )
    warehouse = league.warehouse()
    hosts, guests = row(warehouse, NEXT, cutoff, 1), row(warehouse, NEXT, cutoff, 3)
    assert (hosts["home"], guests["home"]) == (float(home), 0.0)
    assert (hosts["spread"], guests["spread"]) == (-6.5, 6.5)
    played = warehouse.query(
        f"SELECT home FROM analytics.player_game_summary WHERE player_id = 1 AND game_id = '{GAME}'"
    ).item()
    assert played is home


def test_a_player_whose_team_is_not_known_has_form_and_no_side(league: League):
    league.add("game_line_quotes", TIP + DELAY, game_id=NEXT, game_date=DAY, home_spread=-6.5, total=220.0)
    day = DAY + timedelta(days=1)
    league.game("0022300009", day, LAL, NYK)
    league.box("0022300009", day, 9, LAL)
    league.box("0022300009", day, 3, NYK)
    lost = row(league.warehouse(), NEXT, evening(DAY + timedelta(days=2), 12), 9)
    assert (lost["team_id"], lost["opponent_id"], lost["home"], lost["spread"], lost["team_pace"]) == (None,) * 5
    assert (lost["points_avg_season"], lost["total"]) == (10.0, 220.0)


def roster_of(warehouse: DuckWarehouse, player: int) -> list[tuple[int, datetime, datetime]]:
    spells = (
        "SELECT team_id, known_at, superseded_at FROM analytics.roster_spells WHERE player_id = ? ORDER BY known_at"
    )
    return warehouse.query(spells, [player]).rows()


def test_two_corrections_had_at_once_make_one_spell(league: League):
    day = DAY + timedelta(days=2)
    league.box(NEXT, day, 1, NYK)
    at = evening(day) + timedelta(days=5)
    league.box(GAME, DAY, 1, BOS, known_at=at, points=11)
    league.box(NEXT, day, 1, NYK, known_at=at, points=12)
    assert [spell[0] for spell in roster_of(league.warehouse(), 1)] == [BOS, NYK]


def test_the_season_starts_when_the_schedule_known_then_says(league: League):
    cutoff = evening(DAY, 12)
    before = row(league.warehouse(), NEXT, cutoff, 1)["season_day"]
    league.game("0022300008", DAY - timedelta(days=30), LAL, NYK, known_at=cutoff + timedelta(hours=1))
    warehouse = league.warehouse()
    assert row(warehouse, NEXT, cutoff, 1)["season_day"] == before == 2
    assert row(warehouse, NEXT, cutoff + timedelta(hours=1), 1)["season_day"] == 32


def test_each_side_of_a_game_has_one_context_and_no_player_two(league: League):
    warehouse = league.warehouse()
    row(warehouse, NEXT, evening(DAY + timedelta(days=2), 12), 1)
    contexts = warehouse.query("SELECT game_id, team_id, cutoff FROM team_context")
    assert contexts.height == 2
    assert not warehouse.query("SELECT game_id, player_id, cutoff FROM player_context").is_duplicated().any()
