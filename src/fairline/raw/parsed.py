"""What a parser makes of a file: rows for tables, rows set aside, names no rule resolved."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from fairline.domain.tables import Table


def nothing_aside() -> pl.DataFrame:
    """Of rows set aside: none."""
    return pl.DataFrame(schema={"row_number": pl.Int64, "reason": pl.String, "detail": pl.String})


def nothing_unresolved() -> pl.DataFrame:
    """Of names that wait: none."""
    return pl.DataFrame(
        schema={
            "name": pl.String, "team_id": pl.Int64, "problem": pl.String, "candidates": pl.String, "rows": pl.Int64,
            "first_seen": pl.Datetime("us", "UTC"), "last_seen": pl.Datetime("us", "UTC"),
        }
    )  # fmt: skip


@dataclass(slots=True)
class Parsed:
    """The statements of one file.

    rows: per table, its columns but `source`, `capture_id` and `content_hash`.
    aside: `row_number`, `reason`, `detail` of rows that broke a rule.
    unresolved: names that wait, as in ops.unresolved_names but for `capture_id` and `source`.
    duplicates: rows that said again what another row of the file had said.
    waiting: per table, typed rows that keep its contract but lack a person or a game: shown to people, never written.
    said_at: when its statements were made, of a snapshot of the past; else they are made when captured.
    """

    rows: dict[Table, pl.DataFrame]
    aside: pl.DataFrame = field(default_factory=nothing_aside)
    unresolved: pl.DataFrame = field(default_factory=nothing_unresolved)
    duplicates: int = 0
    waiting: dict[Table, pl.DataFrame] = field(default_factory=dict)
    said_at: datetime | None = None

    @property
    def reasons(self) -> dict[str, int]:
        """How many rows are set aside for each reason, the most frequent first."""
        counted = Counter(self.aside["reason"])
        return dict(sorted(counted.items(), key=lambda each: (-each[1], each[0])))


def together(aside: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """All rows set aside. One row may break one rule in several places: its details are joined."""
    some = [rows for rows in aside if rows.height]
    if not some:
        return nothing_aside()
    return (
        pl.concat([nothing_aside(), *some])
        .group_by("row_number", "reason")
        .agg(pl.col("detail").unique(maintain_order=True).str.join("; "))
        .sort("row_number", "reason")
    )


def one_per_key(
    frame: pl.DataFrame, key: Sequence[str], statement: Sequence[str], reason: str
) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    """One row per key, the first in the frame's order; the others that state something else, set aside; duplicates.

    statement: the columns beside the key that must agree.
    """
    if frame.height < 2:
        return frame, nothing_aside(), 0
    kept = frame.unique(list(key), keep="first", maintain_order=True)
    if kept.height == frame.height:
        return frame, nothing_aside(), 0
    others = frame.join(kept.select("row_number"), on="row_number", how="anti")
    told = kept.select(*key, pl.struct(statement).alias("kept"), kept_row="row_number")
    against = others.join(told, on=list(key), how="left", nulls_equal=True)
    conflicting = against.filter(pl.struct(statement).ne_missing(pl.col("kept")))
    aside = conflicting.select(
        "row_number", reason=pl.lit(reason), detail=pl.format("row {} says otherwise", "kept_row")
    )
    return kept, aside, others.height - conflicting.height


def joined(parts: Sequence[Parsed]) -> Parsed:
    """What the parts of one document state, together. No two of them state rows of one table."""
    names = pl.concat([nothing_unresolved(), *(part.unresolved for part in parts)], how="diagonal_relaxed")
    counted = names.group_by("name", "team_id", maintain_order=True).agg(
        pl.col("problem", "candidates").first(),
        pl.col("rows").sum(),
        pl.col("first_seen").min(),
        pl.col("last_seen").max(),
    )
    aside = together([part.aside for part in parts])
    whole = Parsed({}, aside, counted, sum(part.duplicates for part in parts))
    for part in parts:
        whole.rows |= part.rows
        whole.waiting |= part.waiting
    return whole
