"""Forecasts as rows: one per player and system, with the distribution or the reason there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fairline.predict.schema import FORECASTS, QUANTILES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import polars as pl

    from fairline.predict.forecasting import Forecast

PMF_DIGITS = 12
"""Decimals of a stored probability: finer than any price, coarse enough to replay exactly."""


def forecast_rows(
    rows: pl.DataFrame, forecasts: Mapping[str, Forecast], *, batch_id: str, market: str, model_hash: str
) -> pl.DataFrame:
    """Rows of FORECASTS for every system, and `status_changed_at`.

    rows: feature rows with player_name, quality, row_hash and status_changed_at, in the order of the forecasts.
    """
    import polars as pl

    about = rows.select(
        "game_id", "player_id", "game_date", "tip_at", "player_name", "team_id", "opponent_id", "cutoff", "status",
        "quality", "row_hash", "status_changed_at", batch_id=pl.lit(batch_id), market=pl.lit(market),
        model_hash=pl.lit(model_hash),
    )  # fmt: skip
    systems = [_of(system, forecast, about) for system, forecast in forecasts.items()]
    return pl.concat(systems).select(*FORECASTS.column_names, "status_changed_at")


def unforecast_rows(
    players: pl.DataFrame, systems: Iterable[str], *, batch_id: str, market: str, model_hash: str
) -> pl.DataFrame:
    """Rows of FORECASTS, and `status_changed_at`, of players that no system was asked about.

    players: as the feature rows of `forecast_rows`, with the reason in `skipped`.
    """
    import polars as pl

    none = {"mean": pl.Float64(), "sd": pl.Float64(), "pmf": pl.List(pl.Float64())}
    none |= {f"q{round(100 * level):02d}": pl.Int32() for level in QUANTILES}
    return (
        players.join(pl.DataFrame({"system": list(systems)}, schema={"system": pl.String}), how="cross")
        .with_columns(
            pl.lit(batch_id).alias("batch_id"), pl.lit(market).alias("market"), pl.lit(model_hash).alias("model_hash"),
            pl.col("skipped").alias("reason"), *(pl.lit(None, kind).alias(name) for name, kind in none.items()),
        )
        .select(*FORECASTS.column_names, "status_changed_at")
    )  # fmt: skip


def _of(system: str, forecast: Forecast, about: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    able, unable = about.filter(forecast.able), about.filter(~forecast.able)
    pmf = forecast.pmf
    quantiles = pmf.quantile(np.array(QUANTILES)) if able.height else np.empty((0, len(QUANTILES)), dtype=np.int64)
    p = np.round(pmf.p, PMF_DIGITS)
    said = able.with_columns(
        pl.Series("mean", pmf.mean).round_sig_figs(9),
        pl.Series("sd", pmf.sd).round_sig_figs(9),
        *(
            pl.Series(f"q{round(100 * level):02d}", quantiles[:, place], dtype=pl.Int32)
            for place, level in enumerate(QUANTILES)
        ),
        pl.Series("pmf", p, dtype=pl.Array(pl.Float64, pmf.size)).arr.to_list(),
        pl.lit(None, pl.String).alias("reason"),
    )
    reasons = pl.Series("reason", forecast.reason[~forecast.able].tolist(), dtype=pl.String)
    return pl.concat([said, unable.with_columns(reasons)], how="diagonal").with_columns(system=pl.lit(system))
