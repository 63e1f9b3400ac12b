"""What commands print: tables that fit the terminal, and JSON."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime, tzinfo

    import polars as pl
    from rich.console import Console

WIDTH_WITHOUT_WINDOW = 140
TEXT_COLUMN, FOLDED_COLUMN = 18, 30
"""Characters of a text that are shown at least; a column for which there is no such room is named under the table."""
WIDEST_ROWS = 200
"""Rows looked at for the width of a column."""


def console() -> Console:
    """Standard output; wide where nobody's window limits it."""
    from rich.console import Console

    out = Console()
    return out if out.is_terminal else Console(width=WIDTH_WITHOUT_WINDOW)


def print_frame(frame: pl.DataFrame, title: str = "", *, folded: Sequence[str] = ()) -> None:
    """A frame as a table. Columns that do not fit are named below it; those `folded` wrap, other long text is cut."""
    from rich.markup import escape
    from rich.table import Table

    out = console()
    widths = _fitting(frame, out.width, folded)
    table = Table(title=title or None, title_justify="left", header_style="bold")
    for name, width in widths.items():
        wraps, numeric = name in folded, frame.schema[name].is_numeric()
        table.add_column(
            name, justify="right" if numeric else "left", no_wrap=not wraps, width=width,
            overflow="fold" if wraps else "ellipsis",
        )  # fmt: skip
    for row in frame.select(list(widths)).iter_rows():
        table.add_row(*(escape(cell_text(value)) for value in row))
    out.print(table)
    if hidden := [name for name in frame.columns if name not in widths]:
        out.print(f"Not shown for want of width: {', '.join(hidden)}.", style="dim", highlight=False)


def on_clock(frame: pl.DataFrame, now: datetime, zone: tzinfo) -> pl.DataFrame:
    """The frame with its instants as a reader wants them: on the clock of his zone, with their distance from now."""
    import polars as pl

    from fairline.domain.dates import describe_instant

    instants = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.Datetime)]
    told = {name: [None if at is None else describe_instant(at, now, zone) for at in frame[name]] for name in instants}
    return frame.with_columns(**{name: pl.Series(words, dtype=pl.String) for name, words in told.items()})


def _fitting(frame: pl.DataFrame, width: int, folded: Sequence[str]) -> dict[str, int]:
    """The columns that fit, in order, with the width of each: all of a number or a date, as much as there is of a text.

    A text is shown from its start, and has its own least width.
    """
    left = width - 1
    fitting: dict[str, int] = {}
    lacking: dict[str, int] = {}
    for name, dtype in frame.schema.items():
        whole = max([len(name), *(len(cell_text(value)) for value in frame[name].head(WIDEST_ROWS))])
        shown_whole = dtype.is_numeric() or dtype.is_temporal()
        needed = whole if shown_whole else min(whole, FOLDED_COLUMN if name in folded else TEXT_COLUMN)
        if needed + 3 > left and fitting:
            break
        left -= needed + 3
        fitting[name], lacking[name] = needed, whole - needed
    # What cannot wrap comes first; within each group, who lacks least.
    for wraps in (False, True):
        wanting = sorted((lacks, name) for name, lacks in lacking.items() if (name in folded) is wraps)
        for place, (lacks, name) in enumerate(wanting):
            more = min(lacks, max(left, 0) // (len(wanting) - place))
            fitting[name] += more
            left -= more
    return fitting


def cell_text(value: object) -> str:
    """One value as a person reads it: instants to the second in UTC, floats to six digits, null as nothing.

    >>> cell_text(0.52381), cell_text(30), cell_text(None), cell_text(True)
    ('0.52381', '30', '', 'yes')
    """
    from datetime import datetime

    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}{'Z' if value.tzinfo else ''}"
    return str(value)


def print_json(answer: object) -> None:
    """JSON: instants as ISO 8601 with their offset, decimals as numbers, NaN as null."""
    typer.echo(json.dumps(plain(answer), ensure_ascii=False, indent=2, allow_nan=False))


def plain(value: Any) -> Any:  # noqa: ANN401 - any answer, and what JSON can hold of it
    """The value in JSON's own types.

    >>> from decimal import Decimal
    >>> plain({"usage": Decimal("31.5"), "edge": float("nan"), "rows": (1, 2)})
    {'usage': 31.5, 'edge': None, 'rows': [1, 2]}
    """
    from datetime import date, timedelta
    from decimal import Decimal
    from math import isfinite

    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta | bytes):
        return str(value)
    return value


@contextmanager
def steps(*, shown: bool) -> Iterator[Callable[[str], None]]:
    """A spinner with the step at work and the time so far, on standard error where that is a terminal."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    err = Console(stderr=True)
    columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    with Progress(*columns, console=err, transient=True, disable=not (shown and err.is_terminal)) as progress:
        task = progress.add_task("starting", total=None)
        yield lambda step: progress.update(task, description=step)
