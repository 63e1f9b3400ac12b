"""Scores of single forecasts: of the whole distribution, of its middle, and of its chances at the line.

Probabilities at a line are conditional on no push, as the market's are; a push has no log loss.
"""

import hashlib

import numpy as np
import polars as pl
from numpy.typing import NDArray

from fairline.domain.errors import BrokenContract
from fairline.domain.pmf import Pmf
from fairline.domain.settle import Outcome, outcomes, settle
from fairline.evaluate.contract import checked_rows

Floats = NDArray[np.float64]

LEVELS = (50, 80, 90)
"""Central intervals, in percent."""

LEAST_PROBABILITY = 1e-6
"""A certainty that fails costs a log loss of 13.8: with an infinite one, no mean over rows would exist."""


def score(rows: pl.DataFrame, pmf: Pmf) -> pl.DataFrame:
    """The rows with the columns of schema.SCORES; each row is scored on its own.

    rows: the columns of schema.ROWS and any of schema.OPTIONAL. pmf: a batch of one distribution per row, in order.
    Raises BrokenContract when the rows break their contract or the distributions are not as many.
    """
    rows = checked_rows(rows)
    if pmf.batch != (rows.height,):
        message = f"{rows.height} rows were given a batch of {pmf.batch} distributions."
        raise BrokenContract(message, hint="Give one distribution per row, in the same order.")
    return (
        rows.with_columns(*_of_distribution(rows, pmf), *_at_line(rows, pmf))
        .with_columns(p_over_no_push=_given_no_push(), priced_line_error=_priced_line_error())
        .with_columns(
            log_loss=_log_loss("p_over_no_push"),
            market_log_loss=_log_loss("market_p_over"),
            brier=_brier("p_over_no_push"),
            market_brier=_brier("market_p_over"),
        )
    )


def _of_distribution(rows: pl.DataFrame, pmf: Pmf) -> list[pl.Series]:
    """What needs no line."""
    actual = rows["actual"].to_numpy()
    mean, median, pit = pmf.mean, pmf.quantile(0.5), pmf.pit(actual, uniform_draws(rows))
    return [
        pl.Series("mean", mean),
        pl.Series("median", median),
        pl.Series("crps", pmf.crps(actual)),
        pl.Series("log_score", pmf.log_score(actual)),
        pl.Series("pit", pit),
        # Counts are lumpy: a central interval of whole counts holds more than its level, so a calibrated forecast
        # would seem too wide. Its end counts, drawn in with the probability that makes up the level, mend that.
        *(pl.Series(f"inside_{level}", np.abs(pit - 0.5) <= level / 200) for level in LEVELS),
        pl.Series("absolute_error", np.abs(median - actual).astype(np.float64)),
        pl.Series("absolute_error_mean", np.abs(mean - actual)),
    ]


def _at_line(rows: pl.DataFrame, pmf: Pmf) -> list[pl.Series]:
    """What needs a line; null where there is none."""
    lined = rows["half_points"].is_not_null()
    halves = rows["half_points"].fill_null(0).to_numpy()
    actual = rows["actual"].to_numpy()
    chances = settle(pmf, halves)
    yes = np.array(True)
    at_line = pl.DataFrame(
        {
            # A difference of sums may miss its range by the last bit.
            "p_over": np.clip(chances.over, 0, 1),
            "p_push": np.clip(chances.push, 0, 1),
            "outcome": outcomes(actual, halves, game_final=yes, postponed=~yes, results_held=yes),
            "line_error": np.abs(halves / 2 - actual),
        }
    )
    return at_line.select(pl.when(lined).then(pl.all())).get_columns()


def _given_no_push() -> pl.Expr:
    """P(over | no push); null where a push is certain."""
    p = pl.col("p_over") / (1 - pl.col("p_push"))
    return pl.when(pl.col("p_push") < 1).then(p.clip(0, 1))


def _priced_line_error() -> pl.Expr:
    """The line's error once its price is heard.

    A book that quotes threes at 1.5 with the under at 60 % says "one". Against 1.5 any median gains from that alone,
    so an MAE is suspicious only against this.
    """
    whole = pl.col("half_points") % 2 == 0
    step = (pl.col("market_p_over") - 0.5).sign().fill_null(0)
    moved = pl.col("half_points") + pl.when(whole).then(0).otherwise(step)
    return (moved / 2 - pl.col("actual")).abs()


def _log_loss(p: str) -> pl.Expr:
    """Minus the log of the probability given to the side that won; null for a push or without a probability."""
    won = pl.when(_decided()).then(pl.when(_over()).then(pl.col(p)).otherwise(1 - pl.col(p)))
    return -won.clip(LEAST_PROBABILITY, 1).log()


def _brier(p: str) -> pl.Expr:
    return pl.when(_decided()).then((pl.col(p) - _over().cast(pl.Float64)) ** 2)


def _over() -> pl.Expr:
    return pl.col("outcome") == Outcome.OVER.value


def _decided() -> pl.Expr:
    return pl.col("outcome") != Outcome.PUSH.value


def uniform_draws(rows: pl.DataFrame) -> Floats:
    """One number in [0, 1) per row, a pure function of its game, player and market.

    So a PIT is the same on every machine and in any order of rows, and systems are compared with the same draws.
    """
    names = rows["market"].unique().to_list()
    of_market = {name: int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest()) for name in names}
    market = rows["market"].replace_strict(of_market, return_dtype=pl.UInt64).to_numpy()
    player, game = (rows[name].cast(pl.UInt64).to_numpy() for name in ("player_id", "game_id"))
    bits = _mixed(game ^ _mixed(player ^ _mixed(market))) >> np.uint64(11)
    return bits.astype(np.float64) * 2.0**-53


def _mixed(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """SplitMix64 (Steele, Lea and Flood 2014): every bit of the result depends on every bit given."""
    z = x + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))
