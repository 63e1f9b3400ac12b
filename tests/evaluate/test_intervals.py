import numpy as np
import pytest

from fairline.evaluate.intervals import (
    DRAWS,
    NOTHING,
    bootstrap_mean,
    bootstrap_path,
    date_weights,
    middle,
    sum_by_date,
)

FIRST = np.datetime64("2024-01-30")


def test_the_mean_is_over_rows_not_over_dates() -> None:
    dates = FIRST + np.array([0, 0, 0, 1])
    assert bootstrap_mean(np.array([1.0, 1.0, 1.0, 5.0]), dates).mean == 2.0


def test_nothing_has_no_mean_and_one_date_no_interval() -> None:
    assert bootstrap_mean(np.array([]), np.array([], dtype="datetime64[D]")) == NOTHING
    assert bootstrap_mean(np.array([1.0, 3.0]), np.array([FIRST, FIRST])) == (2.0, None, None)
    assert bootstrap_path(np.array([1.0])) is None


def test_two_dates_can_be_worked_out_by_hand() -> None:
    # Drawn: both the first (1/4), one of each (1/2), both the second (1/4): 2.5 % and 97.5 % are the extremes.
    assert bootstrap_mean(np.array([1.0, 3.0]), FIRST + np.arange(2)) == (2.0, 1.0, 3.0)


def test_the_same_rows_give_the_same_interval_and_other_dates_the_same_draws() -> None:
    values, nights = np.random.default_rng(1).normal(size=500), np.arange(500) % 40
    first = bootstrap_mean(values, FIRST + nights)
    assert first == bootstrap_mean(values, FIRST + nights)
    assert first == bootstrap_mean(values, FIRST + np.timedelta64(365, "D") + nights)


def test_every_resample_draws_as_many_dates_as_there_are() -> None:
    weights = date_weights(30)
    assert weights.shape == (DRAWS, 30)
    assert (weights.sum(axis=1) == 30).all()
    assert weights.mean() == 1.0


def test_the_interval_covers_the_truth_about_as_often_as_it_says_when_nights_move_together() -> None:
    rng = np.random.default_rng(7)
    nights = np.repeat(np.arange(40), 20)
    covered = narrow = 0
    for _ in range(200):
        values = rng.normal(size=40)[nights] + rng.normal(size=nights.size)
        _, low, high = bootstrap_mean(values, FIRST + nights)
        assert low is not None
        assert high is not None
        covered += low <= 0 <= high
        # What treating rows as independent would claim.
        narrow += abs(values.mean()) <= 1.96 * values.std() / np.sqrt(values.size)
    assert 0.90 <= covered / 200 <= 0.99
    assert narrow / 200 < 0.75


def test_sums_by_date_take_whole_rows() -> None:
    values = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    assert sum_by_date(values, FIRST + np.array([1, 0, 1])).tolist() == [[3.0, 4.0], [6.0, 8.0]]


def test_resamples_that_could_not_be_made_are_left_out() -> None:
    assert middle([np.nan, 2.0, np.nan]) == (2.0, 2.0)
    assert middle([np.nan]) == (None, None)


def test_the_band_of_a_running_total_ends_where_the_total_of_the_bootstrap_does() -> None:
    daily = np.random.default_rng(2).normal(0.5, 1, 60)
    band = bootstrap_path(daily)
    assert band is not None
    _, low, high = bootstrap_mean(daily, FIRST + np.arange(60))
    assert (band[0][-1], band[1][-1]) == pytest.approx((60 * low, 60 * high))
