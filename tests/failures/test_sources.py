"""Several sources of one fact: failures 1, 2, 11, 13, 14 and 27, each as the story of what would have gone wrong."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.features.league import BOS, LAL, NYK, League, asking, evening, row, warehouse_of
from tests.grade.held import predict
from tests.predict.frames import GAME, TIP, forecast, quote

from fairline.features import assemble
from fairline.features.schema import ML_FEATURE_STORE
from fairline.grade.grading import grade
from fairline.grade.schema import TABLES as GRADES
from fairline.platform.warehouse import DuckWarehouse
from fairline.predict.schema import BEST_BETS, FORECASTS, PREDICTIONS

DAY = date(2025, 11, 28)
NEXT, NEXT_DAY = "0022500320", date(2025, 12, 2)
MORNING = TIP + timedelta(hours=10)
CORRECTED = TIP + timedelta(days=2)
NBA, ESPN = "nba_box_score", "espn_box_score"


@pytest.fixture
def league() -> League:
    """Boston has met New York, by NBA's box score, and will again in four days."""
    league = League()
    league.game(GAME, DAY, BOS, NYK, tip_at=TIP)
    league.game(
        GAME, DAY, BOS, NYK, tip_at=TIP, statement="result", status="final", known_at=TIP + timedelta(hours=3),
        home_points=20, away_points=20,
    )  # fmt: skip
    league.game(NEXT, NEXT_DAY, BOS, NYK)
    for player, team in ((1, NYK), (2, NYK), (3, BOS), (4, BOS)):
        _box(league, NBA, player, team)
    return league


def _box(league: League, source: str, player: int, team: int, **told: Any) -> None:
    usual = {"minutes": 120.0, "threes_made": 3, "won": team == BOS}
    league.box(GAME, DAY, player, team, source=source, tip_at=TIP, **usual | told)


def _known(league: League, cutoff: Any, player: int = 1) -> dict[str, Any]:
    """What a forecast of the next meeting sees of him."""
    return row(league.warehouse(), NEXT, cutoff, player)


# 1 and 27. What was forecast stands, whatever is corrected later.


def test_1_a_box_score_corrected_two_days_later_changes_no_earlier_forecast(league: League):
    before, after = CORRECTED - timedelta(minutes=1), CORRECTED + timedelta(minutes=1)
    yesterday = _known(league, before)
    _box(league, NBA, 1, NYK, known_at=CORRECTED, points=9, threes_made=1)
    _box(league, NBA, 2, NYK, known_at=CORRECTED, points=11)
    assert _known(league, before) == yesterday
    assert (yesterday["points_avg_season"], _known(league, after)["points_avg_season"]) == (10.0, 9.0)


def test_27_a_box_score_corrected_two_days_later_is_graded_anew_and_the_forecast_stays(league: League):
    warehouse = league.warehouse()
    warehouse.ensure(ML_FEATURE_STORE, FORECASTS, PREDICTIONS, BEST_BETS, *GRADES)
    predict(warehouse, [forecast(1), forecast(2)], [quote(1), quote(2)])
    said = [warehouse.query(f"SELECT * FROM {table.full_name} ORDER BY ALL") for table in (FORECASTS, PREDICTIONS)]
    assert set(grade(warehouse, DAY, MORNING).rows["outcome"]) == {"over"}

    _box(league, NBA, 1, NYK, known_at=CORRECTED, threes_made=1)
    warehouse_of(league.frames(), into=warehouse)
    assert grade(warehouse, DAY, CORRECTED - timedelta(hours=1)).written.written == 0
    assert grade(warehouse, DAY, CORRECTED + timedelta(hours=1)).written.written == 1
    revisions = warehouse.query(
        "SELECT known_at, outcome FROM predictions.prediction_accuracy WHERE player_id = 1 ORDER BY known_at"
    )
    assert revisions["outcome"].to_list() == ["over", "under"]
    assert revisions["known_at"].to_list()[1] == CORRECTED
    after = [warehouse.query(f"SELECT * FROM {table.full_name} ORDER BY ALL") for table in (FORECASTS, PREDICTIONS)]
    assert all(one.equals(other) for one, other in zip(said, after, strict=True))


def test_27_a_worse_source_that_tells_otherwise_days_later_grades_nothing_anew(league: League):
    for player, team in ((1, NYK), (2, NYK), (3, BOS), (4, BOS)):
        _box(league, ESPN, player, team, known_at=CORRECTED, threes_made=0)
    assert _sources(league.warehouse()) == [NBA]


# 14. Source rot: the next source steps in, and every row says so.


def test_14_when_the_first_source_breaks_off_the_next_one_counts_whole_and_each_row_says_so(league: League):
    for told in league.rows["player_box_scores"][2:]:
        told["known_at"] = CORRECTED
    for player, team in ((1, NYK), (2, NYK), (3, BOS), (4, BOS)):
        _box(league, ESPN, player, team, threes_made=2)
    warehouse = league.warehouse()
    assert _sources(warehouse) == [ESPN, NBA]
    threes = warehouse.query(
        "SELECT box_source, sum(threes_made) AS threes, count(*) AS players FROM analytics.player_game_summary"
        " GROUP BY box_source ORDER BY box_source"
    )
    assert threes.rows() == [(ESPN, 8, 4), (NBA, 12, 4)]


def _sources(warehouse: DuckWarehouse) -> list[str]:
    rows = warehouse.query("SELECT box_source FROM analytics.game_revisions ORDER BY known_at")
    return rows["box_source"].to_list()


# 2. Post-game knowledge in pre-game inputs.


def test_2_a_roster_listed_after_tip_off_does_not_say_who_could_play(league: League):
    cutoff = evening(NEXT_DAY, 18)
    cutoffs, nobody = asking((NEXT, cutoff, 1))[0], asking()[1]
    before = assemble.build(league.warehouse(), cutoffs, nobody)
    late = evening(NEXT_DAY, 23)
    for player in (1, 9):
        league.add(
            "rosters", late, source="nba_roster", listed_at=late, team_id=NYK, player_id=player, player_name="Someone"
        )
    league.add(
        "inactives", late, source=NBA, game_id=NEXT, game_date=NEXT_DAY, player_id=2, team_id=NYK,
        player_name="Player 2", absence="inactive",
    )  # fmt: skip
    assert assemble.build(league.warehouse(), cutoffs, nobody).equals(before)


def test_2_teammates_of_a_team_that_has_not_reported_are_not_called_present(league: League):
    at = evening(NEXT_DAY, 13)
    league.add("injury_snapshots", at, source="nba_injury_report", reported_at=at, players_listed=0)
    told = {"source": "nba_injury_report", "reported_at": at, "game_date": NEXT_DAY, "players_listed": 0}
    league.add("injury_report_teams", at, team_id=NYK, submitted=False, **told)
    league.add("injury_report_teams", at, team_id=BOS, submitted=True, **told)
    cutoff = at + timedelta(hours=1)
    assert (_known(league, cutoff, 1)["status"], _known(league, cutoff, 3)["status"]) == (None, "available")
    assert _known(league, cutoff, 1)["absent_teammates_minutes"] is None


# 11. Trades and stale rosters.


def test_11_a_waived_player_leaves_his_teammates_minutes_and_is_on_nobodys_slate(league: League):
    waived = date(2025, 11, 30)
    known = evening(waived + timedelta(days=1), 12)
    league.add(
        "player_movements", known, evening(waived, 12), moved_on=waived, player_id=2, team_id=NYK, movement="waive",
        player_name="Player 2",
    )  # fmt: skip
    cutoff = evening(NEXT_DAY, 18)
    rows = assemble.build(league.warehouse(), asking((NEXT, cutoff, 1))[0], asking()[1])
    assert rows["player_id"].to_list() == [1, 3, 4]
    before = assemble.build(league.warehouse(), asking((NEXT, known - timedelta(hours=1), 1))[0], asking()[1])
    assert before["player_id"].to_list() == [1, 2, 3, 4]


def test_11_a_traded_player_meets_the_opponent_of_his_new_team_before_he_has_played_for_it(league: League):
    league.game("0022500321", NEXT_DAY, LAL, BOS)
    traded = date(2025, 11, 30)
    league.add(
        "player_movements", evening(date(2025, 12, 1), 12), evening(traded, 12), moved_on=traded, player_id=2,
        team_id=LAL, movement="trade", player_name="Player 2",
    )  # fmt: skip
    moved = row(league.warehouse(), "0022500321", evening(NEXT_DAY, 18), 2)
    assert (moved["team_id"], moved["opponent_id"]) == (LAL, BOS)
