"""Keeping captures: which are held, whether their bytes are what came, and which may go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from fairline.domain.errors import FairlineError, Refused
from fairline.platform.captures import captures_in, content_of, find_capture, read_sighting, sighting_keys
from fairline.raw.schema import CAPTURE_LOADS, TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fairline.platform.captures import Capture
    from fairline.platform.home import Home
    from fairline.platform.objects import Objects
    from fairline.platform.warehouse import Warehouse

STATES_ROWS = tuple(table for table in TABLES if "capture_id" in table.column_names and table is not CAPTURE_LOADS)
"""The tables whose rows name the capture they were read from."""

SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "captured_at": pl.Datetime("us", "UTC"), "source": pl.String, "kind": pl.String, "day": pl.Date,
    "status": pl.Int64, "bytes": pl.Int64, "outcome": pl.String, "rows": pl.Int64, "quarantined": pl.Int64,
    "capture_id": pl.String, "sighting": pl.String,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Damaged:
    """A capture whose bytes are not what came, or are gone."""

    sighting: str
    problem: str


@dataclass(frozen=True, slots=True)
class Pruned:
    """What a pruning removed, or would: sightings and bytes, and how many were kept for the rows that stand on them."""

    sightings: int
    bytes: int
    kept_for_rows: int
    done: bool


def listed(home: Home, *, source: str = "", kind: str = "") -> pl.DataFrame:
    """Every sighting held, the latest first, with what became of it: the columns of `SCHEMA`."""
    rows = [
        (each.captured_at, each.source, each.kind, each.day, each.status, each.bytes, each.capture_id, each.key)
        for each in _held(home.objects, source, kind)
    ]
    columns = ("captured_at", "source", "kind", "day", "status", "bytes", "capture_id", "sighting")
    held = pl.DataFrame(rows, schema={name: SCHEMA[name] for name in columns}, orient="row")
    loads = home.warehouse.query(
        "SELECT sighting, outcome, written + unchanged AS rows, quarantined FROM ops.capture_loads"
    )
    return (
        held.join(loads, on="sighting", how="left")
        .with_columns(pl.col("outcome").fill_null("waits"))
        .select(*SCHEMA)
        .sort("captured_at", "sighting", descending=True)
    )


def _held(objects: Objects, source: str, kind: str) -> Iterator[Capture]:
    return (each for each in captures_in(objects, source=source) if kind in ("", each.kind))


def shown(home: Home, capture_id: str) -> tuple[list[Capture], bytes]:
    """The sightings of the one capture whose id begins so, and its bytes. Raises NotFound, Refused for several."""
    sightings = find_capture(home.objects, capture_id)
    ids = sorted({each.capture_id for each in sightings})
    if len(ids) > 1:
        message = f"{len(ids)} captures begin with {capture_id}: {', '.join(each[:12] for each in ids[:5])} ..."
        raise Refused(message, hint="Give more of its hash.")
    return sightings, content_of(sightings[0], home.objects)


def verified(home: Home, told: Callable[[int, int], None]) -> tuple[int, list[Damaged]]:
    """How many sightings were looked at, and those that cannot be read or whose bytes are not what came."""
    keys = sighting_keys(home.objects)
    damaged = []
    checked: set[str] = set()
    for place, key in enumerate(keys):
        told(place, len(keys))
        try:
            capture = read_sighting(home.objects, key)
            if capture.bytes_key not in checked:
                checked.add(capture.bytes_key)
                content_of(capture, home.objects)
        except FairlineError as error:
            damaged.append(Damaged(key, str(error)))
    return len(keys), damaged


def prune(home: Home, older_than: timedelta, *, dry: bool) -> Pruned:
    """Remove captures seen last before that, but none from which a row of the tables was read, or that still waits.

    What was published is made of those rows, so what stands behind it is never removed.
    """
    before = home.clock.now() - older_than
    standing, loaded = _named_by_rows(home.warehouse), _loaded(home.warehouse)
    held = list(captures_in(home.objects))
    last_seen = {each.capture_id: each.captured_at for each in sorted(held, key=lambda each: each.captured_at)}
    old = [each for each in held if last_seen[each.capture_id] < before]
    # Sightings share their bytes: while one of them waits to be loaded, the others stay too.
    waiting = {each.capture_id for each in old if each.key not in loaded}
    going = [each for each in old if each.capture_id not in standing | waiting]
    if not dry:
        _remove(home, going)
    bytes_gone = {each.bytes_key: each.bytes for each in going}
    return Pruned(len(going), sum(bytes_gone.values()), len(old) - len(going), not dry)


def _remove(home: Home, going: list[Capture]) -> None:
    """Sightings first: bytes without one are no capture, a sighting without bytes would be damage."""
    for capture in going:
        home.objects.delete(capture.key)
    for key in {capture.bytes_key for capture in going}:
        home.objects.delete(key)
    gone = pl.DataFrame({"sighting": [capture.key for capture in going]}, schema={"sighting": pl.String})
    with home.warehouse.frame("gone", gone):
        home.warehouse.execute("DELETE FROM ops.capture_loads WHERE sighting IN (SELECT sighting FROM gone)")


def _named_by_rows(warehouse: Warehouse) -> set[str]:
    each = (f"SELECT DISTINCT capture_id FROM {table.full_name}" for table in STATES_ROWS)  # noqa: S608 - our own names
    return set(warehouse.query(" UNION ".join(each))["capture_id"])


def _loaded(warehouse: Warehouse) -> set[str]:
    return set(warehouse.query("SELECT sighting FROM ops.capture_loads")["sighting"])
