"""The walk-forward backtest of a market: windows, forecasts, scores. What `fairline backtest` reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairline.evaluate import walkforward
from fairline.evaluate.scores import score
from fairline.predict.systems import CENTRES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    import polars as pl

    from fairline.evaluate.walkforward import Material, Means, Window
    from fairline.platform.objects import Objects
    from fairline.predict.forecasting import Forecast


def windows(material: Material, first: date, last: date, refit_days: int) -> tuple[list[Window], list[Window]]:
    """(those before, which only teach; those judged)."""
    return walkforward.warm_up(material, first), walkforward.weekly(first, last, refit_days)


def replay(
    material: Material, before: Sequence[Window], judged: Sequence[Window], cache: Objects, told: Callable[[str], None]
) -> pl.DataFrame:
    """Scored rows of every judged window and system. `told` hears of each window as it is done."""
    import polars as pl

    earlier: list[Means] = []
    scored: list[pl.DataFrame] = []
    for window in [*before, *judged]:
        said = walkforward.means(material, window, cache)
        if said is not None and window in judged and said.quoted.height:
            scored += _scored(material.market, said, earlier)
        if said is not None:
            earlier.append(said)
        told(f"{material.market} {window.first} to {window.last}")
    return pl.concat(scored) if scored else pl.DataFrame()


def _scored(market: str, said: Means, earlier: Sequence[Means]) -> Iterator[pl.DataFrame]:
    """One window forecast with what the windows before it taught."""
    import polars as pl

    rows = said.quoted
    model = walkforward.learned(market, {}, earlier, season=rows["season"].item(0))
    centres = {name: rows[f"mean_{name}"].to_numpy() for name in CENTRES if name in model.spreads}
    forecasts = model.distributions(rows, centres, rows.select("half_points", "p_over"))
    about = rows.select(
        "game_id", "player_id", "player_name", "game_date", "cutoff", pl.lit(market).alias("market"), "half_points",
        pl.col("p_over").alias("market_p_over"),
        ((pl.col("assumed_tip_at") - pl.col("quoted_at")).dt.total_seconds() / 60).alias("quote_age_minutes"),
        pl.col("actual").cast(pl.Int64), pl.col("minutes_avg_last_10").alias("role"), "best_decimal_over",
        "best_decimal_under",
    )  # fmt: skip
    for system, forecast in forecasts.items():
        if forecast.able.any():
            yield score(_of(system, forecast, about), forecast.pmf)


def _of(system: str, forecast: Forecast, about: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    return about.filter(forecast.able).with_columns(system=pl.lit(system))
