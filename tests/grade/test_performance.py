from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from tests.grade.held import DAY, MORNING, finish, line, predict, warehouse
from tests.predict.frames import CUTOFF, TIP, forecast, quote

from fairline.grade.grading import grade
from fairline.platform.warehouse import DuckWarehouse


@pytest.fixture
def held() -> Iterator[DuckWarehouse]:
    opened = warehouse()
    yield opened
    opened.close()


def day(opened: DuckWarehouse, by: str = "all", which: str = "all") -> dict[str, Any]:
    rows = grade(opened, DAY, MORNING).performance.filter(slice_by=by, slice=which, system="market_pooled")
    assert rows.height == 1, rows
    return rows.row(0, named=True)


def slate(opened: DuckWarehouse) -> None:
    """Four players: one over, one under (at two books), one absent, one pushed."""
    offered = [quote(1), quote(2), quote(2, book="betmgm", over=2.0), quote(3), quote(4, 2, over=2.1, under=1.7)]
    predict(opened, [forecast(player) for player in (1, 2, 3, 4)], offered)
    finish(opened, line(1, 3), line(2, 0), line(4, 2))


def test_a_day_is_counted_over_quotes_and_picked_over_best_quotes(held: DuckWarehouse) -> None:
    slate(held)
    row = day(held)
    assert [row[name] for name in ("expected", "over", "under", "push", "void", "no_action", "ungraded")] == [
        5,
        1,
        2,
        1,
        1,
        0,
        0,
    ]
    assert row["coverage"] == 1
    assert (row["picks"], row["hits"], row["hit_rate"]) == (2, 1, 0.5)
    assert row["roi"] == pytest.approx((0.9 - 1) / 2)
    assert (row["bets"], row["bets_profit"]) == (2, pytest.approx(-0.1))


def test_a_distribution_counts_once_however_many_books_quote_it(held: DuckWarehouse) -> None:
    slate(held)
    row = day(held)
    # Means of 2 against 3, 0 and 2; lines of 1.5 against the same.
    assert (row["forecasts"], row["mae"], row["line_mae"]) == (3, 1.0, pytest.approx(3.5 / 3))


def test_performance_is_told_by_market_band_and_book(held: DuckWarehouse) -> None:
    slate(held)
    assert day(held, "market", "threes")["expected"] == 5
    assert day(held, "tier", "threes 0-5")["expected"] == 5
    betmgm = day(held, "book", "betmgm")
    assert (betmgm["expected"], betmgm["picks"], betmgm["hits"]) == (1, 1, 0)


def test_coverage_is_a_share_of_what_was_expected_and_never_above_it(held: DuckWarehouse) -> None:
    predict(held, [forecast(1), forecast(2)], [quote(1), quote(2)])
    finish(held, line(1, None), line(2, 3))
    row = day(held)
    assert (row["expected"], row["ungraded"], row["coverage"]) == (2, 1, 0.5)


def test_only_the_last_run_before_tip_off_counts(held: DuckWarehouse) -> None:
    late = {"batch_id": "late", "cutoff": CUTOFF + timedelta(hours=2)}
    hindsight = {"batch_id": "hindsight", "cutoff": TIP + timedelta(hours=1)}
    for batch in ({"batch_id": "early"}, late, hindsight):
        predict(held, [forecast(1, **batch)], [quote(1)])
    finish(held, line(1, 3))
    graded = grade(held, DAY, MORNING)
    assert graded.rows.height == 3, "every run is graded"
    assert graded.performance.filter(slice_by="all")["expected"].to_list() == [1]
    from fairline.grade.performance import last_before_tip

    assert last_before_tip(graded.rows)["batch_id"].to_list() == ["late"]


def test_a_slice_that_no_longer_holds_anything_is_gone(held: DuckWarehouse) -> None:
    slate(held)
    grade(held, DAY, MORNING)
    held.execute("DELETE FROM predictions.player_prop_predictions WHERE book = 'betmgm'")
    grade(held, DAY, MORNING)
    books = held.query("SELECT slice FROM predictions.system_daily_performance WHERE slice_by = 'book'")
    assert books["slice"].to_list() == ["fanduel"]


def test_a_slate_run_only_after_tip_off_has_no_performance(held: DuckWarehouse) -> None:
    predict(held, [forecast(1, cutoff=TIP + timedelta(hours=1))], [quote(1)])
    finish(held, line(1, 3))
    assert grade(held, DAY, MORNING).performance.is_empty()


def test_the_day_is_held_in_the_warehouse_as_returned(held: DuckWarehouse) -> None:
    slate(held)
    returned = grade(held, DAY, MORNING).performance
    kept = held.query("SELECT * FROM predictions.system_daily_performance ORDER BY game_date, system, slice_by, slice")
    assert kept.equals(returned.cast({name: kind for name, kind in kept.schema.items()}))  # noqa: C416
    assert kept["mae"].dtype == pl.Float64
