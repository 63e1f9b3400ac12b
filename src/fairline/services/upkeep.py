"""The work of `fairline up` beside answering requests: the schedule's beat, and a worker for predict tasks."""

from __future__ import annotations

import logging
import os
import socket
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from fairline.domain.errors import FairlineError
from fairline.ops.checks import finish_batches
from fairline.ops.day_pricing import reprice_if_moved
from fairline.ops.slates import keep_plan, slates_around
from fairline.ops.ticking import Stopped, tick
from fairline.platform.ledger.contract import TaskState
from fairline.predict.worker import Worker
from fairline.services.push import plain

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from fairline.ops.due import Slates
    from fairline.platform.bus import Message
    from fairline.services.station import Station

BEAT_S, REST_S = 15.0, 1.0
"""Between two looks at the schedule; between two looks for a task when there was none."""

STOP_S = 8.0
"""How long the work at hand has to reach its next step when the process is asked to end."""

SLATES_STAND_FOR = timedelta(minutes=5)

LOG = logging.getLogger("fairline.upkeep")


class Upkeep:
    """The threads that keep the days going on one station, from entering the block until it is left.

    Every wait ends at once when asked to; a job at work gives up at its next step and is done again by whoever comes
    next, and a task at work is given back.
    """

    def __init__(self, station: Station, *, beat_s: float = BEAT_S, rest_s: float = REST_S) -> None:
        """Work on a station; nothing begins before `start`."""
        self._station = station
        self._beat_s, self._rest_s = beat_s, rest_s
        self._stopping = threading.Event()
        self._slates: Slates | None = None
        self._completed: set[tuple[str, int]] = set()
        self._slates_until = station.clock.now()
        owner = f"{socket.gethostname()}:{os.getpid()} {station.command}"
        self._worker = Worker(station.ledger, station.objects, station.clock, owner)
        self._threads = [
            threading.Thread(target=self._repeat, args=(step, wait_s), name=name, daemon=True)
            for name, step, wait_s in (("schedule", self.beat, beat_s), ("worker", self.work, rest_s))
        ]

    def __enter__(self) -> Upkeep:
        """Start the threads."""
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop them."""
        self.stop()

    def start(self) -> None:
        """Begin, and hear of rows and summaries that change what was priced. The station stops this as it closes."""
        self._station.bus.subscribe("analytics-ready", self.reprice)
        self._station.endings.append(self.stop)
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ask the work at hand to end at its next step and wait for it, at most STOP_S. Stopping twice is stopping."""
        self._stopping.set()
        self._worker.stop()
        for thread in self._threads:
            if thread.is_alive() and thread is not threading.current_thread():
                thread.join(STOP_S)

    @property
    def running(self) -> bool:
        """Whether any of its threads is alive."""
        return any(thread.is_alive() for thread in self._threads)

    def beat(self) -> bool:
        """One look at the schedule: what is due is run. Always false: the next look is at the next beat."""
        station, now = self._station, self._station.clock.now()
        if self._slates is None or now >= self._slates_until:
            with station.turn() as home:
                self._slates = slates_around(home.warehouse, now)
            self._slates_until = now + SLATES_STAND_FOR
            keep_plan(station.objects, self._slates, now)
        if tick(station.turn, station.ledger, now, slates=self._slates, told=self._told):
            # A scrape may have brought another schedule.
            self._slates = None
        return False

    def work(self) -> bool:
        """Do one predict task if there is one, and complete what has ended. True when there may be more.

        A batch that could not be completed is left to the stall check: it is not tried here again.
        """
        worked = self._worker.work_once()
        if ended := self._ended() - self._completed:
            self._completed |= ended
            with self._station.turn() as home:
                finish_batches(home)
        return worked is not None

    def reprice(self, message: Message) -> None:
        """Price the message's date again if anything moved since it was last priced; bury the message if that fails."""
        if self._asked_to_end() or message.status not in {"success", "partial"}:
            return
        try:
            with self._station.turn() as home:
                reprice_if_moved(home, message.game_date, self._told)
        except Exception as error:  # noqa: BLE001 - who rang did well, and must not fail for what we could not do
            self._station.ledger.bury("reprice", plain(message), f"{type(error).__name__}: {error}")

    def _ended(self) -> set[tuple[str, int]]:
        """Open batches whose tasks have all ended, each at its attempt."""
        ledger, unended = self._station.ledger, {TaskState.FREE, TaskState.CLAIMED}
        return {
            (batch.batch_id, batch.attempt)
            for batch in ledger.open_batches()
            if all(task.state not in unended for task in ledger.tasks_of(batch.batch_id))
        }

    def _told(self, step: str) -> None:
        LOG.debug(step)
        if self._asked_to_end():
            raise Stopped

    def _asked_to_end(self) -> bool:
        return self._stopping.is_set() or self._station.stopping

    def _repeat(self, step: Callable[[], bool], wait_s: float) -> None:
        """Take the step again and again, with a wait where it had nothing to do, until asked to end.

        What goes wrong outside a job is logged with its type and tried again at the next beat: an error here, such as
        a home that others have, must not end the days.
        """
        while not self._asked_to_end():
            try:
                more = step()
            except Stopped:
                return
            except FairlineError as error:
                LOG.warning("%s: %s: %s", threading.current_thread().name, type(error).__name__, error)
                more = False
            except Exception:
                LOG.exception("%s: unknown error", threading.current_thread().name)
                more = False
            if not more and self._stopping.wait(wait_s):
                return
