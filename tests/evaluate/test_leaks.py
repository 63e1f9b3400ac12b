"""The leak check of a backtest finds a leak that was planted, and none in honest rows."""

from datetime import date, timedelta

import polars as pl
import pytest
from tests.features.league import BOS, NYK, League, evening

from fairline.evaluate.frames import quoted_rows
from fairline.evaluate.leaks import leak_check
from fairline.features.availability import Knowledge
from fairline.platform.warehouse import DuckWarehouse

FIRST = date(2023, 1, 3)


@pytest.fixture(scope="module")
def league() -> League:
    """Eight games of the same two teams, four players each, quoted five hours before each of the last three."""
    league = League()
    for night in range(8):
        day, game = FIRST + timedelta(days=2 * night), f"00222006{night:02d}"
        league.game(game, day, BOS, NYK)
        for player in range(1, 9):
            league.box(game, day, player, BOS if player < 5 else NYK, points=10 + player + night % 3)
            if night > 4:
                league.quote(game, day, player, evening(day) - timedelta(hours=5), 20 + 2 * player + 1)
        league.report(evening(day) - timedelta(hours=8), {4: "out"})
    return league


def judged(warehouse: DuckWarehouse, knowledge: Knowledge = "reports") -> pl.DataFrame:
    return quoted_rows(warehouse, "points", date.min, date.max, knowledge)


@pytest.mark.parametrize("knowledge", ["reports", "appearances"])
def test_honest_rows_pass(league: League, knowledge: Knowledge) -> None:
    warehouse = league.warehouse()
    told = leak_check(warehouse, judged(warehouse, knowledge), "points", knowledge=knowledge)
    assert told["passed"], told["differences"]
    assert (told["rows"], len(told["cutoffs"])) == (24, 3)


def test_a_result_known_too_early_is_found(league: League) -> None:
    warehouse = league.warehouse()
    # Summaries that have each box score a day before its game, as a window that includes the game would.
    for table in ("player_game_summary", "team_offense_game_summary", "team_defense_game_summary"):
        warehouse.execute(f"UPDATE analytics.{table} SET known_at = known_at - INTERVAL 1 DAY")
    told = leak_check(warehouse, judged(warehouse), "points")
    assert not told["passed"]
    assert any("points_avg_last_5" in difference for difference in told["differences"])


def test_a_number_read_off_the_result_is_found(league: League) -> None:
    warehouse = league.warehouse()
    rows = judged(warehouse).with_columns(points_avg_last_3=pl.col("actual_points").cast(pl.Float64))
    assert not leak_check(warehouse, rows, "points")["passed"]


def test_a_line_of_a_later_quote_is_found(league: League) -> None:
    warehouse = league.warehouse()
    rows = judged(warehouse).with_columns(pl.col("half_points") + 2)
    told = leak_check(warehouse, rows, "points")
    assert any("half_points" in difference for difference in told["differences"])


def test_a_check_of_nothing_is_not_passed(league: League) -> None:
    warehouse = league.warehouse()
    told = leak_check(warehouse, judged(warehouse).clear(), "points")
    assert (told["passed"], told["rows"]) == (False, 0)


def test_the_warehouse_checked_is_left_as_it_was(league: League) -> None:
    warehouse = league.warehouse()
    before = warehouse.query("SELECT * FROM analytics.player_game_summary ORDER BY ALL")
    leak_check(warehouse, judged(warehouse), "points")
    assert warehouse.query("SELECT * FROM analytics.player_game_summary ORDER BY ALL").equals(before)
