"""The units of a batch: planned, ended once, counted by state."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, func, insert, select, update

from fairline.domain.errors import BrokenContract
from fairline.platform.ledger.contract import Batch, Unit, UnitState
from fairline.platform.ledger.progress import lock_batch, note_progress
from fairline.platform.ledger.tables import UNITS

# Each state counted for itself along the index: faster than in groups, and one without units is zero.
_OF_BATCH = select(func.count()).where(UNITS.c.batch_id == bindparam("batch_id"))
_TALLY = select(*(_OF_BATCH.where(UNITS.c.state == state).scalar_subquery() for state in UnitState))


def plan_units(connection: Connection, batch: Batch, now: datetime) -> None:
    """Insert the units the batch does not hold yet."""
    key = UNITS.c.game_id, UNITS.c.player_id, UNITS.c.market
    held = set(connection.execute(select(*key).where(UNITS.c.batch_id == batch.batch_id)))
    wanted = [unit for unit in batch.units if (unit.game_id, unit.player_id, unit.market) not in held]
    if wanted:
        connection.execute(insert(UNITS), [_unit_row(batch.batch_id, unit, now) for unit in wanted])


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
    lock_batch(connection, batch_id)
    before = tally(connection, batch_id)[UnitState.OPEN]
    connection.execute(change, [{f"{'new' if k in new else 'of'}_{k}": v for k, v in row.items()} for row in rows])
    changed = before - tally(connection, batch_id)[UnitState.OPEN]
    if changed:
        note_progress(connection, batch_id, now)
    return changed


def tally(connection: Connection, batch_id: str) -> dict[UnitState, int]:
    """Units of the batch by state, zero where there are none."""
    return dict(zip(UnitState, connection.execute(_TALLY, {"batch_id": batch_id}).one(), strict=True))


def _unit_row(batch_id: str, unit: Unit, now: datetime) -> dict[str, object]:
    return {
        "batch_id": batch_id, "game_id": unit.game_id, "player_id": unit.player_id, "market": unit.market,
        "state": unit.state, "reason": unit.reason, "changed_at": now,
    }  # fmt: skip
