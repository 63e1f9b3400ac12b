from typing import get_args

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fairline.domain.devig import Method, devig, devig_additive, devig_over, devig_power, devig_shin
from fairline.domain.errors import ImpossiblePrice, Refused
from fairline.domain.odds import hold

METHODS = get_args(Method)

method = st.sampled_from(METHODS)
# From certainty to a thousand to one, and further than any book goes.
price = st.one_of(st.floats(1.0001, 1001), st.floats(1.2, 4), st.floats(1 + 1e-9, 1e9))


@given(price, price, method)
@example(1 + 2**-52, 1e300, "power")
def test_fair_probabilities_are_probabilities_and_sum_to_one(over: float, under: float, method: Method) -> None:
    fair = devig(over, under, method)
    assert abs(sum(fair) - 1) <= 1e-12
    assert all(0 <= p <= 1 for p in fair)


@given(price, price, method)
def test_the_sides_of_a_market_are_treated_alike(over: float, under: float, method: Method) -> None:
    assert devig(over, under, method) == devig(under, over, method)[::-1]


@given(price, price, method)
def test_the_shorter_price_keeps_the_higher_probability(over: float, under: float, method: Method) -> None:
    p_over, p_under = devig(over, under, method)
    assert p_over <= p_under if over >= under else p_over >= p_under


@given(st.floats(0.001, 0.999), method)
def test_prices_without_a_margin_are_already_fair(p: float, method: Method) -> None:
    assert devig(1 / p, 1 / (1 - p), method) == pytest.approx((p, 1 - p), abs=1e-9)


@given(price, price, st.floats(1.001, 2), method)
def test_a_longer_price_on_one_side_never_makes_that_side_likelier(
    over: float, under: float, factor: float, method: Method
) -> None:
    longer = 1 + (over - 1) * factor
    assert devig(longer, under, method)[0] <= devig(over, under, method)[0] + 1e-15


@given(price, price)
def test_the_power_method_finds_the_one_exponent_that_makes_the_implied_sum_to_one(over: float, under: float) -> None:
    p = min(devig_power(over, under))
    # p = implied^k on both sides, so the logarithms agree on k.
    k_of_longer, k_of_shorter = -np.log(p) / np.log(max(over, under)), -np.log1p(-p) / np.log(min(over, under))
    assert k_of_longer == pytest.approx(k_of_shorter, rel=1e-12)


@pytest.mark.parametrize(("over", "under"), [(1.87, 1.95), (1.3, 3.5), (1.01, 26), (8.0, 1.07), (2.2, 2.1)])
def test_the_power_method_agrees_with_plain_bisection_on_the_exponent(over: float, under: float) -> None:
    low, high = 1e-3, 1e3
    for _ in range(200):
        k = (low + high) / 2
        low, high = (k, high) if over**-k + under**-k > 1 else (low, k)
    assert devig_power(over, under)[0] == pytest.approx(over**-low, abs=1e-12)


@pytest.mark.parametrize(("over", "under"), [(1.87, 1.95), (1.3, 3.5), (1.04, 11.0)])
def test_shins_equations_solved_by_iteration_give_what_the_closed_form_gives(over: float, under: float) -> None:
    implied = np.array([1 / over, 1 / under])

    def fair(z: float) -> np.ndarray:
        p: np.ndarray = (np.sqrt(z**2 + 4 * (1 - z) * implied**2 / implied.sum()) - z) / (2 * (1 - z))
        return p

    low, high = 0.0, 0.999
    for _ in range(200):
        z = (low + high) / 2
        low, high = (z, high) if fair(z).sum() > 1 else (low, z)
    assert devig_shin(over, under) == pytest.approx(tuple(fair(low)), abs=1e-10)


def test_the_odds_ratio_method_moves_both_log_odds_by_the_same_amount() -> None:
    def log_odds(p: float) -> float:
        return float(np.log(p / (1 - p)))

    p_over, p_under = devig(1.3, 3.5, "odds_ratio")
    assert log_odds(1 / 1.3) - log_odds(p_over) == pytest.approx(log_odds(1 / 3.5) - log_odds(p_under))


def test_the_methods_differ_where_it_matters_on_a_longshot() -> None:
    longshot = {method: devig(11.0, 1.05, method)[0] for method in METHODS}
    assert longshot["power"] < longshot["odds_ratio"] < longshot["additive"] < longshot["multiplicative"]
    assert longshot["shin"] == longshot["additive"]


@given(st.floats(2.001, 50), st.floats(2.001, 50), method)
def test_two_prices_that_favour_the_bettor_still_give_fair_probabilities(
    over: float, under: float, method: Method
) -> None:
    assert hold(over, under) < 0
    fair = devig(over, under, method)
    assert abs(sum(fair) - 1) <= 1e-12
    assert all(0 < p < 1 for p in fair)


@given(st.lists(st.tuples(price, price), min_size=1, max_size=20), method)
def test_rows_priced_at_once_get_what_each_gets_alone(prices: list[tuple[float, float]], method: Method) -> None:
    over, under = np.array(prices).T
    alone = [devig(*pair, method)[0] for pair in prices]
    assert devig_over(over, under, method) == pytest.approx(alone, abs=1e-10)


@pytest.mark.parametrize("method", METHODS)
def test_a_one_sided_quote_has_no_fair_price_and_spoils_no_other(method: Method) -> None:
    over, under = np.array([np.nan, 1.91, np.nan, 1.91]), np.array([1.91, np.nan, np.nan, 1.91])
    fair = devig_over(over, under, method)
    assert np.isnan(fair[:3]).all()
    assert fair[3] == 0.5


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("over", [1.0, 0.0, -110.0, np.inf])
def test_a_price_no_book_could_mean_is_refused_by_every_method(method: Method, over: float) -> None:
    with pytest.raises(ImpossiblePrice):
        devig(over, 1.91, method)
    with pytest.raises(ImpossiblePrice):
        devig_over(np.array([1.91, over]), np.array([1.91, 1.91]), method)


def test_an_unknown_method_is_refused_with_the_names_of_the_known() -> None:
    with pytest.raises(Refused) as refused:
        devig(1.91, 1.91, "magic")  # type: ignore[arg-type]
    assert "odds_ratio" in refused.value.hint
    with pytest.raises(Refused):
        devig_over(np.array([1.91]), np.array([1.91]), "magic")  # type: ignore[arg-type]


@given(price, price)
def test_the_additive_method_never_leaves_the_unit_interval(over: float, under: float) -> None:
    assert all(0 <= p <= 1 for p in devig_additive(over, under))
