"""Truth of the process in the ledger, on SQLite and PostgreSQL: failures 18 to 23.

`test_process.py` tells what a home shows of them; here is what several processes and a service meet.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from tests.ledgers import DONE, LEASE, TONIGHT, Reopen, Store, at_once, batch, claimed, unit

from fairline.domain.clock import FixedClock
from fairline.domain.errors import BrokenContract, Refused, StaleLease
from fairline.platform.ledger.contract import (
    Batch,
    BatchStatus,
    Ledger,
    RunStatus,
    Task,
    TaskEnd,
    TaskOutcome,
    TaskState,
    UnitState,
)
from fairline.platform.ledger.runs import DUE_BACKOFF, MAX_DUE_ATTEMPTS
from fairline.platform.ledger.tasks import MAX_ATTEMPTS

HALF_PAST_ELEVEN = datetime(2025, 11, 28, 16, 30, tzinfo=UTC)
MONTH = timedelta(days=30)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(HALF_PAST_ELEVEN)


@pytest.fixture
def reopen(store: Store, clock: FixedClock) -> Reopen:
    """Opens the same ledger again, as a second instance of a service does."""
    return lambda: store.open(clock)


@pytest.fixture
def ledger(reopen: Reopen) -> Ledger:
    return reopen()


# 18. A batch that can never finish


def test_18_a_batch_whose_every_unit_was_filtered_is_done_at_once(ledger: Ledger) -> None:
    ledger.open(
        Batch("b1", TONIGHT, "tonight", (unit(1, UnitState.SKIPPED, "quality"), unit(2, UnitState.SKIPPED, "out")))
    )
    assert ledger.open_units_of("b1") == []
    assert ledger.close("b1").status == BatchStatus.DONE


def test_18_a_batch_of_a_system_that_always_dies_still_ends(ledger: Ledger, clock: FixedClock) -> None:
    ledger.open(batch(units=40, tasks=2))
    while claim := ledger.claim("predict", "worker 1", LEASE):
        if claim.task.key.endswith("1"):
            clock.advance(LEASE)
        else:
            ledger.finish(claim, DONE)
    assert [task.state for task in ledger.tasks_of("b1")] == [TaskState.FAILED, TaskState.DONE]
    ledger.end_units("b1", [unit(player, UnitState.DONE) for player in range(1, 40)])
    assert ledger.close("b1", failing_open_with="no system answered").status == BatchStatus.PARTIAL


# 19. State in process memory


def test_19_a_second_instance_tells_the_same_of_a_batch_as_the_first(reopen: Reopen, clock: FixedClock) -> None:
    first = reopen()
    first.open(batch(units=3, tasks=2))
    first.finish(claimed(first), TaskOutcome(TaskEnd.DONE, result="batches/b1/results/points/a.1.parquet"))
    first.end_units("b1", [unit(1, UnitState.DONE)])
    clock.advance(timedelta(minutes=10))
    first.requeue("b1")
    second = reopen()
    assert second.batch("b1") == first.batch("b1")
    assert second.batches() == first.batches()
    assert second.tasks_of("b1") == first.tasks_of("b1")
    assert second.tally("b1") == first.tally("b1")
    assert second.batch("b1").requeued == 1, "so that a restart does not grant it another"


def test_19_a_second_instance_cannot_start_what_the_first_is_running(reopen: Reopen) -> None:
    first, second = reopen(), reopen()
    assert first.open(batch("b1"))
    assert not second.open(batch("b2"))
    assert first.start_due("run", HALF_PAST_ELEVEN, lasting=LEASE) is not None
    assert second.start_due("run", HALF_PAST_ELEVEN, lasting=LEASE) is None


# 20. Duplicates


def test_20_a_redelivered_finish_changes_nothing_even_of_when_it_got_on(ledger: Ledger, clock: FixedClock) -> None:
    ledger.open(batch())
    claim = claimed(ledger)
    outcome = TaskOutcome(TaskEnd.DONE, result="batches/b1/results/points/a.1.parquet")
    ledger.finish(claim, outcome)
    before = ledger.batch("b1"), ledger.tasks_of("b1")
    clock.advance(LEASE)
    for _ in range(3):
        ledger.finish(claim, outcome)
    assert (ledger.batch("b1"), ledger.tasks_of("b1")) == before


def test_20_results_merged_by_eight_at_once_end_each_unit_once(reopen: Reopen) -> None:
    ledgers, changed = [reopen() for _ in range(8)], []
    ledgers[0].open(batch(units=30, tasks=0))
    ended = [unit(player, UnitState.DONE) for player in range(1, 31)]
    at_once(lambda number: changed.append(ledgers[number].end_units("b1", ended)))
    assert sum(changed) == 30
    assert ledgers[0].tally("b1")[UnitState.DONE] == 30


def test_20_a_batch_completed_by_eight_at_once_closes_once(reopen: Reopen) -> None:
    ledgers, closed = [reopen() for _ in range(8)], []
    ledgers[0].open(batch(tasks=0))
    at_once(lambda number: closed.append(ledgers[number].close("b1", failing_open_with=f"closed by {number}")))
    assert len(set(closed)) == 1
    assert ledgers[0].tally("b1")[UnitState.FAILED] == 2


# 21. A lock without owner, renewal or fence


def test_21_a_claim_forged_without_the_fence_or_owner_writes_nothing(ledger: Ledger) -> None:
    ledger.open(batch())
    claim = claimed(ledger)
    for forged in (replace(claim, fence=claim.fence - 1), replace(claim, fence=99), replace(claim, owner="worker 2")):
        for end in (DONE, TaskOutcome(TaskEnd.RETRY, "busy"), TaskOutcome(TaskEnd.FAILED, "no model")):
            with pytest.raises(StaleLease):
                ledger.finish(forged, end)
        with pytest.raises(StaleLease):
            ledger.renew(forged, LEASE)
    assert ledger.tasks_of("b1")[0].state == TaskState.CLAIMED


def test_21_fences_never_come_again_whatever_became_of_the_task(ledger: Ledger, clock: FixedClock) -> None:
    ledger.open(batch())
    fences = [claimed(ledger).fence]
    clock.advance(LEASE)
    fences.append(claimed(ledger).fence)
    ledger.requeue("b1")
    given_up = claimed(ledger)
    ledger.finish(given_up, TaskOutcome(TaskEnd.FAILED, "no model"))
    ledger.replay(given_up.task_id)
    fences += [given_up.fence, claimed(ledger).fence]
    ledger.close("b1", failing_open_with="stalled")
    ledger.reopen(batch())
    fences.append(claimed(ledger).fence)
    assert fences == sorted(set(fences))


# 22. Retry storms


def test_22_work_that_fails_is_tried_a_few_times_then_waits_for_a_person(ledger: Ledger, clock: FixedClock) -> None:
    ledger.open(batch())
    tried = 0
    for _ in range(100):
        clock.advance(timedelta(minutes=1))
        if claim := ledger.claim("predict", "worker 1", LEASE):
            ledger.finish(claim, TaskOutcome(TaskEnd.RETRY, "the store is busy"))
            tried += 1
    assert tried == MAX_ATTEMPTS
    (letter,) = ledger.dead_letters()
    assert letter.reason == "the store is busy"


def test_22_a_due_step_that_fails_all_night_is_tried_a_few_times_ever_further_apart(
    ledger: Ledger, clock: FixedClock
) -> None:
    tried = []
    for _ in range(20 * 12):
        if run := ledger.start_due("grade", HALF_PAST_ELEVEN, lasting=LEASE):
            ledger.finish_run(run, RunStatus.FAILED, {}, "NotFound: the game is not yet played")
            tried.append(clock.now())
        clock.advance(timedelta(minutes=5))
    assert len(tried) == MAX_DUE_ATTEMPTS
    apart = [later - earlier for earlier, later in pairwise(tried)]
    assert apart == [DUE_BACKOFF, 2 * DUE_BACKOFF]


def test_22_a_message_no_subscriber_can_bear_is_kept_and_not_delivered_for_ever(reopen: Reopen) -> None:
    reopen().bury("analytics", {"phase": "raw-loaded"}, "BrokenContract: no such column")
    (letter,) = reopen().dead_messages()
    assert (letter.subscriber, letter.error) == ("analytics", "BrokenContract: no such column")
    reopen().replayed(letter.letter_id)
    assert reopen().dead_messages() == []


# 23. Stuck "running" rows


def test_23_nothing_that_runs_is_without_a_deadline(ledger: Ledger, clock: FixedClock) -> None:
    ledger.open(batch())
    task = claimed(ledger)
    due = ledger.start_due("grade", HALF_PAST_ELEVEN, lasting=LEASE)
    by_hand = ledger.start_run("import", lasting=LEASE)
    assert due is not None
    assert {task.deadline, due.deadline, by_hand.deadline} == {clock.now() + LEASE}
    clock.advance(MONTH)
    assert {run.status for run in ledger.runs()} == {RunStatus.OVERDUE}
    assert claimed(ledger, "worker 2").task == task.task
    again = ledger.start_due("grade", HALF_PAST_ELEVEN, lasting=LEASE)
    assert again is not None
    with pytest.raises(Refused):
        ledger.finish_run(due, RunStatus.SUCCESS, {"graded": 1})


def test_23_a_run_cannot_be_left_as_running_by_ending_it_so(ledger: Ledger) -> None:
    run = ledger.start_run("grade", lasting=LEASE)
    for status in (RunStatus.RUNNING, RunStatus.OVERDUE):
        with pytest.raises(BrokenContract, match="cannot end as"):
            ledger.finish_run(run, status, {"graded": 1})


def test_23_a_batch_without_progress_is_seen_by_when_it_last_got_on(ledger: Ledger, clock: FixedClock) -> None:
    ledger.open(Batch("b1", TONIGHT, "tonight", (unit(1),), (Task("predict", "points/a"), Task("predict", "points/b"))))
    clock.advance(timedelta(minutes=4))
    ledger.finish(claimed(ledger), DONE)
    claimed(ledger, "stuck")
    clock.advance(timedelta(minutes=10))
    (stalled,) = ledger.open_batches()
    assert clock.now() - stalled.progressed_at == timedelta(minutes=10)
    assert ledger.requeue("b1") == 1
    assert ledger.batch("b1").progressed_at == clock.now()
