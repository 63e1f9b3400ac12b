"""Stored beside replayed, part by part: hashes of both, how much differs, and the first difference in words."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import polars as pl

    from fairline.domain.tables import Table


class Compared(NamedTuple):
    """One part of a day as it is stored and as it came again. stored, replayed: hashes. first: the first difference."""

    batch_id: str
    part: str
    rows: int
    different: int
    stored: str
    replayed: str
    first: str = ""


def documents_compared(batch_id: str, part: str, stored: bytes, replayed: bytes) -> Compared:
    """Compare two documents byte by byte."""
    hashes = _digest(stored), _digest(replayed)
    if stored == replayed:
        return Compared(batch_id, part, 1, 0, *hashes)
    at = next((i for i, pair in enumerate(zip(stored, replayed, strict=False)) if pair[0] != pair[1]), 0)
    told = [text[max(at - 30, 0) : at + 30].decode(errors="replace") for text in (stored, replayed)]
    return Compared(batch_id, part, 1, 1, *hashes, f"byte {at}: {told[0]!r} is stored, {told[1]!r} came")


def rows_compared(batch_id: str, table: Table, stored: pl.DataFrame, replayed: pl.DataFrame) -> Compared:
    """Compare rows by key, to the last bit of each column."""
    import polars as pl

    key = list(table.key)
    stored, replayed = stored.sort(key), replayed.sort(key)
    hashes = _digest(_written(stored)), _digest(_written(replayed))
    both = stored.join(replayed, on=key, how="full", suffix=" again", coalesce=True)
    others = [name for name in stored.columns if name not in key]
    differs = {name: pl.col(name).ne_missing(pl.col(f"{name} again")).fill_null(value=True) for name in others}
    wrong = both.filter(pl.any_horizontal(differs.values())).sort(key)
    first = ""
    if wrong.height:
        row = wrong.head(1)
        name = next(one for one in others if row.select(differs[one]).item())
        where = ", ".join(f"{part} {value}" for part, value in row.select(key).row(0, named=True).items())
        first = f"{where}: {name} {row[name].item()} is stored, {row[f'{name} again'].item()} came"
    different = wrong.height or int(hashes[0] != hashes[1])
    return Compared(batch_id, table.full_name, stored.height, different, *hashes, first)


def _written(frame: pl.DataFrame) -> bytes:
    """The values alone, floats by the shortest text that reads back the same: memory also holds what is under nulls."""
    return frame.write_ndjson().encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
