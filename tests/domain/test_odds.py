import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from fairline.domain.errors import ImpossiblePrice
from fairline.domain.odds import (
    american_from_decimal,
    decimal_from_american,
    decimals_from_american,
    hold,
    implied,
    require_prices,
)

american = st.one_of(st.integers(-100_000, -100), st.integers(100, 100_000))
price = st.floats(1.001, 1001)


@given(american)
def test_a_price_survives_the_way_to_decimal_and_back(quoted: int) -> None:
    # Even money has two American names; the way back gives +100.
    expected = 100 if quoted == -100 else quoted
    assert american_from_decimal(decimal_from_american(quoted)) == pytest.approx(expected, rel=1e-9)


@given(american, american)
def test_better_american_odds_are_longer_decimal_odds(one: int, other: int) -> None:
    def payout(quoted: int) -> float:
        return quoted / 100 if quoted > 0 else 100 / -quoted

    assert (decimal_from_american(one) > decimal_from_american(other)) == (payout(one) > payout(other))


@given(st.one_of(st.floats(-100, 100, exclude_min=True, exclude_max=True), st.sampled_from([math.nan, math.inf])))
def test_a_mean_of_american_odds_inside_a_hundred_is_no_price(quoted: float) -> None:
    with pytest.raises(ImpossiblePrice, match="No book can mean") as refused:
        decimal_from_american(quoted)
    assert "was it a mean" in refused.value.hint


@given(st.lists(st.one_of(american, st.integers(-99, 99)), min_size=1))
def test_prices_of_a_frame_convert_as_single_ones_do_and_the_impossible_become_missing(quoted: list[int]) -> None:
    decimals = decimals_from_american(np.array(quoted, dtype=np.float64))
    for one, decimal in zip(quoted, decimals, strict=True):
        if abs(one) >= 100:
            assert decimal == pytest.approx(decimal_from_american(one), rel=1e-15)
        else:
            assert math.isnan(decimal)


def test_an_infinite_price_in_a_frame_becomes_missing() -> None:
    assert np.isnan(decimals_from_american(np.array([np.inf, -np.inf, np.nan]))).all()


@pytest.mark.parametrize("decimal", [1.0, 0.5, 0, -2.0, math.inf, math.nan])
def test_decimal_odds_at_or_below_one_are_refused(decimal: float) -> None:
    for uses_the_price in (implied, american_from_decimal, require_prices):
        with pytest.raises(ImpossiblePrice, match="above 1"):
            uses_the_price(decimal)
    with pytest.raises(ImpossiblePrice):
        hold(2.0, decimal)


def test_one_impossible_price_in_an_array_is_refused_but_a_missing_one_is_not() -> None:
    require_prices(np.array([1.9, np.nan]))
    for decimal in (1.0, np.inf):
        with pytest.raises(ImpossiblePrice):
            require_prices(np.array([1.9, decimal]))


@given(price, price)
def test_the_hold_is_what_the_book_keeps_of_balanced_stakes(over: float, under: float) -> None:
    # Stakes of 1/over and 1/under make the book pay 1 whichever side wins.
    taken = 1 / over + 1 / under
    assert hold(over, under) == pytest.approx((taken - 1) / taken, abs=1e-12)


@given(arrays.arrays(np.float64, st.integers(0, 5), elements=price))
def test_implied_and_hold_work_on_arrays_as_on_numbers(prices: np.ndarray) -> None:
    assert implied(prices).tolist() == [implied(float(one)) for one in prices]
    assert hold(prices, prices).tolist() == [hold(float(one), float(one)) for one in prices]
