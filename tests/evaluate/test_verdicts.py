import pytest

from fairline.evaluate.intervals import NOTHING, Interval
from fairline.evaluate.verdicts import Verdict, hit_rate_tripwire, judge, mae_tripwire

BETTER = Interval(-0.002, -0.003, -0.001)


@pytest.mark.parametrize(
    ("difference", "rows", "dates", "verdict"),
    [
        (BETTER, 300, 25, Verdict.PASS),
        (BETTER, 299, 25, Verdict.INSUFFICIENT),
        (BETTER, 300, 24, Verdict.INSUFFICIENT),
        (Interval(-0.002, -0.004, 0.0), 5_000, 70, Verdict.FAIL),
        (Interval(0.002, 0.001, 0.003), 5_000, 70, Verdict.FAIL),
        (Interval(-0.002, None, None), 5_000, 70, Verdict.INSUFFICIENT),
        (NOTHING, 0, 0, Verdict.INSUFFICIENT),
    ],
)
def test_only_an_interval_wholly_below_zero_on_enough_rows_and_dates_passes(
    difference: Interval, rows: int, dates: int, verdict: Verdict
) -> None:
    assert judge(difference, rows, dates) is verdict


def test_where_higher_is_better_the_interval_must_lie_above_zero() -> None:
    better = Interval(0.01, 0.002, 0.02)
    assert judge(better, 300, 25, lower_is_better=False) is Verdict.PASS
    assert judge(BETTER, 300, 25, lower_is_better=False) is Verdict.FAIL


def test_too_many_right_picks_trip_the_wire_only_above_the_limit_the_least_picks_and_the_favourites() -> None:
    warning = hit_rate_tripwire(0.85, 500, 0.53)
    assert warning is not None
    assert "85.0%" in warning
    assert "leak" in warning
    assert hit_rate_tripwire(0.581, 500, None) is not None
    assert hit_rate_tripwire(0.58, 500, None) is None
    assert hit_rate_tripwire(0.85, 499, None) is None
    assert hit_rate_tripwire(0.60, 500, 0.60) is None
    assert hit_rate_tripwire(None, 0, None) is None


def test_a_3_4_mae_trips_the_wire() -> None:
    warning = mae_tripwire(3.4, 5.167, 5.14)
    assert warning is not None
    assert "3.400" in warning


def test_an_error_two_percent_below_the_line_trips_no_wire_and_a_hair_less_does() -> None:
    assert mae_tripwire(4.9, 5.0, 5.0) is None
    assert mae_tripwire(4.8999, 5.0, 5.0) is not None


def test_what_the_price_alone_gains_on_threes_is_no_leak() -> None:
    # The market's own numbers of 2024-25: 1.168 at the line, 1.096 with the line moved towards its price.
    assert mae_tripwire(1.09, 1.168, 1.096) is None
    assert mae_tripwire(1.07, 1.168, 1.096) is not None


def test_without_a_line_there_is_no_wire() -> None:
    assert mae_tripwire(None, None, None) is None
