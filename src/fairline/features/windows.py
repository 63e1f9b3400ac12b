"""Sums, counts, lags and leads over windows of games, from prefix sums: what SQL's window functions say, sooner.

What a window holds is the sum up to its last row less the sum up to the row before its first. That is exact, because
only whole numbers and decimals are added up; see `docs/decisions/011`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fairline.features.calls import GAME, SIZES, Call, of_season

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]


def computed(games: pl.DataFrame, calls: Collection[Call], entity: str, rows: pl.Series | None = None) -> pl.DataFrame:
    """The games with a column for each call.

    games: rows of `entity` and `since` in the order of their games, with `season` and each call's argument as a column,
    a whole number or a decimal where it is added up. A sum of decimals comes as the double nearest to it.
    rows: which of them are wanted, by their place; all when absent.
    """
    import polars as pl

    rows = pl.int_range(games.height, eager=True) if rows is None else rows
    so_far, season = _Partition(games, rows, entity, "since"), _Partition(games, rows, entity, "since", "season")
    summed = {call.column for call in calls if call.function == "sum"}
    columns = {call.column for call in calls if call.column and call.window != GAME}
    read = {name: _read(games[name], summed=name in summed) for name in columns}
    told = [
        so_far.moved(games[call.column], call.back).alias(call.name)
        if call.window == GAME
        else _over(season if of_season(call.window) else so_far, read.get(call.column, _ROWS), call)
        for call in calls
    ]
    return games[rows].with_columns(told)


def lasting(games: pl.DataFrame, entity: str) -> pl.Series:
    """Places of the games after which some time passed, within their epoch, until the next was known."""
    import polars as pl

    same = (pl.col(entity).shift(-1) == pl.col(entity)) & (pl.col("since").shift(-1) == pl.col("since"))
    ends = pl.when(same).then(pl.col("known_from").shift(-1)).otherwise("until")
    return games.select((pl.col("known_from") < ends).arg_true().cast(pl.Int64)).to_series()


class _Addends(NamedTuple):
    """A column to be counted or added up.

    held: ones, and zeros for null; None where all are. whole: whole numbers, zero for null, and the decimal places they
    stand for; None of what is only counted.
    """

    held: Whole | None
    whole: tuple[Whole, int] | None


def _read(column: pl.Series, *, summed: bool) -> _Addends:
    import numpy as np

    held = column.is_not_null().to_numpy().astype(np.int64) if column.null_count() else None
    return _Addends(held, _whole(column) if summed else None)


def _whole(column: pl.Series) -> tuple[Whole, int]:
    """Whole numbers, zero for null, and the decimal places they stand for. Raises TypeError for doubles."""
    import numpy as np
    import polars as pl

    if isinstance(column.dtype, pl.Decimal):
        whole, places = column.to_physical().cast(pl.Int64), column.dtype.scale
    elif column.dtype.is_integer():
        whole, places = column, 0
    else:
        message = f"{column.name} is {column.dtype}: only whole numbers and decimals add up alike in every order"
        raise TypeError(message)
    numbers: Whole = (whole.fill_null(0) if column.null_count() else whole).to_numpy().astype(np.int64)
    return numbers, places


_ROWS = _Addends(None, None)
"""What `count(*)` counts."""


def _over(partition: _Partition, column: _Addends, call: Call) -> pl.Series:
    """A count, or a sum that is null where its window holds no value."""
    import polars as pl
    import pyarrow as pa

    size = SIZES[call.window]
    lacking = column.held is not None
    held = partition.length(size) if column.held is None else partition.over(f"{call.column} held", column.held, size)
    if column.whole is None or call.function == "count":
        return pl.Series(call.name, held)
    whole, places = column.whole
    sums = partition.over(call.column, whole, size)
    # Divided by NumPy: Polars multiplies by the inverse, which is not always the nearest double.
    summed = sums / 10.0**places if places else sums
    return pl.Series(call.name, pa.array(summed, mask=held == 0) if lacking else summed)


class _Partition:
    """Rows that windows stay within, and the prefix sums of columns along them; told of the rows wanted alone."""

    def __init__(self, games: pl.DataFrame, rows: pl.Series, *keys: str) -> None:
        import numpy as np

        columns = [games[key].to_physical().fill_null(-1).to_numpy() for key in keys]
        order = np.lexsort(columns[::-1])
        begins = np.zeros(games.height, dtype=bool)
        for column in columns:
            begins[1:] |= np.diff(column[order]) != 0
        places = np.arange(games.height)
        self._begins = np.maximum.accumulate(np.where(begins, places, 0))
        # Seasons follow each other: the rows are in order already, unless a game is said to be of a wrong season.
        self._order = None if np.array_equal(order, places) else order
        self._place = rows.to_numpy() if self._order is None else np.argsort(order)[rows.to_numpy()]
        self._first = self._begins[self._place]
        self._totals: dict[str, Whole] = {}

    def over(self, name: str, addends: Whole, size: int | None) -> Whole:
        """Sums of what the window of each row wanted holds. `name` tells one column from another."""
        if name not in self._totals:
            self._totals[name] = self._summed(addends)
        totals = self._totals[name]
        sums: Whole = totals[self._place + 1] - totals[self._start(size)]
        return sums

    def length(self, size: int | None) -> Whole:
        """Rows of each window."""
        return self._place - self._start(size) + 1

    def moved(self, column: pl.Series, back: int) -> pl.Series:
        """The value so many rows before each row wanted, null beyond its partition."""
        import numpy as np
        import polars as pl

        source = np.clip(self._place - back, 0, len(self._begins) - 1)
        within = (self._begins[source] == self._first) & (source == self._place - back)
        ordered = column if self._order is None else column[self._order]
        return ordered.gather(pl.Series(source).set(pl.Series(~within), None))

    def _summed(self, addends: Whole) -> Whole:
        import numpy as np

        totals = np.zeros(len(addends) + 1, dtype=np.int64)
        np.cumsum(addends if self._order is None else addends[self._order], out=totals[1:])
        return totals

    def _start(self, size: int | None) -> Whole:
        import numpy as np

        start: Whole = self._first if size is None else np.maximum(self._first, self._place - size + 1)
        return start
