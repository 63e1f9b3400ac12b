"""Truth of the process: failures 15, 18 - 21, 23 and 27, as far as home, ledger and warehouse can show them."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from fairline.domain.clock import FixedClock
from fairline.domain.errors import Refused, StaleLease
from fairline.domain.tables import Column, Table
from fairline.platform.home import Home, open_home
from fairline.platform.ledger.contract import (
    Batch,
    BatchStatus,
    RunStatus,
    Task,
    TaskEnd,
    TaskOutcome,
    Unit,
    UnitState,
)
from fairline.platform.ledger.recorded import recorded_run
from fairline.platform.settings import Settings

TONIGHT = date(2025, 11, 28)
HALF_PAST_ELEVEN = datetime(2025, 11, 28, 16, 30, tzinfo=UTC)
LEASE = timedelta(minutes=10)
PREDICTIONS = Table(
    "predictions", "tonight", ("player_id", "market"),
    (Column("player_id", "BIGINT", "Player"), Column("market", "VARCHAR", "Market"), Column("mean", "DOUBLE", "Mean")),
    means="Predictions.", source="tests", known_at="Their cutoff.",
)  # fmt: skip

Restart = Callable[[], AbstractContextManager[Home]]


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(HALF_PAST_ELEVEN)


@pytest.fixture
def restart(tmp_path: Path, clock: FixedClock) -> Restart:
    """Opens the same home as a newly started command does, without anything in memory."""
    settings = Settings(home=tmp_path / "home")
    return lambda: open_home(settings, command="fairline run", clock=clock, tables=(PREDICTIONS,), wait_s=0)


@pytest.fixture
def home(restart: Restart) -> Iterator[Home]:
    with restart() as home:
        yield home


def unit(player: int, state: UnitState = UnitState.OPEN, reason: str = "") -> Unit:
    return Unit("0022500301", player, "points", state, reason)


def batch(batch_id: str = "b1", *units: Unit) -> Batch:
    return Batch(batch_id, TONIGHT, "tonight", units or (unit(1), unit(2)), (Task("predict", "points/catboost"),))


def predicted(mean: float = 24.6) -> pl.DataFrame:
    return pl.DataFrame({"player_id": [1, 2], "market": ["points", "points"], "mean": [mean, 8.1]})


def test_15_a_step_that_raises_is_recorded_as_failed_and_still_raises(home: Home) -> None:
    def price_without_quotes() -> None:
        with recorded_run(home.ledger, "price", lasting=LEASE):
            message = "no quotes"
            raise ValueError(message)

    with pytest.raises(ValueError, match="no quotes"):
        price_without_quotes()
    run = home.ledger.runs("price")[0]
    assert (run.status, run.error) == (RunStatus.FAILED, "ValueError: no quotes")


def test_15_a_step_that_wrote_nothing_is_no_success(home: Home) -> None:
    with recorded_run(home.ledger, "price", lasting=LEASE) as report:
        report.counts["written"] = home.warehouse.upsert(PREDICTIONS, predicted().clear()).written
    assert home.ledger.runs("price")[0].status == RunStatus.NO_DATA
    run = home.ledger.start_run("price", lasting=LEASE)
    with pytest.raises(Refused, match="counts nothing"):
        home.ledger.finish_run(run, RunStatus.SUCCESS, {"written": 0})


def test_15_a_write_that_breaks_halfway_leaves_no_half(home: Home) -> None:
    def write_then_break() -> None:
        with home.warehouse.transaction():
            home.warehouse.upsert(PREDICTIONS, predicted())
            raise ConnectionError

    with pytest.raises(ConnectionError):
        write_then_break()
    assert home.warehouse.query("SELECT * FROM predictions.tonight").is_empty()


def test_18_a_batch_whose_other_units_were_filtered_can_finish(home: Home) -> None:
    home.ledger.open(batch("b1", unit(1), unit(2, UnitState.SKIPPED, "quality")))
    claim = home.ledger.claim("predict", "worker 1", LEASE)
    assert claim is not None
    home.ledger.finish(claim, TaskOutcome(TaskEnd.DONE))
    home.ledger.end_units("b1", [unit(1, UnitState.DONE)])
    assert home.ledger.open_units_of("b1") == []
    assert home.ledger.close("b1").status == BatchStatus.DONE


def test_19_a_restarted_command_still_knows_that_a_batch_is_open_and_what_it_waits_for(restart: Restart) -> None:
    with restart() as home:
        home.ledger.open(batch())
        home.ledger.end_units("b1", [unit(1, UnitState.DONE)])
    with restart() as home:
        assert not home.ledger.open(batch("b2"))
        assert home.ledger.batch("b1").status == BatchStatus.OPEN
        assert home.ledger.open_units_of("b1") == [unit(2)]


def test_19_completion_is_what_the_ledger_says_and_not_a_counter(restart: Restart) -> None:
    with restart() as home:
        home.ledger.open(batch())
        claim = home.ledger.claim("predict", "worker 1", LEASE)
        assert claim is not None
        home.ledger.finish(claim, TaskOutcome(TaskEnd.DONE))
    for player in (1, 2):
        with restart() as home:
            home.ledger.end_units("b1", [unit(player, UnitState.DONE)])
    with restart() as home:
        assert home.ledger.close("b1").status == BatchStatus.DONE


def test_20_a_redelivered_task_changes_nothing(home: Home) -> None:
    home.ledger.open(batch())
    claim = home.ledger.claim("predict", "worker 1", LEASE)
    assert claim is not None
    for delivery in range(2):
        assert home.warehouse.upsert(PREDICTIONS, predicted()).written == (2 if delivery == 0 else 0)
        home.ledger.finish(claim, TaskOutcome(TaskEnd.DONE))
        home.ledger.end_units("b1", [unit(1, UnitState.DONE), unit(2, UnitState.DONE)])
        assert home.ledger.claim("predict", "worker 1", LEASE) is None
    assert home.warehouse.query("SELECT count(*) AS n FROM predictions.tonight").item() == 2


def test_20_a_message_that_opens_a_batch_twice_opens_it_once(home: Home) -> None:
    assert [home.ledger.open(batch()) for _ in range(2)] == [True, False]
    assert home.ledger.tally("b1")[UnitState.OPEN] == 2


def test_20_a_late_message_does_not_undo_a_later_state(home: Home) -> None:
    home.ledger.open(batch())
    home.ledger.end_units("b1", [unit(1, UnitState.DONE)])
    assert home.ledger.end_units("b1", [unit(1, UnitState.FAILED, "timed out")]) == 0
    assert home.ledger.tally("b1")[UnitState.DONE] == 1


def test_21_an_owner_that_slept_through_its_lease_cannot_write_over_the_next(home: Home, clock: FixedClock) -> None:
    home.ledger.open(batch())
    slept = home.ledger.claim("predict", "worker 1", LEASE)
    clock.advance(LEASE)
    awake = home.ledger.claim("predict", "worker 2", LEASE)
    assert slept is not None
    assert awake is not None
    with pytest.raises(StaleLease):
        home.ledger.finish(slept, TaskOutcome(TaskEnd.FAILED, "timed out"))
    home.ledger.finish(awake, TaskOutcome(TaskEnd.DONE))


def test_21_nobody_can_renew_or_finish_what_another_owns(home: Home) -> None:
    from dataclasses import replace

    home.ledger.open(batch())
    claim = home.ledger.claim("predict", "worker 1", LEASE)
    assert claim is not None
    for forged in (replace(claim, owner="worker 2"), replace(claim, fence=claim.fence + 1)):
        with pytest.raises(StaleLease):
            home.ledger.renew(forged, LEASE)
        with pytest.raises(StaleLease):
            home.ledger.finish(forged, TaskOutcome(TaskEnd.DONE))


def test_23_a_run_whose_process_died_is_overdue_and_not_running_for_ever(restart: Restart, clock: FixedClock) -> None:
    with restart() as home:
        home.ledger.start_run("grade", lasting=LEASE)
    clock.advance(2 * LEASE)
    with restart() as home:
        assert home.ledger.runs("grade")[0].status == RunStatus.OVERDUE


def test_27_a_correction_after_publishing_is_a_new_revision_and_the_first_stays(home: Home) -> None:
    first = home.ledger.publish_revision("predictions/2025-11-28.json", "aa")
    home.ledger.publish_revision("predictions/2025-11-28.json", "bb")
    assert home.ledger.revisions("predictions/2025-11-28.json")[0] == first
