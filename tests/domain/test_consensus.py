from statistics import median_low, multimode

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairline.domain.consensus import (
    LEAST_OTHERS,
    SUSPECT_LOG_ODDS,
    best_price,
    expit,
    logit,
    main_half_points,
    main_line,
    nearest_even,
    pool_log_odds,
    suspect_prices,
)
from fairline.domain.devig import devig_over
from fairline.domain.errors import BrokenContract, ImpossiblePrice, NotFound
from fairline.domain.line import Line
from fairline.domain.odds import decimal_from_american

probability = st.floats(1e-6, 1 - 1e-6)
# Hashes of games and players are 64-bit: groups must not pass through doubles.
groups = st.sampled_from([0, 1, 2**63 - 1, 2**63 - 2])


@given(probability)
def test_log_odds_survive_the_way_back(p: float) -> None:
    assert float(expit(logit(p))) == pytest.approx(p, rel=1e-9)
    assert float(logit(p)) == pytest.approx(-float(logit(1 - p)), abs=1e-8)


def test_certainty_has_infinite_log_odds_and_comes_back() -> None:
    assert logit([0.0, 1.0]).tolist() == [-np.inf, np.inf]
    assert expit([-np.inf, np.inf, 800.0]).tolist() == [0.0, 1.0, 1.0]


@given(st.lists(probability, min_size=1, max_size=8))
def test_the_consensus_lies_within_the_books_and_does_not_depend_on_their_order(books: list[float]) -> None:
    pooled = float(pool_log_odds(books))
    assert min(books) - 1e-9 <= pooled <= max(books) + 1e-9
    assert pooled == pytest.approx(float(pool_log_odds(books[::-1])))


@given(st.lists(probability, min_size=1, max_size=8))
def test_the_consensus_on_under_is_one_less_the_consensus_on_over(books: list[float]) -> None:
    assert float(pool_log_odds(1 - np.array(books))) == pytest.approx(1 - float(pool_log_odds(books)), abs=1e-9)


def test_an_absent_book_changes_nothing_and_no_books_give_no_consensus() -> None:
    pooled = pool_log_odds([[0.6, np.nan, 0.5], [0.6, 0.5, np.nan], [np.nan, np.nan, np.nan]])
    assert pooled[0] == pooled[1] == pool_log_odds([0.6, 0.5])
    assert np.isnan(pooled[2])


def test_a_weight_of_two_is_a_book_counted_twice_and_of_nought_an_absent_one() -> None:
    assert pool_log_odds([0.6, 0.5, 0.9], [2, 1, 0]) == pytest.approx(pool_log_odds([0.6, 0.6, 0.5]))


@pytest.mark.parametrize(("p", "weights"), [([0.0, 0.5], None), ([1.0], None), ([0.5], [-1]), ([0.5], [np.nan])])
def test_a_certain_book_or_a_negative_weight_is_refused(p: list[float], weights: list[float] | None) -> None:
    with pytest.raises(BrokenContract):
        pool_log_odds(p, weights)


def test_the_main_line_is_the_one_most_books_share() -> None:
    assert main_line([Line.of(24.5), Line.of(25.5), Line.of(25.5)]) == Line.of(25.5)


def test_among_tied_lines_the_main_line_is_their_median_and_one_that_was_quoted() -> None:
    assert main_line([Line.of(26.5), Line.of(24.5), Line.of(25.5)]) == Line.of(25.5)
    assert main_line([Line.of(26.5), Line.of(24.5)]) == Line.of(24.5)
    assert main_line([Line.of(20.5), Line.of(24.5), Line.of(24.5), Line.of(25.5), Line.of(25.5)]) == Line.of(24.5)


def test_without_a_quote_there_is_no_main_line() -> None:
    with pytest.raises(NotFound):
        main_line([])
    assert main_half_points(np.array([], dtype=np.int64), np.array([], dtype=np.int64)).size == 0


@given(st.lists(st.tuples(groups, st.integers(40, 46)), min_size=1, max_size=40))
def test_main_lines_of_a_slate_are_those_of_each_player_alone(quotes: list[tuple[int, int]]) -> None:
    group, halves = np.array([q[0] for q in quotes], dtype=np.uint64), np.array([q[1] for q in quotes])
    main = main_half_points(group, halves)
    for (mine, _), found in zip(quotes, main, strict=True):
        own = [line for other, line in quotes if other == mine]
        assert found == median_low(multimode(own))


def test_a_book_with_alternate_lines_is_reduced_to_the_price_nearest_even() -> None:
    over, under = np.array([1.3, 1.87, 2.9, 1.91]), np.array([3.4, 1.95, 1.4, np.nan])
    chosen = nearest_even(np.zeros(4, dtype=np.int64), np.array([39, 49, 59, 51]), over, under)
    assert chosen.tolist() == [False, True, False, False]


def test_of_two_lines_equally_near_even_the_lower_is_taken() -> None:
    group, prices = np.zeros(2, dtype=np.int64), np.array([1.9, 1.9])
    assert nearest_even(group, np.array([51, 49]), prices, prices).tolist() == [False, True]


def test_an_impossible_price_among_alternates_is_refused() -> None:
    with pytest.raises(ImpossiblePrice):
        nearest_even(np.array([0]), np.array([49]), np.array([0.9]), np.array([1.9]))


# Real captures of threes: Anthony Edwards over 3.5 on 10 November 2025, and Brandon Ingram over 2.5 a year before.
EDWARDS = {"bovada": (180, -245), "betmgm": (-130, -105), "betonline": (-116, -111), "fanduel": (-118, -112)}
INGRAM = {"betrivers": (-250, 180), "betmgm": (145, -190), "betonline": (136, -179), "draftkings": (145, -188)}


def suspects_of(offered: dict[str, tuple[int, int]]) -> list[str]:
    over, under = (np.array([decimal_from_american(price[side]) for price in offered.values()]) for side in (0, 1))
    suspect = suspect_prices(np.zeros(len(offered), dtype=np.int64), over, under)
    return [book for book, found in zip(offered, suspect, strict=True) if found]


def test_a_main_line_with_another_lines_price_is_suspect_on_either_side() -> None:
    assert suspects_of(EDWARDS) == ["bovada"]
    assert suspects_of(INGRAM) == ["betrivers"]


def test_two_other_books_are_too_few_to_call_a_price_suspect() -> None:
    assert suspects_of(dict(list(EDWARDS.items())[:3])) == []


def test_books_that_quote_one_side_alone_say_nothing_of_another() -> None:
    over, under = np.array([2.8, 1.8, 1.8, 1.8]), np.array([1.41, 2.0, 2.0, np.nan])
    assert not suspect_prices(np.zeros(4, dtype=np.int64), over, under).any()
    assert suspect_prices(np.zeros(4, dtype=np.int64), over, np.array([1.41, 2.0, 2.0, 2.0])).tolist() == [
        True,
        *3 * [False],
    ]


def test_books_that_disagree_as_books_do_are_not_suspect() -> None:
    assert suspects_of({"a": (-105, -125), "b": (-135, 105), "c": (-120, -110), "d": (-150, 120)}) == []


price = st.one_of(st.just(float("nan")), st.integers(110, 500).map(lambda hundredths: hundredths / 100))
quoted = st.lists(st.tuples(groups, price, price), max_size=40)


def arrays(quotes: list[tuple[int, float, float]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    over, under = (np.array([quote[side] for quote in quotes], dtype=np.float64) for side in (1, 2))
    return np.array([quote[0] for quote in quotes], dtype=np.uint64), over, under


@given(quoted)
def test_a_price_is_suspect_by_the_median_of_three_or_more_others_and_by_nothing_else(
    quotes: list[tuple[int, float, float]],
) -> None:
    group, over, under = arrays(quotes)
    suspect, log_odds = suspect_prices(group, over, under), logit(devig_over(over, under))
    for place, mine in enumerate(log_odds):
        others = np.delete(log_odds, place)[np.delete(group, place) == group[place]]
        others = others[~np.isnan(others)]
        apart = abs(mine - np.median(others)) if others.size >= LEAST_OTHERS else 0
        if np.isnan(apart) or abs(apart - SUSPECT_LOG_ODDS) > 1e-9:
            assert suspect[place] == (apart > SUSPECT_LOG_ODDS)


@given(quoted)
def test_over_and_under_are_judged_alike(quotes: list[tuple[int, float, float]]) -> None:
    group, over, under = arrays(quotes)
    # A price at the bound itself may fall either way by rounding; a hair's breadth does not matter to anyone.
    apart = suspect_prices(group, over, under) != suspect_prices(group, under, over)
    log_odds = logit(devig_over(over, under))
    for place in np.flatnonzero(apart):
        others = np.delete(log_odds, place)[np.delete(group, place) == group[place]]
        assert abs(log_odds[place] - np.nanmedian(others)) == pytest.approx(SUSPECT_LOG_ODDS, abs=1e-9)


@given(quoted)
def test_fewer_than_three_others_flag_nothing(quotes: list[tuple[int, float, float]]) -> None:
    group, over, under = arrays(quotes[:LEAST_OTHERS])
    assert not suspect_prices(group, over, under).any()


expected_value = st.one_of(st.just(float("nan")), st.integers(-3, 3).map(lambda n: n / 100))
quote = st.tuples(groups, expected_value, st.floats(1.5, 3))


@given(st.lists(quote, max_size=30))
def test_the_best_price_is_one_quote_per_player_with_the_highest_expected_value(
    quotes: list[tuple[int, float, float]],
) -> None:
    group = np.array([q[0] for q in quotes], dtype=np.uint64)
    value, decimal = np.array([q[1] for q in quotes]), np.array([q[2] for q in quotes])
    best = best_price(group, value, decimal)
    for one in set(group.tolist()):
        mine = np.flatnonzero(group == one)
        priced = [i for i in mine if not np.isnan(value[i])]
        chosen = [i for i in mine if best[i]]
        assert chosen == ([max(priced, key=lambda i: (value[i], decimal[i], -i))] if priced else [])
