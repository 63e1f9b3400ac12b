"""A thousand tasks, and a worker killed every second: each result exactly once, and right."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bench import homes
from bench.measuring import Number, called
from bench.slate import DATE, DAY_BEFORE

if TYPE_CHECKING:
    from collections.abc import Iterator

TASKS, LEASE_S = 1_000, 3
"""The lease is shorter than a worker's usual one, so that the tasks of the dead need not be waited for a minute."""


def numbers(runs: int) -> Iterator[Number]:  # noqa: ARG001 - once is long enough
    """How long it took, and how many tasks were lost, done twice or wrong: none may be."""
    with homes.copy_of(homes.trained(DAY_BEFORE)) as home:
        told = called("killed_workers.survived", home).json()
    yield Number(
        f"{told['tasks']:,} tasks, a worker killed every second", told["seconds"],
        note=f"{told['killed']} killed, {told['again']} tasks claimed again",
    )  # fmt: skip
    yield Number("of which without exactly one right result", told["wrong"], "rows", most=0)


def survived(home: str) -> dict[str, Any]:
    """Plan the tasks, kill workers until they are done, and compare every result with the same task done in peace."""
    from pathlib import Path

    from fairline.ops.catalogue import open_home
    from fairline.platform.settings import load_settings
    from fairline.predict.tasks import KIND

    with open_home("bench", settings=load_settings(home=Path(home))) as held:
        batches = _planned(held)
        held.release_warehouse()
        began, killed = time.perf_counter(), 0
        workers = [_worker(home) for _ in range(2)]
        while any(task.state in {"free", "claimed"} for batch in batches for task in held.ledger.tasks_of(batch)):
            time.sleep(1)
            oldest = workers.pop(0)
            oldest.send_signal(signal.SIGKILL)
            oldest.wait()
            killed += 1
            workers.append(_worker(home))
        seconds = time.perf_counter() - began
        for worker in workers:
            worker.terminate()
            worker.wait()
        tasks = [task for batch in batches for task in held.ledger.tasks_of(batch)]
        wrong = sum(not _is_right(held, task) for task in tasks)
        again = sum(task.attempts > 1 for task in tasks)
        assert {task.task.kind for task in tasks} == {KIND}
    return {"tasks": len(tasks), "seconds": seconds, "killed": killed, "wrong": wrong, "again": again}


def _planned(held: Any) -> list[str]:  # noqa: ANN401 - a Home
    """The slate's points as one real batch, and as many more under dates of their own as make the thousand."""
    from datetime import date, timedelta

    from fairline.ops.coordinating import complete_batch, start_batch
    from fairline.platform.ledger.contract import Batch, Unit
    from fairline.predict.systems import SYSTEMS
    from fairline.predict.tasks import Inputs, plan_of, tasks_for, write_plan
    from fairline.predict.worker import Worker

    real = start_batch(held, date.fromisoformat(DATE), ["points"], force=True)
    worker = Worker(held.ledger, held.objects, held.clock, "in peace")
    while worker.work_once() is not None:
        pass
    assert complete_batch(held, real.batch_id) is not None
    plan, made = plan_of(held.objects, real.batch_id), []
    folder = f"batches/{real.batch_id}"
    inputs = Inputs({name: held.objects.get(f"{folder}/{name}") for name in (plan.features, plan.lines["points"])})
    for number in range(-(-TASKS // len(SYSTEMS))):
        day = date(2030, 1, 1) + timedelta(days=number)
        batch_id = write_plan(held.objects, f"{day}/bench/killed", replace(plan, game_date=day), inputs)
        units = (Unit("0022500301", 1, "points"),)
        assert held.ledger.open(Batch(batch_id, day, "bench", units, tasks_for(("points",), SYSTEMS)))
        made.append(batch_id)
    return made


def _is_right(held: Any, task: Any) -> bool:  # noqa: ANN401 - a Home and a task of its ledger
    """Done, with one result that is named, there, and says what the same task said in peace."""
    from fairline.predict.tasks import frame_of

    if task.state != "done":
        return False
    real = next(one for one in held.ledger.batches(limit=2_000) if one.run_kind == "slate")
    peace = next(one for one in held.ledger.tasks_of(real.batch_id) if one.task == task.task)
    said, expected = (frame_of(held.objects.get(one.result)).drop("batch_id") for one in (task, peace))
    return bool(said.equals(expected))


def _worker(home: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "bench.call", "killed_workers.work", home]
    return subprocess.Popen(command, env=dict(os.environ), stdout=subprocess.DEVNULL)


def work(home: str) -> int:
    """A worker with a short lease, until it is killed or told to stop."""
    import signal as signals
    from datetime import timedelta
    from pathlib import Path

    from fairline.platform.clock import SystemClock
    from fairline.platform.home import open_workplace
    from fairline.platform.settings import load_settings
    from fairline.predict.worker import Worker

    clock = SystemClock()
    ledger, objects = open_workplace(load_settings(home=Path(home)), clock)
    worker = Worker(ledger, objects, clock, f"bench:{os.getpid()}", lease_for=timedelta(seconds=LEASE_S))
    signals.signal(signals.SIGTERM, lambda *_: worker.stop())
    while not worker.stopping:
        if worker.work_once() is None:
            worker.rest(0.05)
    return 0
