"""A league whose true distributions are known: results drawn from them, lines and prices set beside them.

All of it is SIMULATED and says nothing of real forecasts.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
import polars as pl

from fairline.domain.consensus import expit, logit
from fairline.domain.pmf import Pmf
from fairline.domain.settle import settle
from fairline.evaluate.scores import score
from fairline.evaluate.summary import Conditions

CONDITIONS = Conditions(
    cutoff_rule="the latest capture before tip-off (simulated)",
    refit="never: these forecasts are drawn, not fitted",
    tip_off="19:00 Eastern every night",
    note="SIMULATED rows: players, results and prices are drawn at random. Nothing here is a result of Fairline.",
)
LEAK_CHECK = {"forecasts_checked": 200, "later_rows_shuffled": 12_345, "forecasts_changed": 0}

USUAL = {"points": 14.0, "rebounds": 5.5, "threes": 1.7, "points_rebounds_assists": 24.0}
"""Mean counts of the simulated markets."""


@dataclass(frozen=True)
class League:
    """Events of one market, without a system; `mean` is each event's true mean."""

    events: pl.DataFrame
    mean: np.ndarray

    def scored(self, system: str, mean: np.ndarray | None = None, width: float = 1.0) -> pl.DataFrame:
        """Scores of a forecast with these means (default the true ones) and `width` times the true spread."""
        pmf = distributions(self.mean if mean is None else mean, width)
        return score(self.events.with_columns(system=pl.lit(system)), pmf)

    def off_by(self, error: float, seed: int = 2) -> np.ndarray:
        """Means wrong by a random factor with this standard deviation."""
        return self.mean * np.exp(np.random.default_rng(seed).normal(0, error, self.mean.size))


def distributions(mean: np.ndarray, width: float = 1.0) -> Pmf:
    """Negative binomials, the variance growing with the mean as points' does."""
    return Pmf.negative_binomial(mean, mean * (1 + 1.3 * width), size=int(4 * mean.max()) + 20)


def league(
    n: int = 6_000, *, dates: int = 60, seed: int = 1, market: str = "points", market_error: float = 0.1
) -> League:
    """Events on half-point lines near the median, priced with a log-odds error of `market_error` around the truth."""
    rng = np.random.default_rng(seed)
    mean = np.clip(rng.gamma(6, USUAL[market] / 6, n), 0.4, 3 * USUAL[market])
    truth = distributions(mean)
    below = np.maximum(np.floor(truth.quantile(0.5) + rng.normal(0, 0.15, n) * truth.sd - 0.2), 0).astype(int)
    halves = 2 * below + 1
    chances = settle(truth, halves)
    price = expit(logit(chances.over) + rng.normal(0, market_error, n))
    night = np.sort(rng.integers(0, dates, n))
    events = pl.DataFrame(
        {
            "game_id": [f"00224{day:03d}{game:02d}" for day, game in zip(night, rng.integers(0, 8, n), strict=True)],
            "player_id": np.arange(n) + 200_000,
            "player_name": [f"Simulated Player {i}" for i in range(n)],
            "game_date": pl.Series(np.datetime64("2024-01-30") + night),
            "half_points": halves,
            "market_p_over": price,
            "quote_age_minutes": rng.gamma(4, 60, n) + 1,
            "actual": (truth.cdf < rng.uniform(size=n)[:, None]).sum(axis=1),
            "role": np.clip(8 + 1.3 * mean * 14 / USUAL[market] + rng.normal(0, 3, n), 0, 42),
            "best_decimal_over": 0.97 / price,
            "best_decimal_under": 0.97 / (1 - price),
            "takeable": rng.uniform(size=n) < 0.8,
            "next_decimal_over": 0.955 / price,
            "next_decimal_under": 0.955 / (1 - price),
        }
    ).with_columns(market=pl.lit(market), cutoff=pl.lit(datetime(2024, 1, 30, 23, tzinfo=UTC)))
    return League(events, mean)


def first_night(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of the first date alone."""
    return rows.filter(pl.col("game_date") == date(2024, 1, 30))
