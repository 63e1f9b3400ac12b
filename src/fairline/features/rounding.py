"""Rows in order and their numbers to so many significant digits: one pass over each column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

GREATEST = 300
"""The greatest power of ten that is looked up; the least is its inverse."""


def in_order(rows: pl.DataFrame, keys: Sequence[str], columns: Sequence[str], digits: int) -> pl.DataFrame:
    """The rows sorted by their keys, with those columns rounded as doubles, halves away from zero; nulls stay null.

    What Polars' `sort` and `round_sig_figs` say, which look at every value twice and compute its power of ten.

    >>> import polars as pl
    >>> rows = pl.DataFrame({"day": [3, 1, 2, 0], "value": [0.12345, -98765.0, 0.0, None]})
    >>> in_order(rows, ["day"], ["value"], 3)["value"].to_list()
    [None, -98800.0, 0.0, 0.123]
    """
    import polars as pl

    order = rows.select(pl.arg_sort_by(keys)).to_series()
    others = rows.select(pl.exclude(columns).gather(order))
    rounding = _Rounding(digits, order.to_numpy())
    return others.with_columns(rounding.rounded(rows[name]) for name in columns).select(rows.columns)


class _Rounding:
    """Takes the values of a column in an order and rounds them, in memory that it uses again for the next."""

    def __init__(self, digits: int, order: NDArray[np.unsignedinteger[Any]]) -> None:
        import numpy as np

        self._digits, self._order = digits, order.astype(np.intp)
        self._powers = np.array([float(f"1e{power}") for power in range(-GREATEST, GREATEST + 1)])
        self._scale, self._half = np.empty(len(order)), np.empty(len(order))
        self._power = np.empty(len(order), dtype=np.int64)

    def rounded(self, column: pl.Series) -> pl.Series:
        """The column in the order, rounded."""
        import numpy as np
        import polars as pl
        import pyarrow as pa

        array = column.cast(pl.Float64).to_arrow()
        values = np.frombuffer(array.buffers()[1], dtype=np.float64)[array.offset : array.offset + len(array)]
        held = None
        if column.null_count():
            present = column.is_not_null().to_numpy().take(self._order)
            held = pa.py_buffer(np.packbits(present, bitorder="little"))
        buffers = [held, pa.py_buffer(self._rounded(values))]
        return pl.Series(column.name, pa.Array.from_buffers(array.type, len(array), buffers))

    def _rounded(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        import numpy as np

        scale, half = self._scale, self._half
        rounded = values.take(self._order)
        # Of zero there is no logarithm, and what lies under a null may be anything: the power taken does not matter.
        with np.errstate(all="ignore"):
            np.log10(np.abs(rounded, out=scale), out=scale)
            np.subtract(self._digits - 1 + GREATEST, np.floor(scale, out=scale), out=scale)
            np.copyto(self._power, scale, casting="unsafe")
            self._powers.take(self._power, out=scale, mode="clip")
            np.multiply(rounded, scale, out=rounded)
            np.add(rounded, np.copysign(0.5, rounded, out=half), out=rounded)
            return np.divide(np.trunc(rounded, out=rounded), scale, out=rounded)
