"""A worker with ledger and objects alone: its results, its failures by name, and what it does without its lease."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from tests.predict.batches import BATCH, Place, lines, opened, place, slate
from tests.predict.models import CONTRACT, a_model

from fairline.domain.errors import NotFound, Transient
from fairline.platform.ledger.contract import TaskEnd, TaskState
from fairline.platform.objects import Objects
from fairline.predict.rows import forecast_rows
from fairline.predict.tasks import Inputs, Plan, frame_of, plan_of, write_plan
from fairline.predict.worker import DROPPED, PLAYER


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Place]:
    made = place(tmp_path)
    yield made
    made.ledger.close_connection()


class Objecting:
    """An object store that fails for keys that hold a text, so many times, or calls what should happen first."""

    def __init__(self, objects: Objects, part: str, error: Exception, times: int = 99) -> None:
        self._objects, self._part, self._error, self._left = objects, part, error, times

    def __getattr__(self, name: str) -> object:
        return getattr(self._objects, name)

    def get(self, key: str) -> bytes:
        if self._part in key and self._left:
            self._left -= 1
            raise self._error
        return self._objects.get(key)


def test_each_system_leaves_what_the_whole_model_would_have_said_to_the_last_bit(at: Place) -> None:
    opened(at)
    worker = at.worker()
    while worker.work_once() is not None:
        pass
    results = [frame_of(at.objects.get(held.result)) for held in at.ledger.tasks_of(BATCH)]
    lined = slate().select(PLAYER).join(lines(), on=PLAYER, how="left", maintain_order="left")
    together = a_model().forecast(slate(), lined.select("half_points", "p_over"), CONTRACT)
    expected = forecast_rows(slate(), together, batch_id=BATCH, market="points", model_hash=at.model_hash)
    assert pl.concat(results).sort("system", "player_id").equals(expected.sort("system", "player_id"))
    assert set(at.states().values()) == {TaskState.DONE}


def test_a_result_is_named_by_the_fence_of_who_left_it(at: Place) -> None:
    opened(at, ["ensemble"])
    worked = at.worker().work_once()
    assert worked is not None
    assert (worked.end, worked.rows, worked.system) == (TaskEnd.DONE, slate().height, "ensemble")
    (held,) = at.ledger.tasks_of(BATCH)
    assert held.result == f"batches/{BATCH}/results/points/ensemble.1.parquet"


def test_without_a_free_task_there_is_nothing_to_do(at: Place) -> None:
    assert at.worker().work_once() is None


def test_a_failing_system_fails_alone_by_name_and_the_others_go_on(at: Place) -> None:
    opened(at)
    at.objects.delete(f"models/points/{at.model_hash}/similarity/neighbours.npz")
    worker, ended = at.worker(), {}
    while (worked := worker.work_once()) is not None:
        ended[worked.system] = worked
    failed = {name for name, one in ended.items() if one.end == TaskEnd.FAILED}
    # The stack holds it, so the two systems that rest on the stack lack their input too: nothing stands in for it.
    assert failed == {"similarity", "ensemble", "market_pooled"}
    assert ended["similarity"].reason.startswith("NotFound: No object 'models/points/")
    held = {one.task.key: (one.state, one.reason) for one in at.ledger.tasks_of(BATCH)}
    assert held["points/similarity"] == (TaskState.FAILED, ended["similarity"].reason)
    assert held["points/gradient_boosting"] == (TaskState.DONE, "")


def test_what_may_work_later_is_given_back_and_done_later(at: Place) -> None:
    opened(at, ["ensemble"])
    at.objects = Objecting(at.objects, "features", Transient("the store is away", hint="Try again."), times=2)  # type: ignore[assignment]
    worker = at.worker()
    ends = [worked.end for _ in range(3) if (worked := worker.work_once())]
    assert ends == [TaskEnd.RETRY, TaskEnd.RETRY, TaskEnd.DONE]


def test_what_never_works_is_a_dead_letter_in_the_end_and_not_tried_for_ever(at: Place) -> None:
    opened(at, ["ensemble"])
    at.objects = Objecting(at.objects, "features", ConnectionError("no route"))  # type: ignore[assignment]
    worker = at.worker()
    for _ in range(20):
        worker.work_once()
    (letter,) = at.ledger.dead_letters()
    assert (letter.state, letter.attempts, letter.reason) == (TaskState.FAILED, 5, "ConnectionError: no route")


def test_a_worker_whose_lease_was_taken_drops_its_result(at: Place) -> None:
    opened(at, ["ensemble"])
    slow, quick = at.worker("slow"), at.worker("quick")
    store, overtaken = at.objects, []

    class Paused(Objecting):
        """The slow worker's process stands still just before it writes, and another takes its task."""

        def put(self, key: str, content: bytes) -> None:
            if not overtaken:
                overtaken.append(key)
                at.after(61)
                assert quick.work_once() is not None
            store.put(key, content)

    slow._objects = Paused(store, "nothing", ValueError())  # type: ignore[assignment]
    worked = slow.work_once()
    assert worked is not None
    assert worked.end == DROPPED
    (held,) = at.ledger.tasks_of(BATCH)
    assert (held.owner, held.result) == ("quick", f"batches/{BATCH}/results/points/ensemble.2.parquet")
    assert store.list(f"batches/{BATCH}/results") == [held.result]


def test_a_long_task_keeps_its_lease_while_it_is_worked_on(at: Place) -> None:
    opened(at, ["ensemble"])
    store = at.objects

    class Slow(Objecting):
        """Reading takes forty seconds."""

        def get(self, key: str) -> bytes:
            if "features" in key or "card.json" in key:
                at.after(40)
                assert at.worker("impatient").work_once() is None
            return store.get(key)

    worker = at.worker()
    worker._objects = Slow(store, "nothing", ValueError())  # type: ignore[assignment]
    worked = worker.work_once()
    assert worked is not None
    assert worked.end == TaskEnd.DONE


def test_a_worker_told_to_stop_gives_its_task_back(at: Place) -> None:
    opened(at, ["ensemble"])
    store, worker = at.objects, at.worker()

    class Stopping(Objecting):
        """The signal comes while the inputs are read."""

        def get(self, key: str) -> bytes:
            worker.stop()
            return store.get(key)

    worker._objects = Stopping(store, "nothing", ValueError())  # type: ignore[assignment]
    worked = worker.work_once()
    assert worked is not None
    assert (worked.end, worked.reason) == (TaskEnd.RETRY, "the worker was stopped")
    assert at.states() == {"points/ensemble": TaskState.FREE}
    assert worker.work_once() is None
    assert at.worker("another").work_once() is not None


def test_a_worker_process_ends_cleanly_on_sigterm_and_leaves_no_lease(tmp_path: Path) -> None:
    at = place(tmp_path)
    opened(at)
    environment = {**os.environ, "FAIRLINE_HOME": str(tmp_path)}
    command = [sys.executable, "-c", "from fairline.cli import main; main()", "worker"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "points/" in process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        process.communicate()
        assert process.returncode == 0
    assert TaskState.CLAIMED not in set(at.states().values())
    at.ledger.close_connection()


def test_two_worker_processes_leave_each_result_once(tmp_path: Path) -> None:
    at = place(tmp_path)
    opened(at)
    environment = {**os.environ, "FAIRLINE_HOME": str(tmp_path)}
    command = [sys.executable, "-c", "from fairline.cli import main; main()", "worker", "--processes", "2", "--drain"]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    held = at.ledger.tasks_of(BATCH)
    assert {one.state for one in held} == {TaskState.DONE}
    assert at.objects.list(f"batches/{BATCH}/results") == sorted(one.result for one in held)
    at.ledger.close_connection()


def test_a_plan_is_written_once_and_another_of_the_same_moment_is_another_batch(at: Place) -> None:
    plan = opened(at, ["ensemble"])
    assert write_plan(at.objects, BATCH, plan, Inputs()) == BATCH
    other = Plan.from_bytes(plan.to_bytes().replace(b'"ensemble"', b'"similarity"'))
    assert write_plan(at.objects, BATCH, other, Inputs()) == f"{BATCH}.2"
    assert write_plan(at.objects, BATCH, other, Inputs()) == f"{BATCH}.2"
    assert plan_of(at.objects, BATCH) == plan


def test_an_id_used_by_a_batch_without_a_plan_is_passed_by(at: Place) -> None:
    plan = opened(at, ["ensemble"])
    at.objects.delete(f"batches/{BATCH}/plan.json")
    assert write_plan(at.objects, BATCH, plan, Inputs(), lambda one: one == BATCH) == f"{BATCH}.2"
    with pytest.raises(NotFound, match="has no plan"):
        plan_of(at.objects, BATCH)
