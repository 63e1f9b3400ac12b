"""How much of a feature row is real: per feature by source, per row as a score, a tier and a readiness."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairline.features.calls import OF_SEASON
from fairline.features.contract import (
    BEGUN,
    CALCULATED,
    CARRIED,
    MISSING,
    QUALITY,
    STALE,
    Feature,
    model_features,
    names,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import polars as pl

TIERS = (("gold", 95), ("silver", 85), ("bronze", 70), ("poor", 50), ("critical", 0))
"""Least score of each tier."""

SOURCE_COLUMN = {"player": "form_source", "team": "team_source", "opponent": "opponent_source"}

LEAST_COMPLETE = 0.70
"""Share of features present, and of the team's scheduled games held, below which a row is not ready."""


def source(feature: Feature) -> pl.Expr:
    """How the feature's value came about, one letter per row: the codes of `contract`."""
    import polars as pl

    how = _how(*_told_by(feature))
    return pl.when(pl.col(feature.name).is_null()).then(_absent(how)).otherwise(how)


def _told_by(feature: Feature) -> tuple[str, int]:
    """What tells how its value came about: a column, none for what is always calculated; and games its window holds.

    The games matter where usual play stands in for those that the window lacks; else 0.
    """
    column = SOURCE_COLUMN.get(feature.of, "") if feature.this_season else ""
    return column, OF_SEASON[feature.window] if column and feature.usual else 0


def _how(column: str, games: int) -> pl.Expr:
    """How a value that is there came about."""
    import polars as pl

    if not column:
        return pl.lit(CALCULATED)
    how = pl.col(column).fill_null(MISSING)
    begun = pl.col("season_games") < games if games else pl.lit(value=False)
    return pl.when(how != BEGUN).then(how).when(begun).then(pl.lit(CARRIED)).otherwise(pl.lit(CALCULATED))


def _absent(how: pl.Expr) -> pl.Expr:
    """Why a value is not there."""
    import polars as pl

    return pl.when(how == STALE).then(pl.lit(STALE)).otherwise(pl.lit(MISSING))


FROM_FALLBACK = {how: min(points, 87) for how, points in QUALITY.items()}
"""Quality by source of a row that was not computed for its cutoff, but taken as it was kept for an earlier one."""


def scored(rows: pl.DataFrame, by_source: Mapping[str, int] = QUALITY) -> pl.DataFrame:
    """Add quality (0-100), tier, completeness (0-1), is_production_ready to feature rows.

    The score is the mean over the required features, missing ones counting 0, and the optional ones present.
    by_source: points of a feature by how its value came about.
    """
    import polars as pl

    contract = model_features()
    required, optional = (names(one for one in contract if one.required is which) for which in (True, False))
    score = pl.sum_horizontal(_points(by_source)) / (len(required) + _held(optional))
    present = _held(names(contract)) / len(contract)
    upstream = pl.col("games_held") / pl.col("games_scheduled")
    return rows.with_columns(quality=score.round(2), completeness=present.round(4)).with_columns(
        tier=tier(pl.col("quality")),
        is_production_ready=pl.all_horizontal(pl.col(required).is_not_null())
        & (pl.col("completeness") >= LEAST_COMPLETE)
        # No game was scheduled in the season's first days: then there is none to be missing.
        & (pl.col("games_scheduled").fill_null(0).eq(0) | (upstream >= LEAST_COMPLETE)),
    )


def _points(by_source: Mapping[str, int]) -> Iterator[pl.Expr]:
    """Points of the features together whose values come about alike."""
    import polars as pl

    alike: dict[tuple[str, int], list[str]] = {}
    for one in model_features():
        alike.setdefault(_told_by(one), []).append(one.name)
    for told_by, of in alike.items():
        how = _how(*told_by)
        there, absent = (one.replace_strict(by_source, return_dtype=pl.Float64) for one in (how, _absent(how)))
        held = _held(of)
        yield there * held + absent * (len(of) - held)


def _held(of: list[str]) -> pl.Expr:
    """How many of the features have a value."""
    import polars as pl

    return pl.sum_horizontal(pl.col(of).is_not_null()).cast(pl.Float64)


def tier(quality: pl.Expr) -> pl.Expr:
    """The name of a score's tier."""
    import polars as pl

    chain = pl.lit(TIERS[-1][0])
    for name, least in reversed(TIERS[:-1]):
        chain = pl.when(quality >= least).then(pl.lit(name)).otherwise(chain)
    return chain
