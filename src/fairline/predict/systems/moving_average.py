"""Half the last five games, three tenths the last ten, two tenths the season: the form a person would quote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairline.predict.systems.centre import Centres, DeclaredCentre, average, explained

if TYPE_CHECKING:
    import polars as pl

WEIGHTS = {"last_5": 0.5, "last_10": 0.3, "season": 0.2}


def blended(market: str) -> pl.Expr:
    """The weighted means; null when any is."""
    import polars as pl

    return pl.sum_horizontal([w * average(market, window) for window, w in WEIGHTS.items()], ignore_nulls=False)


class MovingAverage(DeclaredCentre):
    """The platform's oldest system, kept as a yardstick."""

    name = "moving_average"

    def centres(self, rows: pl.DataFrame) -> Centres:
        """The blended average of each row."""
        mean = rows.select(blended(self.market).cast(float).alias("mean"))["mean"]
        return explained(mean.fill_null(float("nan")).to_numpy(), "no_recent_games")
