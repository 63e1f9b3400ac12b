"""How good the feature rows of a date are: by source of their values, by tier, and what each source costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairline.features.contract import CALCULATED, CARRIED, MISSING, QUALITY, STALE, model_features
from fairline.features.quality import TIERS, scored, source, tier
from fairline.ops.validation.sections import Section
from fairline.predict.pricing import LEAST_QUALITY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    import polars as pl

    from fairline.platform.warehouse import Warehouse

ONCE_CARRIED = 75
"""What a carried value was worth before: the report measures what the difference to 87 does."""

IN_WORDS = {CALCULATED: "calculated", CARRIED: "carried from last season", STALE: "too old", MISSING: "missing"}
LATEST = """
SELECT * FROM precompute.ml_feature_store WHERE game_date = $day
QUALIFY row_number() OVER (PARTITION BY game_id, player_id ORDER BY cutoff DESC) = 1
ORDER BY game_id, player_id
"""


FORECAST = """
SELECT game_id, player_id, arg_max(quality, cutoff) AS quality FROM predictions.player_prop_forecasts
WHERE game_date = $day AND reason IS NULL
GROUP BY game_id, player_id
"""


def latest_rows(warehouse: Warehouse, day: date) -> pl.DataFrame:
    """Each player's latest feature row of the date, as kept."""
    return warehouse.query(LATEST, {"day": day})


def sections(warehouse: Warehouse, day: date, rows: pl.DataFrame) -> Iterator[Section]:
    """Values by source, rows by tier, and what 75 -> 87 did. rows: as `latest_rows`."""
    none = "No feature row of the date is kept."
    yield Section(
        "quality", "Quality by source",
        "Every value of the kept rows by how it came about. Points: what it is worth of 100. Costs: how many points of"
        " the rows' mean score are lost by it; what is optional and missing does not count.",
        none, _by_source(rows),
    )  # fmt: skip
    yield Section(
        "tiers", "Quality of the rows",
        f"Rows by tier of their score now, and with a carried value worth {ONCE_CARRIED} points as it was once. From"
        f" {LEAST_QUALITY} points on a player is forecast; forecast: players by the score they were last forecast with,"
        " which is lower where a slate fell back on rows of an earlier cutoff.",
        none, _by_tier(rows, warehouse.query(FORECAST, {"day": day})),
    )  # fmt: skip


def _by_source(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per source. An optional value that is missing does not count for the score, so it costs nothing."""
    import polars as pl

    if rows.is_empty():
        return pl.DataFrame()
    required = {one.name for one in model_features() if one.required}
    values = (
        rows.select(source(one).alias(one.name) for one in model_features())
        .with_row_index("row")
        .unpivot(index="row", variable_name="feature", value_name="code")
        .with_columns(required=pl.col("feature").is_in(required))
        .with_columns(counts=pl.col("required") | ~pl.col("code").is_in([MISSING, STALE]))
        .with_columns(lost=pl.when("counts").then(100 - pl.col("code").replace_strict(QUALITY)).otherwise(0))
        .with_columns(lost=pl.col("lost") / pl.col("counts").sum().over("row"))
    )  # fmt: skip
    told = [{"source": words, "code": code, "points": QUALITY[code]} for code, words in IN_WORDS.items()]
    found = values.group_by("code").agg(
        pl.len().alias("values"), (pl.len() / values.height).round(4).alias("share"),
        pl.col("required").sum().alias("of_required"), (pl.col("lost").sum() / rows.height).round(2).alias("costs"),
    )  # fmt: skip
    joined = pl.DataFrame(told).join(found, on="code", how="left", maintain_order="left").fill_null(0)
    return joined.select("source", "values", "share", "of_required", "points", "costs")


def _by_tier(rows: pl.DataFrame, forecast: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    if rows.is_empty():
        return pl.DataFrame()
    once = scored(rows, {**QUALITY, CARRIED: ONCE_CARRIED})
    of = (rows, once, forecast.with_columns(tier=tier(pl.col("quality"))))
    enough = (frame.filter(pl.col("quality") >= LEAST_QUALITY) for frame in of)
    return pl.DataFrame([
        *(_tier(name, *(frame.filter(tier=name) for frame in of)) for name, _ in TIERS),
        _tier(f"from {LEAST_QUALITY} points", *enough),
        _tier("all", *of),
    ])  # fmt: skip


def _tier(name: str, now: pl.DataFrame, once: pl.DataFrame, forecast: pl.DataFrame) -> dict[str, Any]:
    return {
        "tier": name, "rows": now.height, "production_ready": int(now["is_production_ready"].sum()),
        "mean_quality": _mean(now), f"rows_at_{ONCE_CARRIED}": once.height, f"mean_at_{ONCE_CARRIED}": _mean(once),
        "forecast": forecast.height,
    }  # fmt: skip


def _mean(rows: pl.DataFrame) -> float | None:
    import polars as pl

    mean: float | None = rows.select(pl.col("quality").mean().round(2)).item()
    return mean


def counted(rows: pl.DataFrame, found: dict[str, Section]) -> dict[str, Any]:
    """The quality in numbers: feature_rows, their mean quality, the share of carried values."""
    if rows.is_empty():
        return {"feature_rows": 0, "quality": None, "carried": None}
    carried = found["quality"].rows.filter(source=IN_WORDS[CARRIED])["share"].item()
    return {"feature_rows": rows.height, "quality": _mean(rows), "carried": carried}
