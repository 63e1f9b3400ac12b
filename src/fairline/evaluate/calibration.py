"""Whether chances mean what they say: bins, expected calibration error, and the slope on the log-odds scale."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fairline.domain.consensus import expit, logit
from fairline.evaluate.intervals import LEAST_DATES, NOTHING, Dates, Interval, date_weights, middle, sum_by_date
from fairline.evaluate.scores import LEAST_PROBABILITY

Floats = NDArray[np.float64]

BINS = 10
PIT_BINS = 20


class Bins(NamedTuple):
    """Equally many rows each, by rising probability: rows, mean forecast, and the share that came true."""

    n: NDArray[np.int64]
    forecast: Floats
    observed: Floats
    noise: Floats
    """Standard deviation of `observed` were the forecasts true."""

    def expected_calibration_error(self) -> float | None:
        """Mean distance between forecast and observed, by rows; None without rows."""
        return self._mean_over_rows(np.abs(self.forecast - self.observed))

    def floor(self) -> float | None:
        """The expected calibration error of a perfect forecast on as many rows: chance alone, E|N(0, s)|."""
        return self._mean_over_rows(self.noise * np.sqrt(2 / np.pi))

    def _mean_over_rows(self, values: Floats) -> float | None:
        return float(np.average(values, weights=self.n)) if self.n.size else None


def equal_count_bins(p: Floats, won: NDArray[np.bool_], bins: int = BINS) -> Bins:
    """Bins of equally many rows (give or take one), fewer when there are fewer rows; ties keep the order given.

    >>> equal_count_bins(np.array([0.2, 0.8, 0.4, 0.6]), np.array([False, True, False, True]), bins=2).observed
    array([0., 1.])
    """
    order = np.argsort(p, kind="stable")
    chunks = [chunk for chunk in np.array_split(order, bins) if chunk.size]
    n = np.array([chunk.size for chunk in chunks], dtype=np.int64)
    return Bins(
        n=n,
        forecast=np.array([p[chunk].mean() for chunk in chunks]),
        observed=np.array([won[chunk].mean() for chunk in chunks]),
        noise=np.array([np.sqrt((p[chunk] * (1 - p[chunk])).sum()) / chunk.size for chunk in chunks]),
    )


def calibration_slope(p: Floats, won: NDArray[np.bool_], dates: Dates) -> Interval:
    """Slope of the logistic regression of the outcome on logit p, with intercept (Cox 1958); 1 is calibrated.

    Below 1 the forecasts are overconfident, above 1 too timid. The interval takes one Newton step from the fit for each
    resample of the dates, which a smooth likelihood allows (Moulton and Zeger 1991): no refit.
    NOTHING where no slope exists: forecasts all alike, outcomes all alike, or a forecast that parts them perfectly.
    """
    x = logit(np.clip(p, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY))
    fit = _fitted(x, won)
    if fit is None:
        return NOTHING
    chance = expit(fit[0] + fit[1] * x)
    error, weight = won - chance, chance * (1 - chance)
    by_date = sum_by_date(np.stack([error, error * x, weight, weight * x, weight * x * x], axis=1), dates)
    if by_date.shape[0] < LEAST_DATES:
        return Interval(float(fit[1]), None, None)
    g0, g1, h00, h01, h11 = (date_weights(by_date.shape[0]) @ by_date).T
    with np.errstate(divide="ignore", invalid="ignore"):
        step = (h00 * g1 - h01 * g0) / (h00 * h11 - h01**2)
    return Interval(float(fit[1]), *middle(fit[1] + step))


def _fitted(x: Floats, won: NDArray[np.bool_]) -> Floats | None:
    """Intercept and slope of greatest likelihood, or None where there is no single greatest."""
    from scipy.optimize import minimize

    if won.size == 0 or won.all() or not won.any() or np.ptp(x) < LEAST_PROBABILITY or _parted(x, won):
        return None
    design = np.stack([np.ones_like(x), x], axis=1)

    def loss(beta: Floats) -> tuple[float, Floats]:
        eta = design @ beta
        return float((np.logaddexp(0, eta) - won * eta).mean()), design.T @ (expit(eta) - won) / won.size

    def curvature(beta: Floats) -> Floats:
        chance = expit(design @ beta)
        hessian: Floats = (design.T * (chance * (1 - chance))) @ design / won.size
        return hessian

    fit = minimize(loss, np.array([0.0, 1.0]), jac=True, hess=curvature, method="trust-exact", options={"gtol": 1e-10})
    beta: Floats = fit.x
    return beta


def _parted(x: Floats, won: NDArray[np.bool_]) -> bool:
    """Whether a threshold parts the outcomes without error, so that the likelihood has no maximum."""
    return bool(x[won].min() >= x[~won].max() or x[won].max() <= x[~won].min())


def pit_counts(pit: Floats, bins: int = PIT_BINS) -> list[int]:
    """How many values fall in each of equally wide bins of [0, 1]."""
    counts, _ = np.histogram(pit, bins=bins, range=(0, 1))
    return [int(count) for count in counts]
