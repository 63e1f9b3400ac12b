import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fairline.domain.errors import ImpossiblePrice
from fairline.domain.odds import implied
from fairline.domain.stake import break_even, expected_value, kelly

price = st.floats(1.01, 50)
chances = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(lambda pair: (pair[0] * (1 - pair[1]), pair[1]))


@given(price)
def test_a_bet_won_as_often_as_it_breaks_even_is_worth_nothing(decimal: float) -> None:
    assert break_even(decimal) == implied(decimal)
    assert expected_value(break_even(decimal), 0.0, decimal) == pytest.approx(0, abs=1e-12)


@given(chances, price)
def test_a_push_returns_the_stake_so_only_decided_bets_are_worth_anything(
    chance: tuple[float, float], decimal: float
) -> None:
    p_win, p_push = chance
    p_lose = 1 - p_win - p_push
    by_hand = p_win * decimal + p_push * 1 + p_lose * 0 - 1
    assert expected_value(p_win, p_push, decimal) == pytest.approx(by_hand, abs=1e-9)


@given(chances, price)
def test_nothing_is_staked_without_an_edge_and_never_more_than_the_fraction(
    chance: tuple[float, float], decimal: float
) -> None:
    stake = kelly(*chance, decimal)
    assert 0 <= stake <= 0.25 + 1e-9
    if expected_value(*chance, decimal) <= 0:
        assert stake == 0


@given(chances, st.floats(1.1, 10), st.floats(-0.05, 0.05))
def test_no_other_stake_grows_the_bankroll_faster_than_full_kelly(
    chance: tuple[float, float], decimal: float, error: float
) -> None:
    p_win, p_push = chance
    p_lose = max(0.0, 1 - p_win - p_push)
    assume(p_win + p_lose > 1e-6)

    def growth(stake: float) -> float:
        lost = p_lose * math.log1p(-stake) if p_lose > 0 else 0.0
        return p_win * math.log1p(stake * (decimal - 1)) + lost

    best = min(kelly(p_win, p_push, decimal, fraction=1.0), 1 - 1e-9)
    assert growth(best) >= growth(min(max(best + error, 0.0), 1 - 1e-9)) - 1e-9


def test_a_certain_push_is_staked_nothing() -> None:
    assert kelly(0.0, 1.0, 1.91) == 0.0


def test_a_board_is_staked_at_once_and_a_quote_without_a_price_stays_missing() -> None:
    p_win, p_push, decimal = np.array([0.55, 0.45, 0.55]), np.array([0.0, 0.1, 0.0]), np.array([2.0, 2.0, np.nan])
    assert expected_value(p_win, p_push, decimal)[:2] == pytest.approx([0.1, 0.0])
    stakes = kelly(p_win, p_push, decimal)
    assert stakes[:2] == pytest.approx([0.025, 0.0])
    assert np.isnan(stakes[2])


def test_a_price_no_book_could_mean_is_worth_nothing_knowable() -> None:
    for worth in (expected_value, kelly):
        with pytest.raises(ImpossiblePrice):
            worth(0.5, 0.0, 1.0)
    with pytest.raises(ImpossiblePrice):
        break_even(0.9)
