"""How far outcomes fall from a centre: a variance learned from the centre's own past errors, and the count law."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fairline.domain.pmf import Pmf

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LARGEST = {"points": 90, "rebounds": 40, "assists": 35, "threes_made": 20}
"""Counts a distribution covers, by component; no player has reached any of them in a regular season since 1962."""

MOST_VOLATILE = 1.5
"""Standard deviation of minutes over their mean beyond which it tells no more."""


def size(stems: tuple[str, ...]) -> int:
    """How many counts a distribution of the market needs.

    >>> size(("points", "rebounds"))
    131
    """
    return 1 + sum(LARGEST[stem] for stem in stems)


@dataclass(frozen=True, slots=True)
class Spread:
    """variance = base + per_mean x mean + per_square x mean^2 x (relative volatility of minutes)^2.

    The noise of scoring grows with the mean; uncertain minutes add in proportion to its square. usual: the past's
    median volatility, for a player whose own is not known; of the past, so that no row depends on those beside it.
    """

    base: float
    per_mean: float
    per_square: float
    usual: float

    @classmethod
    def learned(cls, mean: Floats, actual: Floats, rows: pl.DataFrame) -> Spread:
        """Non-negative least squares of squared errors, each weighted by the inverse of its expected size."""
        from scipy.optimize import nnls

        held = ~np.isnan(mean)
        mean, volatility = mean[held], relative_volatility(rows)[held]
        usual = float(np.nanmedian(volatility)) if not np.isnan(volatility).all() else 0.0
        squared = (actual[held] - mean) ** 2
        # Squared errors vary with the square of the variance; a first guess of it makes the weights.
        weight = 1 / (1 + mean)
        learned, _ = nnls(_design(mean, volatility, usual) * weight[:, None], squared * weight)
        base, per_mean, per_square = (float(one) for one in learned)
        return cls(base, per_mean, per_square, usual)

    def pmf(self, mean: Floats, rows: pl.DataFrame, counts: int) -> Pmf:
        """A negative binomial per row, by the centre's mean and the learned variance."""
        design = _design(mean, relative_volatility(rows), self.usual)
        return Pmf.negative_binomial(mean, design @ np.array([self.base, self.per_mean, self.per_square]), counts)


def relative_volatility(rows: pl.DataFrame) -> Floats:
    """Standard deviation of the last ten games' minutes over their mean; NaN where it is not known."""
    import polars as pl

    volatility = (pl.col("minutes_sd_last_10") / pl.col("minutes_avg_last_10")).clip(0, MOST_VOLATILE)
    return rows.select(volatility.cast(pl.Float64).fill_null(float("nan")).alias("v"))["v"].to_numpy()


def _design(mean: Floats, volatility: Floats, usual: float) -> Floats:
    known = np.where(np.isnan(volatility), usual, volatility)
    return np.column_stack([np.ones_like(mean), mean, (mean * known) ** 2])
