"""From flat frames to nested documents, set-based: rows become structs, structs become lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from fairline.domain.teams import TEAMS

if TYPE_CHECKING:
    from collections.abc import Sequence

DECIMALS = 6
"""Published numbers are rounded to these: beyond them a distribution says nothing."""


def presentable(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with rounded numbers, lines in the market's unit, teams abbreviated, and instants as UTC text."""
    short = {one.team_id: one.abbreviation for one in TEAMS}
    teams = {old: new for old, new in (("team_id", "team"), ("opponent_id", "opponent")) if old in frame.columns}
    lines = {"half_points": "line", "market_half_points": "market_line"}
    return frame.with_columns(
        pl.col(pl.Float64).round(DECIMALS),
        pl.col(pl.Datetime).dt.convert_time_zone("UTC").dt.strftime("%Y-%m-%dT%H:%M:%S+00:00"),
        pl.col(pl.Date).dt.strftime("%Y-%m-%d"),
        *(
            pl.col(old).replace_strict(short, default=None, return_dtype=pl.String).alias(new)
            for old, new in teams.items()
        ),
        *((pl.col(old) / 2).alias(new) for old, new in lines.items() if old in frame.columns),
    )


def nested(frame: pl.DataFrame, by: Sequence[str], name: str, of: Sequence[str]) -> pl.DataFrame:
    """One row per distinct `by`, in order of appearance, with the rows' columns `of` as a list of structs.

    >>> frame = pl.DataFrame({"player": [1, 1], "line": [1.5, 2.5], "price": [1.9, 2.0]})
    >>> nested(frame, ["player"], "quotes", ["line", "price"]).to_dicts()
    [{'player': 1, 'quotes': [{'line': 1.5, 'price': 1.9}, {'line': 2.5, 'price': 2.0}]}]
    """
    return frame.group_by(by, maintain_order=True).agg(pl.struct(of).alias(name))


def counted(values: pl.Series) -> dict[str, int]:
    """How often each value occurs, by value."""
    counts = values.rename("value").value_counts().sort("value")
    return dict(counts.iter_rows())


def one_value(frame: pl.DataFrame, column: str) -> Any:  # noqa: ANN401 - whatever the column holds
    """The value that all rows share. Raises ValueError when they differ."""
    return frame[column].unique().item()
