"""What a day's grades say of each system: counted over quotes, picked over best quotes, scored over distributions."""

from __future__ import annotations

import polars as pl

from fairline.domain.settle import COVERED, Outcome
from fairline.grade.schema import OUTCOMES, SYSTEM_DAILY_PERFORMANCE
from fairline.predict.schema import KEY

BAND, LAST_BAND = 5, 25
"""Width of the bands of lines, and the lower bound of the last, in the market's unit."""

SIGNIFICANT_DIGITS = 9
_KEY = [column.name for column in KEY]
_READ = [
    "game_date", *_KEY, "book", "half_points", "side", "outcome", "recommendation", "is_best", "is_bet", "profit",
    "clv", "absolute_error", "line_error", "crps", "log_score",
]  # fmt: skip
"""What a summary is made of."""
_DECIDED = (Outcome.OVER.value, Outcome.UNDER.value)


def last_before_tip(rows: pl.DataFrame) -> pl.DataFrame:
    """Of each game and market the rows of the last slate run before tip-off; what was run later is hindsight."""
    # A cutoff at tip-off itself still read nothing later.
    in_time = rows.filter(pl.col("cutoff") <= pl.col("tip_at"))
    last = pl.struct("cutoff", "batch_id").rank("dense", descending=True).over("game_id", "market") == 1
    return in_time.filter(last)


def performance(rows: pl.DataFrame, under_news: pl.DataFrame | None = None) -> pl.DataFrame:
    """Rows of SYSTEM_DAILY_PERFORMANCE: over all, by market, band of the market's line, quality tier, book and news.

    rows: PREDICTION_ACCURACY of one or more dates, one revision of each prediction. under_news: as `news.sql` tells
    which were made under the user's own news.
    """
    counted = marked(last_before_tip(rows), under_news)
    slices = {
        "all": pl.lit("all"),
        "market": pl.col("market"),
        "tier": pl.concat_str("market", pl.lit(" "), _line_band()),
        "quality": pl.col("quality"),
        "book": pl.when(pl.col("book") != "").then("book"),
        "news": _by_news(),
    }
    each = [counted.select(_READ, slice_by=pl.lit(by), slice=value).drop_nulls("slice") for by, value in slices.items()]
    return (
        _summary(pl.concat(each))
        .with_columns(pl.col(pl.Float64).round_sig_figs(SIGNIFICANT_DIGITS), pl.col(pl.UInt32).cast(pl.Int32))
        .select(SYSTEM_DAILY_PERFORMANCE.column_names)
        .sort(SYSTEM_DAILY_PERFORMANCE.key)
    )


def marked(rows: pl.DataFrame, under_news: pl.DataFrame | None) -> pl.DataFrame:
    """The rows with `news`: the ids of the user's news that a prediction was made under, null without."""
    if under_news is None:
        return rows.with_columns(news=pl.lit(None, pl.String))
    return rows.join(under_news, on=["batch_id", "game_id", "player_id"], how="left", maintain_order="left")


def _by_news() -> pl.Expr:
    """Under or without the user's news; on a date without any it splits nothing."""
    under = pl.col("news").is_not_null()
    return pl.when(under.any().over("game_date")).then(
        pl.when(under).then(pl.lit("under")).otherwise(pl.lit("without"))
    )


def _line_band() -> pl.Expr:
    """The market's line in bands of five: 0-5, 5-10 ... 25 and over; the lower bound belongs to the band."""
    low = pl.min_horizontal(pl.col("market_half_points") // (2 * BAND) * BAND, LAST_BAND)
    band = pl.concat_str(low, pl.lit("-"), low + BAND)
    return pl.when(low == LAST_BAND).then(pl.lit(f"{LAST_BAND} and over")).otherwise(band)


def _summary(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per date, system and slice. rows: those of each slice, under one another."""
    by = ["game_date", "system", "slice_by", "slice"]
    # A distribution stands on a row per quote, and counts once.
    once = pl.struct("slice_by", "slice", *_KEY).is_first_distinct() & pl.col("absolute_error").is_not_null()
    pick = pl.col("is_best") & pl.col("is_bet") & pl.col("outcome").is_in(_DECIDED).fill_null(value=False)
    marked = rows.sort(*by, *_KEY, "book", "half_points").with_columns(once=once, pick=pick)
    sums = marked.group_by(by, maintain_order=True).agg(*_counts(), *_picks(), *_scores())
    covered = pl.sum_horizontal(outcome.value for outcome in Outcome if outcome in COVERED)
    return sums.with_columns(
        coverage=pl.when(pl.col("expected") > 0).then(covered / pl.col("expected")),
        hit_rate=pl.when(pl.col("picks") > 0).then(pl.col("hits") / pl.col("picks")),
        roi=pl.when(pl.col("picks") > 0).then(pl.col("picks_profit") / pl.col("picks")),
    )


def _counts() -> list[pl.Expr]:
    expected = (pl.col("book") != "").sum().alias("expected")
    return [expected, *((pl.col("outcome") == outcome).sum().alias(outcome) for outcome in OUTCOMES)]


def _picks() -> list[pl.Expr]:
    bet = pl.col("pick") & pl.col("recommendation").is_in(("OVER", "UNDER"))
    close = pl.col("pick") & pl.col("clv").is_not_null()
    return [
        pl.col("pick").sum().alias("picks"),
        (pl.col("pick") & (pl.col("outcome") == pl.col("side"))).sum().alias("hits"),
        pl.col("profit").filter("pick").sum().alias("picks_profit"),
        bet.sum().alias("bets"),
        pl.col("profit").filter(bet).sum().alias("bets_profit"),
        close.sum().alias("closes"),
        pl.col("clv").filter(close).mean().alias("clv"),
    ]


def _scores() -> list[pl.Expr]:
    lined = pl.col("once") & pl.col("line_error").is_not_null()
    return [
        pl.col("once").sum().alias("forecasts"),
        lined.sum().alias("lined"),
        pl.col("absolute_error").filter(lined).mean().alias("mae"),
        pl.col("line_error").filter(lined).mean().alias("line_mae"),
        pl.col("crps").filter("once").mean().alias("crps"),
        pl.col("log_score").filter("once").mean().alias("log_score"),
    ]
