"""From captures to rows: each sighting is parsed and loaded once, in one transaction with the note that it was."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from fairline.domain.errors import FairlineError
from fairline.domain.tables import Table
from fairline.platform.captures import Capture, content_of, kind_and_instant, read_sighting, sighting_keys
from fairline.platform.objects import Objects
from fairline.platform.warehouse import Warehouse, WriteCount
from fairline.raw.capture_reading import Reading, read_capture
from fairline.raw.captured import CaptureKind, capture_kind, capture_kinds
from fairline.raw.held import Held
from fairline.raw.loading import agreeing
from fairline.raw.schema import CAPTURE_LOADS, GAMES, PLAYER_BOX_SCORES, PLAYERS, ROSTERS
from fairline.raw.waiting_room import queue, set_aside_as_came

LOADED, UNREADABLE, ERROR_ANSWER = "loaded", "unreadable", "error_answer"
LOOKED_INTO = {table.full_name for table in (GAMES, PLAYER_BOX_SCORES, PLAYERS, ROSTERS)}
"""The tables by which names and games are resolved."""


@dataclass(slots=True)
class LoadReport:
    """What became of one capture: records read, rows written and unchanged, records set aside by reason, waiting.

    tables: rows written by table. outcome: loaded, unreadable or error_answer. problem: why it could not be read.
    """

    sighting: str
    kind: str
    capture_id: str
    rows_read: int = 0
    written: int = 0
    unchanged: int = 0
    quarantined: dict[str, int] = field(default_factory=dict)
    unresolved: int = 0
    tables: dict[str, int] = field(default_factory=dict)
    outcome: str = LOADED
    problem: str = ""


OnCapture = Callable[[str, int, int], None]
"""Told of each capture about to be read: its kind, its place from 0, how many there are."""


def unloaded(warehouse: Warehouse, objects: Objects) -> list[Capture]:
    """Sightings to read, the earliest first: those not in the tables, and those an older parser read.

    Those that followed a late one of their kind are read again, for what they said is to be compared with it. A kind
    no parser knows any more is left alone.
    """
    versions = {kind.name: kind.version for kind in capture_kinds()}
    done = {key for key, kind, version in _loads(warehouse) if version >= versions.get(kind, 0)}
    keys = [(*kind_and_instant(key), key) for key in sighting_keys(objects)]
    known = [(kind, at, key) for kind, at, key in keys if kind in versions]
    since: dict[str, datetime] = {}
    for kind, at, key in known:
        if key not in done:
            since[kind] = min(at, since.get(kind, at))
    again = sorted((at, key) for kind, at, key in known if kind in since and at >= since[kind])
    return [read_sighting(objects, key) for _, key in again]


def load_captures(
    captures: Iterable[Capture],
    *,
    warehouse: Warehouse,
    objects: Objects,
    now: datetime,
    on_capture: OnCapture | None = None,
) -> list[LoadReport]:
    """Read each capture and write what it says, in one transaction each; what cannot be read is in quarantine.

    What an older parser read is read again in one transaction for each kind, in place of what it had said.
    """
    waiting = list(captures)
    told = on_capture or (lambda *_: None)
    stale = _read_by_older_parsers(warehouse)
    reports: list[LoadReport] = []
    held = Held(warehouse)

    def load(capture: Capture) -> None:
        nonlocal held
        told(capture.kind, len(reports), len(waiting))
        report = load_capture(capture, held, warehouse=warehouse, objects=objects, now=now)
        reports.append(report)
        # What an earlier capture wrote is part of what a later one sees.
        held = Held(warehouse) if LOOKED_INTO & {name for name, rows in report.tables.items() if rows} else held

    old = [capture for capture in waiting if capture.key in stale]
    for kind in dict.fromkeys(capture.kind for capture in old):
        with warehouse.transaction():
            forget(warehouse, capture_kind(kind), {capture.capture_id for capture in old if capture.kind == kind})
            for capture in waiting:
                if capture.kind == kind:
                    load(capture)
    reread = {capture.kind for capture in old}
    for capture in waiting:
        if capture.kind not in reread:
            load(capture)
    return reports


def _read_by_older_parsers(warehouse: Warehouse) -> set[str]:
    versions = {kind.name: kind.version for kind in capture_kinds()}
    return {key for key, kind, version in _loads(warehouse) if version < versions.get(kind, version)}


def _loads(warehouse: Warehouse) -> list[tuple[str, str, int]]:
    """Sightings noted as loaded: key, kind, and the version of the parser that read it."""
    asked = "SELECT sighting, kind, version FROM ops.capture_loads"
    return warehouse.remembered("loads", (CAPTURE_LOADS,), lambda: warehouse.query(asked).rows())


def forget(warehouse: Warehouse, kind: CaptureKind, capture_ids: Iterable[str]) -> None:
    """Remove the rows that these captures stated, for the same bytes to state them anew."""
    ids = pl.DataFrame({"capture_id": sorted(capture_ids)}, schema={"capture_id": pl.String})
    with warehouse.frame("forgotten", ids):
        for table in kind.tables:
            warehouse.execute(
                f"DELETE FROM {table.full_name} WHERE source = ? "  # noqa: S608 - names of our own schema
                "AND capture_id IN (SELECT capture_id FROM forgotten)",
                [kind.states],
            )


def load_capture(capture: Capture, held: Held, *, warehouse: Warehouse, objects: Objects, now: datetime) -> LoadReport:
    """Read one capture and write what it says. Raises what the stores raise; nothing of it is written then."""
    if not capture.answered:
        report = LoadReport(capture.key, capture.kind, capture.capture_id, outcome=ERROR_ANSWER)
        warehouse.upsert(CAPTURE_LOADS, _note(report, capture, capture_kind(capture.kind), now))
        return report
    reading = read_capture(_content(capture, objects), capture, held)
    with warehouse.transaction():
        return write_reading(warehouse, reading, now)


def _content(capture: Capture, objects: Objects) -> bytes:
    try:
        return content_of(capture, objects)
    except FairlineError as error:
        error.hint = error.hint or "`fairline captures verify` checks them all."
        raise


def write_reading(warehouse: Warehouse, reading: Reading, now: datetime) -> LoadReport:
    """Write the rows of a reading, what it set aside, what waits, and that it was loaded."""
    capture, kind, parsed = reading.capture, reading.kind, reading.parsed
    report = LoadReport(capture.key, kind.name, capture.capture_id, reading.came.height)
    report.outcome, report.problem = UNREADABLE if reading.error else LOADED, reading.error
    total = WriteCount(0, 0, 0)
    for table, rows in parsed.rows.items():
        count = _write(warehouse, table, rows, reading)
        report.tables[table.full_name] = count.written
        total += count
    report.written, report.unchanged = total.written, total.unchanged
    set_aside_as_came(warehouse, reading.came, parsed.aside, capture_id=capture.capture_id, kind=kind.name, now=now)
    queue(warehouse, parsed.unresolved, capture_id=capture.capture_id, source=kind.states)
    report.quarantined = parsed.reasons
    report.unresolved = int(parsed.unresolved["rows"].sum())
    warehouse.upsert(CAPTURE_LOADS, _note(report, capture, kind, now))
    return report


def _write(warehouse: Warehouse, table: Table, rows: pl.DataFrame, reading: Reading) -> WriteCount:
    stated = rows.with_columns(source=pl.lit(reading.kind.states), capture_id=pl.lit(reading.capture.capture_id))
    stated = agreeing(warehouse, table, stated, reading.parsed)
    complete = stated.select(column for column in table.column_names if column != "content_hash")
    if "known_at" in table.key:
        said_at = reading.parsed.said_at or reading.capture.captured_at
        return warehouse.append_statements(table, complete, said_at)
    return warehouse.append_new(table, complete)


def _note(report: LoadReport, capture: Capture, kind: CaptureKind, now: datetime) -> pl.DataFrame:
    instant = pl.Datetime("us", "UTC")
    return pl.DataFrame(
        [{
            "sighting": report.sighting, "capture_id": report.capture_id, "kind": report.kind, "version": kind.version,
            "captured_at": capture.captured_at, "loaded_at": now, "outcome": report.outcome,
            "rows_read": report.rows_read, "written": report.written, "unchanged": report.unchanged,
            "quarantined": sum(report.quarantined.values()), "unresolved": report.unresolved,
        }],
        schema_overrides={"captured_at": instant, "loaded_at": instant},
    )  # fmt: skip
