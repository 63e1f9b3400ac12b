"""How far outcomes fall from a centre."""

import numpy as np
import polars as pl
import pytest

from fairline.predict.spread import Spread, relative_volatility, size
from fairline.predict.systems.centre import STEMS


def rows(sd: list[float | None], mean: list[float | None] | None = None) -> pl.DataFrame:
    types = {"minutes_sd_last_10": pl.Float64, "minutes_avg_last_10": pl.Float64}
    return pl.DataFrame({"minutes_sd_last_10": sd, "minutes_avg_last_10": mean or [30.0] * len(sd)}, schema=types)


SPREAD = Spread(base=4.0, per_mean=2.0, per_square=0.5, usual=0.2)


def test_a_variance_is_found_again_from_outcomes_drawn_with_it() -> None:
    rng = np.random.default_rng(1)
    mean = rng.uniform(3, 30, 60_000)
    asked = rows(rng.uniform(3, 12, mean.size).tolist())
    truth = 4 + 2 * mean + 0.5 * (mean * relative_volatility(asked)) ** 2
    found = Spread.learned(mean, mean + rng.normal(size=mean.size) * np.sqrt(truth), asked)
    again = found.base + found.per_mean * mean + found.per_square * (mean * relative_volatility(asked)) ** 2
    assert np.abs(again / truth - 1).max() < 0.08


def test_rows_without_a_centre_teach_no_spread() -> None:
    mean, actual = np.array([10.0, np.nan, 20.0, 5.0] * 50), np.array([12.0, 99.0, 15.0, 5.0] * 50)
    asked = rows([5.0, None, 6.0, 4.0] * 50)
    held = ~np.isnan(mean)
    assert Spread.learned(mean, actual, asked) == Spread.learned(mean[held], actual[held], asked.filter(held))


def test_a_players_spread_does_not_depend_on_who_is_priced_beside_him() -> None:
    alone = SPREAD.pmf(np.array([15.0]), rows([None]), 91)
    beside_volatile_men = SPREAD.pmf(np.array([15.0, 15.0, 15.0]), rows([None, 14.0, 15.0]), 91)
    assert np.array_equal(alone.p[0], beside_volatile_men.p[0])


def test_volatile_minutes_widen_the_forecast() -> None:
    calm, volatile = SPREAD.pmf(np.array([15.0, 15.0]), rows([2.0, 12.0]), 91).sd
    assert volatile > calm + 0.3


@pytest.mark.parametrize(("sd", "mean"), [(None, 30.0), (3.0, None), (0.0, 0.0)])
def test_unknown_volatility_is_the_pasts_usual_one(sd: float | None, mean: float | None) -> None:
    unknown = SPREAD.pmf(np.array([15.0]), rows([sd], [mean]), 91)
    assert np.array_equal(unknown.p, SPREAD.pmf(np.array([15.0]), rows([6.0], [30.0]), 91).p)


def test_a_past_that_tells_no_volatility_learns_none() -> None:
    mean = np.linspace(2, 30, 400)
    found = Spread.learned(mean, mean + 3, rows([None] * 400))
    assert (found.usual, found.per_square) == (0.0, 0.0)


@pytest.mark.parametrize("market", STEMS)
def test_every_market_has_room_for_the_highest_forecasts(market: str) -> None:
    highest = {"points": 38.0, "rebounds": 15.0, "assists": 12.0, "threes_made": 5.5}
    mean = np.array([sum(highest[stem] for stem in STEMS[market])])
    pmf = Spread(8, 2.6, 0.3, 0.2).pmf(mean, rows([5.0]), size(STEMS[market]))
    assert pmf.mean[0] == pytest.approx(mean[0], rel=0.015)
