"""Complete the batches whose tasks have all ended, and say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairline.ops.announcing import Bell, PhaseResult, message_of
from fairline.ops.coordinating import complete_batch
from fairline.ops.units import RUN_KIND
from fairline.platform.ledger.contract import BatchStatus, TaskState

if TYPE_CHECKING:
    from fairline.platform.bus import Status
    from fairline.platform.ledger.contract import HeldBatch
    from fairline.services.station import Station

_AT_WORK = frozenset({TaskState.FREE, TaskState.CLAIMED})
_SAID: dict[BatchStatus, Status] = {
    BatchStatus.DONE: "success", BatchStatus.PARTIAL: "partial", BatchStatus.FAILED: "failed",
}  # fmt: skip


def complete_ended(station: Station, correlation_id: str = "") -> tuple[Status, dict[str, int]]:
    """Merge, price, publish and close every open batch of which no task is left; each rings batch-complete.

    The home is taken for those alone; the others wait for their tasks. Completing twice changes nothing.
    """
    left = [batch for batch in station.ledger.open_batches() if batch.run_kind == RUN_KIND]
    ended = [batch for batch in left if all_ended(station, batch)]
    for batch in ended:
        with station.turn() as home:
            complete_batch(home, batch.batch_id)
    closed = sum(ring_batch_complete(station, batch.batch_id, correlation_id) for batch in ended)
    return ("success" if closed else "no_data"), {"completed": closed, "open": len(left) - closed}


def all_ended(station: Station, batch: HeldBatch) -> bool:
    """Whether every task of the batch ended, well or not."""
    return not any(task.state in _AT_WORK for task in station.ledger.tasks_of(batch.batch_id))


def ring_batch_complete(station: Station, batch_id: str, correlation_id: str = "") -> bool:
    """Tell that a batch is closed, and how; False when it is not."""
    batch = station.ledger.batch(batch_id)
    if batch.status not in _SAID:
        return False
    units = {state.value: count for state, count in station.ledger.tally(batch_id).items()}
    bell = Bell("batch-complete", "predictions", "message", correlation_id, subject=batch_id)
    result = PhaseResult("complete", batch.game_date, _SAID[batch.status], units)
    station.bus.publish(message_of(station.clock, bell, result, f"{batch_id} {batch.attempt}"))
    return True
