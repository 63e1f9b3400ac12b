"""What became of a quote after the cutoff: whether the next capture still had it, and the close. Never an input."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from fairline.domain.consensus import expit, logit
from fairline.domain.devig import devig_over
from fairline.evaluate.summary import CLOSE_MINUTES
from fairline.features.market import PLAYER, suspects

if TYPE_CHECKING:
    import polars as pl

    from fairline.platform.warehouse import Warehouse


def later_quotes(warehouse: Warehouse, judged: pl.DataFrame, market: str) -> pl.DataFrame:
    """Per player: takeable, next_decimal_over, next_decimal_under, close_p_over.

    judged: game_id, player_id, cutoff, half_points, next_capture_at, tip_off_at. takeable: some book still quoted the
    line at the game's next capture; null without one. close_p_over: log-odds mean over the books' last quotes of this
    line after the cutoff and at most CLOSE_MINUTES before tip-off, after power de-vig; null without any. A suspect
    quote is none.
    """
    import polars as pl

    query = files("fairline.evaluate").joinpath("later.sql").read_text()
    with warehouse.frame("judged", judged):
        quotes = warehouse.query(query, {"market": market, "close_minutes": CLOSE_MINUTES})
    quotes = quotes.with_columns(pl.col(when) & ~suspects(quotes, when) for when in ("of_next_capture", "at_close"))
    fair = devig_over(quotes["over_decimal"].to_numpy(), quotes["under_decimal"].to_numpy(), method="power")
    seen = (
        quotes.with_columns(pl.Series("log_odds", logit(fair), dtype=pl.Float64))
        .group_by(PLAYER)
        .agg(
            pl.col("of_next_capture").any(),
            pl.col("over_decimal").filter("of_next_capture").max().alias("next_decimal_over"),
            pl.col("under_decimal").filter("of_next_capture").max().alias("next_decimal_under"),
            pl.col("log_odds").filter("at_close").mean(),
        )
    )
    told = judged.join(seen, on=PLAYER, how="left", maintain_order="left")
    close = pl.Series("close_p_over", expit(told["log_odds"].fill_null(float("nan")).to_numpy())).fill_nan(None)
    still_there = pl.col("of_next_capture").fill_null(value=False)
    return told.with_columns(close, takeable=pl.when(pl.col("next_capture_at").is_not_null()).then(still_there)).select(
        *PLAYER, "takeable", "next_decimal_over", "next_decimal_under", "close_p_over"
    )
