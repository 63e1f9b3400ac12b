"""Grading: predictions against results, once per revision of what is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from fairline.domain.errors import NotFound
from fairline.domain.ragged import batch_of
from fairline.domain.settle import Outcome, outcomes
from fairline.grade.performance import performance
from fairline.grade.results import CLOSE_OF, Results, results_of, statement
from fairline.grade.schema import FACT, PREDICTION_ACCURACY, SYSTEM_DAILY_PERFORMANCE
from fairline.platform.warehouse import WriteCount
from fairline.predict.schema import KEY

if TYPE_CHECKING:
    from fairline.platform.warehouse import Warehouse

SIGNIFICANT_DIGITS = 9
TOLD = ("actual", "outcome", "is_bet", "profit", "clv", "crps")
"""What a grade says; another value of one of them is a revision."""

_KEY = [column.name for column in KEY]
_ACTUAL_OF = ["game_id", "player_id", "market"]


@dataclass(frozen=True, slots=True)
class Graded:
    """One date's grades as of a moment, and what was written of them.

    rows: of PREDICTION_ACCURACY, one per prediction. performance: rows of SYSTEM_DAILY_PERFORMANCE.
    """

    day: date
    rows: pl.DataFrame
    performance: pl.DataFrame
    written: WriteCount


def grade(warehouse: Warehouse, day: date, now: datetime) -> Graded:
    """Grade every prediction of a date by what is known at `now`, and each system by the last run before tip-off.

    Running it again writes nothing; a result that changed is written as a revision.
    Raises NotFound when nothing was predicted.
    """
    predictions = warehouse.query(statement("predicted"), {"day": day})
    if predictions.is_empty():
        message = f"No prediction of {day} is held, so there is nothing to grade."
        raise NotFound(message, hint=f"`fairline run --date {day}` prices the slate.")
    forecasts = warehouse.query(
        "SELECT batch_id, game_id, player_id, market, system, pmf FROM predictions.player_prop_forecasts"
        " WHERE game_date = $day AND pmf IS NOT NULL ORDER BY ALL",
        {"day": day},
    )
    rows = graded(predictions, forecasts, results_of(warehouse, day, now))
    with warehouse.transaction():
        new = _new_statements(rows, _held(warehouse, day), now)
        warehouse.upsert(PREDICTION_ACCURACY, new)
        summary = performance(rows, warehouse.query(statement("news"), {"first": day, "last": day}))
        _replace_day(warehouse, day, summary)
    return Graded(day, rows, summary, WriteCount(rows.height, new.height, rows.height - new.height))


def graded(predictions: pl.DataFrame, forecasts: pl.DataFrame, results: Results) -> pl.DataFrame:
    """Rows of PREDICTION_ACCURACY. predictions: as `predicted.sql` gives them; forecasts: KEY and pmf."""
    counted = results.actuals.with_columns(played=pl.lit(value=True))
    rows = predictions.join(results.games, on="game_id", how="left").join(counted, on=_ACTUAL_OF, how="left")
    rows = rows.join(results.closes, on=CLOSE_OF, how="left")
    rows = rows.join(_scores(forecasts, results.actuals), on=_KEY, how="left")
    settled = rows.with_columns(outcome=_outcomes(rows)).with_columns(
        outcome=pl.when(pl.col("book") != "").then("outcome"),
        known_at=pl.coalesce("known_at", "cutoff"),
        is_bet=(pl.col("price").is_not_null() & pl.col("line_source").is_not_null())
        & (pl.col("captured_at") < pl.col("tip_at")).fill_null(value=False),
        absolute_error=(pl.col("mean") - pl.col("actual")).abs(),
        line_error=(pl.col("market_half_points") / 2 - pl.col("actual")).abs(),
    )
    return (
        settled.with_columns(_profit().alias("profit"), _closing_line_value().alias("clv"))
        .with_columns(pl.col(pl.Float64).round_sig_figs(SIGNIFICANT_DIGITS))
        .select(PREDICTION_ACCURACY.column_names)
        .sort(FACT)
    )


def _outcomes(rows: pl.DataFrame) -> pl.Series:
    """How a bet on each row's line ended. A statistic the box score lacks is a result not held, not a player absent."""
    lacking = pl.col("played").fill_null(value=False) & pl.col("actual").is_null()
    state = rows.select(
        "game_final", "postponed", actual=pl.col("actual").cast(pl.Float64).fill_null(np.nan),
        results_held=pl.col("box_held") & ~lacking,
    )  # fmt: skip
    ended = outcomes(
        state["actual"].to_numpy(),
        rows["half_points"].to_numpy(),
        game_final=state["game_final"].to_numpy(),
        postponed=state["postponed"].to_numpy(),
        results_held=state["results_held"].to_numpy(),
    )
    return pl.Series(ended.astype(object), dtype=pl.String)


def _scores(forecasts: pl.DataFrame, actuals: pl.DataFrame) -> pl.DataFrame:
    """CRPS and log score of each distribution whose count is known."""
    known = forecasts.join(actuals.drop_nulls("actual"), on=_ACTUAL_OF)
    if known.is_empty():
        return known.select(_KEY).with_columns(crps=pl.lit(None, pl.Float64), log_score=pl.lit(None, pl.Float64))
    lengths = known["pmf"].list.len().cast(pl.Int64).to_numpy()
    pmf = batch_of(known["pmf"].explode().to_numpy(), lengths)
    actual = known["actual"].to_numpy()
    # The last count of a stored distribution stands for itself and all above it.
    log_score = pmf.log_score(np.minimum(actual, lengths - 1))
    return known.select(_KEY).with_columns(crps=pl.Series(pmf.crps(actual)), log_score=pl.Series(log_score))


def _profit() -> pl.Expr:
    """Of one unit on the side, where it is a bet."""
    ended = pl.col("outcome")
    decided = ended.is_in((Outcome.OVER.value, Outcome.UNDER.value))
    won = pl.when(ended == pl.col("side")).then(pl.col("price") - 1).otherwise(-1.0)
    profit = pl.when(decided).then(won).when(ended != Outcome.UNGRADED.value).then(0.0)
    return pl.when("is_bet").then(profit)


def _closing_line_value() -> pl.Expr:
    p = pl.when(pl.col("side") == "over").then("close_p_over").otherwise(1 - pl.col("close_p_over"))
    return pl.when("is_bet").then(pl.col("price") * p - 1)


def _held(warehouse: Warehouse, day: date) -> pl.DataFrame:
    """The latest grade of each prediction of a date."""
    return warehouse.query(
        f"SELECT {', '.join((*FACT, 'known_at', *TOLD))} FROM predictions.prediction_accuracy WHERE game_date = $day"  # noqa: S608 - names of columns
        f" QUALIFY row_number() OVER (PARTITION BY {', '.join(FACT)} ORDER BY known_at DESC) = 1",
        {"day": day},
    )


def _new_statements(rows: pl.DataFrame, held: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """The grades that say something the held ones do not; an older view of the results says nothing new."""
    beside = rows.join(held, on=FACT, how="left", suffix="_held", nulls_equal=True)
    changed = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_held")) for name in TOLD)
    first = pl.col("known_at_held").is_null()
    news = changed & (pl.col("known_at") >= pl.col("known_at_held"))
    # What was graded stands. Where the sources do not say when they changed, the change is known from now. A row that
    # was not graded yet gives way.
    unsaid = (pl.col("known_at") == pl.col("known_at_held")) & (pl.col("outcome_held") != Outcome.UNGRADED.value)
    told = beside.filter(first | news).with_columns(
        known_at=pl.when(unsaid.fill_null(value=False))
        .then(pl.lit(now).cast(rows.schema["known_at"]))
        .otherwise("known_at")
    )
    return told.select(rows.columns)


def _replace_day(warehouse: Warehouse, day: date, summary: pl.DataFrame) -> None:
    """Make the date's performance these rows."""
    with warehouse.frame("summary", summary.select(SYSTEM_DAILY_PERFORMANCE.key)):
        warehouse.execute(
            "DELETE FROM predictions.system_daily_performance AS held WHERE game_date = $day AND NOT EXISTS ("
            "SELECT 1 FROM summary WHERE summary.system = held.system AND summary.slice_by = held.slice_by"
            " AND summary.slice = held.slice)",
            {"day": day},
        )
    warehouse.upsert(SYSTEM_DAILY_PERFORMANCE, summary)
