"""A market's whole model: levels, spreads, stack and pool together."""

import numpy as np
import polars as pl
import pytest
from tests.evaluate.seasons import season
from tests.predict.models import CONTRACT, a_model

from fairline.domain.errors import ContractMismatch, NotFound
from fairline.domain.settle import settle
from fairline.predict.forecasting import Forecast, MarketModel, stacked
from fairline.predict.pooling import pooled_p
from fairline.predict.systems import ENSEMBLE, MARKET_POOLED, SYSTEMS

ROWS = season(dates=1, seed=4)


@pytest.fixture
def model() -> MarketModel:
    return a_model()


def quotes(half_points: int | None = 27, p_over: float | None = 0.55) -> pl.DataFrame:
    """The same line and price for everyone."""
    types = {"half_points": pl.Int32, "p_over": pl.Float64}
    return pl.DataFrame({"half_points": [half_points] * ROWS.height, "p_over": [p_over] * ROWS.height}, schema=types)


def said(model: MarketModel, rows: pl.DataFrame = ROWS, market: pl.DataFrame | None = None) -> dict[str, Forecast]:
    return model.forecast(rows, market, CONTRACT)


def test_every_system_answers_for_every_row_with_a_distribution_or_a_reason(model: MarketModel) -> None:
    forecasts = said(model, market=quotes())
    assert set(forecasts) == set(SYSTEMS)
    for name, one in forecasts.items():
        assert one.able.shape == one.reason.shape == (ROWS.height,), name
        assert one.pmf.batch == (one.able.sum(),), name
        assert ((one.reason == "") == one.able).all(), name
        assert np.allclose(one.pmf.p.sum(axis=-1), 1), name


def test_rows_of_another_contract_are_refused(model: MarketModel) -> None:
    with pytest.raises(ContractMismatch, match="follows contract") as refused:
        model.forecast(ROWS, None, "another")
    assert "fairline train" in refused.value.hint


def test_the_level_of_a_season_raises_its_own_rows_alone(model: MarketModel) -> None:
    model.levels = {"moving_average": 1.1}
    plain, raised = said(a_model())["moving_average"].pmf.mean, said(model)["moving_average"].pmf.mean
    assert raised == pytest.approx(1.1 * plain, rel=1e-3)
    next_season = ROWS.with_columns(pl.col("season") + 1)
    assert np.array_equal(said(model, next_season)["moving_average"].pmf.mean, plain)


def test_the_ensemble_uses_the_centres_that_answer() -> None:
    means = {"a": np.array([10.0, 10.0, np.nan]), "b": np.array([20.0, np.nan, np.nan])}
    assert stacked(means, {"a": 0.25, "b": 0.75}) == pytest.approx(np.array([17.5, 10.0, np.nan]), nan_ok=True)


def test_a_centre_of_no_weight_does_not_stand_in_for_the_others() -> None:
    assert np.isnan(stacked({"a": np.array([np.nan]), "b": np.array([20.0])}, {"a": 1.0, "b": 0.0})[0])


def test_the_pooled_forecast_has_the_pooled_probability_at_the_line(model: MarketModel) -> None:
    forecasts = said(model, market=quotes())
    line = np.full(ROWS.height, 27)
    ours = settle(forecasts[ENSEMBLE].pmf, line).over
    expected = pooled_p(np.clip(ours, 1e-4, 1 - 1e-4), np.full(ROWS.height, 0.55), model.pool)
    assert settle(forecasts[MARKET_POOLED].pmf, line).over == pytest.approx(expected, abs=1e-5)


def test_a_whole_line_is_pooled_pushes_aside(model: MarketModel) -> None:
    chances = settle(said(model, market=quotes(half_points=28))[MARKET_POOLED].pmf, np.full(ROWS.height, 28))
    assert (chances.push > 0).all()
    assert np.abs(chances.over / (chances.over + chances.under) - 0.55).max() < 0.1


@pytest.mark.parametrize("market", [None, quotes(None, None), quotes(27, None)])
def test_without_a_price_the_pooled_system_says_so_and_nobody_stands_in(
    model: MarketModel, market: pl.DataFrame | None
) -> None:
    pooled = said(model, market=market)[MARKET_POOLED]
    assert not pooled.able.any()
    assert set(pooled.reason) == {"no_quotes"}


@pytest.mark.parametrize("half_points", [0, 180, 400])
def test_a_line_outside_the_counts_costs_its_own_row_and_not_the_slate(model: MarketModel, half_points: int) -> None:
    first = pl.int_range(pl.len()) == 0
    odd = quotes().with_columns(half_points=pl.when(first).then(half_points).otherwise("half_points").cast(pl.Int32))
    pooled = said(model, market=odd)[MARKET_POOLED]
    assert pooled.reason[0] == "line_out_of_range"
    assert pooled.able[1:].all()


def test_a_system_no_past_forecast_of_which_is_held_says_so(model: MarketModel) -> None:
    del model.spreads["similarity"]
    one = said(model)["similarity"]
    assert not one.able.any()
    assert set(one.reason) == {"no_past_forecasts"}


def test_a_player_without_form_is_unable_in_the_pool_for_that_reason(model: MarketModel) -> None:
    first = pl.int_range(pl.len()) == 0
    averages = [name for name in ROWS.columns if "_avg_" in name]
    new = ROWS.with_columns(pl.when(~first).then(pl.col(name)).alias(name) for name in averages)
    forecasts = said(model, new, quotes())
    assert {name: one.reason[0] for name, one in forecasts.items()} == {
        **dict.fromkeys(SYSTEMS, "no_recent_games"),
        "zone_matchup": "no_shots",
    }


def test_a_row_is_forecast_as_if_it_were_alone(model: MarketModel) -> None:
    together, alone = said(model, market=quotes()), model.forecast(ROWS[3:4], quotes()[3:4], CONTRACT)
    for name, one in alone.items():
        # The last count takes what rounding leaves of the tail, which a strong tilt makes larger.
        assert np.allclose(one.pmf.p[0], together[name].pmf.p[3], rtol=0, atol=1e-8), name


@pytest.mark.parametrize("system", SYSTEMS)
def test_one_system_alone_says_to_the_last_bit_what_it_says_among_all(model: MarketModel, system: str) -> None:
    model.levels = {"moving_average": 1.1, "gradient_boosting": 0.98}
    together, alone = said(model, market=quotes())[system], model.forecast_one(system, ROWS, quotes(), CONTRACT)
    assert np.array_equal(alone.pmf.p, together.pmf.p)
    assert np.array_equal(alone.able, together.able)
    assert np.array_equal(alone.reason, together.reason)


def test_a_system_that_needs_no_other_is_forecast_without_asking_one(model: MarketModel) -> None:
    model.centres = {"similarity": model.centres["similarity"]}
    assert model.forecast_one("similarity", ROWS, None, CONTRACT).able.all()


def test_one_system_of_another_contract_or_of_no_name_is_refused(model: MarketModel) -> None:
    with pytest.raises(ContractMismatch, match="follows contract"):
        model.forecast_one("ensemble", ROWS, None, "another")
    with pytest.raises(NotFound, match="no system is named oracle"):
        model.forecast_one("oracle", ROWS, None, CONTRACT)
