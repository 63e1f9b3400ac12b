"""What betting on the forecasts would have done: shown with intervals, never deciding.

A pick is the likelier side of a main line; a bet is one unit on the side with the higher expected value at the best
price, where that is above zero. Prices suspect of belonging to another line are not among them (`features.market`).
"""

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from fairline.domain.settle import Outcome
from fairline.domain.stake import expected_value
from fairline.evaluate.intervals import bootstrap_mean, bootstrap_path, sum_by_date
from fairline.evaluate.verdicts import judge

Floats = NDArray[np.float64]

_SIDES = (Outcome.OVER.value, Outcome.UNDER.value)


def hit_rate(scored: pl.DataFrame) -> dict[str, Any]:
    """Share of picks that were right: {n, mean, low, high}, and `market`, the same of the market's favourites.

    A push is no pick decided, and a forecast of exactly one half picks nothing.
    """
    return {"n": picked(scored).height, **_share_right(scored, "p_over_no_push"), "market": _favourites(scored)}


def picked(scored: pl.DataFrame, p: str = "p_over_no_push") -> pl.DataFrame:
    """The decided rows on which this P(over) takes a side, with `takes_over`."""
    return scored.filter(pl.col("outcome").is_in(_SIDES), pl.col(p) != 0.5).with_columns(takes_over=pl.col(p) > 0.5)


def _share_right(scored: pl.DataFrame, p: str) -> dict[str, float | None]:
    picks = picked(scored, p)
    right = picks["takes_over"] == (picks["outcome"] == Outcome.OVER.value)
    return bootstrap_mean(right.cast(pl.Float64).to_numpy(), picks["game_date"].to_numpy())._asdict()


def _favourites(scored: pl.DataFrame) -> float | None:
    return _share_right(picked(scored), "market_p_over")["mean"]


def closing_line_value(scored: pl.DataFrame) -> dict[str, Any]:
    """How far the market's probability moved towards the picks by the close: {n, dates, mean, low, high, verdict}.

    In probability: 0.01 is one point in a hundred. n counts the picks that have a close.
    """
    picks = picked(scored).drop_nulls(["close_p_over", "market_p_over"])
    moved = pl.col("close_p_over") - pl.col("market_p_over")
    towards = picks.select(pl.when("takes_over").then(moved).otherwise(-moved)).to_series()
    value = bootstrap_mean(towards.to_numpy(), picks["game_date"].to_numpy())
    n, dates = picks.height, picks["game_date"].n_unique()
    verdict = judge(value, n, dates, lower_is_better=False).value
    return {"n": n, "dates": dates, **value._asdict(), "verdict": verdict}


def bets(scored: pl.DataFrame) -> pl.DataFrame:
    """The rows on which one unit is bet, with `side`, `profit` and `next_profit` (null when the price had gone)."""
    p_over, p_push, over, under = (
        scored[name].to_numpy() for name in ("p_over", "p_push", "best_decimal_over", "best_decimal_under")
    )
    # A side without a price is worth less than any other.
    value_over = np.nan_to_num(expected_value(p_over, p_push, over), nan=-np.inf)
    value_under = np.nan_to_num(expected_value(1 - p_over - p_push, p_push, under), nan=-np.inf)
    sides = np.where(value_over >= value_under, *_SIDES)
    return (
        scored.with_columns(side=pl.Series(sides), value=pl.Series(np.maximum(value_over, value_under)))
        .filter(pl.col("value") > 0)
        .with_columns(profit=_profit("best_decimal"), next_profit=_profit("next_decimal"))
    )


def _profit(price: str) -> pl.Expr:
    """Profit of one unit at this kind of price on the side bet; a push returns the stake."""
    over = pl.col("side") == Outcome.OVER.value
    decimal = pl.when(over).then(pl.col(f"{price}_over")).otherwise(pl.col(f"{price}_under"))
    won, push = pl.col("outcome") == pl.col("side"), pl.col("outcome") == Outcome.PUSH.value
    # Minus one plus what is paid back: null without a price, whatever the outcome.
    return pl.when(push).then(decimal * 0).when(won).then(decimal - 1).otherwise(decimal * 0 - 1)


def equity(scored: pl.DataFrame) -> dict[str, Any]:
    """Flat one-unit bets: {bets, profit, roi {mean, low, high}, curve}; the curve has one point per date with prices.

    low and high of the curve hold the middle 95 % of what the same nights, drawn anew, would have made.
    """
    priced = scored.filter(
        pl.col("half_points").is_not_null(),
        pl.any_horizontal(pl.col("best_decimal_over", "best_decimal_under").is_not_null()),
    )
    placed = bets(priced)
    profit, dates = placed["profit"].to_numpy(), placed["game_date"].to_numpy()
    # A night without a bet is a night on which nothing was won.
    nights = np.unique(priced["game_date"].to_numpy())
    daily = sum_by_date(np.concatenate([np.zeros(nights.size), profit]), np.concatenate([nights, dates]))
    return {
        "bets": placed.height,
        "profit": float(profit.sum()) if placed.height else None,
        "roi": bootstrap_mean(profit, dates)._asdict(),
        "curve": _curve(priced["game_date"].unique().sort(), daily) if placed.height else [],
    }


def _curve(nights: pl.Series, daily: Floats) -> list[dict[str, Any]]:
    band = bootstrap_path(daily)
    low, high = (None, None) if band is None else band
    columns = {"game_date": nights.cast(pl.String), "profit": np.cumsum(daily), "low": low, "high": high}
    return pl.DataFrame(columns).to_dicts()


def takeable(scored: pl.DataFrame) -> dict[str, Any]:
    """How many quotes were still there at the next capture, and the bets at that later price: {n, share, roi}."""
    known = scored["takeable"].drop_nulls()
    later = bets(scored.drop_nulls("half_points")).drop_nulls("next_profit")
    roi = bootstrap_mean(later["next_profit"].to_numpy(), later["game_date"].to_numpy())
    share = known.cast(pl.Float64).mean()
    return {"n": known.len(), "share": share, "bets": later.height, "roi": roi._asdict()}
