"""Scored rows summed up: everything `report.json` holds, per market and system.

`mae` is of the median, the point that minimises the expected absolute error; `mae_mean` is of the mean. Both stand
beside the line's on the same rows: those with a line. `everyone` tells of all rows, a line or none.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any

import numpy as np
import polars as pl

from fairline.domain.markets import Market
from fairline.domain.settle import Outcome
from fairline.evaluate import groups
from fairline.evaluate.betting import closing_line_value, equity, hit_rate, takeable
from fairline.evaluate.calibration import calibration_slope, equal_count_bins, pit_counts
from fairline.evaluate.contract import checked_scores
from fairline.evaluate.intervals import bootstrap_mean
from fairline.evaluate.schema import REPORT_VERSION
from fairline.evaluate.scores import LEVELS
from fairline.evaluate.verdicts import Verdict, hit_rate_tripwire, judge, mae_tripwire

Summary = dict[str, Any]
"""JSON with the shape of report.schema.json; numbers have 9 significant digits, what could not be judged is None."""

CLOSE_MINUTES = 30
"""A quote captured at most this long before tip-off is a close."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """How the forecasts were made, in words for the reader."""

    cutoff_rule: str
    """What was known to a forecast: "the latest capture before tip-off"."""
    refit: str
    """How often systems were fitted anew, and on what: "weekly, on all games known by then"."""
    tip_off: str
    """Which tip-off ended the quotes: "actual where known, else scheduled + 10 min"."""
    note: str = ""
    """Anything the reader must know first, shown at the top."""
    hindsight: str = ""
    """What was read that could be known only afterwards: "who played". Then these are no forecasts, and no verdict is
    given but HINDSIGHT."""


def summarise(scored: pl.DataFrame, *, conditions: Conditions, leak_check: Mapping[str, Any]) -> Summary:
    """What `report.json` holds.

    scored: rows from `scores.score`, of any markets and systems, in any order; a system is compared with the market on
    its own rows. leak_check: what was done to look for leaks and what it found, as JSON; it is repeated in each
    result, so that none is read without it, and a `passed` of False heads the page.
    Raises BrokenContract when rows were not scored, or are there twice.
    """
    scored = checked_scores(scored)
    markets: Summary = {}
    for (market, system), rows in scored.group_by("market", "system", maintain_order=True):
        result = _result(rows, Market(str(market))) | {"leak_check": dict(leak_check)}
        if conditions.hindsight:
            result["verdict"] = result["clv"]["verdict"] = Verdict.HINDSIGHT.value
        markets.setdefault(str(market), {})[str(system)] = result
    in_order = {market.value: dict(sorted(markets[market].items())) for market in Market if market in markets}
    summary: Summary = _rounded(
        {
            "version": REPORT_VERSION,
            "evaluated": _evaluated(scored) | asdict(conditions),
            "leak_check": dict(leak_check),
            "markets": in_order,
        }
    )
    return summary


def _evaluated(scored: pl.DataFrame) -> Summary:
    return {
        "from": _text(scored["game_date"].min()),
        "to": _text(scored["game_date"].max()),
        "dates": scored["game_date"].n_unique(),
        "games": scored["game_id"].n_unique(),
        "players": scored["player_id"].n_unique(),
        "events": scored.n_unique(["game_id", "player_id", "market"]),
        "rows": scored.height,
        "median_quote_age_minutes": scored["quote_age_minutes"].median(),
    }


def _text(day: object) -> str | None:
    return None if day is None else str(day)


def _result(rows: pl.DataFrame, market: Market) -> Summary:
    """Everything about one system in one market."""
    lined = rows.drop_nulls("half_points")
    errors, hits = _errors(lined) | _beside_line(lined), hit_rate(lined)
    tripwires = (
        hit_rate_tripwire(hits["mean"], hits["n"], hits["market"]),
        mae_tripwire(errors["mae"], errors["line_mae"], errors["priced_line_mae"]),
    )
    return {
        **errors,
        **_distributions(lined),
        **_against_market(lined),
        **_calibration(lined),
        "tripwires": [text for text in tripwires if text is not None],
        "outcomes": {side.value: lined.filter(outcome=side.value).height for side in _ENDINGS},
        "hit_rate": hits,
        "clv": closing_line_value(lined),
        "equity": equity(lined),
        "takeable": takeable(lined),
        "quotes": _quotes(lined),
        "by_tier": _by(lined, groups.tier_of_line(market), "tier"),
        "by_role": _by(lined, groups.role(), "role"),
        "everyone": _errors(rows) | _distributions(rows),
    }


_ENDINGS = (Outcome.OVER, Outcome.UNDER, Outcome.PUSH)


def _errors(rows: pl.DataFrame) -> Summary:
    """Of the middle of the forecasts."""
    means = rows.select(
        mae=pl.col("absolute_error").mean(),
        mae_mean=pl.col("absolute_error_mean").mean(),
        rmse=(pl.col("absolute_error_mean") ** 2).mean().sqrt(),
        bias=(pl.col("mean") - pl.col("actual")).mean(),
    )
    return {"n": rows.height, "dates": rows["game_date"].n_unique(), **means.row(0, named=True)}


def _beside_line(lined: pl.DataFrame) -> Summary:
    """The line's errors on the same rows, and ours less the line's."""
    means = lined.select(
        line_mae=pl.col("line_error").mean(),
        line_rmse=(pl.col("line_error") ** 2).mean().sqrt(),
        priced_line_mae=pl.col("priced_line_error").mean(),
        # The line is priced near even, so it is a median: a mean would differ from it by the skew alone.
        bias_against_line=(pl.col("median") - pl.col("half_points") / 2).mean(),
    )
    difference = (lined["absolute_error"] - lined["line_error"]).to_numpy()
    against = bootstrap_mean(difference, lined["game_date"].to_numpy())
    return {**means.row(0, named=True), "mae_minus_line": against._asdict()}


def _distributions(rows: pl.DataFrame) -> Summary:
    regulars = rows.filter(pl.col("role") >= groups.REGULAR_MINUTES)
    return {
        "crps": rows["crps"].mean(),
        "crps_regulars": {"n": regulars.height, "mean": regulars["crps"].mean()},
        "log_score": rows["log_score"].mean(),
        # One such forecast makes the mean log score infinite, which JSON and the reader get as null.
        "impossible": int(rows["log_score"].is_infinite().sum()),
        "coverage": {str(level): rows[f"inside_{level}"].mean() for level in LEVELS},
        "pit": pit_counts(rows["pit"].to_numpy()),
    }


def _against_market(lined: pl.DataFrame) -> Summary:
    """The paired comparison: rows that did not push and on which both have a probability."""
    paired = lined.drop_nulls(["log_loss", "market_log_loss"])
    scores = ("log_loss", "market_log_loss", "brier", "market_brier")
    difference = (paired["log_loss"] - paired["market_log_loss"]).to_numpy()
    delta = bootstrap_mean(difference, paired["game_date"].to_numpy())
    n, dates = paired.height, paired["game_date"].n_unique()
    return {
        **{name: paired[name].mean() for name in scores},
        "delta_log_loss": {**delta._asdict(), "n": n, "dates": dates},
        "verdict": judge(delta, n, dates).value,
    }


def _calibration(lined: pl.DataFrame) -> Summary:
    """Of our chances, and the market's error on the rows that have both."""
    ours = lined.drop_nulls("log_loss")
    p, won = ours["p_over_no_push"].to_numpy(), (ours["outcome"] == Outcome.OVER.value).to_numpy()
    bins = equal_count_bins(p, won)
    theirs = ours.drop_nulls("market_log_loss")
    market = equal_count_bins(theirs["market_p_over"].to_numpy(), (theirs["outcome"] == Outcome.OVER.value).to_numpy())
    slope = calibration_slope(p, won, ours["game_date"].to_numpy())
    return {
        "ece": bins.expected_calibration_error(),
        "ece_floor": bins.floor(),
        "market_ece": market.expected_calibration_error(),
        "slope": slope.mean,
        "slope_interval": {"low": slope.low, "high": slope.high},
        "calibration": pl.DataFrame(bins._asdict()).to_dicts(),
    }


def _quotes(lined: pl.DataFrame) -> Summary:
    age = lined["quote_age_minutes"].drop_nulls()
    return {
        "n": age.len(),
        "median_age_minutes": age.median(),
        "closes": (age <= CLOSE_MINUTES).cast(pl.Float64).mean(),
    }


def _by(lined: pl.DataFrame, key: pl.Expr, name: str) -> list[Summary]:
    """The main numbers for each group of rows, in the order of the groups."""
    parted = lined.with_columns(key.alias("_group")).sort("_group", maintain_order=True)
    return [
        {
            name: str(group),
            **_errors(rows),
            **_beside_line(rows),
            "crps": rows["crps"].mean(),
            "coverage_80": rows["inside_80"].mean(),
            "delta_log_loss": _against_market(rows)["delta_log_loss"],
        }
        for (group,), rows in parted.group_by("_group", maintain_order=True)
    ]


def _rounded(value: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """JSON with numbers of 9 significant digits; what is not finite becomes None."""
    if isinstance(value, Mapping):
        return {key: _rounded(held) for key, held in value.items()}
    if isinstance(value, list):
        return [_rounded(held) for held in value]
    if isinstance(value, float | np.floating):
        return float(f"{value:.9g}") if isfinite(value) else None
    return value
