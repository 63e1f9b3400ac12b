"""The ledger on any SQL database of SQLAlchemy Core. Each method is one transaction."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, Row, Select, and_, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from fairline.domain.clock import Clock
from fairline.domain.errors import BrokenContract, NotFound, Refused, StaleLease
from fairline.platform.ledger import contract as c
from fairline.platform.ledger.tables import BATCHES, REVISIONS, RUNS, TASKS, UNITS

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

MAX_ATTEMPTS = 5
"""Claims of one task before it is failed: owners that die on it must not do so for ever."""

PARTIAL_AT_MOST_FAILED = 0.05


class SqlLedger:
    """The ledger contract over one engine, with the injected clock."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def open(self, batch: c.Batch) -> bool:
        """Open the batch; False when one of its date and kind is open or its id was used."""
        _check_plan(batch)
        now = self._clock.now()
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(BATCHES).values(**_new_batch(connection, batch, now)))
                connection.execute(insert(UNITS), [_new_unit(batch, unit, now) for unit in batch.units])
                if batch.tasks:
                    connection.execute(insert(TASKS), [_new_task(batch, task) for task in batch.tasks])
        except IntegrityError:
            # The plan holds no key twice, so the collision is with a batch that is held.
            return False
        return True

    def batch(self, batch_id: str) -> c.HeldBatch:
        """The batch as held. Raises NotFound."""
        with self._engine.begin() as connection:
            return _held_batch(connection, batch_id)

    def open_batches(self) -> list[c.HeldBatch]:
        """Every open batch, the oldest first."""
        query = select(BATCHES).where(BATCHES.c.closed_at.is_(None)).order_by(BATCHES.c.opened_at)
        return [_as_batch(row) for row in self._rows(query)]

    def close(self, batch_id: str, *, failing_open_with: str = "") -> c.HeldBatch:
        """Close the batch and withdraw its unfinished tasks; its status follows from its units."""
        now = self._clock.now()
        with self._engine.begin() as connection:
            held = _held_batch(connection, batch_id)
            if held.status != c.BatchStatus.OPEN:
                return held
            _fail_open_units(connection, batch_id, failing_open_with, now)
            _withdraw_tasks(connection, batch_id)
            status = _status_of(_tally(connection, batch_id))
            where = and_(BATCHES.c.batch_id == batch_id, BATCHES.c.closed_at.is_(None))
            connection.execute(update(BATCHES).where(where).values(status=status, closed_at=now))
            return _held_batch(connection, batch_id)

    def open_units_of(self, batch_id: str) -> list[c.Unit]:
        """Units without a terminal state, in the order of their keys."""
        query = (
            select(UNITS)
            .where(UNITS.c.batch_id == batch_id, UNITS.c.state == c.UnitState.OPEN)
            .order_by(UNITS.c.game_id, UNITS.c.player_id, UNITS.c.market)
        )
        return [c.Unit(row.game_id, row.player_id, row.market) for row in self._rows(query)]

    def end_units(self, batch_id: str, ended: Iterable[c.Unit]) -> int:
        """Give open units the terminal states stated and return how many changed."""
        now = self._clock.now()
        with self._engine.begin() as connection:
            before = _tally(connection, batch_id)[c.UnitState.OPEN]
            for unit in ended:
                _end_unit(connection, batch_id, unit, now)
            return before - _tally(connection, batch_id)[c.UnitState.OPEN]

    def tally(self, batch_id: str) -> dict[c.UnitState, int]:
        """Units of the batch by state."""
        with self._engine.begin() as connection:
            return _tally(connection, batch_id)

    def claim(self, kind: str, owner: str, lease_for: timedelta) -> c.Claim | None:
        """Lease the oldest task of the kind that is free or whose lease ran out; None when there is none."""
        now = self._clock.now()
        free = or_(TASKS.c.state == "free", and_(TASKS.c.state == "claimed", TASKS.c.deadline <= now))
        with self._engine.begin() as connection:
            _fail_exhausted(connection, and_(TASKS.c.kind == kind, free))
            oldest = (
                select(TASKS.c.task_id)
                .where(TASKS.c.kind == kind, free)
                .order_by(TASKS.c.task_id)
                .limit(1)
                .with_for_update(skip_locked=True)
                .scalar_subquery()
            )
            leased = {"state": "claimed", "owner": owner, "deadline": now + lease_for}
            counted = {"fence": TASKS.c.fence + 1, "attempts": TASKS.c.attempts + 1}
            take = update(TASKS).where(TASKS.c.task_id == oldest, free).values(**leased, **counted).returning(TASKS)
            row = connection.execute(take).one_or_none()
            return None if row is None else _as_claim(row)

    def renew(self, claim: c.Claim, lease_for: timedelta) -> c.Claim:
        """The claim with a later deadline. Raises StaleLease when the task has another owner or has ended."""
        later = update(TASKS).where(_still_held(claim)).values(deadline=self._clock.now() + lease_for).returning(TASKS)
        with self._engine.begin() as connection:
            row = connection.execute(later).one_or_none()
        if row is None:
            raise _stale(claim, "renewed")
        return _as_claim(row)

    def finish(self, claim: c.Claim, outcome: c.TaskOutcome) -> None:
        """End the task or give it back. Raises StaleLease when it has another owner or end."""
        last = claim.attempt >= MAX_ATTEMPTS
        given_back = "failed" if last else "free"
        state = given_back if outcome.end == c.TaskEnd.RETRY else outcome.end.value
        end = update(TASKS).where(_still_held(claim)).values(state=state, reason=outcome.reason)
        same = and_(TASKS.c.task_id == claim.task_id, TASKS.c.fence == claim.fence, TASKS.c.state == state)
        with self._engine.begin() as connection:
            if connection.execute(end).rowcount == 1:
                return
            if connection.execute(select(TASKS.c.task_id).where(same)).one_or_none() is None:
                raise _stale(claim, "finished")

    def start_run(
        self, name: str, *, lasting: timedelta, trigger: str = "manual", game_date: date | None = None
    ) -> c.Run:
        """Note that a step begins; after `lasting` it is overdue."""
        now = self._clock.now()
        begin = insert(RUNS).values(
            name=name, trigger=trigger, game_date=game_date, status=c.RunStatus.RUNNING,
            started_at=now, deadline=now + lasting, counts={}, error="",
        )  # fmt: skip
        with self._engine.begin() as connection:
            row = connection.execute(begin.returning(RUNS)).one()
        return _as_run(row, now)

    def finish_run(self, run: c.Run, status: c.RunStatus, counts: Mapping[str, int], error: str = "") -> c.Run:
        """Note how the run ended. Raises Refused for a success without a counted row, and for a run already ended."""
        now = self._clock.now()
        _check_end_of_run(run, status, counts, error)
        where = and_(RUNS.c.run_id == run.run_id, RUNS.c.status == c.RunStatus.RUNNING)
        ended = {"status": status, "finished_at": now, "counts": dict(counts), "error": error}
        with self._engine.begin() as connection:
            row = connection.execute(update(RUNS).where(where).values(**ended).returning(RUNS)).one_or_none()
        if row is None:
            message = f"Run {run.run_id} of {run.name} has already ended"
            raise Refused(message, hint="A run ends once; start another.")
        return _as_run(row, now)

    def runs(self, name: str = "", limit: int = 50) -> list[c.Run]:
        """The latest runs, of one step or all, the latest first."""
        query = select(RUNS).order_by(RUNS.c.run_id.desc()).limit(limit)
        now = self._clock.now()
        return [_as_run(row, now) for row in self._rows(query.where(RUNS.c.name == name) if name else query)]

    def publish_revision(self, key: str, digest: str) -> c.Revision:
        """The latest revision when it has this digest, else the next one, now published."""
        latest = select(REVISIONS).where(REVISIONS.c.key == key).order_by(REVISIONS.c.number.desc()).limit(1)
        with self._engine.begin() as connection:
            row = connection.execute(latest).one_or_none()
            if row is not None and row.digest == digest:
                return c.Revision(*row)
            revision = c.Revision(key, 1 if row is None else row.number + 1, digest, self._clock.now())
            values = {"key": key, "number": revision.number, "digest": digest, "published_at": revision.published_at}
            connection.execute(insert(REVISIONS).values(**values))
            return revision

    def revisions(self, key: str) -> list[c.Revision]:
        """Every revision published under the key, the first first."""
        query = select(REVISIONS).where(REVISIONS.c.key == key).order_by(REVISIONS.c.number)
        return [c.Revision(*row) for row in self._rows(query)]

    def close_connection(self) -> None:
        """Release the store."""
        self._engine.dispose()

    def _rows(self, query: Select[Any]) -> list[Row[Any]]:
        with self._engine.begin() as connection:
            return list(connection.execute(query))
