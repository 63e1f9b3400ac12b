"""What became of work: progress, tasks set free, dead letters and another round for them, messages buried."""

from datetime import date, timedelta

import pytest
from tests.ledgers import DONE, LEASE, TONIGHT, Reopen, batch, claimed, unit

from fairline.domain.clock import FixedClock
from fairline.domain.errors import NotFound, Refused, StaleLease
from fairline.platform.ledger.contract import (
    Batch,
    BatchStatus,
    Ledger,
    Task,
    TaskEnd,
    TaskOutcome,
    TaskState,
    UnitState,
)
from fairline.platform.ledger.tasks import MAX_ATTEMPTS

GIVEN_UP = TaskOutcome(TaskEnd.FAILED, "no model")
MINUTE = timedelta(minutes=1)


# Batches


def test_the_latest_batches_are_told_first_and_those_of_a_date_alone(ledger: Ledger, clock: FixedClock) -> None:
    for number, day in enumerate((TONIGHT, date(2025, 11, 29), TONIGHT)):
        clock.advance(MINUTE)
        ledger.open(Batch(f"b{number}", day, f"kind {number}", (unit(1),)))
    assert [held.batch_id for held in ledger.batches()] == ["b2", "b1", "b0"]
    assert [held.batch_id for held in ledger.batches(game_date=TONIGHT)] == ["b2", "b0"]
    assert [held.batch_id for held in ledger.batches(limit=1)] == ["b2"]


def test_progress_is_an_end_of_a_task_or_unit_and_neither_a_claim_nor_a_second_telling(
    ledger: Ledger, clock: FixedClock
) -> None:
    ledger.open(batch(tasks=2))
    opened_at = clock.now()
    clock.advance(MINUTE)
    claim = ledger.renew(claimed(ledger), LEASE)
    ledger.finish(claim, TaskOutcome(TaskEnd.RETRY, "busy"))
    claim = claimed(ledger)
    assert ledger.batch("b1").progressed_at == opened_at
    clock.advance(MINUTE)
    ledger.finish(claim, DONE)
    finished_at = clock.now()
    clock.advance(MINUTE)
    ledger.finish(claim, DONE)
    assert ledger.batch("b1").progressed_at == finished_at
    ledger.end_units("b1", [unit(1, UnitState.DONE)])
    ended_at = clock.now()
    clock.advance(MINUTE)
    ledger.end_units("b1", [unit(1, UnitState.DONE)])
    assert ledger.batch("b1").progressed_at == ended_at


def test_a_batch_with_a_failed_task_is_not_done_though_every_unit_is(ledger: Ledger) -> None:
    ledger.open(batch(tasks=2))
    ledger.finish(claimed(ledger), DONE)
    ledger.finish(claimed(ledger), GIVEN_UP)
    ledger.end_units("b1", [unit(1, UnitState.DONE), unit(2, UnitState.DONE)])
    assert ledger.close("b1").status == BatchStatus.PARTIAL


def test_a_batch_closed_before_its_tasks_ended_is_not_done(ledger: Ledger) -> None:
    ledger.open(batch())
    ledger.end_units("b1", [unit(1, UnitState.DONE), unit(2, UnitState.DONE)])
    assert ledger.close("b1").status == BatchStatus.PARTIAL
    assert ledger.reopen(batch())
    ledger.finish(claimed(ledger), DONE)
    assert ledger.close("b1").status == BatchStatus.DONE


def test_a_failed_task_that_is_planned_no_more_does_not_keep_its_batch_from_being_done(ledger: Ledger) -> None:
    ledger.open(batch(units=1, tasks=2))
    ledger.finish(claimed(ledger), DONE)
    ledger.finish(claimed(ledger), GIVEN_UP)
    ledger.end_units("b1", [unit(1, UnitState.DONE)])
    ledger.close("b1")
    assert ledger.reopen(batch(units=1, tasks=1))
    assert ledger.dead_letters() == []
    assert ledger.close("b1").status == BatchStatus.DONE


def test_what_was_withdrawn_brings_nothing_more_and_its_batch_is_not_done(ledger: Ledger) -> None:
    ledger.open(batch(tasks=3))
    ledger.finish(claimed(ledger), DONE)
    claim = claimed(ledger)
    assert (ledger.withdraw("b1"), ledger.withdraw("b1")) == (2, 0)
    with pytest.raises(StaleLease):
        ledger.finish(claim, DONE)
    assert ledger.claim("predict", "worker 2", LEASE) is None
    ends = [(one.state, one.reason) for one in ledger.tasks_of("b1")]
    assert ends == [(TaskState.DONE, ""), *[(TaskState.WITHDRAWN, "it did not end")] * 2]
    ledger.end_units("b1", [unit(1, UnitState.DONE), unit(2, UnitState.DONE)])
    assert ledger.close("b1").status == BatchStatus.PARTIAL


def test_what_was_withdrawn_and_is_planned_no_more_does_not_keep_its_batch_from_being_done(ledger: Ledger) -> None:
    ledger.open(batch(units=1, tasks=2))
    ledger.finish(claimed(ledger), DONE)
    ledger.withdraw("b1")
    ledger.end_units("b1", [unit(1, UnitState.DONE)])
    assert ledger.close("b1").status == BatchStatus.PARTIAL
    assert ledger.reopen(batch(units=1, tasks=1))
    assert ledger.close("b1").status == BatchStatus.DONE


def test_of_an_unknown_batch_nothing_is_withdrawn(ledger: Ledger) -> None:
    with pytest.raises(NotFound):
        ledger.withdraw("unknown")


# Requeued


def test_a_requeued_batch_frees_what_is_held_and_its_owners_find_their_claims_stale(
    ledger: Ledger, clock: FixedClock
) -> None:
    ledger.open(batch(tasks=3))
    ledger.finish(claimed(ledger), DONE)
    stuck = claimed(ledger, "stuck")
    clock.advance(MINUTE)
    assert ledger.requeue("b1") == 1
    held = ledger.batch("b1")
    assert (held.requeued, held.progressed_at) == (1, clock.now())
    again = claimed(ledger, "worker 2")
    assert again.task == stuck.task
    for late in (lambda: ledger.finish(stuck, DONE), lambda: ledger.renew(stuck, LEASE)):
        with pytest.raises(StaleLease):
            late()
    ledger.finish(again, DONE)
    assert [task.state for task in ledger.tasks_of("b1")] == [TaskState.DONE, TaskState.DONE, TaskState.FREE]


def test_the_owner_of_a_requeued_task_cannot_finish_it_before_the_next_has_it_either(ledger: Ledger) -> None:
    ledger.open(batch())
    stuck = claimed(ledger, "stuck")
    ledger.requeue("b1")
    for end in (DONE, TaskOutcome(TaskEnd.RETRY, "busy"), GIVEN_UP):
        with pytest.raises(StaleLease):
            ledger.finish(stuck, end)


def test_what_is_closed_or_unknown_is_not_requeued(ledger: Ledger) -> None:
    ledger.open(batch())
    ledger.close("b1", failing_open_with="stalled")
    with pytest.raises(Refused, match="b1 is closed"):
        ledger.requeue("b1")
    with pytest.raises(NotFound):
        ledger.requeue("b9")


def test_a_batch_opened_again_has_its_requeue_again(ledger: Ledger) -> None:
    ledger.open(batch())
    ledger.requeue("b1")
    ledger.close("b1", failing_open_with="stalled")
    ledger.reopen(batch())
    assert ledger.batch("b1").requeued == 0


# Dead letters


def test_a_task_tells_its_owner_its_end_and_the_object_it_left(ledger: Ledger, clock: FixedClock) -> None:
    ledger.open(batch(tasks=3))
    ledger.finish(claimed(ledger), TaskOutcome(TaskEnd.DONE, result="batches/b1/results/a.1.parquet"))
    claimed(ledger, "worker 2")
    done, held, free = ledger.tasks_of("b1")
    assert (done.state, done.result) == (TaskState.DONE, "batches/b1/results/a.1.parquet")
    assert (held.owner, held.deadline, held.attempts) == ("worker 2", clock.now() + LEASE, 1)
    assert (free.state, free.owner, free.task) == (TaskState.FREE, None, Task("predict", "points/system 3"))


def test_a_task_that_fails_is_a_dead_letter_until_it_is_replayed(ledger: Ledger) -> None:
    ledger.open(batch(tasks=2))
    ledger.finish(claimed(ledger), GIVEN_UP)
    ledger.finish(claimed(ledger), DONE)
    (letter,) = ledger.dead_letters()
    assert (letter.batch_id, letter.task.key, letter.reason) == ("b1", "points/system 1", "no model")
    ledger.replay(letter.task_id)
    assert ledger.dead_letters() == []
    again = claimed(ledger)
    assert (again.task, again.attempt, again.fence) == (letter.task, 1, 2)


def test_a_replayed_task_has_every_attempt_again_and_no_more(ledger: Ledger, clock: FixedClock) -> None:
    ledger.open(batch())
    for _ in range(2):
        for attempt in range(1, MAX_ATTEMPTS + 1):
            assert claimed(ledger).attempt == attempt
            clock.advance(LEASE)
        assert ledger.claim("predict", "worker 1", LEASE) is None
        (letter,) = ledger.dead_letters()
        assert "no owner finished it" in letter.reason
        ledger.replay(letter.task_id)


def test_the_owner_who_failed_a_task_does_not_fail_it_once_more_after_its_replay(ledger: Ledger) -> None:
    ledger.open(batch())
    claim = claimed(ledger)
    ledger.finish(claim, GIVEN_UP)
    ledger.replay(claim.task_id)
    with pytest.raises(StaleLease):
        ledger.finish(claim, GIVEN_UP)
    assert ledger.tasks_of("b1")[0].state == TaskState.FREE


def test_what_has_not_failed_or_is_of_a_closed_batch_is_not_replayed(ledger: Ledger) -> None:
    ledger.open(batch())
    claim = claimed(ledger)
    with pytest.raises(Refused, match="has not failed"):
        ledger.replay(claim.task_id)
    with pytest.raises(NotFound):
        ledger.replay(claim.task_id + 1)
    ledger.finish(claim, GIVEN_UP)
    ledger.close("b1", failing_open_with="stalled")
    with pytest.raises(Refused, match="b1, which is closed") as caught:
        ledger.replay(claim.task_id)
    assert "planned anew" in caught.value.hint
    assert [letter.task_id for letter in ledger.dead_letters()] == [claim.task_id]


def test_dead_letters_are_told_the_latest_first_and_no_more_than_asked_for(ledger: Ledger) -> None:
    ledger.open(batch(tasks=3))
    for _ in range(3):
        ledger.finish(claimed(ledger), GIVEN_UP)
    assert [letter.task.key[-1] for letter in ledger.dead_letters(limit=2)] == ["3", "2"]


# Dead messages


def test_a_buried_message_waits_through_a_restart_until_it_is_delivered(reopen: Reopen, clock: FixedClock) -> None:
    message = {"phase": "raw-loaded", "counts": {"written": 3}, "game_date": None}
    buried = reopen().bury("analytics", message, "Busy: another has the home")
    clock.advance(MINUTE)
    ledger = reopen()
    second = ledger.bury("analytics", message, "Busy: another has the home")
    assert ledger.dead_messages() == [second, buried]
    assert buried.message == message
    assert buried.buried_at == clock.now() - MINUTE
    ledger.replayed(buried.letter_id)
    ledger.replayed(buried.letter_id)
    assert ledger.dead_messages() == [second]
    assert ledger.dead_messages(limit=0) == []
    with pytest.raises(NotFound):
        ledger.replayed(99)
