"""How much of a feature row is real: per feature by source, per row as a score, a tier and a readiness."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairline.features.calls import OF_SEASON
from fairline.features.contract import BEGUN, CALCULATED, CARRIED, MISSING, QUALITY, STALE, Feature, model_features

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

TIERS = (("gold", 95), ("silver", 85), ("bronze", 70), ("poor", 50), ("critical", 0))
"""Least score of each tier."""

SOURCE_COLUMN = {"player": "form_source", "team": "team_source", "opponent": "opponent_source"}

LEAST_COMPLETE = 0.70
"""Share of features present, and of the team's scheduled games held, below which a row is not ready."""


def source(feature: Feature) -> pl.Expr:
    """How the feature's value came about, one letter per row: the codes of `contract`."""
    import polars as pl

    column = SOURCE_COLUMN.get(feature.of, "") if feature.this_season else ""
    how = pl.col(column).fill_null(MISSING) if column else pl.lit(CALCULATED)
    if column:
        begun = pl.col("season_games") < OF_SEASON[feature.window] if feature.usual else pl.lit(value=False)
        how = pl.when(how != BEGUN).then(how).when(begun).then(pl.lit(CARRIED)).otherwise(pl.lit(CALCULATED))
    absent = pl.when(how == STALE).then(pl.lit(STALE)).otherwise(pl.lit(MISSING))
    return pl.when(pl.col(feature.name).is_null()).then(absent).otherwise(how)


FROM_FALLBACK = {how: min(points, 87) for how, points in QUALITY.items()}
"""Quality by source of a row that was not computed for its cutoff, but taken as it was kept for an earlier one."""


def scored(rows: pl.DataFrame, by_source: Mapping[str, int] = QUALITY) -> pl.DataFrame:
    """Add quality (0-100), tier, completeness (0-1), is_production_ready to feature rows.

    The score is the mean over the required features, missing ones counting 0, and the optional ones present.
    by_source: points of a feature by how its value came about.
    """
    import polars as pl

    contract = model_features()
    points = [source(one).replace_strict(by_source, return_dtype=pl.Float64) for one in contract]
    counts = [pl.lit(1.0) if one.required else pl.col(one.name).is_not_null().cast(pl.Float64) for one in contract]
    required = [pl.col(one.name).is_not_null() for one in contract if one.required]
    score = pl.sum_horizontal(points) / pl.sum_horizontal(counts)
    present = pl.sum_horizontal([pl.col(one.name).is_not_null().cast(pl.Float64) for one in contract]) / len(contract)
    upstream = pl.col("games_held") / pl.col("games_scheduled")
    return rows.with_columns(quality=score.round(2), completeness=present.round(4)).with_columns(
        tier=tier(pl.col("quality")),
        is_production_ready=pl.all_horizontal(required)
        & (pl.col("completeness") >= LEAST_COMPLETE)
        # No game was scheduled in the season's first days: then there is none to be missing.
        & (pl.col("games_scheduled").fill_null(0).eq(0) | (upstream >= LEAST_COMPLETE)),
    )


def tier(quality: pl.Expr) -> pl.Expr:
    """The name of a score's tier."""
    import polars as pl

    chain = pl.lit(TIERS[-1][0])
    for name, least in reversed(TIERS[:-1]):
        chain = pl.when(quality >= least).then(pl.lit(name)).otherwise(chain)
    return chain
