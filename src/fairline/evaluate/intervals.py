"""Intervals by resampling whole game dates.

Rows of one night share news, pace of the league and the books' mood; only nights are near independent. A resample draws
as many dates as there are, with replacement (Davison and Hinkley 1997, 3.8), and the interval holds the middle 95 % of
2,000 of them. The draws are seeded by the number of dates alone: systems on the same dates get the same ones.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Dates = NDArray[np.datetime64]

DRAWS = 2_000
TAILS = (0.025, 0.975)
SEED = 20_240_130
LEAST_DATES = 2
"""One date resampled is itself: no interval."""


class Interval(NamedTuple):
    """An estimate with its 95 % interval; None where there is nothing to estimate from."""

    mean: float | None
    low: float | None
    high: float | None


NOTHING = Interval(None, None, None)


def bootstrap_mean(values: Floats, dates: Dates) -> Interval:
    """Mean over rows, with its interval over the dates.

    values, dates: one per row. An empty array gives NOTHING, a single date a mean without an interval.
    """
    if values.size == 0:
        return NOTHING
    sums, rows = sum_by_date(values, dates), sum_by_date(np.ones_like(values), dates)
    mean = float(sums.sum() / rows.sum())
    if sums.size < LEAST_DATES:
        return Interval(mean, None, None)
    weights = date_weights(sums.size)
    return Interval(mean, *middle((weights @ sums) / (weights @ rows)))


def sum_by_date(values: Floats, dates: Dates) -> Floats:
    """Sums over the rows (first axis) of each date, in the order of the dates.

    >>> sum_by_date(np.array([1.0, 2.0, 4.0]), np.array(["2024-02-02", "2024-02-01", "2024-02-02"], "datetime64[D]"))
    array([2., 5.])
    """
    held, row_date = np.unique(dates, return_inverse=True)
    sums = np.zeros((held.size, *values.shape[1:]))
    np.add.at(sums, row_date, values)
    return sums


@lru_cache(maxsize=128)
def date_weights(dates: int) -> NDArray[np.int16]:
    """How often each date was drawn: one row per resample, read-only."""
    drawn = _drawn_dates(dates) + np.arange(DRAWS)[:, None] * dates
    weights = np.bincount(drawn.ravel(), minlength=DRAWS * dates).reshape(DRAWS, dates).astype(np.int16)
    weights.flags.writeable = False
    return weights


def bootstrap_path(daily: Floats) -> tuple[Floats, Floats] | None:
    """Pointwise 95 % band of the running total when dates are drawn anew, or None for a single date."""
    if daily.size < LEAST_DATES:
        return None
    low, high = np.quantile(np.cumsum(daily[_drawn_dates(daily.size)], axis=1), TAILS, axis=0)
    return low, high


def middle(draws: ArrayLike) -> tuple[float, float] | tuple[None, None]:
    """The ends of the middle 95 % of resampled estimates; those that could not be made (NaN) are left out."""
    made = np.asarray(draws)[~np.isnan(draws)]
    if made.size == 0:
        return None, None
    low, high = np.quantile(made, TAILS)
    return float(low), float(high)


def _drawn_dates(dates: int) -> NDArray[np.int64]:
    return np.random.default_rng([SEED, dates]).integers(0, dates, size=(DRAWS, dates))
