"""The conformance suite of the ledger: every adapter passes every story."""

import sqlite3
from datetime import timedelta

import psycopg
import pytest
from tests.ledgers import DONE, LEASE, TONIGHT, Reopen, Store, at_once, batch, claimed, unit

from fairline.domain.clock import Clock, FixedClock
from fairline.domain.errors import BrokenContract, NotFound, Refused, StaleLease
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
from fairline.platform.ledger.recorded import recorded_run
from fairline.platform.ledger.tasks import MAX_ATTEMPTS

# Batches and units


def test_a_second_batch_of_the_same_date_and_kind_waits_for_the_first_to_close(ledger: Ledger) -> None:
    assert ledger.open(batch("b1"))
    assert not ledger.open(batch("b2"))
    assert ledger.open(batch("b3", kind="morning"))
    ledger.close("b1", failing_open_with="superseded")
    assert ledger.open(batch("b2"))
    assert [held.batch_id for held in ledger.open_batches()] == ["b2", "b3"]
    assert ledger.batch("b2").attempt == 2


def test_of_eight_that_open_one_batch_at_once_one_succeeds(reopen: Reopen) -> None:
    opened: list[str] = []
    ledgers = [reopen() for _ in range(8)]

    def open_one(number: int) -> None:
        if ledgers[number].open(batch(f"b{number}")):
            opened.append(f"b{number}")

    at_once(open_one)
    assert [held.batch_id for held in ledgers[0].open_batches()] == opened
    assert len(opened) == 1


def test_a_batch_id_is_used_once(ledger: Ledger) -> None:
    ledger.open(batch("b1"))
    ledger.close("b1", failing_open_with="stalled")
    assert not ledger.open(batch("b1"))
    assert ledger.batch("b1").status == BatchStatus.FAILED


def test_a_failed_batch_opened_again_plans_anew_what_failed_and_keeps_what_was_done(ledger: Ledger) -> None:
    ledger.open(batch(units=2))
    ledger.end_units("b1", [unit(1, UnitState.DONE)])
    failed = ledger.close("b1", failing_open_with="stalled")
    ledger.open(batch("b2"))
    assert not ledger.reopen(batch("b1")), "another of its date and kind is open"
    assert ledger.batch("b1") == failed
    ledger.close("b2", failing_open_with="stalled")
    assert ledger.reopen(batch("b1", units=3))
    assert (ledger.batch("b1").status, ledger.batch("b1").attempt) == (BatchStatus.OPEN, 3)
    assert ledger.open_units_of("b1") == [unit(2), unit(3)]
    ledger.end_units("b1", [unit(2, UnitState.DONE), unit(3, UnitState.DONE)])
    ledger.finish(claimed(ledger), DONE)
    assert ledger.close("b1").status == BatchStatus.DONE


def test_a_failed_unit_that_is_expected_no_more_does_not_keep_its_batch_from_being_done(ledger: Ledger) -> None:
    ledger.open(batch(units=2))
    ledger.close("b1", failing_open_with="stalled")
    ledger.reopen(batch("b1", units=1, tasks=0))
    ledger.end_units("b1", [unit(1, UnitState.DONE)])
    assert ledger.close("b1").status == BatchStatus.DONE


def test_a_batch_that_is_open_or_done_is_not_opened_again(ledger: Ledger) -> None:
    ledger.open(batch(units=1, tasks=0))
    assert not ledger.reopen(batch(units=1))
    ledger.end_units("b1", [unit(1, UnitState.DONE)])
    done = ledger.close("b1")
    assert not ledger.reopen(batch(units=2))
    assert ledger.batch("b1") == done
    with pytest.raises(NotFound):
        ledger.reopen(batch("b9"))


def test_work_withdrawn_from_a_failed_batch_is_there_again_and_its_old_owner_stays_refused(ledger: Ledger) -> None:
    ledger.open(batch(tasks=2))
    finished, paused = claimed(ledger), claimed(ledger, "worker 2")
    ledger.finish(finished, DONE)
    ledger.close("b1", failing_open_with="stalled")
    ledger.reopen(batch(tasks=2))
    again = claimed(ledger, "worker 3")
    assert again.task == paused.task
    assert ledger.claim("predict", "worker 4", LEASE) is None
    with pytest.raises(StaleLease):
        ledger.finish(paused, DONE)
    ledger.finish(again, DONE)


@pytest.mark.parametrize(
    "plan",
    [
        batch(units=0),
        Batch("b1", TONIGHT, "tonight", (unit(1), unit(1))),
        Batch("b1", TONIGHT, "tonight", (unit(1),), (Task("predict", "x"), Task("predict", "x"))),
    ],
    ids=["expects nothing", "a unit twice", "a task twice"],
)
def test_a_plan_that_makes_no_sense_is_refused(ledger: Ledger, plan: Batch) -> None:
    with pytest.raises(BrokenContract):
        ledger.open(plan)
    assert ledger.open_batches() == []


def test_a_filtered_unit_is_born_terminal_and_is_not_waited_for(ledger: Ledger) -> None:
    skipped = unit(3, UnitState.SKIPPED, "quality")
    ledger.open(Batch("b1", TONIGHT, "tonight", (unit(1), skipped)))
    assert ledger.open_units_of("b1") == [unit(1)]
    assert ledger.end_units("b1", [unit(1, UnitState.DONE)]) == 1
    assert ledger.close("b1").status == BatchStatus.DONE
    assert ledger.tally("b1") == {UnitState.OPEN: 0, UnitState.DONE: 1, UnitState.SKIPPED: 1, UnitState.FAILED: 0}


def test_a_unit_is_not_skipped_without_a_reason() -> None:
    with pytest.raises(BrokenContract, match="without a reason"):
        unit(1, UnitState.SKIPPED)


def test_an_ended_unit_stays_as_it_ended(ledger: Ledger) -> None:
    ledger.open(batch())
    assert ledger.end_units("b1", [unit(1, UnitState.DONE)]) == 1
    assert ledger.end_units("b1", [unit(1, UnitState.FAILED, "late"), unit(9, UnitState.DONE)]) == 0
    assert ledger.end_units("b1", []) == 0
    with pytest.raises(BrokenContract, match="end as open"):
        ledger.end_units("b1", [unit(2)])
    assert ledger.open_units_of("b1") == [unit(2)]


def test_a_batch_with_open_units_closes_only_with_the_reason_they_fail_for(ledger: Ledger) -> None:
    ledger.open(batch(units=20))
    ledger.end_units("b1", [unit(player, UnitState.DONE) for player in range(1, 20)])
    with pytest.raises(Refused, match="1 open units"):
        ledger.close("b1")
    closed = ledger.close("b1", failing_open_with="stalled")
    assert closed.status == BatchStatus.PARTIAL
    assert ledger.close("b1") == closed


def test_a_batch_stands_as_its_units_and_tasks_do(ledger: Ledger) -> None:
    ledger.open(batch(units=3, tasks=2))
    ledger.open(batch("b2", kind="morning"))
    ledger.end_units("b1", [unit(1, UnitState.DONE), unit(2, UnitState.SKIPPED, "quality")])
    ledger.finish(claimed(ledger), TaskOutcome(TaskEnd.DONE, result="predictions/1.parquet"))
    claimed(ledger, "worker 2")
    standing = ledger.standing("b1")
    assert standing.units == {UnitState.OPEN: 1, UnitState.DONE: 1, UnitState.SKIPPED: 1, UnitState.FAILED: 0}
    assert [(task.batch_id, task.state, task.owner, task.attempts, task.result) for task in standing.tasks] == [
        ("b1", TaskState.DONE, "worker 1", 1, "predictions/1.parquet"), ("b1", TaskState.CLAIMED, "worker 2", 1, ""),
    ]  # fmt: skip
    assert standing.tasks[1].deadline is not None
    assert (standing.batch, standing.tasks) == (ledger.batch("b1"), ledger.tasks_of("b1"))


def test_an_unknown_batch_is_not_found(ledger: Ledger) -> None:
    for ask in (ledger.batch, ledger.standing):
        with pytest.raises(NotFound):
            ask("b9")


# Leases


def test_contending_workers_share_the_tasks_and_none_gets_one_twice(reopen: Reopen) -> None:
    ledgers = [reopen() for _ in range(4)]
    ledgers[0].open(batch(tasks=20))
    taken: list[int] = []

    def work(number: int) -> None:
        while claim := ledgers[number].claim("predict", f"worker {number}", LEASE):
            taken.append(claim.task_id)
            ledgers[number].finish(claim, DONE)

    at_once(work, threads=4)
    assert len(taken) == len(set(taken)) == 20


def test_a_killed_owners_task_goes_to_another_when_its_lease_runs_out(ledger: Ledger, clock: FixedClock) -> None:
    ledger.open(batch())
    killed = claimed(ledger)
    clock.advance(LEASE - timedelta(seconds=1))
    assert ledger.claim("predict", "worker 2", LEASE) is None
    clock.advance(timedelta(seconds=1))
    second = claimed(ledger, "worker 2")
    assert second.task == killed.task
    assert second.fence > killed.fence


def test_a_paused_owners_late_finish_is_refused(ledger: Ledger, clock: FixedClock) -> None:
    ledger.open(batch())
    paused = claimed(ledger)
    clock.advance(LEASE)
    second = claimed(ledger, "worker 2")
    with pytest.raises(StaleLease, match="finished by worker 1"):
        ledger.finish(paused, DONE)
    with pytest.raises(StaleLease, match="renewed by worker 1"):
        ledger.renew(paused, LEASE)
    ledger.finish(second, DONE)


def test_the_same_owner_claiming_again_makes_its_own_older_claim_stale(ledger: Ledger, clock: FixedClock) -> None:
    ledger.open(batch())
    first = claimed(ledger)
    clock.advance(LEASE)
    claimed(ledger)
    with pytest.raises(StaleLease):
        ledger.finish(first, DONE)


def test_a_renewed_lease_holds_on(ledger: Ledger, clock: FixedClock) -> None:
    ledger.open(batch())
    claim = claimed(ledger)
    clock.advance(LEASE / 2)
    claim = ledger.renew(claim, LEASE)
    clock.advance(LEASE / 2)
    assert ledger.claim("predict", "worker 2", LEASE) is None
    ledger.finish(claim, DONE)


def test_a_finish_told_twice_changes_nothing_and_another_end_is_refused(ledger: Ledger) -> None:
    ledger.open(batch())
    claim = claimed(ledger)
    ledger.finish(claim, DONE)
    ledger.finish(claim, DONE)
    with pytest.raises(StaleLease):
        ledger.finish(claim, TaskOutcome(TaskEnd.FAILED, "model missing"))
    assert ledger.claim("predict", "worker 2", LEASE) is None


def test_a_task_given_back_is_tried_again_but_not_for_ever(ledger: Ledger) -> None:
    ledger.open(batch())
    for attempt in range(1, MAX_ATTEMPTS + 1):
        claim = claimed(ledger)
        assert claim.attempt == attempt
        ledger.finish(claim, TaskOutcome(TaskEnd.RETRY, "busy"))
    assert ledger.claim("predict", "worker 1", LEASE) is None


def test_a_task_that_kills_its_owners_is_failed_at_last(ledger: Ledger, clock: FixedClock) -> None:
    ledger.open(batch())
    for _ in range(MAX_ATTEMPTS):
        claimed(ledger)
        clock.advance(LEASE)
    assert ledger.claim("predict", "worker 1", LEASE) is None


def test_a_closed_batch_withdraws_its_tasks_and_their_claims(ledger: Ledger) -> None:
    ledger.open(batch(tasks=2))
    claim = claimed(ledger)
    ledger.close("b1", failing_open_with="stalled")
    assert ledger.claim("predict", "worker 2", LEASE) is None
    with pytest.raises(StaleLease):
        ledger.finish(claim, DONE)


# Runs


def test_a_run_that_never_ends_is_overdue_and_not_running_for_ever(ledger: Ledger, clock: FixedClock) -> None:
    ledger.start_run("grade", lasting=LEASE, game_date=TONIGHT)
    assert ledger.runs("grade")[0].status == RunStatus.RUNNING
    clock.advance(LEASE + timedelta(seconds=1))
    assert ledger.runs("grade")[0].status == RunStatus.OVERDUE


def test_runs_are_told_the_latest_first(ledger: Ledger) -> None:
    for name in ("import", "grade", "import"):
        ledger.start_run(name, lasting=LEASE)
    assert [run.name for run in ledger.runs(limit=2)] == ["import", "grade"]
    assert len(ledger.runs("import")) == 2


def test_a_run_ends_once_and_honestly(ledger: Ledger) -> None:
    run = ledger.start_run("grade", lasting=LEASE)
    with pytest.raises(Refused, match="counts nothing"):
        ledger.finish_run(run, RunStatus.SUCCESS, {"written": 0})
    with pytest.raises(BrokenContract, match="without a word"):
        ledger.finish_run(run, RunStatus.FAILED, {})
    with pytest.raises(BrokenContract, match="cannot end as running"):
        ledger.finish_run(run, RunStatus.RUNNING, {})
    assert ledger.finish_run(run, RunStatus.SUCCESS, {"written": 3}).counts == {"written": 3}
    with pytest.raises(Refused, match="already ended"):
        ledger.finish_run(run, RunStatus.FAILED, {}, "late")


def test_a_recorded_run_tells_its_status_by_what_it_counted(ledger: Ledger) -> None:
    with recorded_run(ledger, "import", lasting=LEASE) as report:
        report.counts["written"] = 3
    with recorded_run(ledger, "import", lasting=LEASE):
        pass
    with recorded_run(ledger, "import", lasting=LEASE) as report:
        report.counts["written"], report.status = 2, RunStatus.PARTIAL
    assert [run.status for run in ledger.runs("import")] == ["partial", "no_data", "success"]


# Published revisions


def test_what_is_published_again_unchanged_is_the_same_revision(ledger: Ledger, clock: FixedClock) -> None:
    first = ledger.publish_revision("predictions/2025-11-28.json", "aa")
    clock.advance(LEASE)
    assert ledger.publish_revision("predictions/2025-11-28.json", "aa") == first
    assert ledger.publish_revision("predictions/2025-11-29.json", "aa").number == 1


def test_a_correction_is_the_next_revision_even_back_to_an_earlier_text(ledger: Ledger) -> None:
    numbers = [ledger.publish_revision("p", digest).number for digest in ("aa", "bb", "aa")]
    assert numbers == [1, 2, 3]
    assert [revision.digest for revision in ledger.revisions("p")] == ["aa", "bb", "aa"]


def test_publishers_at_once_get_numbers_without_a_gap(reopen: Reopen) -> None:
    ledgers = [reopen() for _ in range(4)]
    at_once(lambda number: ledgers[number].publish_revision("p", f"{number}"), threads=4)
    assert [revision.number for revision in ledgers[0].revisions("p")] == [1, 2, 3, 4]


# The store


@pytest.mark.parametrize("change", ["UPDATE published_revisions SET digest = 'bb'", "DELETE FROM published_revisions"])
def test_what_was_published_cannot_be_changed_in_the_database_either(store: Store, clock: Clock, change: str) -> None:
    store.open(clock).publish_revision("p", "aa")
    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError), match="stays as it was"):
        store.execute(change)


def test_a_reader_of_the_ledger_cannot_write(store: Store, clock: Clock) -> None:
    store.open(clock).open(batch())
    reader = store.open(clock, read_only=True)
    assert len(reader.open_units_of("b1")) == 2
    with pytest.raises(Refused, match="for reading alone"):
        reader.publish_revision("p", "aa")
