"""How far distributions are from the true ones: pure, and without the noise of outcomes, for the truth is known.

When outcomes follow G, a forecast F has the expected CRPS of G itself plus the sum over counts of (F - G)^2 (Gneiting
and Raftery 2007): what it loses by not being the truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from fairline.domain.pmf import Pmf
from fairline.domain.stake import expected_value
from fairline.evaluate.calibration import BINS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEVELS = (0.15, 0.3, 0.45, 0.6, 0.75, 0.9)
"""Of the climatology, whose quantiles are the lines at which chances are compared, the same for every row.

At the market's own line a forecast that knows less than the books looks overconfident though it is not: the line says
where it errs. That costs it bets, and is seen there.
"""

BIASED, OFF_BY = 0.04, 3.0
"""A mean so far from the truth's, as a part of it, and by so many standard errors, is biased."""
OVERCONFIDENT, TIMID = 0.90, 1.12
"""Standard deviation over that of the errors it ought to expect."""
MISCALIBRATED = 0.03


@dataclass(frozen=True, slots=True)
class Truths:
    """The true distributions of some rows. games: a number for each game. draws: nights each was made of."""

    pmf: Pmf
    games: NDArray[np.int64]
    draws: Floats

    def only(self, rows: NDArray[np.bool_]) -> Truths:
        """These rows alone."""
        return Truths(self.pmf[rows], self.games[rows], self.draws[rows])


class Closeness(NamedTuple):
    """How a system stands to the truth.

    crps_lost: mean CRPS above the truth's, in counts. skill: 1 is the truth, 0 the climatology, which knows nobody.
    bias: mean over the truth's, less 1; bias_error its standard error over games. sd_ratio: its SD over that of the
    errors it ought to expect. ece, slope, p_bias: chances of over at LEVELS against the true ones; 0, 1, 0 is best.
    found: what is wrong, in words; empty when nothing is.
    """

    rows: int
    crps_lost: float
    skill: float
    bias: float
    bias_error: float
    sd_ratio: float
    ece: float
    slope: float
    p_bias: float
    found: tuple[str, ...]


def closeness(said: Pmf, truths: Truths) -> Closeness:
    """Compare forecasts with the truth, row by row; at least one row."""
    true, size = truths.pmf, max(said.size, truths.pmf.size)
    f, g = _cdf(said, size), _cdf(true, size)
    climate = g.mean(axis=0)
    # The truth was counted over so many nights; what that adds to a squared distance is known, and taken off.
    noise = (g * (1 - g)).sum(axis=1) / np.maximum(truths.draws - 1, 1)
    lost, by_climate = (float((((one - g) ** 2).sum(axis=1) - noise).mean()) for one in (f, climate))
    bias, bias_error = _bias(said.mean, true.mean, truths.games)
    ought = true.variance + (said.mean - true.mean) ** 2
    sd_ratio = float(np.sqrt(said.variance.mean() / ought.mean()))
    lines = 2 * np.unique([np.argmax(climate >= level) for level in LEVELS]) + 1
    p, p_true = (pmf.over(lines[:, None]).ravel() for pmf in (said, true))
    ece, slope, p_bias = _calibration(p, p_true)
    found = _found(bias, bias_error, sd_ratio, ece)
    return Closeness(len(g), lost, 1 - lost / by_climate, bias, bias_error, sd_ratio, ece, slope, p_bias, found)


def _found(bias: float, bias_error: float, sd_ratio: float, ece: float) -> tuple[str, ...]:
    found = []
    if abs(bias) > max(BIASED, OFF_BY * bias_error):
        found.append(f"biased {'up' if bias > 0 else 'down'}")
    if sd_ratio < OVERCONFIDENT:
        found.append("overconfident")
    if sd_ratio > TIMID:
        found.append("timid")
    if ece > MISCALIBRATED:
        found.append("miscalibrated")
    return tuple(found)


def _cdf(pmf: Pmf, size: int) -> Floats:
    return np.pad(pmf.cdf, [(0, 0), (0, size - pmf.size)], constant_values=1.0)


def _bias(mean: Floats, true: Floats, games: NDArray[np.int64]) -> tuple[float, float]:
    """Of the sums, and its standard error when games are drawn anew."""
    _, at = np.unique(games, return_inverse=True)
    over, total = np.bincount(at, mean - true), np.bincount(at, true)
    bias = over.sum() / total.sum()
    return float(bias), float(np.sqrt(((over - bias * total) ** 2).sum()) / total.sum())


def _calibration(p: Floats, true: Floats) -> tuple[float, float, float]:
    """Expected calibration error, slope of the true chances on those said, and their mean difference."""
    bins = [chunk for chunk in np.array_split(np.argsort(p, kind="stable"), BINS) if chunk.size]
    ece = sum(chunk.size * abs(p[chunk].mean() - true[chunk].mean()) for chunk in bins) / len(p)
    centred = p - p.mean()
    slope = (centred * true).sum() / (centred**2).sum()
    return float(ece), float(slope), float((p - true).mean())


class Bets(NamedTuple):
    """What a system would bet, one unit on the best quote of each player's market, where it sees value.

    claimed, true: mean expected profit of a bet as it sees it and as it is. regret: how much more per player's market
    the truth's own bets would earn.
    """

    bets: int
    claimed: float
    true: float
    regret: float


def bets(said: Pmf, true: Pmf, quotes: Quotes) -> Bets:
    """Judge the bets that these forecasts call for, against those the truth calls for."""
    values = [np.concatenate(_values(pmf, quotes)) for pmf in (said, true)]
    of = np.concatenate([quotes.row, quotes.row])
    markets = np.unique(quotes.row)
    seen, earned, best = [], [], []
    order = np.argsort(of, kind="stable")
    for chunk in np.split(order, np.flatnonzero(np.diff(of[order])) + 1):
        claimed, worth = values[0][chunk], values[1][chunk]
        best.append(max(float(np.nanmax(worth)), 0.0))
        chosen = int(np.nanargmax(claimed))
        if claimed[chosen] > 0:
            seen.append(float(claimed[chosen]))
            earned.append(float(worth[chosen]))
    regret = (sum(best) - sum(earned)) / len(markets)
    return Bets(len(seen), _mean(seen), _mean(earned), regret)


@dataclass(frozen=True, slots=True)
class Quotes:
    """Prices: the row of the forecasts each is about, its line, and decimal odds, NaN for a side without."""

    row: NDArray[np.int64]
    half_points: NDArray[np.int64]
    over: Floats
    under: Floats

    def only(self, rows: NDArray[np.bool_]) -> Quotes:
        """Those about these rows, which are then counted anew."""
        kept, place = rows[self.row], np.cumsum(rows) - 1
        return Quotes(place[self.row[kept]], self.half_points[kept], self.over[kept], self.under[kept])


def _values(pmf: Pmf, quotes: Quotes) -> tuple[Floats, Floats]:
    of_row = pmf[quotes.row]
    over, under, push = (getattr(of_row, side)(quotes.half_points) for side in ("over", "under", "push"))
    return expected_value(over, push, quotes.over), expected_value(under, push, quotes.under)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0
