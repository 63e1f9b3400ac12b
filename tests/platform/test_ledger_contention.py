"""Many at the ledger at once, in threads and in processes: killed, paused, late, doubled, with clocks that differ."""

import json
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from tests.ledgers import DONE, LEASE, TONIGHT, Process, Reopen, Store, at_once, batch, claimed, unit

from fairline.domain.clock import FixedClock
from fairline.domain.errors import StaleLease
from fairline.platform.clock import SystemClock
from fairline.platform.ledger.contract import (
    BatchStatus,
    Claim,
    Ledger,
    RunStatus,
    TaskEnd,
    TaskOutcome,
    TaskState,
    UnitState,
)

MANY = 16
NOON = datetime(2025, 11, 28, 17, tzinfo=UTC)

BEGIN = """
import json, sys
from datetime import UTC, datetime, timedelta
from fairline.domain.errors import StaleLease
from fairline.platform.clock import SystemClock
from fairline.platform.ledger.contract import TaskEnd, TaskOutcome
from tests.ledgers import DONE, batch, open_at
name, hour = sys.argv[2], timedelta(hours=1)
"""
OPEN = "ledger = open_at(sys.argv[1], SystemClock())"
ALL_AT_ONCE = """
import os
gate, opener = os.pipe()
for number in range(int(name)):
    if os.fork() == 0:
        break
else:
    os.close(opener)
    for _ in range(int(name)):
        os.wait()
    sys.exit()
os.close(opener)
os.read(gate, 1)  # until the parent, and every process forked after this one, has let go of the other end
ledger, name = open_at(sys.argv[1], SystemClock()), f"b{number}"
opened, taken = ledger.open(batch(name, tasks=200)), []
while claim := ledger.claim("predict", name, hour):
    taken.append(claim.task_id)
    ledger.finish(claim, DONE)
started = ledger.start_due("grade", datetime(2025, 11, 28, 11, tzinfo=UTC), lasting=hour) is not None
revision = ledger.publish_revision("p", name).number
print(json.dumps({"opened": opened, "taken": taken, "started": started, "revision": revision}), flush=True)
"""
HOLDS_A_CLAIM = f"""{OPEN}
claim = ledger.claim("predict", name, hour)
print("holds", flush=True)
sys.stdin.readline()
try:
    ledger.finish(claim, DONE)
except StaleLease:
    print("refused", flush=True)
"""
HOLDS_A_TRANSACTION = f"""{OPEN}
from fairline.platform.ledger.tasks import claim_task
with ledger._transactions.writing() as connection:
    assert claim_task(connection, "predict", name, hour, SystemClock().now())
    print("holds", flush=True)
    sys.stdin.readline()
"""

Start = Callable[[str, str], Process]


@pytest.fixture
def start(store: Store) -> Iterator[Start]:
    """Starts a process at work on the store, under a name."""
    with ExitStack() as running:
        yield lambda script, name: running.enter_context(closing(Process(BEGIN + script, [store.address, name])))


# Many at once


def test_of_sixteen_that_open_one_batch_at_once_one_succeeds(reopen: Reopen) -> None:
    ledgers, opened = [reopen() for _ in range(MANY)], []

    def open_one(number: int) -> None:
        if ledgers[number].open(batch(f"b{number}")):
            opened.append(f"b{number}")

    at_once(open_one, MANY)
    assert [held.batch_id for held in ledgers[0].open_batches()] == opened
    assert len(opened) == 1


def test_of_sixteen_that_open_a_failed_batch_again_at_once_one_succeeds(reopen: Reopen) -> None:
    ledgers, reopened = [reopen() for _ in range(MANY)], []
    ledgers[0].open(batch())
    ledgers[0].close("b1", failing_open_with="stalled")
    at_once(lambda number: reopened.append(ledgers[number].reopen(batch())), MANY)
    assert sorted(reopened) == [False] * (MANY - 1) + [True]
    assert ledgers[0].batch("b1").attempt == 2


def test_sixteen_workers_share_the_tasks_and_none_gets_one_twice(reopen: Reopen) -> None:
    ledgers, taken = [reopen() for _ in range(MANY)], []
    ledgers[0].open(batch(tasks=100))

    def work(number: int) -> None:
        while claim := ledgers[number].claim("predict", f"worker {number}", LEASE):
            taken.append(claim.task_id)
            ledgers[number].finish(claim, DONE)

    at_once(work, MANY)
    assert len(taken) == len(set(taken)) == 100
    assert {task.state for task in ledgers[0].tasks_of("b1")} == {TaskState.DONE}


def test_of_sixteen_that_end_the_same_units_while_one_closes_each_unit_ends_once(reopen: Reopen) -> None:
    ledgers, changed = [reopen() for _ in range(MANY)], []
    ledgers[0].open(batch(units=50, tasks=0))
    players = range(1, 51)

    def end(number: int) -> None:
        if number == 0:
            ledgers[0].close("b1", failing_open_with="stalled")
            return
        mine = players if number % 2 else reversed(players)
        changed.append(ledgers[number].end_units("b1", [unit(player, UnitState.DONE) for player in mine]))

    at_once(end, MANY)
    tally = ledgers[0].tally("b1")
    assert tally[UnitState.OPEN] == 0
    assert tally[UnitState.DONE] == sum(changed)
    assert (ledgers[0].batch("b1").status == BatchStatus.DONE) == (tally[UnitState.FAILED] == 0)


def test_owners_that_finish_while_their_batch_closes_are_done_or_refused_and_none_waits_for_ever(
    reopen: Reopen,
) -> None:
    ledgers, done = [reopen() for _ in range(MANY)], []
    ledgers[0].open(batch(tasks=MANY))
    claims = [claimed(ledgers[number], f"worker {number}") for number in range(MANY)]

    def finish(number: int) -> None:
        if number == 0:
            ledgers[0].close("b1", failing_open_with="stalled")
            return
        try:
            ledgers[number].finish(claims[number], DONE)
        except StaleLease:
            return
        done.append(claims[number].task_id)

    at_once(finish, MANY)
    states = {task.task_id: task.state for task in ledgers[0].tasks_of("b1")}
    assert {task_id for task_id, state in states.items() if state == TaskState.DONE} == set(done)
    assert set(states.values()) <= {TaskState.DONE, TaskState.WITHDRAWN}


def test_of_sixteen_that_start_a_due_step_at_once_one_does(reopen: Reopen) -> None:
    ledgers, started = [reopen() for _ in range(MANY)], []
    at_once(lambda number: started.append(ledgers[number].start_due("grade", NOON, lasting=LEASE)), MANY)
    assert len([run for run in started if run]) == len(ledgers[0].runs("grade")) == 1


def test_of_sixteen_that_take_over_an_overdue_step_one_does(reopen: Reopen, clock: FixedClock) -> None:
    ledgers, started = [reopen() for _ in range(MANY)], []
    ledgers[0].start_due("grade", NOON, lasting=LEASE)
    clock.advance(2 * LEASE)
    at_once(lambda number: started.append(ledgers[number].start_due("grade", NOON, lasting=LEASE)), MANY)
    assert [run.attempt for run in started if run] == [2]


def test_sixteen_publishers_at_once_get_numbers_without_a_gap(reopen: Reopen) -> None:
    ledgers = [reopen() for _ in range(MANY)]
    at_once(lambda number: ledgers[number].publish_revision("p", f"{number // 2}"), MANY)
    held = ledgers[0].revisions("p")
    assert [revision.number for revision in held] == list(range(1, len(held) + 1))
    assert {revision.digest for revision in held} == {f"{number}" for number in range(8)}


def test_of_sixteen_processes_at_once_one_opens_and_starts_and_each_task_is_done_once(
    store: Store, start: Start
) -> None:
    ledger, forking = store.open(SystemClock()), start(ALL_AT_ONCE, f"{MANY}")
    told = [json.loads(forking.says()) for _ in range(MANY)]
    (held,) = ledger.open_batches()
    assert Counter(one["opened"] for one in told) == {True: 1, False: MANY - 1}
    assert Counter(one["started"] for one in told) == {True: 1, False: MANY - 1}
    assert sorted(one["revision"] for one in told) == list(range(1, MANY + 1))
    tasks = ledger.tasks_of(held.batch_id)
    assert sorted(task_id for one in told for task_id in one["taken"]) == [task.task_id for task in tasks]
    assert {(task.state, task.attempts) for task in tasks} == {(TaskState.DONE, 1)}


# Killed and paused


def test_a_task_whose_owner_was_killed_is_done_by_another_after_its_lease(store: Store, start: Start) -> None:
    later = FixedClock(SystemClock().now() + timedelta(hours=2))
    now, then = store.open(SystemClock()), store.open(later)
    now.open(batch())
    killed = start(HOLDS_A_CLAIM, "killed")
    assert killed.says() == "holds"
    killed.send(signal.SIGKILL)
    killed.wait()
    assert now.claim("predict", "early", LEASE) is None
    taken_over = claimed(then, "another")
    assert taken_over.fence == 2
    then.finish(taken_over, DONE)


def test_an_owner_killed_within_a_transaction_leaves_nothing_of_it(store: Store, start: Start) -> None:
    ledger = store.open(SystemClock())
    ledger.open(batch())
    killed = start(HOLDS_A_TRANSACTION, "killed")
    assert killed.says() == "holds"
    killed.send(signal.SIGKILL)
    killed.wait()
    # A server needs a moment to notice.
    while (claim := ledger.claim("predict", "another", LEASE)) is None:
        pass
    assert (claim.fence, claim.attempt) == (1, 1)


def test_a_paused_process_that_comes_back_after_its_lease_is_refused(store: Store, start: Start) -> None:
    later = FixedClock(SystemClock().now() + timedelta(hours=2))
    ledger = store.open(later)
    ledger.open(batch())
    paused = start(HOLDS_A_CLAIM, "paused")
    assert paused.says() == "holds"
    paused.send(signal.SIGSTOP)
    taken_over = claimed(ledger, "another")
    paused.send(signal.SIGCONT)
    paused.go_on()
    assert paused.says() == "refused"
    ledger.finish(taken_over, TaskOutcome(TaskEnd.DONE, result="another's"))
    assert ledger.tasks_of("b1")[0].result == "another's"


# Late, doubled, in another order


def test_finishes_told_in_any_order_and_twice_leave_the_last_owners_end(reopen: Reopen, clock: FixedClock) -> None:
    ledger = reopen()
    for number, order in enumerate(permutations(["first", "second", "second", "third"])):
        batch_id = f"b{number}"
        ledger.open(batch(batch_id))
        claims = {}
        for owner in ("first", "second", "third"):
            claims[owner] = claimed(ledger, owner)
            clock.advance(LEASE)
        accepted = [owner for owner in order if finished(ledger, claims[owner])]
        assert accepted == ["third"]
        (task,) = ledger.tasks_of(batch_id)
        assert (task.state, task.result) == (TaskState.DONE, "third's")
        ledger.close(batch_id, failing_open_with="over")


def finished(ledger: Ledger, claim: Claim) -> bool:
    """Whether the claim's finish is accepted."""
    try:
        ledger.finish(claim, TaskOutcome(TaskEnd.DONE, result=f"{claim.owner}'s"))
    except StaleLease:
        return False
    return True


def test_a_task_given_back_and_taken_again_is_not_given_back_by_the_late_second_telling(reopen: Reopen) -> None:
    ledger = reopen()
    ledger.open(batch())
    first = claimed(ledger)
    ledger.finish(first, TaskOutcome(TaskEnd.RETRY, "busy"))
    second = claimed(ledger, "worker 2")
    with pytest.raises(StaleLease):
        ledger.finish(first, TaskOutcome(TaskEnd.RETRY, "busy"))
    ledger.finish(second, DONE)


# Clocks that differ


@pytest.mark.parametrize("ahead", [timedelta(minutes=-7), timedelta(minutes=7)], ids=["behind", "ahead"])
def test_of_two_owners_by_clocks_minutes_apart_the_write_of_the_last_alone_is_accepted(
    store: Store, ahead: timedelta
) -> None:
    first, second = store.open(FixedClock(NOON)), store.open(FixedClock(NOON + ahead))
    first.open(batch())
    claim, stolen = claimed(first, "first"), second.claim("predict", "second", timedelta(minutes=5))
    assert stolen is None, "within the lease of ten minutes by either clock"
    first.renew(claim, timedelta(minutes=5))
    stolen = second.claim("predict", "second", timedelta(minutes=5))
    assert (stolen is not None) == (ahead > timedelta(0))
    assert finished(first, claim) == (stolen is None)
    if stolen is not None:
        assert finished(second, stolen)
    assert [task.state for task in first.tasks_of("b1")] == [TaskState.DONE]


def test_workers_with_clocks_minutes_apart_have_each_task_accepted_once(store: Store) -> None:
    ledgers = [store.open(FixedClock(NOON + timedelta(minutes=3 * (number - 4)))) for number in range(8)]
    ledgers[0].open(batch(tasks=40))
    accepted: list[int] = []

    def work(number: int) -> None:
        while claim := ledgers[number].claim("predict", f"worker {number}", timedelta(minutes=5)):
            if finished(ledgers[number], claim):
                accepted.append(claim.task_id)

    at_once(work)
    ended = {task.task_id for task in ledgers[0].tasks_of("b1") if task.state == TaskState.DONE}
    assert sorted(accepted) == sorted(ended)
    assert all(task.state in {TaskState.DONE, TaskState.FAILED} for task in ledgers[0].tasks_of("b1"))


def test_a_due_step_taken_over_by_a_clock_ahead_ends_once(store: Store) -> None:
    right, ahead = store.open(FixedClock(NOON)), store.open(FixedClock(NOON + timedelta(minutes=30)))
    mine = right.start_due("grade", NOON, lasting=LEASE, game_date=TONIGHT)
    taken_over = ahead.start_due("grade", NOON, lasting=LEASE, game_date=TONIGHT)
    assert mine is not None
    assert taken_over is not None
    ended = []
    for ledger, run in ((right, mine), (ahead, taken_over)):
        try:
            ended.append(ledger.finish_run(run, RunStatus.SUCCESS, {"graded": 1}).attempt)
        except Exception as error:  # noqa: BLE001 - its kind is what is told below
            ended.append(type(error).__name__)
    assert ended == ["Refused", 2]
