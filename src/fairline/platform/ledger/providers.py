"""The states of providers in tables beside the ledger's; each method is one transaction."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import Connection, Engine, Table, insert, select, update

from fairline.domain.clock import Clock
from fairline.platform.ledger.provider_states import (
    COOL_DOWN,
    LONGEST_REST,
    MOST_FAILURES,
    HostState,
    Quota,
    Validator,
)
from fairline.platform.ledger.tables import HOSTS, QUOTAS, VALIDATORS


class SqlProviderStates:
    """The states in the tables beside the ledger."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        """Keep them in the engine's database, whose tables are there."""
        self._engine = engine
        self._clock = clock

    def reserve(self, host: str, apart: timedelta) -> timedelta:
        """How long to wait before asking this host; the turn is then this caller's and no other's."""
        with self._engine.begin() as connection:
            now = self._clock.now()
            free_at = connection.execute(select(HOSTS.c.next_at).where(HOSTS.c.host == host)).scalar_one_or_none()
            # A time far ahead was noted by a clock that has since been set back.
            turn = max(now, free_at) if free_at is not None and free_at - now < LONGEST_REST else now
            _keep(connection, HOSTS, "host", host, {"next_at": turn + apart})
            return turn - now

    def admitted(self, host: str) -> bool:
        """Whether the host may be asked. Of an open circuit whose rest is over, one caller is admitted, to probe."""
        with self._engine.begin() as connection:
            now = self._clock.now()
            open_until = connection.execute(select(HOSTS.c.open_until).where(HOSTS.c.host == host)).scalar_one_or_none()
            if open_until is None:
                return True
            # No circuit is open for longer than the longest rest, whatever a clock has noted.
            if now < open_until <= now + LONGEST_REST:
                return False
            # The probe's own deadline: should it die, another may probe after as long again.
            _keep(connection, HOSTS, "host", host, {"open_until": now + COOL_DOWN})
            return True

    def succeeded(self, host: str) -> None:
        """The host answered: its circuit closes."""
        with self._engine.begin() as connection:
            answered = {"failures": 0, "open_until": None, "succeeded_at": self._clock.now(), "problem": ""}
            _keep(connection, HOSTS, "host", host, answered)

    def failed(self, host: str, problem: str, rest: timedelta | None = None) -> None:
        """The host failed. Its circuit opens after several in a row, after a failed probe, or when it asks for rest."""
        with self._engine.begin() as connection:
            now = self._clock.now()
            row = connection.execute(select(HOSTS).where(HOSTS.c.host == host)).one_or_none()
            failures = (row.failures if row else 0) + 1
            change: dict[str, object] = {"failures": failures, "failed_at": now, "problem": problem}
            if rest is not None or failures >= MOST_FAILURES or (row and row.open_until is not None):
                change["open_until"] = now + min(rest or COOL_DOWN, LONGEST_REST)
            _keep(connection, HOSTS, "host", host, change)

    def host(self, host: str) -> HostState:
        """The host as known; one never asked has a clean state."""
        with self._engine.begin() as connection:
            row = connection.execute(select(HOSTS).where(HOSTS.c.host == host)).one_or_none()
        if row is None:
            return HostState(host)
        return HostState(host, row.failures, row.open_until, row.succeeded_at, row.failed_at, row.problem)

    def note_quota(self, source: str, quota: Quota) -> None:
        """Keep what a provider said of credits."""
        told = {
            "told_at": quota.told_at, "remaining": quota.remaining, "used": quota.used, "last_cost": quota.last_cost,
        }  # fmt: skip
        with self._engine.begin() as connection:
            _keep(connection, QUOTAS, "source", source, told)

    def quota(self, source: str) -> Quota | None:
        """What it last said of credits, if ever."""
        with self._engine.begin() as connection:
            row = connection.execute(select(QUOTAS).where(QUOTAS.c.source == source)).one_or_none()
        return None if row is None else Quota(row.told_at, row.remaining, row.used, row.last_cost)

    def note_validator(self, question: str, validator: Validator) -> None:
        """Keep what to send with this question the next time."""
        told = {"etag": validator.etag, "last_modified": validator.last_modified, "sighting": validator.sighting}
        with self._engine.begin() as connection:
            _keep(connection, VALIDATORS, "question", question, told)

    def validator(self, question: str) -> Validator | None:
        """What to send with this question, if anything."""
        with self._engine.begin() as connection:
            row = connection.execute(select(VALIDATORS).where(VALIDATORS.c.question == question)).one_or_none()
        return None if row is None else Validator(row.etag, row.last_modified, row.sighting)


def _keep(connection: Connection, table: Table, key: str, value: str, change: Mapping[str, object]) -> None:
    """Change the row of that key, or insert it. The transaction holds the write lock, so nobody comes between."""
    if connection.execute(update(table).where(table.c[key] == value).values(**change)).rowcount:
        return
    connection.execute(insert(table).values(**{key: value}, **change))
