import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import stats

from fairline.domain.errors import BrokenContract
from fairline.domain.line import Line
from fairline.domain.pmf import Pmf


def normalised(weights: np.ndarray) -> np.ndarray:
    weights = weights + 1e-9 * (weights.sum(axis=-1, keepdims=True) == 0)
    shares: np.ndarray = weights / weights.sum(axis=-1, keepdims=True)
    return shares


counts = st.integers(1, 12)
single = counts.flatmap(lambda k: arrays.arrays(np.float64, k, elements=st.floats(0, 1))).map(normalised).map(Pmf)
slate = (
    st.tuples(st.integers(1, 5), counts)
    .flatmap(lambda shape: arrays.arrays(np.float64, shape, elements=st.floats(0, 1)))
    .map(normalised)
    .map(Pmf)
)


@given(slate)
def test_a_slate_at_once_answers_as_each_player_alone(pmf: Pmf) -> None:
    alone = [pmf[i] for i in range(pmf.batch[0])]
    for batched, single in [
        (pmf.mean, [one.mean for one in alone]),
        (pmf.sd, [one.sd for one in alone]),
        (pmf.quantile([0.1, 0.5, 0.9]), [one.quantile([0.1, 0.5, 0.9]) for one in alone]),
        (pmf.over(Line.of(2.5)), [one.over(Line.of(2.5)) for one in alone]),
        (pmf.crps(2), [one.crps(2) for one in alone]),
        (pmf.pit(2, 0.3), [one.pit(2, 0.3) for one in alone]),
        (pmf.convolve(pmf).p, [one.convolve(one).p for one in alone]),
    ]:
        np.testing.assert_allclose(batched, np.array(single), atol=1e-12)


@given(single)
def test_mean_and_sd_are_the_moments_of_the_counts(pmf: Pmf) -> None:
    k = np.arange(pmf.size)
    assert pmf.mean == pytest.approx((k * pmf.p).sum())
    assert pmf.variance == pytest.approx((k**2 * pmf.p).sum() - pmf.mean**2, abs=1e-9)
    assert pmf.sd == pytest.approx(np.sqrt(pmf.variance))


@given(single, st.floats(0, 1))
def test_a_quantile_is_the_least_count_whose_cdf_reaches_the_level(pmf: Pmf, level: float) -> None:
    k = int(pmf.quantile(level))
    assert pmf.cdf[k] >= level - 1e-12
    assert k == 0 or pmf.cdf[k - 1] < level


def test_the_rounding_of_a_cumulative_sum_does_not_move_a_quantile() -> None:
    tenths = Pmf(np.full(10, 0.1))
    assert tenths.quantile(np.arange(1, 11) / 10).tolist() == list(range(10))


@given(slate, st.floats(0, 1))
def test_a_central_interval_holds_at_least_its_level(pmf: Pmf, level: float) -> None:
    low, high = pmf.central_interval(level)
    assert (low <= high).all()
    assert (pmf.below(high + 1) - pmf.below(low) >= level - 1e-9).all()


@given(single, single)
def test_the_sum_of_independent_counts_adds_means_and_variances(points: Pmf, rebounds: Pmf) -> None:
    total = points.convolve(rebounds)
    assert total.size == points.size + rebounds.size - 1
    assert total.mean == pytest.approx(points.mean + rebounds.mean)
    assert total.variance == pytest.approx(points.variance + rebounds.variance, abs=1e-9)
    np.testing.assert_allclose(total.p, np.convolve(points.p, rebounds.p), atol=1e-12)
    np.testing.assert_allclose(total.p, rebounds.convolve(points).p, atol=1e-15)


def test_a_sum_keeps_its_far_tail_so_that_no_possible_total_scores_infinity() -> None:
    rare = Pmf([1 - 1e-12, 1e-12])
    assert rare.convolve(rare).p[2] == pytest.approx(1e-24)


def test_a_slate_is_summed_with_one_distribution_for_all() -> None:
    slate = Pmf([[0.5, 0.5], [0.0, 1.0]])
    np.testing.assert_allclose(slate.convolve(Pmf([0.0, 1.0])).p, np.array([[0, 0.5, 0.5], [0, 0, 1.0]]))


@given(single, st.integers(0, 20))
def test_crps_is_the_expected_distance_to_the_outcome_less_half_the_spread(pmf: Pmf, outcome: int) -> None:
    k = np.arange(pmf.size)
    distance = (pmf.p * np.abs(k - outcome)).sum()
    spread = (np.outer(pmf.p, pmf.p) * np.abs(np.subtract.outer(k, k))).sum()
    assert pmf.crps(outcome) == pytest.approx(distance - spread / 2, abs=1e-9)


@given(single, single)
def test_no_forecast_beats_the_truth_in_expected_crps_or_log_score(truth: Pmf, forecast: Pmf) -> None:
    outcomes = np.arange(truth.size)
    for score in (Pmf.crps, Pmf.log_score):
        # An outcome that cannot happen may score infinitely badly: it weighs nothing.
        own = sum(p * s for p, s in zip(truth.p, score(truth, outcomes), strict=True) if p > 0)
        other = sum(p * s for p, s in zip(truth.p, score(forecast, outcomes), strict=True) if p > 0)
        assert own <= other + 1e-9


def test_a_certain_forecast_come_true_scores_nought_and_an_impossible_outcome_infinity() -> None:
    certain = Pmf([0.0, 0.0, 1.0])
    assert (float(certain.crps(2)), float(certain.log_score(2))) == (0, 0)
    assert certain.log_score(np.array([0, 7])).tolist() == [np.inf, np.inf]
    assert float(certain.crps(7)) == 5


@given(single, st.integers(0, 12), st.floats(0, 1))
def test_pit_falls_between_the_cdf_below_and_at_the_outcome(pmf: Pmf, outcome: int, u: float) -> None:
    assert pmf.below(outcome) - 1e-12 <= pmf.pit(outcome, u) <= pmf.below(outcome + 1) + 1e-12


def test_pit_of_a_calibrated_forecast_is_uniform() -> None:
    rng = np.random.default_rng(7)
    pmf = Pmf.negative_binomial(12.0, 30.0, size=80)
    drawn = rng.choice(80, size=4000, p=pmf.p)
    assert stats.kstest(pmf.pit(drawn, rng.uniform(size=4000)), "uniform").pvalue > 0.01


means, excess = st.floats(0.01, 60), st.floats(0.001, 100)


@given(means, excess)
def test_a_negative_binomial_has_the_textbook_probabilities(mean: float, excess: float) -> None:
    variance = mean + excess
    pmf = Pmf.negative_binomial(mean, variance, size=40)
    textbook = stats.nbinom(mean**2 / excess, mean / variance)
    np.testing.assert_allclose(pmf.p[:-1], textbook.pmf(np.arange(39)), rtol=1e-6, atol=1e-12)
    assert pmf.p[-1] == pytest.approx(textbook.sf(38), abs=1e-9)


@given(means, st.floats(0, 1))
def test_counts_less_dispersed_than_poisson_are_taken_as_poisson(mean: float, share: float) -> None:
    pmf = Pmf.negative_binomial(mean, mean * share, size=40)
    np.testing.assert_allclose(pmf.p[:-1], stats.poisson(mean).pmf(np.arange(39)), rtol=1e-8, atol=1e-15)


def test_a_variance_a_hair_above_the_mean_meets_poisson_without_a_jump() -> None:
    hair = Pmf.negative_binomial(20.0, 20.0 * (1 + 1e-12), size=80)
    np.testing.assert_allclose(hair.p, Pmf.negative_binomial(20.0, 20.0, size=80).p, atol=1e-12)


def test_a_slate_of_negative_binomials_keeps_its_moments_and_a_mean_of_nought_is_certain() -> None:
    mean = np.array([0.0, 1.5, 28.0])
    pmf = Pmf.negative_binomial(mean, 9 * (mean > 0) + 2.3 * mean, size=200)
    assert pmf.mean == pytest.approx(mean, abs=1e-6)
    assert pmf.variance[1:] == pytest.approx(9 + 2.3 * mean[1:], rel=1e-4)
    assert pmf.p[0, 0] == 1


def test_the_tail_beyond_the_last_count_is_folded_into_it_and_never_lost() -> None:
    pmf = Pmf.negative_binomial(50.0, 60.0, size=10)
    assert pmf.p.sum() == pytest.approx(1, abs=1e-15)
    assert pmf.p[-1] > 0.999
    assert Pmf.negative_binomial(50.0, 60.0, size=1).p.tolist() == [1.0]


@pytest.mark.parametrize(
    ("mean", "variance", "size"),
    [(-1, 2, 5), (np.nan, 2, 5), (1, np.nan, 5), (1, np.inf, 5), (np.inf, 2, 5), (1, 2, 0)],
)
def test_a_negative_binomial_of_missing_moments_is_refused(mean: float, variance: float, size: int) -> None:
    with pytest.raises(BrokenContract) as refused:
        Pmf.negative_binomial(mean, variance, size)
    assert "nothing is filled in" in refused.value.hint


@given(slate)
def test_a_distribution_is_told_by_its_cdf(pmf: Pmf) -> None:
    np.testing.assert_allclose(Pmf.from_cdf(pmf.cdf).p, pmf.p, atol=1e-9)


def test_a_cdf_that_falls_or_does_not_reach_one_is_refused() -> None:
    for cdf in ([0.5, 0.4, 1.0], [0.5, 0.9]):
        with pytest.raises(BrokenContract):
            Pmf.from_cdf(cdf)


def test_simulated_counts_become_frequencies_player_by_player() -> None:
    pmf = Pmf.of_samples([[0, 1, 1, 3], [2, 2, 2, 99]], size=4)
    assert pmf.p.tolist() == [[0.25, 0.5, 0.0, 0.25], [0.0, 0.0, 0.75, 0.25]]
    assert Pmf.of_samples(np.zeros((0, 3), dtype=np.int64), size=4).batch == (0,)


@pytest.mark.parametrize("samples", [[0.5, 1.0], [-1, 2], [], 3])
def test_what_is_not_a_row_of_counts_is_no_sample(samples: object) -> None:
    array = np.array(samples) if samples != [] else np.zeros(0, dtype=np.int64)
    with pytest.raises(BrokenContract):
        Pmf.of_samples(array, size=4)


@given(single, single, st.floats(0, 1))
def test_a_mixture_says_of_every_line_the_weighted_mean_of_its_parts(one: Pmf, other: Pmf, weight: float) -> None:
    mixture = Pmf.mix([weight, 1 - weight], [one, other])
    for halves in range(20):
        line = Line(halves=halves)
        assert mixture.over(line) == pytest.approx(weight * one.over(line) + (1 - weight) * other.over(line), abs=1e-12)


def test_weights_may_differ_player_by_player() -> None:
    slate = Pmf([[1.0, 0.0], [1.0, 0.0]])
    mixture = Pmf.mix([[1.0, 0.0], [0.25, 0.75]], [slate, Pmf([0.0, 0.0, 1.0])])
    assert mixture.p.tolist() == [[1.0, 0.0, 0.0], [0.25, 0.0, 0.75]]


@pytest.mark.parametrize("weights", [[1.0], [0.5, 0.6], [1.5, -0.5], 1.0])
def test_weights_that_are_no_probabilities_of_the_parts_are_refused(weights: object) -> None:
    with pytest.raises(BrokenContract):
        Pmf.mix(np.array(weights), [Pmf([0.0, 1.0]), Pmf([1.0])])
    with pytest.raises(BrokenContract):
        Pmf.mix([], [])


@pytest.mark.parametrize("p", [[0.5, 0.6], [1.5, -0.5], [np.nan, 1.0], [], 1.0, [[1.0, 0.0], [0.5, 0.4]]])
def test_what_does_not_sum_to_one_or_lacks_a_value_is_no_distribution(p: object) -> None:
    with pytest.raises(BrokenContract):
        Pmf(np.array(p))


def test_a_distribution_cannot_be_changed_from_outside() -> None:
    source = np.array([0.5, 0.5])
    pmf = Pmf(source)
    source[0] = 0.9
    assert pmf.p.tolist() == [0.5, 0.5]
    for held in (pmf.p, pmf.cdf):
        with pytest.raises(ValueError, match="read-only"):
            held[0] = 1.0


def test_players_are_chosen_by_position_or_mask_but_a_single_distribution_has_none() -> None:
    slate = Pmf([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]])
    assert slate[1].p.tolist() == [0.0, 1.0]
    assert slate[np.array([True, False, True])].batch == slate[np.array([0, 2])].batch == (2,)
    assert repr(slate) == "Pmf(batch=(3,), size=2)"
    with pytest.raises(BrokenContract):
        slate[0][0]


@pytest.mark.parametrize("outcome", [-1, 2.5, np.nan])
def test_an_outcome_that_is_no_count_is_refused_and_not_scored(outcome: float) -> None:
    for score in (Pmf.crps, Pmf.log_score):
        with pytest.raises(BrokenContract):
            score(Pmf([0.5, 0.5]), outcome)


@pytest.mark.parametrize("level", [-0.1, 1.1, np.nan])
def test_a_level_outside_nought_to_one_has_no_quantile(level: float) -> None:
    with pytest.raises(BrokenContract):
        Pmf([0.5, 0.5]).quantile(level)
