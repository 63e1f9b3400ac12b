"""Steps of the schedule: each due time is answered once, and what failed is tried again, rested and bounded."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.ledgers import LEASE, TONIGHT

from fairline.domain.clock import FixedClock
from fairline.domain.errors import Refused
from fairline.platform.ledger.contract import Ledger, Run, RunStatus
from fairline.platform.ledger.runs import DUE_BACKOFF, MAX_DUE_ATTEMPTS

DUE = datetime(2025, 11, 28, 16, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def started(ledger: Ledger, due_at: datetime = DUE) -> Run:
    run = ledger.start_due("grade", due_at, lasting=LEASE, game_date=TONIGHT)
    assert run is not None
    return run


def is_started(ledger: Ledger, due_at: datetime = DUE) -> bool:
    return ledger.start_due("grade", due_at, lasting=LEASE) is not None


def failed(ledger: Ledger, run: Run) -> None:
    ledger.finish_run(run, RunStatus.FAILED, {}, "Busy: another has the home")


def test_a_step_is_started_once_for_its_due_time_and_again_for_the_next(ledger: Ledger) -> None:
    run = started(ledger)
    assert (run.trigger, run.game_date, run.due_at, run.attempt) == ("schedule", TONIGHT, DUE, 1)
    assert not is_started(ledger)
    assert is_started(ledger, DUE + timedelta(days=1))
    assert ledger.start_due("export", DUE, lasting=LEASE) is not None


@pytest.mark.parametrize(
    ("status", "counts"),
    [(RunStatus.SUCCESS, {"graded": 3}), (RunStatus.PARTIAL, {"graded": 2}), (RunStatus.NO_DATA, {})],
    ids=["success", "partial", "no data"],
)
def test_a_step_that_ended_is_not_started_again_for_its_due_time(
    ledger: Ledger, clock: FixedClock, status: RunStatus, counts: dict[str, int]
) -> None:
    ledger.finish_run(started(ledger), status, counts)
    clock.advance(timedelta(days=1))
    assert not is_started(ledger)


def test_a_failed_step_is_tried_again_after_a_rest_that_grows_and_not_for_ever(
    ledger: Ledger, clock: FixedClock
) -> None:
    for attempt in range(1, MAX_DUE_ATTEMPTS):
        run = started(ledger)
        assert run.attempt == attempt
        failed(ledger, run)
        clock.advance(attempt * DUE_BACKOFF - SECOND)
        assert not is_started(ledger)
        clock.advance(SECOND)
    failed(ledger, started(ledger))
    clock.advance(timedelta(days=1))
    assert not is_started(ledger)
    (run,) = ledger.runs("grade")
    assert (run.status, run.attempt, run.error) == (RunStatus.FAILED, MAX_DUE_ATTEMPTS, "Busy: another has the home")


def test_a_step_whose_process_died_gives_way_at_its_deadline_and_its_late_end_is_refused(
    ledger: Ledger, clock: FixedClock
) -> None:
    died = started(ledger)
    clock.advance(LEASE)
    assert not is_started(ledger), "within its deadline"
    clock.advance(SECOND)
    second = started(ledger)
    assert (second.run_id, second.attempt) == (died.run_id, 2)
    with pytest.raises(Refused, match="gave way to a later attempt"):
        ledger.finish_run(died, RunStatus.SUCCESS, {"graded": 3})
    assert ledger.finish_run(second, RunStatus.SUCCESS, {"graded": 3}).status == RunStatus.SUCCESS


def test_a_step_that_dies_each_time_is_left_overdue_and_not_started_for_ever(ledger: Ledger, clock: FixedClock) -> None:
    for _ in range(MAX_DUE_ATTEMPTS):
        started(ledger)
        clock.advance(LEASE + SECOND)
    assert not is_started(ledger)
    assert ledger.runs("grade")[0].status == RunStatus.OVERDUE


def test_a_step_tried_again_is_told_among_the_latest(ledger: Ledger, clock: FixedClock) -> None:
    failed(ledger, started(ledger))
    clock.advance(DUE_BACKOFF)
    ledger.start_run("import", lasting=LEASE)
    clock.advance(SECOND)
    started(ledger)
    assert [run.name for run in ledger.runs()] == ["grade", "import"]


def test_a_step_begun_by_hand_has_no_due_time_and_keeps_none_from_starting(ledger: Ledger) -> None:
    assert ledger.start_run("grade", lasting=LEASE).due_at is None
    ledger.start_run("grade", lasting=LEASE)
    assert is_started(ledger)


def test_a_due_time_told_in_another_zone_is_the_same_due_time(ledger: Ledger) -> None:
    from zoneinfo import ZoneInfo

    assert is_started(ledger)
    assert not is_started(ledger, DUE.astimezone(ZoneInfo("America/New_York")))
