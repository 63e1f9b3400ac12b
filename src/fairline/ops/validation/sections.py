"""What a validation report consists of: sections, each a frame with what it is and how to read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date, datetime

    import polars as pl


class Section(NamedTuple):
    """One table of the report. name: in JSON and Python. reading: how to read it. nothing: said when it has no rows."""

    name: str
    title: str
    reading: str
    nothing: str
    rows: pl.DataFrame


class Window(NamedTuple):
    """From 06:00 Eastern of the date to 06:00 of the next: the day whose changes are told. The end is not in it."""

    start: datetime
    end: datetime


def window_of(day: date) -> Window:
    """The window of a game date.

    >>> from datetime import date
    >>> [f"{end:%m-%d %H:%M}" for end in window_of(date(2025, 11, 1))]  # the night the clocks are set back
    ['11-01 10:00', '11-02 11:00']
    """
    from datetime import timedelta

    from fairline.ops.due_times import clock_times

    start, end = (clock_times(day + timedelta(days=after), "0 6 * * *")[0] for after in (0, 1))
    return Window(start, end)
