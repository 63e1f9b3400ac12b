from statistics import median_low, multimode

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairline.domain.consensus import (
    best_price,
    expit,
    logit,
    main_half_points,
    main_line,
    nearest_even,
    pool_log_odds,
)
from fairline.domain.errors import BrokenContract, ImpossiblePrice, NotFound
from fairline.domain.line import Line

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
