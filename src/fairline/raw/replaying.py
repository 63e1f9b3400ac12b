"""Replay: captures of which something waits are read again, after a fix, an alias, or a schedule that was missing."""

from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from fairline.platform.captures import kind_and_instant, sighting_keys
from fairline.platform.objects import Objects
from fairline.platform.warehouse import Warehouse
from fairline.raw.capture_loading import OnCapture, load_captures, unloaded
from fairline.raw.captured import capture_kinds
from fairline.raw.held import Held
from fairline.raw.kinds import KINDS_BY_NAME
from fairline.raw.landing import is_landed, landed
from fairline.raw.loading import import_content


@dataclass(slots=True)
class Replayed:
    """What reading again did: captures read, rows written, records that waited before and wait after.

    left: kinds no parser reads any more, with their waiting records.
    """

    captures: int = 0
    written: int = 0
    waited: int = 0
    wait_still: int = 0
    left: dict[str, int] = field(default_factory=dict)


def replay(
    warehouse: Warehouse,
    objects: Objects,
    now: datetime,
    *,
    kind: str = "",
    reason: str = "",
    on_capture: OnCapture | None = None,
) -> Replayed:
    """Read again every capture and import of which something waits, of a kind or for a reason when named."""
    waiting = _waiting(warehouse, kind, reason)
    captured = {each.name for each in capture_kinds()}
    done = Replayed(waited=_records(warehouse))
    for name, records in waiting.group_by("kind").agg(pl.col("records").sum()).sort("kind").iter_rows():
        if name not in captured and name not in KINDS_BY_NAME:
            done.left[name] = int(records)
    pairs = waiting.select("kind", "capture_id").iter_rows()
    imports = [(name, capture_id) for name, capture_id in pairs if is_landed(name, capture_id, objects)]
    _reimport(imports, warehouse, objects, now, done)
    _reopen(waiting.filter(pl.col("kind").is_in(list(captured))), warehouse, objects)
    for report in load_captures(
        unloaded(warehouse, objects), warehouse=warehouse, objects=objects, now=now, on_capture=on_capture
    ):
        done.captures += 1
        done.written += report.written
    done.wait_still = _records(warehouse)
    return done


def _reimport(
    imports: list[tuple[str, str]], warehouse: Warehouse, objects: Objects, now: datetime, done: Replayed
) -> None:
    """imports: kind and capture id of each."""
    for name, capture_id in sorted(imports, key=lambda each: (KINDS_BY_NAME[each[0]].turn, each)):
        file, content = landed(name, capture_id, objects)
        report = import_content(content, file, Held(warehouse), warehouse, objects, now)
        done.captures += 1
        done.written += report.written


def _reopen(waiting: pl.DataFrame, warehouse: Warehouse, objects: Objects) -> None:
    """Forget that these were loaded; the rows they stated stay, and stating them again changes nothing."""
    ids = set(waiting["capture_id"])
    kinds = set(waiting["kind"])
    keys = [key for key in sighting_keys(objects) if kind_and_instant(key)[0] in kinds]
    again = [key for key in keys if key.rpartition("/")[2].partition(".")[0] in ids]
    with warehouse.frame("again", pl.DataFrame({"sighting": again}, schema={"sighting": pl.String})):
        warehouse.execute("DELETE FROM ops.capture_loads WHERE sighting IN (SELECT sighting FROM again)")


def _waiting(warehouse: Warehouse, kind: str, reason: str) -> pl.DataFrame:
    """`capture_id`, `kind`, `records` of captures of which something waits."""
    return warehouse.query(
        """
        WITH waiting AS (
            SELECT capture_id, kind, reason, count(DISTINCT row_number) AS records
            FROM ops.quarantine GROUP BY ALL
            UNION ALL
            SELECT names.capture_id, coalesce(loads.kind, names.source), 'unresolved_name', sum(names.rows)
            FROM ops.unresolved_names AS names
            LEFT JOIN (SELECT DISTINCT capture_id, kind FROM ops.capture_loads) AS loads
                ON loads.capture_id = names.capture_id
            GROUP BY ALL
        )
        SELECT capture_id, kind, CAST(sum(records) AS BIGINT) AS records FROM waiting
        WHERE $kind IN ('', kind) AND $reason IN ('', reason)
        GROUP BY ALL
        """,
        {"kind": kind, "reason": reason},
    )


def _records(warehouse: Warehouse) -> int:
    return int(
        warehouse.query(
            """
            SELECT (SELECT count(*) FROM (SELECT DISTINCT capture_id, kind, row_number FROM ops.quarantine))
                + (SELECT coalesce(sum(rows), 0) FROM ops.unresolved_names) AS records
            """
        ).item()
    )
