"""Opening a batch in the ledger: at most one of a date, whatever was left open, and the same one never twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairline.domain.errors import AlreadyOpen, NotFound
from fairline.ops.units import RUN_KIND
from fairline.platform.ledger.contract import BatchStatus

if TYPE_CHECKING:
    from datetime import date

    from fairline.platform.ledger.contract import Batch, HeldBatch, Ledger

SUPERSEDED = "superseded"
"""The reason units fail for when another batch takes the place of theirs."""


def refuse_open(ledger: Ledger, day: date) -> None:
    """Raise AlreadyOpen when a batch of the date is open, before anything is computed for another."""
    for held in open_of(ledger, day):
        message = f"batch {held.batch_id} of {day} is open"
        raise AlreadyOpen(message, hint=f"`fairline status` shows it; force closes it as {SUPERSEDED}")


def open_of(ledger: Ledger, day: date) -> list[HeldBatch]:
    """The batch of the date that is open, if there is one."""
    return [held for held in ledger.open_batches() if (held.game_date, held.run_kind) == (day, RUN_KIND)]


def open_batch(ledger: Ledger, batch: Batch, *, force: bool = False, take_up: bool = False) -> bool:
    """Open the batch, or its next attempt; False when it is closed and nothing of it is left to do.

    force: a batch of the date that is open gives way. take_up: it was left by a process that died, so the same batch
    goes on, its tasks freed, and another gives way. Raises AlreadyOpen; in a race the database decides.
    """
    for held in open_of(ledger, batch.game_date):
        if take_up and held.batch_id == batch.batch_id:
            ledger.requeue(held.batch_id)
            return True
        if force or take_up:
            ledger.close(held.batch_id, failing_open_with=SUPERSEDED)
    if ledger.open(batch) or _again(ledger, batch):
        return True
    refuse_open(ledger, batch.game_date)
    return False


def held_as(ledger: Ledger, batch_id: str) -> HeldBatch | None:
    """The batch of that id, if there is one."""
    try:
        return ledger.batch(batch_id)
    except NotFound:
        return None


def _again(ledger: Ledger, batch: Batch) -> bool:
    """Open the next attempt of a batch that closed with something failed."""
    held = held_as(ledger, batch.batch_id)
    return held is not None and held.status != BatchStatus.OPEN and ledger.reopen(batch)
