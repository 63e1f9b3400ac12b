"""Digests of what was published, numbered under their keys and never changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select
from sqlalchemy.exc import IntegrityError

from fairline.platform.ledger.contract import Revision
from fairline.platform.ledger.tables import REVISIONS


def publish_revision(connection: Connection, key: str, digest: str, now: datetime) -> Revision:
    """The latest revision when it has this digest, else the next one, now published."""
    latest = select(REVISIONS).where(REVISIONS.c.key == key).order_by(REVISIONS.c.number.desc()).limit(1)
    while True:
        held = connection.execute(latest).one_or_none()
        if held is not None and held.digest == digest:
            return _as_revision(held)
        number = 1 if held is None else held.number + 1
        values = {"key": key, "number": number, "digest": digest, "published_at": now}
        try:
            with connection.begin_nested():
                return _as_revision(connection.execute(insert(REVISIONS).values(**values).returning(REVISIONS)).one())
        except IntegrityError:
            # Another publisher has just taken the number, which ends for each of them after one round each.
            continue


def revisions(connection: Connection, key: str) -> list[Revision]:
    """Every revision published under the key, the first first."""
    query = select(REVISIONS).where(REVISIONS.c.key == key).order_by(REVISIONS.c.number)
    return [_as_revision(row) for row in connection.execute(query)]


def _as_revision(row: Row[Any]) -> Revision:
    return Revision(row.key, row.number, row.digest, row.published_at)
