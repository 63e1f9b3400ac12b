"""Stacking centres, pooling with the market, tilting a distribution."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairline.domain.consensus import logit
from fairline.domain.pmf import Pmf
from fairline.domain.settle import settle
from fairline.predict.pooling import (
    DISAGREEMENT,
    LEAST_GRADED,
    LEVEL_ROWS,
    POOL_PRIOR,
    level,
    pool_weight,
    pooled_p,
    stack_weights,
    tilted,
)

PRIOR = np.array([0.05, 0.05, 0.9])


def drawn(rows: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Means of three centres, the second of them the truth, and outcomes."""
    rng = np.random.default_rng(seed)
    truth = rng.uniform(4, 28, rows)
    means = np.column_stack([truth * rng.lognormal(0, 0.4, rows), truth, truth * rng.lognormal(0, 0.4, rows)])
    return means, rng.poisson(truth).astype(float)


def test_before_300_graded_rows_the_weights_are_the_declared_prior() -> None:
    means, actual = drawn(LEAST_GRADED - 1)
    assert np.array_equal(stack_weights(means, actual, PRIOR), PRIOR / PRIOR.sum())
    p = np.full(LEAST_GRADED - 1, 0.6)
    assert pool_weight(p, p - 0.1, p > 0.5) == POOL_PRIOR


def test_from_300_rows_on_the_better_centre_gets_the_weight() -> None:
    weights = stack_weights(*drawn(LEAST_GRADED), PRIOR)
    assert weights.sum() == pytest.approx(1)
    assert (weights >= 0).all()
    assert weights[1] > 0.8


def priced(rows: int, *, model_knows: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Our chances, the market's and outcomes, one of the two being the truth and the other noise about it."""
    rng = np.random.default_rng(2)
    truth = rng.uniform(0.42, 0.58, rows)
    other = 1 / (1 + np.exp(-logit(truth) - rng.normal(0, 0.3, rows)))
    over = rng.uniform(size=rows) < truth
    return (truth, other, over) if model_knows else (other, truth, over)


def test_a_model_that_knows_more_than_the_market_is_believed_and_one_that_knows_less_is_not() -> None:
    assert pool_weight(*priced(20_000, model_knows=True)) > 0.8
    assert pool_weight(*priced(20_000, model_knows=False)) < 0.1


def test_the_first_300_rows_weigh_no_more_than_the_prior() -> None:
    believed_alone = pool_weight(*priced(20_000, model_knows=True))
    assert POOL_PRIOR < pool_weight(*priced(LEAST_GRADED, model_knows=True)) < believed_alone


@given(st.floats(0.001, 0.999), st.floats(0.05, 0.95), st.floats(0, 1))
def test_the_market_is_never_left_by_more_than_the_bounded_disagreement(
    ours: float, theirs: float, share: float
) -> None:
    pooled = pooled_p(np.array([ours]), np.array([theirs]), share)
    moved = float((logit(pooled) - logit(theirs))[0])
    assert abs(moved) <= share * DISAGREEMENT + 1e-9
    assert moved * float(logit(ours) - logit(theirs)) >= -1e-9


def test_a_share_of_none_is_the_market_itself() -> None:
    assert pooled_p(np.array([0.9]), np.array([0.4]), 0.0)[0] == pytest.approx(0.4)


@given(st.floats(1, 35), st.integers(1, 90), st.floats(0.02, 0.98))
def test_a_tilted_distribution_gives_the_side_its_probability_at_any_line(mean: float, halves: int, p: float) -> None:
    pmf = Pmf.negative_binomial(np.array([mean]), np.array([9 + 2.3 * mean]), 91)
    chances = settle(tilted(pmf, np.array([halves]), np.array([p])), np.array([halves]))
    assert chances.over[0] / (chances.over[0] + chances.under[0]) == pytest.approx(p, abs=1e-4)


def test_a_tilt_towards_its_own_probability_changes_nothing() -> None:
    pmf = Pmf.negative_binomial(np.array([14.0, 3.0]), np.array([40.0, 9.0]), 91)
    lines = np.array([27, 6])
    own = settle(pmf, lines)
    assert np.allclose(tilted(pmf, lines, own.over / (own.over + own.under)).p, pmf.p, atol=1e-9)


def test_one_row_of_a_batch_is_tilted_as_it_would_be_alone() -> None:
    pmf = Pmf.negative_binomial(np.array([14.0, 25.0]), np.array([40.0, 70.0]), 91)
    both = tilted(pmf, np.array([27, 51]), np.array([0.55, 0.4]))
    assert np.allclose(both.p[1:], tilted(pmf[1:], np.array([51]), np.array([0.4])).p, rtol=0, atol=1e-13)


def test_a_seasons_level_is_believed_as_far_as_there_are_rows_to_tell_it() -> None:
    means = np.full(LEVEL_ROWS, 10.0)
    assert level(means, means * 1.04) == pytest.approx(1.02)
    assert level(means[:20], means[:20] * 1.04) == pytest.approx(1.0, abs=5e-4)


def test_without_a_forecast_this_season_the_level_is_one() -> None:
    assert level(np.array([]), np.array([])) == 1.0
    assert level(np.array([np.nan]), np.array([30.0])) == 1.0
