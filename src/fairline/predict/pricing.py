"""What each quote is worth against each system's distribution, and whether a stake is earned.

Expected value is always shown. OVER or UNDER, and a stake above zero, come only from the one system named in the
settings, in a market where it has passed against the market, at the market's own line, where that was measured, at a
price that agrees with the other books', when the whole interval of the edge is above zero (evaluation rule 6);
everything else is PASS with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from fairline.domain.errors import BrokenContract
from fairline.domain.ragged import batch_of
from fairline.domain.settle import settle
from fairline.domain.stake import break_even, expected_value, kelly
from fairline.predict.schema import PREDICTIONS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

EARNED = "edge_above_error"
"""The reason of a bet: the lower end of its edge's interval is above zero."""

SUSPECT = "suspect_price"
"""The reason of a quote whose price is too far from the other books' to be of its line."""

LEAST_QUALITY = 70
SKIPPED_STATUSES = ("out", "doubtful")
MARKET_OF = ["game_id", "player_id", "market"]
QUOTE = ("book", "half_points", "over_decimal", "under_decimal", "captured_at", "suspect")
CHANCES = ("p_over", "p_under", "p_push")
LONGEST_FAIR_PRICE = 1e9
"""Beyond it a fair price says nothing but that the side cannot win."""


@dataclass(frozen=True, slots=True)
class StakeRules:
    """When a stake is earned and how large it is.

    verdicts: PASS, FAIL or INSUFFICIENT of the stake system, by market; a market that is absent is unproven.
    edge_error: half-width of the 95 % interval of a system's P(side), in probability, from its graded history; a
        system that is absent or None has none, and its edges have no interval.
    Both were measured at the market's own line, so they hold there alone.
    kelly_fraction: share of the full Kelly stake. books: where the user can bet; empty is everywhere.
    pickem_break_even: probability at which a leg breaks even, by pick'em book; an absent book has no price.
    """

    stake_system: str
    verdicts: Mapping[str, str]
    edge_error: Mapping[str, float | None]
    kelly_fraction: float
    books: tuple[str, ...] = ()
    pickem_break_even: Mapping[str, float] = field(default_factory=dict)


def price(forecasts: pl.DataFrame, quotes: pl.DataFrame, consensus: pl.DataFrame, rules: StakeRules) -> pl.DataFrame:
    """Every quote priced by every system that has a forecast: rows of PREDICTIONS, in the order of their key.

    forecasts: rows of FORECASTS, and `status_changed_at`: when a status of the player or a teammate last changed
        (null: never). quotes: as `features.market.quotes_as_of` returns them; only the latest of each book are priced.
    consensus: as `features.market.consensus` returns it, with `market`.
    A forecast that was not made, or a player out or doubtful, gives one row with the reason; a player without a quote
    one row NO_LINE. Raises BrokenContract for a forecast with neither distribution nor reason.
    """
    asked = _asked(forecasts, consensus)
    latest = quotes.filter("latest").select(*MARKET_OF, *QUOTE, line_source="source")
    forecast = asked.filter(pl.col("skipped").is_null()).with_row_index("forecast")
    rows = pl.concat(
        [forecast.join(latest, on=MARKET_OF, how="left"), asked.filter(pl.col("skipped").is_not_null())], how="diagonal"
    )
    settled = _settled(rows, forecast["pmf"])
    valued = settled.with_columns(_values(settled, rules)).with_columns(pl.col(pl.Float64).fill_nan(None))
    judged = _judged(valued, rules).with_columns(
        book=pl.col("book").fill_null(""), half_points=pl.col("half_points").fill_null(0)
    )
    return judged.select(PREDICTIONS.column_names).sort(PREDICTIONS.key)


def _asked(forecasts: pl.DataFrame, consensus: pl.DataFrame) -> pl.DataFrame:
    """The forecasts beside the market's own line and price, `skipped` telling why one is not priced."""
    silent = forecasts.filter(pl.col("pmf").is_null() & pl.col("reason").is_null())
    if silent.height:
        row = silent.row(0, named=True)
        message = f"{row['system']} has neither a distribution nor a reason for {row['player_name']}, {row['market']}."
        raise BrokenContract(message, hint="A system that lacks its input says so in its own row.")
    market = consensus.select(*MARKET_OF, market_half_points="half_points", market_p_over="p_over")
    status = pl.col("status")
    skipped = pl.when(status.is_in(SKIPPED_STATUSES)).then(status).otherwise(pl.col("reason"))
    return forecasts.with_columns(skipped=skipped).join(market, on=MARKET_OF, how="left")


def _settled(rows: pl.DataFrame, pmfs: pl.Series) -> pl.DataFrame:
    """P(over), P(under) and P(push) of each quoted row; NaN elsewhere. `forecast` numbers the distribution of a row."""
    quoted = rows["half_points"].is_not_null().to_numpy()
    chances = np.full((3, rows.height), np.nan)
    if quoted.any():
        at = rows.filter(quoted).select("forecast", "half_points", nth=pl.int_range(pl.len()).over("forecast"))
        forecast, nth = at["forecast"].to_numpy(), at["nth"].to_numpy()
        # Each distribution once, against a column of its own lines: no copy of it per quote.
        lines = np.zeros((int(nth.max()) + 1, len(pmfs)), dtype=np.int64)
        lines[nth, forecast] = at["half_points"].to_numpy()
        pmf = batch_of(pmfs.explode().to_numpy(), pmfs.list.len().to_numpy().astype(np.int64))
        settlement = settle(pmf, lines)
        chances[:, quoted] = [side[nth, forecast] for side in settlement]
    return rows.with_columns(pl.Series(name, p) for name, p in zip(CHANCES, chances, strict=True))


def _values(rows: pl.DataFrame, rules: StakeRules) -> list[pl.Series]:
    """The side worth more: its price, fair price, edge with interval, expected value, and the stake if it is earned."""
    p_over, p_under, p_push = (rows[name].to_numpy() for name in CHANCES)
    over, under = _prices(rows, rules)
    ev_over, ev_under = expected_value(p_over, p_push, over), expected_value(p_under, p_push, under)
    takes_over = np.isnan(ev_under) | (ev_over >= ev_under)
    p, decimal = np.where(takes_over, p_over, p_under), np.where(takes_over, over, under)
    with np.errstate(divide="ignore", invalid="ignore"):
        decided, fair = p / (1 - p_push), (1 - p_push) / p
    error = _errors(rows, rules)
    side = pl.Series("side", np.where(takes_over, "over", "under")).to_frame().with_columns(pl.Series("price", decimal))
    return [
        side.select(pl.when(pl.col("price").is_not_nan()).then("side").alias("side"))["side"],
        side["price"],
        pl.Series("fair_price", np.where(fair <= LONGEST_FAIR_PRICE, fair, np.nan)),
        pl.Series("edge", decided - break_even(decimal)),
        pl.Series("edge_low", np.maximum(decided - error, 0) - break_even(decimal)),
        pl.Series("edge_high", np.minimum(decided + error, 1) - break_even(decimal)),
        pl.Series("expected_value", np.where(takes_over, ev_over, ev_under)),
        pl.Series("kelly", kelly(p, p_push, decimal, rules.kelly_fraction)),
    ]


def _prices(rows: pl.DataFrame, rules: StakeRules) -> tuple[Floats, Floats]:
    """Decimal odds of both sides, NaN where not offered; a pick'em leg pays what its book's table makes break even."""
    table = {book: 1 / share for book, share in rules.pickem_break_even.items()}
    leg = pl.col("book").replace_strict(table, default=None, return_dtype=pl.Float64)
    pickem = pl.col("over_decimal").is_null() & pl.col("under_decimal").is_null()
    sides = rows.select(
        pl.when(pickem).then(leg).otherwise(pl.col(name)).cast(pl.Float64).fill_null(np.nan).alias(name)
        for name in ("over_decimal", "under_decimal")
    )
    return sides["over_decimal"].to_numpy(), sides["under_decimal"].to_numpy()


def _errors(rows: pl.DataFrame, rules: StakeRules) -> Floats:
    """Half-widths of the intervals; NaN off the market's line, where none was measured."""
    error = pl.col("system").replace_strict(rules.edge_error, default=None, return_dtype=pl.Float64)
    return rows.select(pl.when(~_is_alternate()).then(error).fill_null(np.nan)).to_series().to_numpy()


def _is_alternate() -> pl.Expr:
    """Whether the quote is off the market's line, or the market has none."""
    return pl.col("half_points").ne_missing(pl.col("market_half_points"))


def _judged(rows: pl.DataFrame, rules: StakeRules) -> pl.DataFrame:
    """Recommendation, reason and stake; the first reason that applies is told."""
    verdict = pl.col("market").replace_strict(rules.verdicts, default=None, return_dtype=pl.String)
    reasons = (
        ("no_line", pl.col("half_points").is_null()),
        ("no_price", pl.col("price").is_null()),
        (SUSPECT, pl.col("suspect")),
        ("bad_quality", pl.col("quality").is_null() | (pl.col("quality") < LEAST_QUALITY)),
        ("stale_quote", pl.col("captured_at") < pl.col("status_changed_at")),
        ("no_edge", pl.col("expected_value") <= 0),
        ("alternate_line", _is_alternate()),
        ("not_stake_system", pl.col("system") != rules.stake_system),
        ("unproven", verdict.ne_missing("PASS") | pl.col("edge_low").is_null()),
        ("edge_within_error", pl.col("edge_low") <= 0),
    )
    reason = pl.lit(EARNED)
    for name, applies in reversed(reasons):
        reason = pl.when(applies).then(pl.lit(name)).otherwise(reason)
    earned = pl.col("reason") == EARNED
    return rows.with_columns(reason=pl.coalesce("skipped", reason)).with_columns(
        recommendation=pl.when(earned)
        .then(pl.col("side").str.to_uppercase())
        .when(pl.col("reason").is_in(("no_line", "no_price")))
        .then(pl.col("reason").str.to_uppercase())
        .otherwise(pl.lit("PASS")),
        stake=pl.when(earned).then("kelly").otherwise(0.0),
    )
