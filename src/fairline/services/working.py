"""Work at tasks, in this process, until none is left."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING
from uuid import uuid4

from fairline.ops.announcing import Bell, PhaseResult, message_of
from fairline.predict.worker import Worker

if TYPE_CHECKING:
    from fairline.platform.bus import Status
    from fairline.services.station import Station


def work(station: Station, correlation_id: str = "") -> tuple[Status, dict[str, int]]:
    """Claim and do tasks until none is left or the station stops; each one done rings task-done.

    Returns how it went, and how many tasks were done, failed and given back. A task that fails is told in the ledger.
    """
    worker = Worker(station.ledger, station.objects, station.clock, owner())
    counts: dict[str, int] = {}
    while not station.stopping and (worked := worker.work_once()) is not None:
        ended = str(worked.end or "dropped")
        counts[ended] = counts.get(ended, 0) + 1
        ring_task_done(station, worked.batch_id, correlation_id)
    return _status(counts), counts


def owner() -> str:
    """A name for the leases of one worker: host, process, and what tells it from others of the process."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"


def ring_task_done(station: Station, batch_id: str, correlation_id: str = "") -> None:
    """Tell the coordinator that a task of the batch ended; which one, and how, the ledger says."""
    day = station.ledger.batch(batch_id).game_date
    bell = Bell("task-done", "tasks", "message", correlation_id, subject=batch_id)
    station.bus.publish(message_of(station.clock, bell, PhaseResult("predict", day, "success"), uuid4().hex))


def _status(counts: dict[str, int]) -> Status:
    if not counts:
        return "no_data"
    return "success" if set(counts) == {"done"} else "partial"
