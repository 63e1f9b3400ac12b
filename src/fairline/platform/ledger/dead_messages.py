"""Messages that their subscriber could not bear, kept until they are replayed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from fairline.domain.errors import NotFound
from fairline.platform.ledger.contract import DeadMessage
from fairline.platform.ledger.tables import DEAD_MESSAGES, NOT_REPLAYED


def bury(
    connection: Connection, subscriber: str, message: Mapping[str, object], error: str, now: datetime
) -> DeadMessage:
    """Keep a message that its subscriber could not bear. Its values are those of JSON."""
    values = {"subscriber": subscriber, "message": dict(message), "error": error, "buried_at": now}
    row = connection.execute(insert(DEAD_MESSAGES).values(**values).returning(DEAD_MESSAGES)).one()
    return _as_message(row)


def dead_messages(connection: Connection, limit: int) -> list[DeadMessage]:
    """Messages buried and not yet replayed, the latest first."""
    query = select(DEAD_MESSAGES).where(NOT_REPLAYED).order_by(DEAD_MESSAGES.c.letter_id.desc()).limit(limit)
    return [_as_message(row) for row in connection.execute(query)]


def replayed(connection: Connection, letter_id: int, now: datetime) -> None:
    """Note that a buried message was delivered after all; the first time counts. Raises NotFound."""
    first = func.coalesce(DEAD_MESSAGES.c.replayed_at, now)
    note = update(DEAD_MESSAGES).where(DEAD_MESSAGES.c.letter_id == letter_id).values(replayed_at=first)
    if connection.execute(note).rowcount == 0:
        message = f"No message {letter_id} was buried"
        raise NotFound(message, hint="The ledger lists those that wait to be replayed.")


def _as_message(row: Row[Any]) -> DeadMessage:
    return DeadMessage(row.letter_id, row.subscriber, row.message, row.error, row.buried_at, row.replayed_at)
