"""Forecasts as rows of the table."""

import numpy as np
import polars as pl
import pytest
from tests.evaluate.seasons import season
from tests.predict.models import CONTRACT, a_model

from fairline.predict.rows import forecast_rows
from fairline.predict.schema import FORECASTS, QUANTILES
from fairline.predict.systems import SYSTEMS

UTC = pl.Datetime("us", "UTC")


@pytest.fixture(scope="module")
def rows() -> pl.DataFrame:
    """Every system on one date; the first player without shots, nobody quoted but the second."""
    nothing = {"status": pl.String, "team_id": pl.Int64, "opponent_id": pl.Int64, "status_changed_at": UTC}
    first = pl.int_range(pl.len()) == 0
    asked = season(dates=1, seed=4).with_columns(
        *(pl.lit(None, kind).alias(name) for name, kind in nothing.items()),
        tip_at=pl.col("cutoff"), quality=pl.lit(97.0), row_hash=pl.lit(7, pl.UInt64),
        shot_zone_mismatch=pl.when(~first).then("shot_zone_mismatch"),
    )  # fmt: skip
    second = pl.int_range(asked.height, eager=True) == 1
    market = pl.DataFrame({"half_points": [27] * asked.height, "p_over": [0.5] * asked.height})
    market = market.select(pl.when(second).then(pl.all()))
    forecasts = a_model().forecast(asked, market, CONTRACT)
    return forecast_rows(asked, forecasts, batch_id="b", market="points", model_hash="abc")


def test_every_player_has_one_row_of_each_system(rows: pl.DataFrame) -> None:
    assert rows.columns == [*FORECASTS.column_names, "status_changed_at"]
    assert rows.height == 24 * len(SYSTEMS) == rows.n_unique(FORECASTS.key)


def test_a_row_holds_a_distribution_or_a_reason_and_never_both(rows: pl.DataFrame) -> None:
    assert (rows["pmf"].is_null() == rows["reason"].is_not_null()).all()
    assert (rows["mean"].is_null() == rows["reason"].is_not_null()).all()
    assert set(rows["reason"].drop_nulls()) == {"no_shots", "no_quotes"}


def test_the_player_without_shots_is_the_one_zone_matchup_cannot_forecast(rows: pl.DataFrame) -> None:
    unable = rows.filter(pl.col("reason") == "no_shots")
    assert unable.select("player_id", "system").rows() == [(1000, "zone_matchup")]


def test_only_the_quoted_player_is_pooled(rows: pl.DataFrame) -> None:
    pooled = rows.filter((pl.col("system") == "market_pooled") & pl.col("reason").is_null())
    assert pooled["player_id"].to_list() == [1001]


def test_mean_deviation_and_quantiles_are_those_of_the_stored_distribution(rows: pl.DataFrame) -> None:
    for row in rows.drop_nulls("pmf").head(30).iter_rows(named=True):
        p = np.array(row["pmf"])
        counts, cdf = np.arange(p.size), np.cumsum(p)
        assert p.sum() == pytest.approx(1, abs=1e-9)
        assert row["mean"] == pytest.approx(p @ counts, rel=1e-8)
        assert row["sd"] == pytest.approx(np.sqrt(p @ (counts - row["mean"]) ** 2), rel=1e-6)
        for level in QUANTILES:
            at = row[f"q{round(100 * level):02d}"]
            assert cdf[at] >= level - 1e-9
            assert at == 0 or cdf[at - 1] < level + 1e-9


def test_nobody_asked_for_gives_no_rows_of_the_right_columns() -> None:
    nobody = season(dates=1).clear().with_columns(
        *(pl.lit(None, kind).alias(name) for name, kind in FORECAST_ABOUT.items())
    )  # fmt: skip
    forecasts = a_model().forecast(nobody, None, CONTRACT)
    rows = forecast_rows(nobody, forecasts, batch_id="b", market="points", model_hash="abc")
    assert rows.is_empty()
    assert rows.columns == [*FORECASTS.column_names, "status_changed_at"]


FORECAST_ABOUT = {
    "status": pl.String, "team_id": pl.Int64, "opponent_id": pl.Int64, "status_changed_at": UTC, "tip_at": UTC,
    "quality": pl.Float64, "row_hash": pl.UInt64,
}  # fmt: skip
