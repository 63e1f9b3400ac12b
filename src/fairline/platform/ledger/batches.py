"""Batches and their units: opened, ended unit by unit, closed with the status the units give; what failed, again."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from fairline.domain.errors import BrokenContract, NotFound, Refused
from fairline.platform.ledger.contract import Batch, BatchStatus, HeldBatch, Unit, UnitState
from fairline.platform.ledger.tables import BATCHES, TASKS, UNITS

PARTIAL_AT_MOST_FAILED = 0.05


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
    _plan_units(connection, batch, now)
    _plan_tasks(connection, batch)
    return True


def reopen_batch(connection: Connection, batch: Batch, now: datetime) -> bool:
    """Open again a batch that closed with failed units; False when it did not, or another of its kind is open."""
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
    _plan_units(connection, batch, now)
    _plan_tasks(connection, batch)
    return True


def _opening(connection: Connection, batch: Batch, now: datetime) -> dict[str, object]:
    """What opening a batch says of it; attempts of its date and kind are counted through."""
    same_kind = and_(BATCHES.c.game_date == batch.game_date, BATCHES.c.run_kind == batch.run_kind)
    attempts = connection.execute(select(func.coalesce(func.max(BATCHES.c.attempt), 0)).where(same_kind)).scalar_one()
    return {"attempt": attempts + 1, "status": BatchStatus.OPEN, "opened_at": now}


def _plan_units(connection: Connection, batch: Batch, now: datetime) -> None:
    """Insert the units the batch does not hold yet."""
    key = UNITS.c.game_id, UNITS.c.player_id, UNITS.c.market
    held = set(connection.execute(select(*key).where(UNITS.c.batch_id == batch.batch_id)))
    wanted = [unit for unit in batch.units if (unit.game_id, unit.player_id, unit.market) not in held]
    if wanted:
        connection.execute(insert(UNITS), [_unit_row(batch.batch_id, unit, now) for unit in wanted])


def _plan_tasks(connection: Connection, batch: Batch) -> None:
    """Insert the tasks the batch does not hold yet, and free those that ended without being done."""
    of_batch = TASKS.c.batch_id == batch.batch_id
    held = set(connection.execute(select(TASKS.c.kind, TASKS.c.key).where(of_batch)))
    wanted = [(task.kind, task.key) for task in batch.tasks]
    if new := [_task_row(batch.batch_id, *task) for task in wanted if task not in held]:
        connection.execute(insert(TASKS), new)
    if again := [{"of_kind": kind, "of_key": key} for kind, key in wanted if (kind, key) in held]:
        undone = or_(TASKS.c.state == "failed", TASKS.c.state == "withdrawn")
        one = and_(of_batch, undone, TASKS.c.kind == bindparam("of_kind"), TASKS.c.key == bindparam("of_key"))
        # The fence stays where it is: whoever held the task before must find its claim stale.
        connection.execute(update(TASKS).where(one).values(state="free", attempts=0, reason=""), again)


def held_batch(connection: Connection, batch_id: str) -> HeldBatch:
    """The batch as held. Raises NotFound."""
    row = connection.execute(select(BATCHES).where(BATCHES.c.batch_id == batch_id)).one_or_none()
    if row is None:
        message = f"No batch {batch_id}"
        raise NotFound(message, hint="The ledger lists the open ones.")
    return _as_batch(row)


def open_batches(connection: Connection) -> list[HeldBatch]:
    """Every open batch, the oldest first."""
    query = select(BATCHES).where(BATCHES.c.closed_at.is_(None)).order_by(BATCHES.c.opened_at, BATCHES.c.batch_id)
    return [_as_batch(row) for row in connection.execute(query)]


def open_units(connection: Connection, batch_id: str) -> list[Unit]:
    """Units without a terminal state, in the order of their keys."""
    where = and_(UNITS.c.batch_id == batch_id, UNITS.c.state == UnitState.OPEN)
    query = select(UNITS).where(where).order_by(UNITS.c.game_id, UNITS.c.player_id, UNITS.c.market)
    return [Unit(row.game_id, row.player_id, row.market) for row in connection.execute(query)]


def end_units(connection: Connection, batch_id: str, ended: Iterable[Unit], now: datetime) -> int:
    """Give open units their terminal states; the units that changed."""
    rows = [_unit_row(batch_id, unit, now) for unit in ended]
    if any(row["state"] == UnitState.OPEN for row in rows):
        message = f"A unit of batch {batch_id} is to end as open"
        raise BrokenContract(message, hint="State done, skipped or failed.")
    if not rows:
        return 0
    key = [UNITS.c[name] == bindparam(f"of_{name}") for name in ("batch_id", "game_id", "player_id", "market")]
    new: dict[str, object] = {name: bindparam(f"new_{name}") for name in ("state", "reason", "changed_at")}
    change = update(UNITS).where(*key, UNITS.c.state == UnitState.OPEN).values(**new)
    before = tally(connection, batch_id)[UnitState.OPEN]
    connection.execute(change, [{f"{'new' if k in new else 'of'}_{k}": v for k, v in row.items()} for row in rows])
    return before - tally(connection, batch_id)[UnitState.OPEN]


def tally(connection: Connection, batch_id: str) -> dict[UnitState, int]:
    """Units of the batch by state, zero where there are none."""
    query = select(UNITS.c.state, func.count()).where(UNITS.c.batch_id == batch_id).group_by(UNITS.c.state)
    found = {UnitState(state): int(count) for state, count in connection.execute(query)}
    return {state: found.get(state, 0) for state in UnitState}


def close_batch(connection: Connection, batch_id: str, failing_open_with: str, now: datetime) -> HeldBatch:
    """Close the batch; open units fail with the reason, unfinished tasks are withdrawn and their claims with them."""
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
    unfinished = and_(TASKS.c.batch_id == batch_id, TASKS.c.state.in_(("free", "claimed")))
    # The fence moves on, so an owner still at work finds its claim stale.
    connection.execute(update(TASKS).where(unfinished).values(state="withdrawn", fence=TASKS.c.fence + 1))
    status = _status_of(tally(connection, batch_id))
    connection.execute(update(BATCHES).where(BATCHES.c.batch_id == batch_id).values(status=status, closed_at=now))
    return held_batch(connection, batch_id)


def _status_of(counts: dict[UnitState, int]) -> BatchStatus:
    failed = counts[UnitState.FAILED]
    if failed == 0:
        return BatchStatus.DONE
    return BatchStatus.PARTIAL if failed <= PARTIAL_AT_MOST_FAILED * sum(counts.values()) else BatchStatus.FAILED


def _as_batch(row: Row[Any]) -> HeldBatch:
    status = BatchStatus(row.status)
    return HeldBatch(row.batch_id, row.game_date, row.run_kind, row.attempt, status, row.opened_at, row.closed_at)


def _unit_row(batch_id: str, unit: Unit, now: datetime) -> dict[str, object]:
    return {
        "batch_id": batch_id, "game_id": unit.game_id, "player_id": unit.player_id, "market": unit.market,
        "state": unit.state, "reason": unit.reason, "changed_at": now,
    }  # fmt: skip


def _task_row(batch_id: str, kind: str, key: str) -> dict[str, object]:
    return {"batch_id": batch_id, "kind": kind, "key": key, "state": "free", "fence": 0, "attempts": 0, "reason": ""}
