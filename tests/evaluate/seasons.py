"""Seasons of feature rows with outcomes drawn from known means, and quotes beside them, for what learns from rows.

All of it is SIMULATED and says nothing of real forecasts.
"""

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from fairline.evaluate.frames import feature_names
from fairline.evaluate.walkforward import Material

FIRST = date(2024, 10, 22)
PER_DATE = 24
STEMS = {"points": 14.0, "rebounds": 5.0, "assists": 3.5, "threes_made": 1.5}
"""Components of markets and their usual means."""
TIP_HOUR, KNOWN_AFTER = 24, timedelta(hours=4)


def season(dates: int = 70, *, seed: int = 1, first: date = FIRST) -> pl.DataFrame:
    """Rows as `training_rows` returns them: a player's averages tell his mean with some noise, little else does."""
    rng = np.random.default_rng(seed)
    n = dates * PER_DATE
    player, night = np.tile(np.arange(PER_DATE), dates), np.repeat(np.arange(dates), PER_DATE)
    scale = np.linspace(0.4, 2.0, PER_DATE)[player]
    columns: dict[str, Any] = {name: rng.normal(10, 3, n) for name in feature_names()}
    for stem, usual in STEMS.items():
        mean = usual * scale * rng.lognormal(0, 0.15, n)
        columns[f"actual_{stem}"] = rng.negative_binomial(8, 8 / (8 + mean))
        for window in ("last_5", "last_10", "last_20", "season"):
            columns[f"{stem}_avg_{window}"] = mean * rng.lognormal(0, 0.1, n)
    tip = [datetime.combine(first, datetime.min.time()) + timedelta(days=int(day), hours=TIP_HOUR) for day in night]
    cutoff = pl.Series("cutoff", tip).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    columns |= {
        "minutes_avg_last_10": 30.0 * scale / scale.max() + 10, "minutes_avg_season": np.full(n, 25.0),
        "minutes_sd_last_10": rng.uniform(3, 8, n), "career_games": np.full(n, 100.0),
        "team_pace": rng.normal(99, 2, n), "pace_score": rng.normal(0, 0.5, n),
        "shot_zone_mismatch": rng.normal(0, 2, n),
    }  # fmt: skip
    return pl.DataFrame(
        {
            "game_id": [f"00224{day:03d}{place % 12:02d}" for day, place in zip(night, player, strict=True)],
            "player_id": (player + 1000).astype(np.int64), "cutoff": cutoff, "outcome_known_at": cutoff + KNOWN_AFTER,
            "game_date": [first + timedelta(days=int(day)) for day in night],
            "season": np.full(n, first.year, dtype=np.int32), "player_name": [f"Player {one}" for one in player],
            **columns,
        }
    )  # fmt: skip


def quoted(rows: pl.DataFrame, *, hours_before: float = 5, market: str = "points") -> pl.DataFrame:
    """The rows as `quoted_rows` returns them: captured so many hours before tip-off, the line near the mean."""
    stem = "threes_made" if market == "threes" else market
    line = 2 * pl.col(f"{stem}_avg_season").floor().cast(pl.Int32) + 1
    seen = pl.col("cutoff") - timedelta(hours=hours_before)
    return rows.with_columns(
        cutoff=seen, tip_off_at=pl.col("cutoff"), quoted_at=seen, half_points=line, p_over=pl.lit(0.48),
        best_decimal_over=pl.lit(1.95), best_decimal_under=pl.lit(1.87), result_held=pl.lit(value=True),
        takeable=pl.lit(None, pl.Boolean), next_decimal_over=pl.lit(None, pl.Float64),
        next_decimal_under=pl.lit(None, pl.Float64), close_p_over=pl.lit(None, pl.Float64),
    )  # fmt: skip


def material(rows: pl.DataFrame, market: str = "points", **told: Any) -> Material:
    """Everything a market is learned from and judged on."""
    return Material.of(market, rows, quoted(rows, market=market, **told))


def with_actual(rows: pl.DataFrame, stem: str = "points") -> pl.DataFrame:
    """The rows as a fit takes them."""
    return rows.with_columns(actual=pl.col(f"actual_{stem}"))
