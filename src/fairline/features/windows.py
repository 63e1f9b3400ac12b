"""Sums, counts, lags and leads over windows of games, from prefix sums: what SQL's window functions say, sooner.

What a window holds is the sum up to its last row less the sum up to the row before its first. That is exact, because
only whole numbers and decimals are added up; see `docs/decisions/011`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairline.features.calls import GAME, SIZES, Call, of_season

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]


def computed(games: pl.DataFrame, calls: Collection[Call], entity: str) -> pl.DataFrame:
    """The games with a column for each call.

    games: rows of `entity` and `since` in the order of their games, with `season` and each call's argument as a column,
    a whole number or a decimal where it is added up. A sum of decimals comes as the double nearest to it.
    """
    import polars as pl

    so_far, season = _Partition(games, entity, "since"), _Partition(games, entity, "since", "season")
    summed = [_over(season if of_season(call.window) else so_far, games, call) for call in calls if call.window != GAME]
    first = pl.lit(pl.Series(so_far.first))
    moved = [
        pl.when(first.shift(call.back) == first).then(pl.col(call.column).shift(call.back)).alias(call.name)
        for call in calls
        if call.window == GAME
    ]
    return games.with_columns(*moved, *summed)


def _over(partition: _Partition, games: pl.DataFrame, call: Call) -> pl.Series:
    """A count, or a sum that is null where its window holds no value."""
    import polars as pl

    size = SIZES[call.window]
    column = games[call.column] if call.column else games["since"]
    lacking = column.null_count() > 0
    held = partition.over(f"{column.name} held", column.is_not_null(), size) if lacking else partition.length(size)
    if call.function == "count":
        return pl.Series(call.name, held)
    whole, places = _whole(column)
    sums = partition.over(column.name, whole, size)
    # Divided by NumPy: Polars multiplies by the inverse, which is not always the nearest double.
    summed = pl.Series(call.name, sums / 10.0**places if places else sums)
    return summed.set(pl.Series(held == 0), None) if lacking else summed


def _whole(column: pl.Series) -> tuple[pl.Series, int]:
    """Whole numbers, zero for null, and the decimal places they stand for. Raises TypeError for doubles."""
    import polars as pl

    if isinstance(column.dtype, pl.Decimal):
        return column.to_physical().fill_null(0).cast(pl.Int64), column.dtype.scale
    if column.dtype.is_integer():
        return column.fill_null(0), 0
    message = f"{column.name} is {column.dtype}: only whole numbers and decimals add up alike in every order"
    raise TypeError(message)


class _Partition:
    """Rows that windows stay within: `first` is where each row's begins; with the prefix sums of columns along them."""

    def __init__(self, games: pl.DataFrame, *keys: str) -> None:
        import numpy as np

        columns = [games[key].to_physical().fill_null(-1).to_numpy() for key in keys]
        order = np.lexsort(columns[::-1])
        begins = np.zeros(games.height, dtype=bool)
        for column in columns:
            begins[1:] |= np.diff(column[order]) != 0
        self._place = np.arange(games.height)
        self.first = np.maximum.accumulate(np.where(begins, self._place, 0))
        # Seasons follow each other: the rows are in order already, unless a game is said to be of a wrong season.
        self._order = None if np.array_equal(order, self._place) else order
        self._starts: dict[int | None, Whole] = {None: self.first}
        self._lengths: dict[int | None, Whole] = {}
        self._totals: dict[str, Whole] = {}
        self._before = np.empty_like(self._place)

    def over(self, name: str, addends: pl.Series, size: int | None) -> Whole:
        """Sums of what each row's window holds, in the order of the rows. `name` tells one column from another."""
        if name not in self._totals:
            self._totals[name] = self._summed(addends)
        totals = self._totals[name]
        return self._in_rows(totals[1:] - totals.take(self._start(size), out=self._before, mode="clip"))

    def length(self, size: int | None) -> Whole:
        """Rows of each row's window."""
        if size not in self._lengths:
            self._lengths[size] = self._in_rows(self._place - self._start(size) + 1)
        return self._lengths[size]

    def _summed(self, addends: pl.Series) -> Whole:
        import numpy as np

        values = addends.to_numpy()
        totals = np.zeros(len(values) + 1, dtype=np.int64)
        np.cumsum(values if self._order is None else values[self._order], dtype=np.int64, out=totals[1:])
        return totals

    def _start(self, size: int | None) -> Whole:
        import numpy as np

        if size not in self._starts:
            self._starts[size] = np.maximum(self.first, self._place - (size or 0) + 1)
        return self._starts[size]

    def _in_rows(self, ordered: Whole) -> Whole:
        import numpy as np

        if self._order is None:
            return ordered
        values = np.empty_like(ordered)
        values[self._order] = ordered
        return values
