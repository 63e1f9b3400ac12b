"""The units of a slate run: each expected, each with an end."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from fairline.domain.clock import FixedClock
from fairline.ops.units import RUN_KIND, end_units, open_units
from fairline.platform.ledger.contract import BatchStatus, Ledger, UnitState
from fairline.platform.ledger.sqlite import open_sqlite

DAY, GAME = date(2025, 11, 28), "0022500301"
ROWS = pl.DataFrame({"game_id": [GAME, GAME], "player_id": [2, 1]})


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = open_sqlite(tmp_path / "ledger.sqlite", FixedClock(datetime(2025, 11, 28, 17, tzinfo=UTC)))
    yield opened
    opened.close_connection()


def forecasts(*rows: tuple[int, str, str | None, str | None]) -> pl.DataFrame:
    """(player, system, reason, status) of the one game's points."""
    columns = {"player_id": pl.Int64, "system": pl.String, "reason": pl.String, "status": pl.String}
    return pl.DataFrame(rows, schema=columns, orient="row").with_columns(game_id=pl.lit(GAME), market=pl.lit("points"))


FORECAST = forecasts((1, "a", None, None), (1, "b", "no_shots", None), (2, "a", None, None))


def test_every_player_and_market_is_a_unit(ledger: Ledger) -> None:
    open_units(ledger, "b", DAY, ROWS, ["points", "rebounds"])
    assert {(unit.player_id, unit.market) for unit in ledger.open_units_of("b")} == {
        (1, "points"), (2, "points"), (1, "rebounds"), (2, "rebounds"),
    }  # fmt: skip


def test_a_player_whom_any_system_forecast_is_done_and_the_batch_with_him(ledger: Ledger) -> None:
    open_units(ledger, "b", DAY, ROWS, ["points"])
    end_units(ledger, "b", FORECAST)
    assert ledger.tally("b")[UnitState.DONE] == 2
    assert ledger.batch("b").status == BatchStatus.DONE


def test_a_player_who_is_out_and_one_nobody_can_forecast_are_skipped_and_the_batch_still_ends(ledger: Ledger) -> None:
    open_units(ledger, "b", DAY, ROWS, ["points"])
    end_units(ledger, "b", forecasts((1, "a", None, "out"), (2, "a", "no_recent_games", None)))
    assert ledger.tally("b") == {
        UnitState.OPEN: 0, UnitState.DONE: 0, UnitState.SKIPPED: 2, UnitState.FAILED: 0,
    }  # fmt: skip
    assert ledger.batch("b").status == BatchStatus.DONE


def test_a_unit_no_system_answered_for_is_failed_and_not_forgotten(ledger: Ledger) -> None:
    open_units(ledger, "b", DAY, ROWS, ["points"])
    end_units(ledger, "b", FORECAST.filter(pl.col("player_id") == 1))
    assert ledger.tally("b")[UnitState.FAILED] == 1
    assert ledger.batch("b").status == BatchStatus.FAILED


def test_the_same_run_again_changes_nothing(ledger: Ledger) -> None:
    for _ in range(2):
        open_units(ledger, "b", DAY, ROWS, ["points"])
        end_units(ledger, "b", FORECAST)
    assert (ledger.batch("b").attempt, ledger.batch("b").status) == (1, BatchStatus.DONE)
    assert ledger.open_batches() == []


def test_a_run_that_died_is_taken_up_where_it_was_left(ledger: Ledger) -> None:
    open_units(ledger, "b", DAY, ROWS, ["points"])
    open_units(ledger, "b", DAY, ROWS, ["points"])
    end_units(ledger, "b", FORECAST)
    assert ledger.batch("b").status == BatchStatus.DONE


def test_a_run_at_another_moment_closes_the_one_that_died_as_failed(ledger: Ledger) -> None:
    open_units(ledger, "noon", DAY, ROWS, ["points"])
    open_units(ledger, "one o'clock", DAY, ROWS, ["points"])
    assert ledger.batch("noon").status == BatchStatus.FAILED
    assert [batch.batch_id for batch in ledger.open_batches()] == ["one o'clock"]


def test_a_moment_priced_again_after_it_failed_is_another_attempt_and_done(ledger: Ledger) -> None:
    open_units(ledger, "noon", DAY, ROWS, ["points"])
    open_units(ledger, "one o'clock", DAY, ROWS, ["points"])
    end_units(ledger, "one o'clock", FORECAST)
    open_units(ledger, "noon", DAY, ROWS, ["points"])
    end_units(ledger, "noon", FORECAST)
    assert (ledger.batch("noon").status, ledger.batch("noon").attempt) == (BatchStatus.DONE, 3)
    assert ledger.tally("noon")[UnitState.DONE] == 2


def test_a_unit_no_system_answered_for_is_tried_again_and_the_others_keep_their_end(ledger: Ledger) -> None:
    open_units(ledger, "b", DAY, ROWS, ["points"])
    end_units(ledger, "b", FORECAST.filter(pl.col("player_id") == 1))
    open_units(ledger, "b", DAY, ROWS, ["points"])
    assert [unit.player_id for unit in ledger.open_units_of("b")] == [2]
    end_units(ledger, "b", FORECAST)
    assert ledger.batch("b").status == BatchStatus.DONE


def test_a_run_of_another_day_is_left_alone(ledger: Ledger) -> None:
    open_units(ledger, "thursday", date(2025, 11, 27), ROWS, ["points"])
    open_units(ledger, "friday", DAY, ROWS, ["points"])
    assert {batch.batch_id for batch in ledger.open_batches()} == {"thursday", "friday"}
    assert {batch.run_kind for batch in ledger.open_batches()} == {RUN_KIND}
