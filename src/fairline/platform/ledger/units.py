"""The units of a batch: planned, ended once, counted by state."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select, update

from fairline.domain.errors import BrokenContract
from fairline.platform.ledger.contract import Batch, Unit, UnitState
from fairline.platform.ledger.progress import lock_batch, note_progress
from fairline.platform.ledger.tables import UNITS

# Each state counted for itself along the index: faster than in groups, and one without units is zero.
_OF_BATCH = select(func.count()).where(UNITS.c.batch_id == bindparam("batch_id"))
_TALLY = select(*(_OF_BATCH.where(UNITS.c.state == state).scalar_subquery() for state in UnitState))

_KEY = (UNITS.c.game_id, UNITS.c.player_id, UNITS.c.market)
_OPEN = select(*_KEY).where(UNITS.c.batch_id == bindparam("batch_id"), UNITS.c.state == UnitState.OPEN).order_by(*_KEY)
_END_THE_REST = (
    update(UNITS)
    .where(UNITS.c.batch_id == bindparam("of_batch_id"), UNITS.c.state == UnitState.OPEN)
    .values(**{name: bindparam(f"new_{name}") for name in ("state", "reason", "changed_at")})
)
_END = _END_THE_REST.where(*(column == bindparam(f"of_{column.name}") for column in _KEY))


def plan_units(connection: Connection, batch: Batch, now: datetime) -> None:
    """Insert the units the batch does not hold yet."""
    held = set(connection.execute(select(*_KEY).where(UNITS.c.batch_id == batch.batch_id)))
    wanted = [unit for unit in batch.units if (unit.game_id, unit.player_id, unit.market) not in held]
    if wanted:
        connection.execute(insert(UNITS), [_unit_row(batch.batch_id, unit, now) for unit in wanted])


def open_units(connection: Connection, batch_id: str) -> list[Unit]:
    """Units without a terminal state, in the order of their keys."""
    return [Unit(*key) for key in connection.execute(_OPEN, {"batch_id": batch_id})]


def end_units(connection: Connection, batch_id: str, ended: Iterable[Unit], now: datetime) -> int:
    """Give open units their terminal states; the units that changed."""
    said = {(unit.game_id, unit.player_id, unit.market): (unit.state, unit.reason) for unit in ended}
    if any(state == UnitState.OPEN for state, _ in said.values()):
        message = f"A unit of batch {batch_id} is to end as open"
        raise BrokenContract(message, hint="State done, skipped or failed.")
    lock_batch(connection, batch_id)
    still_open = [tuple(key) for key in connection.execute(_OPEN, {"batch_id": batch_id})]
    changes = [(key, said[key]) for key in still_open if key in said]
    if not changes:
        return 0
    # Nearly all end alike: where every open unit ends, those are the ones left when the others have.
    (state, reason), _ = Counter(end for _, end in changes).most_common(1)[0]
    together = len(changes) == len(still_open)
    alone = [(key, end) for key, end in changes if not together or end != (state, reason)]
    about = {"of_batch_id": batch_id, "new_changed_at": now}
    if alone:
        connection.execute(_END, [{**about, **_bound(*change)} for change in alone])
    if together:
        connection.execute(_END_THE_REST, {**about, "new_state": state, "new_reason": reason})
    note_progress(connection, batch_id, now)
    return len(changes)


def tally(connection: Connection, batch_id: str) -> dict[UnitState, int]:
    """Units of the batch by state, zero where there are none."""
    return dict(zip(UnitState, connection.execute(_TALLY, {"batch_id": batch_id}).one(), strict=True))


def _unit_row(batch_id: str, unit: Unit, now: datetime) -> dict[str, object]:
    return {
        "batch_id": batch_id, "game_id": unit.game_id, "player_id": unit.player_id, "market": unit.market,
        "state": unit.state, "reason": unit.reason, "changed_at": now,
    }  # fmt: skip


def _bound(key: tuple[str, int, str], end: tuple[UnitState, str]) -> dict[str, object]:
    game_id, player_id, market = key
    state, reason = end
    return {
        "of_game_id": game_id, "of_player_id": player_id, "of_market": market, "new_state": state, "new_reason": reason,
    }  # fmt: skip
