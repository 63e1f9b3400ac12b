"""How far outcomes fall from a centre: a variance learned from the centre's own past errors, and the count law."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fairline.domain.pmf import Pmf

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

LARGEST = {"points": 90, "rebounds": 40, "assists": 35, "threes_made": 20}
"""Counts a distribution covers, by component; no player has reached any of them in a regular season since 1962."""


def size(stems: tuple[str, ...]) -> int:
    """How many counts a distribution of the market needs."""
    return 1 + sum(LARGEST[stem] for stem in stems)


@dataclass(frozen=True, slots=True)
class Spread:
    """variance = base + per_mean x mean + per_square x mean^2 x (relative volatility of minutes)^2.

    The noise of scoring grows with the mean; uncertain minutes add in proportion to its square.
    """

    base: float
    per_mean: float
    per_square: float

    @classmethod
    def learned(cls, mean: NDArray[np.float64], actual: NDArray[np.float64], rows: pl.DataFrame) -> Spread:
        """Non-negative least squares of squared errors, each weighted by the inverse of its expected size."""
        from scipy.optimize import nnls

        held = ~np.isnan(mean)
        design = _design(mean[held], rows.filter(held))
        squared = (actual[held] - mean[held]) ** 2
        # Squared errors vary with the square of the variance; a first guess of it makes the weights.
        weight = 1 / (1 + mean[held])
        coefficients, _ = nnls(design * weight[:, None], squared * weight)
        return cls(*(float(one) for one in coefficients))

    def pmf(self, mean: NDArray[np.float64], rows: pl.DataFrame, counts: int) -> Pmf:
        """A negative binomial per row, by the centre's mean and the learned variance."""
        variance = _design(mean, rows) @ np.array([self.base, self.per_mean, self.per_square])
        return Pmf.negative_binomial(mean, variance, counts)


def _design(mean: NDArray[np.float64], rows: pl.DataFrame) -> NDArray[np.float64]:
    import polars as pl

    volatility = (pl.col("minutes_sd_last_10") / pl.col("minutes_avg_last_10")).clip(0, 1.5)
    relative = rows.select(volatility.fill_null(volatility.median()).fill_null(0.3).alias("v"))["v"].to_numpy()
    return np.column_stack([np.ones_like(mean), mean, mean**2 * relative**2])
