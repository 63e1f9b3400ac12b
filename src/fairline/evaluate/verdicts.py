"""What may be said of a comparison, and what must be disproved first."""

from enum import StrEnum

from fairline.evaluate.intervals import Interval

LEAST_ROWS = 300
LEAST_DATES = 25

HIT_RATE_LIMIT = 0.58
HIT_RATE_LEAST_PICKS = 500
MAE_LIMIT = 0.98


class Verdict(StrEnum):
    """Printed verbatim."""

    PASS = "PASS"  # noqa: S105 - a verdict, not a secret
    FAIL = "FAIL"
    INSUFFICIENT = "INSUFFICIENT"
    HINDSIGHT = "HINDSIGHT"
    """In place of the others where something was read that could be known only afterwards: it proves nothing."""


def judge(difference: Interval, rows: int, dates: int, *, lower_is_better: bool = True) -> Verdict:
    """PASS when the whole interval lies on the better side of 0; INSUFFICIENT below 300 rows or 25 dates.

    difference: ours minus the market's, on `rows` rows of `dates` game dates.

    >>> judge(Interval(-0.002, -0.003, -0.001), rows=5000, dates=70).value
    'PASS'
    >>> judge(Interval(0.0, 0.0, 0.0), rows=5000, dates=70).value, judge(Interval(-0.1, -0.2, -0.1), 299, 70).value
    ('FAIL', 'INSUFFICIENT')
    """
    if rows < LEAST_ROWS or dates < LEAST_DATES or difference.low is None or difference.high is None:
        return Verdict.INSUFFICIENT
    better = difference.high < 0 if lower_is_better else difference.low > 0
    return Verdict.PASS if better else Verdict.FAIL


def hit_rate_tripwire(hit_rate: float | None, picks: int, market_hit_rate: float | None) -> str | None:
    """The warning of a share of picks too good to be true: more than 58 % of 500 or more.

    market_hit_rate: how often the market's own favourite won on the same rows. Lines priced far from even (threes) let
    anyone who follows the price be right that often, which is no leak.

    >>> hit_rate_tripwire(0.61, 500, 0.54)
    "61.0% of 500 main-line picks were right (the market's own favourites: 54.0%): a leak until disproved."
    >>> hit_rate_tripwire(0.58, 500, None), hit_rate_tripwire(0.9, 499, None), hit_rate_tripwire(0.61, 500, 0.62)
    (None, None, None)
    """
    if hit_rate is None or picks < HIT_RATE_LEAST_PICKS or hit_rate <= max(HIT_RATE_LIMIT, market_hit_rate or 0):
        return None
    favourites = "" if market_hit_rate is None else f" (the market's own favourites: {market_hit_rate:.1%})"
    return f"{hit_rate:.1%} of {picks:,} main-line picks were right{favourites}: a leak until disproved."


def mae_tripwire(mae: float | None, line_mae: float | None, priced_line_mae: float | None) -> str | None:
    """The warning of an error too small to be true: more than 2 % below the line's.

    The line's is the smaller of its error as it stands and after half a point towards the side its price favours:
    on threes, rebounds and assists that half point alone gains 2 to 6 %, which is no leak.

    >>> mae_tripwire(4.8, 5.0, 4.98)
    "The MAE of 4.800 is 3.6% below the line's (5.000, and 4.980 as priced): a leak until disproved."
    >>> mae_tripwire(1.10, 1.17, 1.10)
    """
    if mae is None or line_mae is None or priced_line_mae is None:
        return None
    yardstick = min(line_mae, priced_line_mae)
    if mae >= MAE_LIMIT * yardstick:
        return None
    below = f"{1 - mae / yardstick:.1%} below the line's ({line_mae:.3f}, and {priced_line_mae:.3f} as priced)"
    return f"The MAE of {mae:.3f} is {below}: a leak until disproved."
