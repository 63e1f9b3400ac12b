"""The row of a batch: whose turn it is to change what it holds, and when that last got on."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from fairline.platform.ledger.tables import BATCHES


def lock_batch(connection: Connection, batch_id: str) -> None:
    """Hold the batch until the transaction ends: who changes its units, tasks or status does so in turn."""
    connection.execute(select(BATCHES.c.batch_id).where(BATCHES.c.batch_id == batch_id).with_for_update())


def note_progress(connection: Connection, batch_id: str, now: datetime) -> None:
    """Note that a task or unit of the batch has just ended."""
    connection.execute(update(BATCHES).where(BATCHES.c.batch_id == batch_id).values(progressed_at=now))
