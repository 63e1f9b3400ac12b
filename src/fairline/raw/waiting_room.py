"""Where rows wait: `ops.quarantine` and `ops.unresolved_names`. Each import of a capture states its rows there anew."""

from datetime import datetime

import polars as pl

from fairline.domain.errors import NotFound
from fairline.domain.tables import Table
from fairline.platform.warehouse import Warehouse
from fairline.raw import known
from fairline.raw.held import Held
from fairline.raw.names import proposals
from fairline.raw.schema import NAME_ALIASES, QUARANTINE, UNRESOLVED_NAMES


def set_aside(
    warehouse: Warehouse, frame: pl.DataFrame, aside: pl.DataFrame, *, capture_id: str, kind: str, now: datetime
) -> None:
    """Make the capture's rows in quarantine exactly these; those already there keep their time.

    frame: the file's rows. aside: `row_number`, `reason`, `detail`.
    """
    as_it_came = frame.join(aside.select("row_number").unique(), on="row_number", how="semi").select(
        "row_number", row_json=pl.struct(pl.exclude("row_number")).struct.json_encode()
    )
    set_aside_as_came(warehouse, as_it_came, aside, capture_id=capture_id, kind=kind, now=now)


def set_aside_as_came(
    warehouse: Warehouse, came: pl.DataFrame, aside: pl.DataFrame, *, capture_id: str, kind: str, now: datetime
) -> None:
    """As `set_aside`, of records already written as JSON: came holds `row_number`, `row_json`."""
    if aside.is_empty():
        _release_all(warehouse, QUARANTINE, capture_id)
        return
    rows = aside.join(came, on="row_number").with_columns(
        capture_id=pl.lit(capture_id), kind=pl.lit(kind), quarantined_at=known.instant(now)
    )
    _release(warehouse, QUARANTINE, rows, capture_id)
    warehouse.append_new(QUARANTINE, rows)


def queue(warehouse: Warehouse, unresolved: pl.DataFrame, *, capture_id: str, source: str) -> None:
    """Make the capture's unresolved names exactly these."""
    if unresolved.is_empty():
        _release_all(warehouse, UNRESOLVED_NAMES, capture_id)
        return
    rows = unresolved.with_columns(capture_id=pl.lit(capture_id), source=pl.lit(source))
    _release(warehouse, UNRESOLVED_NAMES, rows, capture_id)
    warehouse.upsert(UNRESOLVED_NAMES, rows)


def _release(warehouse: Warehouse, table: Table, rows: pl.DataFrame, capture_id: str) -> None:
    """Remove the capture's rows whose key is not among these."""
    if not _waits(warehouse, table, capture_id):
        return
    same = " AND ".join(f"held.{column} = stated.{column}" for column in table.key)
    with warehouse.frame("stated", rows.select(table.key)):
        warehouse.execute(
            f"DELETE FROM {table.full_name} AS held WHERE capture_id = ? "  # noqa: S608 - names of our own schema
            f"AND NOT EXISTS (SELECT 1 FROM stated WHERE {same})",
            [capture_id],
        )


def _release_all(warehouse: Warehouse, table: Table, capture_id: str) -> None:
    """Remove the capture's rows."""
    if _waits(warehouse, table, capture_id):
        warehouse.execute(f"DELETE FROM {table.full_name} WHERE capture_id = ?", [capture_id])  # noqa: S608 - a name of our own


def _waits(warehouse: Warehouse, table: Table, capture_id: str) -> bool:
    """Whether rows of the capture are there; of most there are none."""
    asked = f"SELECT DISTINCT capture_id FROM {table.full_name}"  # noqa: S608 - a name of our own
    return capture_id in warehouse.remembered(
        f"captures in {table.full_name}", (table,), lambda: set(warehouse.query(asked)["capture_id"])
    )


def quarantined(warehouse: Warehouse, *, reason: str | None = None, kind: str | None = None) -> pl.DataFrame:
    """Rows that wait, newest first, of one reason and kind or of all: the columns of ops.quarantine."""
    return warehouse.query(
        """
        SELECT * FROM ops.quarantine
        WHERE ($reason IS NULL OR reason = $reason) AND ($kind IS NULL OR kind = $kind)
        ORDER BY quarantined_at DESC, kind, capture_id, row_number, reason
        """,
        {"reason": reason, "kind": kind},
    )


def waiting_names(warehouse: Warehouse) -> pl.DataFrame:
    """Names that wait, those with most rows first, each source and team apart."""
    return warehouse.query(
        """
        SELECT source, name, team_id, max(problem) AS problem, any_value(candidates) AS candidates,
            CAST(sum(rows) AS BIGINT) AS rows, min(first_seen) AS first_seen, max(last_seen) AS last_seen
        FROM ops.unresolved_names
        GROUP BY source, name, team_id
        ORDER BY rows DESC, name, team_id
        """
    )


def add_alias(warehouse: Warehouse, name: str, player_id: int, *, team_id: int = 0, now: datetime) -> str:
    """Let a written name stand for a person, on one team or (0) any, and give NBA.com's name of the person.

    A replay, or the next import of a file, resolves its rows. Raises NotFound when nobody held has that id.
    """
    own = Held(warehouse).people.filter(pl.col("player_id") == player_id).sort("player_name")
    if own.is_empty():
        near = proposals([name], Held(warehouse))[name]
        message = f"No player with id {player_id} is held here."
        raise NotFound(message, hint=f"Names like {name!r}: {near}." if near else "Import the box scores first.")
    row = {"name": name.strip(), "team_id": team_id, "player_id": player_id, "added_at": now}
    warehouse.upsert(NAME_ALIASES, pl.DataFrame([row], schema_overrides={"added_at": pl.Datetime("us", "UTC")}))
    return str(own["player_name"][0])
