"""Batches: opened with their units and tasks, closed with the status those give; what failed, again.

The database admits one open batch of a date and kind. Whoever changes a batch holds its row until he is done.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from fairline.domain.errors import BrokenContract, NotFound, Refused
from fairline.platform.ledger.contract import Batch, BatchStatus, HeldBatch, TaskState, UnitState
from fairline.platform.ledger.progress import lock_batch
from fairline.platform.ledger.tables import BATCHES, TASKS, UNITS
from fairline.platform.ledger.units import plan_units, tally

PARTIAL_AT_MOST_FAILED = 0.05
UNENDED = "it did not end"
"""The reason of a task that was withdrawn before it had ended: its batch is not done."""

# Made once: a batch is looked at far more often than it changes, and making a statement costs more than asking it.
_ONE_BATCH = select(BATCHES).where(BATCHES.c.batch_id == bindparam("batch_id"))


def check_plan(batch: Batch) -> None:
    """Raise BrokenContract for a batch that expects nothing, or one thing twice."""
    units = {(unit.game_id, unit.player_id, unit.market) for unit in batch.units}
    if not units:
        message = f"Batch {batch.batch_id} expects nothing"
        raise BrokenContract(message, hint="A day without games or quotes has no batch; say so instead.")
    if len(units) < len(batch.units) or len(set(batch.tasks)) < len(batch.tasks):
        message = f"Batch {batch.batch_id} holds a unit or task twice"
        raise BrokenContract(message, hint="Plan each game, player and market, and each task, once.")


def open_batch(connection: Connection, batch: Batch, now: datetime) -> bool:
    """Insert the batch, its units and tasks; False when the database refuses a second open one or a used id."""
    row = {"batch_id": batch.batch_id, "game_date": batch.game_date, "run_kind": batch.run_kind}
    try:
        with connection.begin_nested():
            connection.execute(insert(BATCHES).values(**row, **_opening(connection, batch, now)))
    except IntegrityError:
        return False
    plan_units(connection, batch, now)
    _plan_tasks(connection, batch)
    return True


def reopen_batch(connection: Connection, batch: Batch, now: datetime) -> bool:
    """Open again a batch that closed partial or failed; False when it did not, or another of its kind is open."""
    lock_batch(connection, batch.batch_id)
    if held_batch(connection, batch.batch_id).status not in {BatchStatus.PARTIAL, BatchStatus.FAILED}:
        return False
    change = update(BATCHES).where(BATCHES.c.batch_id == batch.batch_id)
    try:
        with connection.begin_nested():
            connection.execute(change.values(**_opening(connection, batch, now), closed_at=None))
    except IntegrityError:
        return False
    failed = and_(UNITS.c.batch_id == batch.batch_id, UNITS.c.state == UnitState.FAILED)
    connection.execute(delete(UNITS).where(failed))
    plan_units(connection, batch, now)
    _plan_tasks(connection, batch)
    return True


def _opening(connection: Connection, batch: Batch, now: datetime) -> dict[str, object]:
    """What opening a batch says of it; attempts of its date and kind are counted through."""
    same_kind = and_(BATCHES.c.game_date == batch.game_date, BATCHES.c.run_kind == batch.run_kind)
    attempts = connection.execute(select(func.coalesce(func.max(BATCHES.c.attempt), 0)).where(same_kind)).scalar_one()
    return {
        "attempt": attempts + 1, "status": BatchStatus.OPEN, "opened_at": now, "progressed_at": now, "requeued": 0,
    }  # fmt: skip


def _plan_tasks(connection: Connection, batch: Batch) -> None:
    """Insert the tasks the batch does not hold yet, and free those that ended without being done.

    A failed task that is planned no more is withdrawn.
    """
    of_batch = TASKS.c.batch_id == batch.batch_id
    connection.execute(
        update(TASKS).where(of_batch, TASKS.c.state == TaskState.FAILED).values(state=TaskState.WITHDRAWN)
    )
    connection.execute(update(TASKS).where(of_batch, TASKS.c.reason == UNENDED).values(reason=""))
    held = set(connection.execute(select(TASKS.c.kind, TASKS.c.key).where(of_batch)))
    wanted = [(task.kind, task.key) for task in batch.tasks]
    if new := [_task_row(batch.batch_id, *task) for task in wanted if task not in held]:
        connection.execute(insert(TASKS), new)
    if again := [{"of_kind": kind, "of_key": key} for kind, key in wanted if (kind, key) in held]:
        undone = TASKS.c.state == TaskState.WITHDRAWN
        one = and_(of_batch, undone, TASKS.c.kind == bindparam("of_kind"), TASKS.c.key == bindparam("of_key"))
        # The fence stays where it is: whoever held the task before must find its claim stale.
        freed = {"state": TaskState.FREE, "owner": None, "deadline": None, "attempts": 0, "reason": ""}
        connection.execute(update(TASKS).where(one).values(**freed), again)


def held_batch(connection: Connection, batch_id: str) -> HeldBatch:
    """The batch as held. Raises NotFound."""
    row = connection.execute(_ONE_BATCH, {"batch_id": batch_id}).one_or_none()
    if row is None:
        message = f"No batch {batch_id}"
        raise NotFound(message, hint="The ledger lists the open ones.")
    return _as_batch(row)


def open_batches(connection: Connection) -> list[HeldBatch]:
    """Every open batch, the oldest first."""
    query = select(BATCHES).where(BATCHES.c.closed_at.is_(None)).order_by(BATCHES.c.opened_at, BATCHES.c.batch_id)
    return [_as_batch(row) for row in connection.execute(query)]


def latest_batches(connection: Connection, game_date: date | None, limit: int) -> list[HeldBatch]:
    """The latest batches, of one game date or all, the latest opened first."""
    query = select(BATCHES).order_by(BATCHES.c.opened_at.desc(), BATCHES.c.attempt.desc(), BATCHES.c.batch_id)
    chosen = query if game_date is None else query.where(BATCHES.c.game_date == game_date)
    return [_as_batch(row) for row in connection.execute(chosen.limit(limit))]


def close_batch(connection: Connection, batch_id: str, failing_open_with: str, now: datetime) -> HeldBatch:
    """Close the batch; open units fail with the reason, unfinished tasks are withdrawn and their claims with them."""
    lock_batch(connection, batch_id)
    held = held_batch(connection, batch_id)
    if held.status != BatchStatus.OPEN:
        return held
    still_open = and_(UNITS.c.batch_id == batch_id, UNITS.c.state == UnitState.OPEN)
    if count := tally(connection, batch_id)[UnitState.OPEN]:
        if not failing_open_with:
            message = f"Batch {batch_id} has {count} open units"
            raise Refused(message, hint="End them, or close with the reason they fail for.")
        failed = {"state": UnitState.FAILED, "reason": failing_open_with, "changed_at": now}
        connection.execute(update(UNITS).where(still_open).values(**failed))
    _withdraw_unended(connection, batch_id)
    status = _status_of(tally(connection, batch_id), _undone_tasks(connection, batch_id))
    connection.execute(update(BATCHES).where(BATCHES.c.batch_id == batch_id).values(status=status, closed_at=now))
    return held_batch(connection, batch_id)


def withdraw_tasks(connection: Connection, batch_id: str) -> int:
    """Withdraw the tasks that have not ended, and nothing else; how many. Raises NotFound."""
    lock_batch(connection, batch_id)
    held_batch(connection, batch_id)
    return _withdraw_unended(connection, batch_id)


def _withdraw_unended(connection: Connection, batch_id: str) -> int:
    unfinished = and_(TASKS.c.batch_id == batch_id, TASKS.c.state.in_((TaskState.FREE, TaskState.CLAIMED)))
    # The fence moves on, so an owner still at work finds its claim stale.
    withdrawn = {"state": TaskState.WITHDRAWN, "fence": TASKS.c.fence + 1, "reason": UNENDED}
    return connection.execute(update(TASKS).where(unfinished).values(**withdrawn)).rowcount


def _undone_tasks(connection: Connection, batch_id: str) -> int:
    """How many of its tasks failed, or were withdrawn before they had ended."""
    unended = and_(TASKS.c.state == TaskState.WITHDRAWN, TASKS.c.reason == UNENDED)
    undone = and_(TASKS.c.batch_id == batch_id, or_(TASKS.c.state == TaskState.FAILED, unended))
    return connection.execute(select(func.count()).select_from(TASKS).where(undone)).scalar_one()


def _status_of(counts: dict[UnitState, int], undone_tasks: int) -> BatchStatus:
    failed = counts[UnitState.FAILED]
    if failed == 0 and undone_tasks == 0:
        return BatchStatus.DONE
    return BatchStatus.PARTIAL if failed <= PARTIAL_AT_MOST_FAILED * sum(counts.values()) else BatchStatus.FAILED


def _as_batch(row: Row[Any]) -> HeldBatch:
    status = BatchStatus(row.status)
    # A batch opened by an older Fairline has noted no progress.
    progressed_at = row.progressed_at or row.opened_at
    return HeldBatch(
        row.batch_id, row.game_date, row.run_kind, row.attempt, status, row.opened_at, row.closed_at, progressed_at,
        row.requeued,
    )  # fmt: skip


def _task_row(batch_id: str, kind: str, key: str) -> dict[str, object]:
    untouched = {"state": TaskState.FREE, "fence": 0, "attempts": 0, "reason": ""}
    return {"batch_id": batch_id, "kind": kind, "key": key, **untouched}
