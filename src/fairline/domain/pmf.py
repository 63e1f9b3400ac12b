"""Distributions over counts: a probability for each of 0, 1, 2 ..., for one player or a whole slate at once."""

from collections.abc import Sequence
from functools import cached_property
from typing import NoReturn, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fairline.domain.errors import BrokenContract
from fairline.domain.line import Line
from fairline.domain.settle import settle

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

SUMS_TO_ONE_WITHIN = 1e-9
# Cumulative sums miss a level such as 0.95 by a few units in the last place; a quantile must not jump for that.
LEVEL_SLACK = 1e-12


class Pmf:
    """Probabilities of the counts 0 .. K-1 along the last axis; the axes before it are a batch of distributions.

    p: shape (..., K), non-negative, each distribution summing to 1 within 1e-9; else BrokenContract. The last count
    stands for itself and all above it where a constructor folded a tail. Methods answer with one value per
    distribution, and take outcomes and lines that broadcast against the batch.

    >>> coin = Pmf([0.5, 0.5])
    >>> float(coin.mean), float(coin.over(Line.of(0.5)))
    (0.5, 0.5)
    """

    def __init__(self, p: ArrayLike) -> None:
        """Check and keep a read-only copy of the probabilities."""
        array: Floats = np.array(p, dtype=np.float64)
        if array.ndim == 0 or array.shape[-1] == 0:
            _refuse(f"A distribution needs counts along its last axis, not the shape {array.shape}")
        # Stated so that NaN fails both tests.
        if not (array >= 0).all():
            _refuse("A probability is negative or missing")
        if not (np.abs(array.sum(axis=-1) - 1) <= SUMS_TO_ONE_WITHIN).all():
            _refuse("The probabilities of a distribution do not sum to 1")
        array.flags.writeable = False
        self.p = array

    @classmethod
    def negative_binomial(cls, mean: ArrayLike, variance: ArrayLike, size: int) -> Self:
        """Negative binomials by mean and variance, Poisson where the variance does not exceed the mean.

        mean, variance: arrays that broadcast, mean >= 0; size: how many counts, the last taking the tail.
        With d = variance / mean - 1 (Johnson, Kemp and Kotz 2005, 5.1, reparametrised):
        log p(0) = -mean log(1 + d) / d and p(k+1) / p(k) = (k d + mean) / ((1 + d) (k + 1)), both exact at d = 0.

        >>> Pmf.negative_binomial(1.0, 1.0, size=3).p.round(4)
        array([0.3679, 0.3679, 0.2642])
        """
        mean, variance = np.broadcast_arrays(np.asarray(mean, dtype=np.float64), np.asarray(variance, dtype=np.float64))
        if size < 1 or not ((mean >= 0) & (mean < np.inf) & (variance < np.inf)).all():
            _refuse("A mean is negative or missing, a variance infinite or missing, or there are no counts")
        with np.errstate(divide="ignore", invalid="ignore"):
            d = np.where((variance > mean) & (mean > 0), variance / mean - 1, 0.0)
            log_at_zero = -(mean * np.where(d > 0, np.log1p(d) / d, 1.0))[..., None]
            k = np.arange(size - 1)
            d, mean = d[..., None], mean[..., None]
            log_ratios = np.log((k * d + mean) / ((1 + d) * (k + 1)))
        logs = np.cumsum(np.concatenate([log_at_zero, log_ratios], axis=-1), axis=-1)
        return cls(_fold_tail(np.exp(logs)))

    @classmethod
    def from_cdf(cls, cdf: ArrayLike) -> Self:
        """From cumulative probabilities of 0 .. K-1 along the last axis: rising, ending at 1; else BrokenContract.

        >>> Pmf.from_cdf([0.25, 0.75, 1.0]).p
        array([0.25, 0.5 , 0.25])
        """
        return cls(np.diff(np.asarray(cdf, dtype=np.float64), axis=-1, prepend=0.0))

    @classmethod
    def of_samples(cls, samples: ArrayLike, size: int) -> Self:
        """Frequencies of simulated counts along the last axis; those of size - 1 and above fall into the last count.

        samples: non-negative integers of shape (..., S), S > 0; else BrokenContract.

        >>> Pmf.of_samples([0, 1, 1, 9], size=3).p
        array([0.25, 0.5 , 0.25])
        """
        counts = np.asarray(samples)
        if not np.issubdtype(counts.dtype, np.integer) or 0 in (counts.ndim, *counts.shape[-1:]) or (counts < 0).any():
            _refuse("Samples of a count are one or more non-negative integers")
        batch, each = counts.shape[:-1], counts.shape[-1]
        # One bincount for the whole batch: distribution i owns the bins from i * size.
        rows = np.arange(counts.size // each)[:, None] * size
        bins = rows + np.minimum(counts.reshape(-1, each), size - 1)
        return cls((np.bincount(bins.ravel(), minlength=rows.size * size) / each).reshape(*batch, size))

    @classmethod
    def mix(cls, weights: ArrayLike, pmfs: Sequence[Self]) -> Self:
        """The linear pool: with these probabilities, one of these distributions (Stone 1961).

        weights: shape (..., M) for M distributions, non-negative, summing to 1; batches broadcast.

        >>> Pmf.mix([0.5, 0.5], [Pmf([1.0]), Pmf([0.0, 0.0, 1.0])]).p
        array([0.5, 0. , 0.5])
        """
        weights = np.asarray(weights, dtype=np.float64)
        if not pmfs or weights.shape[-1:] != (len(pmfs),):
            _refuse(f"{len(pmfs)} distributions need as many weights, not the shape {weights.shape}")
        size = max(pmf.size for pmf in pmfs)
        padded = (np.pad(pmf.p, [(0, 0)] * (pmf.p.ndim - 1) + [(0, size - pmf.size)]) for pmf in pmfs)
        return cls(sum(weights[..., i, None] * p for i, p in enumerate(padded)))

    @property
    def size(self) -> int:
        """How many counts each distribution has: K."""
        return int(self.p.shape[-1])

    @property
    def batch(self) -> tuple[int, ...]:
        """Shape of the batch; () for a single distribution."""
        return self.p.shape[:-1]

    def __getitem__(self, index: int | slice | NDArray[np.integer] | NDArray[np.bool_]) -> Self:
        """Those of the batch at a position or mask along its first axis. Raises BrokenContract for a single one."""
        if not self.batch:
            _refuse("A single distribution has no batch to choose from")
        return type(self)(self.p[index])

    def __repr__(self) -> str:
        """Batch and counts, not the numbers."""
        return f"Pmf(batch={self.batch}, size={self.size})"

    @property
    def mean(self) -> Floats:
        """Expected count."""
        mean: Floats = self.p @ np.arange(self.size)
        return mean

    @property
    def variance(self) -> Floats:
        """Expected squared distance from the mean."""
        distance = np.arange(self.size) - self.mean[..., None]
        variance: Floats = (self.p * distance**2).sum(axis=-1)
        return variance

    @property
    def sd(self) -> Floats:
        """Standard deviation."""
        return np.sqrt(self.variance)

    @property
    def cdf(self) -> Floats:
        """P(X <= k) for k = 0 .. K-1, ending at exactly 1; read-only."""
        return self._below[..., 1:]

    @cached_property
    def _below(self) -> Floats:
        """P(X < k) for k = 0 .. K."""
        below = np.zeros((*self.batch, self.size + 1))
        np.minimum(np.cumsum(self.p, axis=-1), 1.0, out=below[..., 1:])
        below[..., -1] = 1.0
        below.flags.writeable = False
        return below

    def below(self, count: ArrayLike) -> Floats:
        """P(X < count); counts (integers >= 0) broadcast against the batch."""
        return self._at(self._below, np.minimum(count, self.size))

    def over(self, line: Line | NDArray[np.integer]) -> Floats:
        """P(over) at a line, or at half points that broadcast against the batch (see `settle`)."""
        return settle(self, line).over

    def under(self, line: Line | NDArray[np.integer]) -> Floats:
        """P(under) at a line (see `settle`)."""
        return settle(self, line).under

    def push(self, line: Line | NDArray[np.integer]) -> Floats:
        """P(push) at a line (see `settle`)."""
        return settle(self, line).push

    def quantile(self, level: ArrayLike) -> Counts:
        """The least count whose cdf reaches each level, of shape batch + level.shape.

        Raises BrokenContract for a level outside [0, 1].

        >>> Pmf([0.25, 0.5, 0.25]).quantile([0.25, 0.26, 1.0])
        array([0, 1, 2])
        """
        levels = np.asarray(level, dtype=np.float64)
        if not ((levels >= 0) & (levels <= 1)).all():
            _refuse("A quantile's level lies between 0 and 1")
        cdf = self.cdf.reshape(*self.batch, *(1,) * levels.ndim, self.size)
        quantile: Counts = (cdf < levels[..., None] - LEVEL_SLACK).sum(axis=-1)
        return quantile

    def central_interval(self, level: float) -> tuple[Counts, Counts]:
        """(low, high), inclusive, leaving at most (1 - level) / 2 outside on each side.

        Counts are lumpy, so it holds at least `level`; coverage is judged against what it holds, or by `pit`.
        """
        tail = (1 - level) / 2
        return self.quantile(tail), self.quantile(1 - tail)

    def convolve(self, other: Self) -> Self:
        """The sum of two independent counts, of K + L - 1 counts; batches broadcast.

        Direct: a transform would be faster but lose the far tail, and with it the log score.

        >>> Pmf([0.5, 0.5]).convolve(Pmf([0.5, 0.5])).p
        array([0.25, 0.5 , 0.25])
        """
        shorter, longer = sorted((self.p, other.p), key=lambda p: p.shape[-1])
        batch = np.broadcast_shapes(self.batch, other.batch)
        total = np.zeros((*batch, self.size + other.size - 1))
        for k in range(shorter.shape[-1]):
            total[..., k : k + longer.shape[-1]] += shorter[..., k : k + 1] * longer
        return type(self)(total / total.sum(axis=-1, keepdims=True))

    def crps(self, outcome: ArrayLike) -> Floats:
        """Continuous ranked probability score, in the unit of the count; 0 is perfect, lower is better.

        Sum over k of (F(k) - 1{k >= outcome})^2 (Epstein 1969; Gneiting and Raftery 2007), counts above K-1 included.

        >>> float(Pmf([0.5, 0.5]).crps(1)), float(Pmf([1.0]).crps(3))
        (0.25, 3.0)
        """
        x = _counts(outcome)
        within = ((self.cdf - (np.arange(self.size) >= x[..., None])) ** 2).sum(axis=-1)
        score: Floats = within + np.maximum(x - self.size, 0)
        return score

    def log_score(self, outcome: ArrayLike) -> Floats:
        """Minus the logarithm of the outcome's probability; lower is better, infinite for the impossible.

        >>> float(Pmf([1.0]).log_score(2))
        inf
        """
        with np.errstate(divide="ignore"):
            return -np.log(self._probability(_counts(outcome)))

    def pit(self, outcome: ArrayLike, u: ArrayLike) -> Floats:
        """Randomised probability integral transform F(outcome - 1) + u p(outcome) (Czado et al. 2009).

        u: uniform draws in [0, 1] from the caller. Uniform over many forecasts if and only if they are calibrated.

        >>> float(Pmf([0.25, 0.5, 0.25]).pit(1, 0.5))
        0.5
        """
        x = _counts(outcome)
        return self.below(x) + np.asarray(u) * self._probability(x)

    def _probability(self, count: Counts) -> Floats:
        """P(X = count), 0 beyond the last count."""
        beyond = np.concatenate([self.p, np.zeros((*self.batch, 1))], axis=-1)
        return self._at(beyond, np.minimum(count, self.size))

    def _at(self, values: Floats, position: ArrayLike) -> Floats:
        """One value per distribution and position, both broadcast; a plain number when neither has axes."""
        index = np.asarray(position)
        shape = np.broadcast_shapes(self.batch, index.shape)
        values, index = np.broadcast_to(values, (*shape, values.shape[-1])), np.broadcast_to(index, shape)
        chosen: Floats = np.take_along_axis(values, index[..., None], axis=-1)[..., 0]
        return chosen[()]


def _counts(outcome: ArrayLike) -> Counts:
    """Outcomes as whole numbers, whatever numeric type a frame gave them. Raises BrokenContract for NaN, -1, 2.5."""
    values = np.asarray(outcome)
    if not ((values >= 0) & (values % 1 == 0)).all():
        _refuse("An outcome is a non-negative whole count")
    return values.astype(np.int64)


def _fold_tail(p: Floats) -> Floats:
    """What a truncated distribution lacks, added to its last count; rounding above 1 is scaled away."""
    p = p / np.maximum(p.sum(axis=-1, keepdims=True), 1.0)
    p[..., -1] += 1 - p.sum(axis=-1)
    return np.maximum(p, 0.0)


def _refuse(what: str) -> NoReturn:
    raise BrokenContract(f"{what}.", hint="Leave rows without a forecast out of the batch; nothing is filled in.")
