"""Import: files to raw tables. What each needs comes first, whatever the order of the arguments."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import polars as pl

from fairline.domain.clock import Clock
from fairline.domain.errors import BrokenContract, FairlineError, NotFound
from fairline.domain.tables import Table
from fairline.platform.objects import Objects
from fairline.platform.warehouse import Warehouse, WriteCount
from fairline.raw import known, reading
from fairline.raw.held import Held
from fairline.raw.kinds import Kind
from fairline.raw.landing import land
from fairline.raw.parsed import Parsed, nothing_aside, together
from fairline.raw.parsing import parse
from fairline.raw.schema import INJURY_REPORTS, PROJECTED_LINEUPS, PROP_QUOTES
from fairline.raw.waiting_room import queue, set_aside

SUFFIXES = (".parquet", ".csv")

# Tables without revisions: what a row may not say otherwise than the one held, and the reason when it does.
MUST_AGREE = {
    PROP_QUOTES: (("over_decimal", "under_decimal"), "conflicting_price"),
    INJURY_REPORTS: (("status",), "conflicting_status"),
    PROJECTED_LINEUPS: (("position",), "conflicting_lineup"),
}


@dataclass(slots=True)
class FileReport:
    """What became of one file.

    rows_read: rows of the file. written, unchanged: rows of tables (a schedule row states up to two facts, a line-up
    row five). duplicates: rows that repeat another of the file. quarantined: rows by reason. unresolved_rows,
    unresolved_names: rows that wait for a name, and how many names. error: why nothing of it was written.
    """

    file: str
    kind: str = ""
    capture_id: str = ""
    rows_read: int = 0
    written: int = 0
    unchanged: int = 0
    duplicates: int = 0
    quarantined: dict[str, int] = field(default_factory=dict)
    unresolved_rows: int = 0
    unresolved_names: int = 0
    seconds: float = 0.0
    error: str = ""
    hint: str = ""


OnFile = Callable[[str, int, int], None]
"""Told of each file about to be read: its name, its place from 0, how many there are."""


def files_in(paths: Iterable[Path]) -> list[Path]:
    """The files named, and the Parquet and CSV files in the folders named, at any depth, each once.

    Raises NotFound for a path that is not there, BrokenContract when there is no file to read.
    """
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            message = f"There is nothing at {path}."
            raise NotFound(message, hint="Give a Parquet or CSV file, or a folder of them.")
        inside = (each for each in path.rglob("*") if each.is_file() and each.suffix.lower() in SUFFIXES)
        found += sorted(inside) if path.is_dir() else [path]
    if not found:
        message = "There is no Parquet or CSV file in what was named."
        raise BrokenContract(message, hint="`fairline import --template KIND` writes an example of each kind.")
    return list(dict.fromkeys(found))


def import_files(
    paths: Sequence[Path], *, warehouse: Warehouse, objects: Objects, clock: Clock, on_file: OnFile | None = None
) -> list[FileReport]:
    """Import each file in one transaction of its own and report on all, in the order in which they were read.

    A file that cannot be read is reported with its error, and nothing of it is written; the others are imported.
    """
    reports: list[FileReport] = []
    turns: list[tuple[int, Path]] = []
    for path in paths:
        try:
            turns.append((reading.kind_of(reading.bytes_of(path), path.name).turn, path))
        except FairlineError as error:
            reports.append(FileReport(path.name, error=str(error), hint=error.hint))
    held, turn_of_held = Held(warehouse), 0
    for place, (turn, path) in enumerate(sorted(turns, key=lambda each: each[0])):
        if on_file is not None:
            on_file(path.name, place, len(turns))
        # What an earlier turn wrote is part of what a later one sees.
        held, turn_of_held = (held, turn_of_held) if turn == turn_of_held else (Held(warehouse), turn)
        reports.append(_reported(path, held, warehouse, objects, clock))
    return reports


def _reported(path: Path, held: Held, warehouse: Warehouse, objects: Objects, clock: Clock) -> FileReport:
    started = time.monotonic()
    try:
        report = _import(path, held, warehouse, objects, clock.now())
    except FairlineError as error:
        report = FileReport(path.name, error=str(error), hint=error.hint)
    report.seconds = round(time.monotonic() - started, 3)
    return report


def _import(path: Path, held: Held, warehouse: Warehouse, objects: Objects, now: datetime) -> FileReport:
    return import_content(reading.bytes_of(path), path.name, held, warehouse, objects, now)


def import_content(
    content: bytes, file: str, held: Held, warehouse: Warehouse, objects: Objects, now: datetime
) -> FileReport:
    """Land the bytes of a file and write what they say, in one transaction. Raises BrokenContract, writing none."""
    kind, frame = reading.read(content, file)
    capture_id = land(content, kind=kind.name, file=file, at=now, objects=objects)
    parsed = parse(kind.name, frame, held)
    with warehouse.transaction():
        written = _write(warehouse, kind, parsed, capture_id, now)
        set_aside(warehouse, frame, parsed.aside, capture_id=capture_id, kind=kind.name, now=now)
        queue(warehouse, parsed.unresolved, capture_id=capture_id, source=kind.name)
    return FileReport(
        file, kind.name, capture_id, frame.height, written.written, written.unchanged, parsed.duplicates,
        parsed.reasons, int(parsed.unresolved["rows"].sum()), parsed.unresolved.height,
    )  # fmt: skip


def _write(warehouse: Warehouse, kind: Kind, parsed: Parsed, capture_id: str, now: datetime) -> WriteCount:
    """Write every table of a file; rows that contradict one held join those set aside."""
    total = WriteCount(0, 0, 0)
    for table, rows in parsed.rows.items():
        stated = rows.with_columns(source=pl.lit(kind.name), capture_id=pl.lit(capture_id))
        stated = agreeing(warehouse, table, stated, parsed)
        # What is here was known by now, even where the rule for history names a later time.
        here = known.instant(now)
        complete = stated.with_columns(known_at=pl.min_horizontal("known_at", here)).select(
            column for column in table.column_names if column != "content_hash"
        )
        if "known_at" in table.key:
            total += warehouse.append_revisions(table, complete, now)
        else:
            total += warehouse.append_new(table, complete)
    return total


def agreeing(warehouse: Warehouse, table: Table, stated: pl.DataFrame, parsed: Parsed) -> pl.DataFrame:
    """The rows that say nothing else than the one held under their key; the others join those set aside."""
    against = _contradicting(warehouse, table, stated)
    if against.is_empty():
        return stated
    parsed.aside = together([parsed.aside, against])
    return stated.join(against, on="row_number", how="anti")


def _contradicting(warehouse: Warehouse, table: Table, stated: pl.DataFrame) -> pl.DataFrame:
    """Rows of a table without revisions that say otherwise than the one held under their key."""
    if table not in MUST_AGREE or stated.is_empty():
        return nothing_aside()
    told, reason = MUST_AGREE[table]
    differs = " OR ".join(f"held.{column} IS DISTINCT FROM stated.{column}" for column in told)
    same = " AND ".join(f"held.{column} = stated.{column}" for column in table.key)
    with warehouse.frame("stated", stated):
        return warehouse.query(
            f"""
            SELECT stated.row_number, '{reason}' AS reason, 'capture ' || held.capture_id || ' says otherwise' AS detail
            FROM stated JOIN {table.full_name} AS held ON {same}
            WHERE {differs}
            """  # noqa: S608 - names of our own schema
        )
