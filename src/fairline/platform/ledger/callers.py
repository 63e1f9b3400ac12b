"""Keys and audit in tables beside the ledger's; each method is one transaction."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from fairline.domain.clock import Clock
from fairline.domain.errors import NotFound, Refused
from fairline.platform.ledger.access import Audited, HeldKey, Scope
from fairline.platform.ledger.caller_tables import AUDIT, KEYS
from fairline.platform.ledger.transactions import Transactions

SLOTS = (1, 2)
"""Places for live keys of one name: rotation needs two and no more."""


class SqlAccess:
    """Keys and audit in the tables beside the ledger."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        """Keep them in the store of the transactions, whose tables are there."""
        self._transactions = transactions
        self._clock = clock

    def add_key(self, key: HeldKey) -> None:
        """Keep a key. Raises Refused when two live ones have its name already, or its id or digest was used."""
        with self._transactions.writing() as connection:
            expired = update(KEYS).where(KEYS.c.name == key.name, KEYS.c.expires_at <= self._clock.now())
            connection.execute(expired.values(slot=None))
            if any(_insert(connection, key, slot) for slot in (SLOTS if key.revoked_at is None else (None,))):
                return
            _check_unused(connection, key)
        message = f"Two live keys are named {key.name} already"
        raise Refused(message, hint="Revoke one: rotation is create, change over, revoke.")

    def key(self, key_id: str) -> HeldKey | None:
        """The key of that id, live or not."""
        with self._transactions.reading() as connection:
            row = connection.execute(select(KEYS).where(KEYS.c.key_id == key_id)).one_or_none()
        return None if row is None else _as_key(row)

    def keys(self) -> list[HeldKey]:
        """Every key, the latest created first."""
        with self._transactions.reading() as connection:
            query = select(KEYS).order_by(KEYS.c.created_at.desc(), KEYS.c.key_id)
            return [_as_key(row) for row in connection.execute(query)]

    def revoke_key(self, key_id: str) -> HeldKey:
        """Revoke a key; one revoked stays as it was. Raises NotFound."""
        one = KEYS.c.key_id == key_id
        with self._transactions.writing() as connection:
            revoked = {"revoked_at": self._clock.now(), "slot": None}
            connection.execute(update(KEYS).where(one, KEYS.c.revoked_at.is_(None)).values(**revoked))
            row = connection.execute(select(KEYS).where(one)).one_or_none()
        if row is None:
            message = f"No key {key_id}"
            raise NotFound(message, hint="`fairline keys list` shows those there are.")
        return _as_key(row)

    def used(self, last_used: Iterable[tuple[str, datetime]]) -> None:
        """Note when keys were last used, in one write; an earlier time than the one held changes nothing."""
        # In the order of their ids: two processes that note the same keys at once do not wait for each other.
        rows = [{"of_key": key_id, "at": at} for key_id, at in sorted(last_used)]
        later = or_(KEYS.c.last_used_at.is_(None), KEYS.c.last_used_at < bindparam("at"))
        note = update(KEYS).where(KEYS.c.key_id == bindparam("of_key"), later).values(last_used_at=bindparam("at"))
        if rows:
            with self._transactions.writing() as connection:
                connection.execute(note, rows)

    def note(self, calls: Iterable[Audited]) -> None:
        """Keep calls in the audit, in one write."""
        if rows := [asdict(call) for call in calls]:
            with self._transactions.writing() as connection:
                connection.execute(insert(AUDIT), rows)

    def audited(self, limit: int = 100) -> list[Audited]:
        """The latest calls, the latest first."""
        with self._transactions.reading() as connection:
            query = select(AUDIT).order_by(AUDIT.c.audit_id.desc()).limit(limit)
            return [_as_audited(row) for row in connection.execute(query)]


def _insert(connection: Connection, key: HeldKey, slot: int | None) -> bool:
    """Insert the key in that slot of its name; False when the slot is taken, or its id or digest was used."""
    try:
        with connection.begin_nested():
            connection.execute(insert(KEYS).values(**asdict(key), slot=slot))
    except IntegrityError:
        return False
    return True


def _check_unused(connection: Connection, key: HeldKey) -> None:
    same = or_(KEYS.c.key_id == key.key_id, KEYS.c.digest == key.digest)
    if connection.execute(select(KEYS.c.key_id).where(same)).first() is not None:
        message = f"A key {key.key_id} is held already"
        raise Refused(message, hint="Make a new one; a key is added once.")


def _as_key(row: Row[Any]) -> HeldKey:
    return HeldKey(
        row.key_id, row.name, Scope(row.scope), row.digest, row.created_at, row.expires_at, row.revoked_at,
        row.last_used_at,
    )  # fmt: skip


def _as_audited(row: Row[Any]) -> Audited:
    return Audited(row.at, row.caller, row.key_id, row.method, row.path, row.status, row.correlation_id)
