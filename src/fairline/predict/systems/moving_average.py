"""Half the last five games, three tenths the last ten, two tenths the season: the form a person would quote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from fairline.predict.systems.centre import Centre, Centres, average, explained

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

WEIGHTS = {"last_5": 0.5, "last_10": 0.3, "season": 0.2}


def blended(market: str) -> pl.Expr:
    """The weighted means; null when any is."""
    import polars as pl

    return pl.sum_horizontal([w * average(market, window) for window, w in WEIGHTS.items()], ignore_nulls=False)


class MovingAverage(Centre):
    """The platform's oldest system, kept as a yardstick."""

    name = "moving_average"

    def fit(self, past: pl.DataFrame) -> None:
        """Nothing to learn: the weights are declared."""

    def centres(self, rows: pl.DataFrame) -> Centres:
        """The blended average of each row."""
        mean = rows.select(blended(self.market).cast(float).alias("mean"))["mean"]
        return explained(mean.fill_null(float("nan")).to_numpy(), "no_recent_games")

    def parts(self) -> dict[str, bytes]:
        """Nothing was learned."""
        return {}

    @classmethod
    def from_parts(cls, market: str, features: Sequence[str], parts: dict[str, bytes]) -> Self:
        """The same system."""
        del parts
        return cls(market, features)
