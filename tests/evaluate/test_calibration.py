import numpy as np
import pytest

from fairline.domain.consensus import expit, logit
from fairline.evaluate.calibration import calibration_slope, equal_count_bins, pit_counts
from fairline.evaluate.intervals import NOTHING

FIRST = np.datetime64("2024-01-30")


def forecasts(n: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """True chances, what happened, and the night of each."""
    rng = np.random.default_rng(seed)
    p = expit(rng.normal(0, 0.6, n))
    return p, rng.uniform(size=n) < p, FIRST + rng.integers(0, 50, n)


def test_true_chances_have_an_error_near_zero_and_near_what_chance_explains() -> None:
    p, won, _ = forecasts(60_000)
    bins = equal_count_bins(p, won)
    error, floor = bins.expected_calibration_error(), bins.floor()
    assert error is not None
    assert floor is not None
    assert error < 0.01
    assert 0.4 * floor < error < 1.8 * floor


def test_the_floor_is_what_true_chances_get_on_average() -> None:
    errors, floors = [], []
    for seed in range(60):
        p, won, _ = forecasts(2_000, seed)
        bins = equal_count_bins(p, won)
        errors.append(bins.expected_calibration_error())
        floors.append(bins.floor())
    assert np.mean(errors) == pytest.approx(np.mean(floors), rel=0.1)


def test_bins_hold_equally_many_rows_and_lose_none() -> None:
    p, won, _ = forecasts(1_003)
    bins = equal_count_bins(p, won)
    assert sorted({*bins.n}) == [100, 101]
    assert bins.n.sum() == 1_003
    assert bins.n @ bins.observed == pytest.approx(won.sum())


def test_fewer_rows_than_bins_and_none_at_all() -> None:
    assert equal_count_bins(np.array([0.3, 0.6]), np.array([False, True])).n.tolist() == [1, 1]
    nothing = equal_count_bins(np.array([]), np.array([], dtype=bool))
    assert (nothing.expected_calibration_error(), nothing.floor()) == (None, None)


def test_two_bins_by_hand() -> None:
    bins = equal_count_bins(np.array([0.2, 0.4, 0.6, 0.8]), np.array([False, True, True, True]), bins=2)
    # |0.3 - 0.5| and |0.7 - 1.0|.
    assert bins.expected_calibration_error() == pytest.approx(0.25)


def test_the_slope_of_true_chances_is_one_and_of_exaggerated_ones_below() -> None:
    p, won, dates = forecasts(8_000)
    true = calibration_slope(p, won, dates)
    assert true.low < 1 < true.high
    overconfident = calibration_slope(expit(2 * logit(p)), won, dates)
    assert overconfident.high < 1
    # Twice the log-odds, half the slope: exactly.
    assert overconfident == pytest.approx([value / 2 for value in true], rel=1e-5)


def test_the_quick_interval_agrees_with_refitting_every_resample() -> None:
    p, won, dates = forecasts(4_000)
    quick = calibration_slope(p, won, dates)
    rng = np.random.default_rng(5)
    nights = [np.flatnonzero(dates == night) for night in np.unique(dates)]
    refitted = []
    for _ in range(300):
        drawn = np.concatenate([nights[i] for i in rng.integers(0, len(nights), len(nights))])
        refitted.append(calibration_slope(p[drawn], won[drawn], dates[drawn][:1].repeat(drawn.size)).mean)
    low, high = np.quantile(np.array(refitted, dtype=float), [0.025, 0.975])
    assert (quick.low, quick.high) == pytest.approx((low, high), abs=0.03)


def test_the_interval_of_the_slope_covers_one_about_as_often_as_it_says() -> None:
    intervals = [calibration_slope(*forecasts(1_500, seed)) for seed in range(200)]
    assert 0.89 <= np.mean([low <= 1 <= high for _, low, high in intervals]) <= 0.99


@pytest.mark.parametrize(
    ("p", "won"),
    [
        ([], []),
        ([0.5, 0.5, 0.5, 0.5], [True, False, True, False]),
        ([0.4, 0.5, 0.6, 0.7], [True, True, True, True]),
        ([0.4, 0.5, 0.6, 0.7], [False, False, True, True]),
    ],
    ids=["no rows", "forecasts alike", "outcomes alike", "parted perfectly"],
)
def test_where_no_slope_exists_none_is_given(p: list[float], won: list[bool]) -> None:
    dates = FIRST + np.arange(len(p))
    assert calibration_slope(np.array(p), np.array(won, dtype=bool), dates) == NOTHING


def test_certainties_have_a_slope_all_the_same() -> None:
    p, won, dates = forecasts(2_000)
    assert calibration_slope(np.where(p > 0.9, 1.0, p), won, dates).mean is not None


def test_pit_counts_include_both_ends() -> None:
    assert pit_counts(np.array([0.0, 0.049, 0.05, 1.0])) == [2, 1, *[0] * 17, 1]
