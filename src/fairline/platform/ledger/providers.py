"""The states of providers in tables beside the ledger's; each method is one transaction."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, Table, insert, select, update
from sqlalchemy.exc import IntegrityError

from fairline.domain.clock import Clock
from fairline.platform.ledger.provider_states import (
    COOL_DOWN,
    LONGEST_REST,
    MOST_FAILURES,
    HostState,
    Quota,
    Validator,
)
from fairline.platform.ledger.provider_tables import HOSTS, QUOTAS, VALIDATORS
from fairline.platform.ledger.transactions import Transactions


class SqlProviderStates:
    """The states in the tables beside the ledger."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        """Keep them in the store of the transactions, whose tables are there."""
        self._transactions = transactions
        self._clock = clock

    def reserve(self, host: str, apart: timedelta) -> timedelta:
        """How long to wait before asking this host; the turn is then this caller's and no other's."""
        with self._transactions.writing() as connection:
            free_at = _own_row(connection, host).next_at
            now = self._clock.now()
            # A time far ahead was noted by a clock that has since been set back.
            turn = max(now, free_at) if free_at is not None and free_at - now < LONGEST_REST else now
            _keep(connection, HOSTS, "host", host, {"next_at": turn + apart})
            return turn - now

    def admitted(self, host: str) -> bool:
        """Whether the host may be asked. Of an open circuit whose rest is over, one caller is admitted, to probe."""
        with self._transactions.writing() as connection:
            row = connection.execute(select(HOSTS).where(HOSTS.c.host == host).with_for_update()).one_or_none()
            if row is None or row.open_until is None:
                return True
            now, open_until = self._clock.now(), row.open_until
            # No circuit is open for longer than the longest rest, whatever a clock has noted.
            if now < open_until <= now + LONGEST_REST:
                return False
            # The probe's own deadline: should it die, another may probe after as long again.
            _keep(connection, HOSTS, "host", host, {"open_until": now + COOL_DOWN})
            return True

    def succeeded(self, host: str) -> None:
        """The host answered: its circuit closes."""
        with self._transactions.writing() as connection:
            answered = {"failures": 0, "open_until": None, "succeeded_at": self._clock.now(), "problem": ""}
            _keep(connection, HOSTS, "host", host, answered)

    def failed(self, host: str, problem: str, rest: timedelta | None = None) -> None:
        """The host failed. Its circuit opens after several in a row, after a failed probe, or when it asks for rest."""
        with self._transactions.writing() as connection:
            row, now = _own_row(connection, host), self._clock.now()
            failures = row.failures + 1
            change: dict[str, object] = {"failures": failures, "failed_at": now, "problem": problem}
            if rest is not None or failures >= MOST_FAILURES or row.open_until is not None:
                change["open_until"] = now + min(rest or COOL_DOWN, LONGEST_REST)
            _keep(connection, HOSTS, "host", host, change)

    def host(self, host: str) -> HostState:
        """The host as known; one never asked has a clean state."""
        with self._transactions.reading() as connection:
            row = connection.execute(select(HOSTS).where(HOSTS.c.host == host)).one_or_none()
        if row is None:
            return HostState(host)
        return HostState(host, row.failures, row.open_until, row.succeeded_at, row.failed_at, row.problem)

    def note_quota(self, source: str, quota: Quota) -> None:
        """Keep what a provider said of credits."""
        told = {
            "told_at": quota.told_at, "remaining": quota.remaining, "used": quota.used, "last_cost": quota.last_cost,
        }  # fmt: skip
        with self._transactions.writing() as connection:
            _keep(connection, QUOTAS, "source", source, told)

    def quota(self, source: str) -> Quota | None:
        """What it last said of credits, if ever."""
        with self._transactions.reading() as connection:
            row = connection.execute(select(QUOTAS).where(QUOTAS.c.source == source)).one_or_none()
        return None if row is None else Quota(row.told_at, row.remaining, row.used, row.last_cost)

    def note_validator(self, question: str, validator: Validator) -> None:
        """Keep what to send with this question the next time."""
        told = {"etag": validator.etag, "last_modified": validator.last_modified, "sighting": validator.sighting}
        with self._transactions.writing() as connection:
            _keep(connection, VALIDATORS, "question", question, told)

    def validator(self, question: str) -> Validator | None:
        """What to send with this question, if anything."""
        with self._transactions.reading() as connection:
            row = connection.execute(select(VALIDATORS).where(VALIDATORS.c.question == question)).one_or_none()
        return None if row is None else Validator(row.etag, row.last_modified, row.sighting)


def _own_row(connection: Connection, host: str) -> Row[Any]:
    """The row of the host, made if need be, and the transaction's alone until its end."""
    query = select(HOSTS).where(HOSTS.c.host == host).with_for_update()
    row = connection.execute(query).one_or_none()
    if row is not None:
        return row
    _insert(connection, HOSTS, {"host": host})
    return connection.execute(query).one()


def _keep(connection: Connection, table: Table, key: str, value: str, change: Mapping[str, object]) -> None:
    """Change the row of that key, or insert it; when another has just inserted it, change his."""
    this_row = update(table).where(table.c[key] == value).values(**change)
    if connection.execute(this_row).rowcount or _insert(connection, table, {key: value, **change}):
        return
    connection.execute(this_row)


def _insert(connection: Connection, table: Table, row: Mapping[str, object]) -> bool:
    """Insert the row; False when another has just inserted one of its key."""
    try:
        with connection.begin_nested():
            connection.execute(insert(table).values(**row))
    except IntegrityError:
        return False
    return True
