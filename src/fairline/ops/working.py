"""Workers as processes: each pulls tasks until it is told to stop, and one that dies is replaced."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from fairline.platform.home import open_workplace
from fairline.predict.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.process import BaseProcess

    from fairline.domain.clock import Clock
    from fairline.platform.settings import Settings
    from fairline.predict.worker import Worked

SHORTEST_REST_S, LONGEST_REST_S = 0.02, 0.1
"""Between two looks at a ledger without free tasks; the longer it is without, the longer. A slate waits half of it."""

REPLACED_AFTER_S = 1.0
"""Before a worker that died is replaced: what kills each at once must not fill the machine."""


def work(settings: Settings, clock: Clock, *, drain: bool = False, told: Callable[[Worked], None]) -> int:
    """Do tasks until SIGTERM or Ctrl-C, or with `drain` until none is free; how many.

    A task at hand is given back at its next step. Needs the ledger and the object store of the settings alone.
    """
    ledger, objects = open_workplace(settings, clock)
    worker = Worker(ledger, objects, clock, f"{socket.gethostname()}:{os.getpid()}")
    done, rest_s = 0, SHORTEST_REST_S
    with ExitStack() as held:
        held.callback(ledger.close_connection)
        held.enter_context(_stopped_by_signals(worker.stop))
        while not worker.stopping:
            if (worked := worker.work_once()) is not None:
                done, rest_s = done + 1, SHORTEST_REST_S
                told(worked)
            elif drain:
                break
            else:
                worker.rest(rest_s)
                rest_s = min(2 * rest_s, LONGEST_REST_S)
    return done


def work_in_processes(
    processes: int, target: Callable[[bool], None], *, drain: bool = False, told: Callable[[str], None]
) -> None:
    """Run `target(drain)` in so many processes of their own until SIGTERM or Ctrl-C, replacing those that die.

    target: a function of a module, which a new process can import; it ends by itself on SIGTERM.
    """
    spawn, stopping = multiprocessing.get_context("spawn"), []

    def begun() -> BaseProcess:
        process = spawn.Process(target=target, args=(drain,))
        process.start()
        return process

    workers = [begun() for _ in range(processes)]
    with _stopped_by_signals(lambda: stopping.append(True)):
        while not stopping and any(worker.exitcode != 0 for worker in workers):
            time.sleep(SHORTEST_REST_S)
            for place, worker in enumerate(workers):
                if worker.exitcode not in {None, 0} and not stopping:
                    told(f"worker {worker.pid} died ({worker.exitcode}); another takes its place")
                    time.sleep(REPLACED_AFTER_S)
                    workers[place] = begun()
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join()


@contextmanager
def _stopped_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """SIGTERM and Ctrl-C call `stop` for the block, instead of breaking into it."""
    signals = (signal.SIGTERM, signal.SIGINT)
    before = {one: signal.signal(one, lambda *_: stop()) for one in signals}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
