"""The gate: whether a model fitted anew may take the place of the one in use. Pure: scored rows in, checks out.

The candidate was not yet made when the rows it is judged on were played, so it is judged by its walk-forward self: the
same systems, each window fitted on what was known before it. The one in use is judged as it is, on rows later than
anything it learned from. Whether the candidate is worse is asked of those rows alone: before them both walk forward
alike, and rows on which they cannot differ would water down any difference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from fairline.evaluate.intervals import bootstrap_mean
from fairline.evaluate.schema import KEY
from fairline.evaluate.summary import Conditions, summarise
from fairline.evaluate.verdicts import LEAST_DATES, LEAST_ROWS
from fairline.predict.systems import ENSEMBLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from fairline.evaluate.intervals import Floats, Interval

LEAST_NEW_ROWS, LEAST_NEW_DATES = 300, 5
"""What must have been played since the model in use to judge by: a week has more, but for that of the All-Star game."""
WORST_CRPS = 0.01
"""What the upper end of the CRPS's interval, candidate less current, must stay below."""
MOST_BIAS = 0.5
"""Counts by which the medians may stand off the lines on average, over all rows and in each tier of lines."""
COVERAGE = (0.79, 0.81)
"""The target of 80 % intervals."""


class Check(NamedTuple):
    """One condition of the gate. found: what was seen, beside what is asked, in words."""

    name: str
    passed: bool
    found: str


def judge_candidate(
    candidate: pl.DataFrame, current: pl.DataFrame, *, system: str, conditions: Conditions
) -> tuple[Check, ...]:
    """Every condition of the gate, in order; the candidate passes when all do.

    candidate: scored rows of one market, from `scores.score`, of the candidate's walk-forward, those before the current
    model's end included. current: scored rows of the model in use after its end. system: whose prices are staked on.
    """
    import polars as pl

    paired = candidate.join(current, on=list(KEY), suffix="_current", validate="1:1")
    market = candidate["market"].item(0)
    result = summarise(candidate.filter(pl.col("system") == system), conditions=conditions, leak_check={})
    judged = result["markets"].get(market, {}).get(system)
    if judged is None or not judged["n"]:
        return (Check("rows", passed=False, found=f"{system} forecast no quoted row"),)
    return (
        _enough(judged),
        *(_not_worse(paired.filter(pl.col("system") == name), name) for name in dict.fromkeys((system, ENSEMBLE))),
        _covers(paired.filter(pl.col("system") == system)),
        *_sound(judged),
    )


def _enough(judged: dict[str, Any]) -> Check:
    n, dates = judged["n"], judged["dates"]
    found = f"{n:,} quoted rows on {dates} dates; {LEAST_ROWS} on {LEAST_DATES} are asked"
    return Check("rows", n >= LEAST_ROWS and dates >= LEAST_DATES, found)


def _not_worse(paired: pl.DataFrame, system: str) -> Check:
    """By the CRPS of the same rows, resampled by whole dates."""
    change = _change(paired, "crps")
    passed = change.high is not None and change.high < WORST_CRPS
    found = f"{_interval(change)} on {paired.height:,} rows since the model in use; below {WORST_CRPS:+} is asked"
    return Check(f"crps of {system}", passed, found)


def _covers(paired: pl.DataFrame) -> Check:
    """The 80 % intervals hold their share, or are no further off than the current model's; both but for noise."""
    low, high = COVERAGE
    share = bootstrap_mean(_numbers(paired, "inside_80"), paired["game_date"].to_numpy())
    change = _change(paired, "inside_80")
    if share.low is None or share.high is None or change.low is None or change.high is None:
        return Check("coverage", passed=False, found="too few rows since the model in use to tell")
    away = (share.low > high and change.low > 0) or (share.high < low and change.high < 0)
    found = f"80 % intervals hold {share.mean:.1%} [{share.low:.1%}, {share.high:.1%}], {_interval(change)} against"
    asked = f"reaching {low:.0%} to {high:.0%}, or no further off, is asked"
    return Check("coverage", not away, f"{found} the model in use; {asked}")


def _sound(judged: dict[str, Any]) -> Iterator[Check]:
    """What is asked of the candidate by itself, on all rows of its walk-forward."""
    slope, (low, high) = judged["slope"], judged["slope_interval"].values()
    told = "none" if slope is None or low is None else f"{slope:.2f} [{low:.2f}, {high:.2f}]"
    holds = low is not None and low <= 1 <= high
    yield Check("calibration slope", holds, f"{told}; an interval that holds 1 is asked")
    bias = judged["bias_against_line"]
    yield Check("bias", abs(bias) <= MOST_BIAS, f"{bias:+.2f} against the lines; within {MOST_BIAS} is asked")
    worst = max(judged["by_tier"], key=lambda tier: abs(tier["bias_against_line"]))
    off = worst["bias_against_line"]
    found = f"{off:+.2f} at worst, in lines of {worst['tier']}; within {MOST_BIAS} is asked"
    yield Check("bias by tier", abs(off) <= MOST_BIAS, found)
    yield Check("tripwires", not judged["tripwires"], " ".join(judged["tripwires"]) or "none")


def _change(paired: pl.DataFrame, score: str) -> Interval:
    """Candidate less current, with its interval over the dates."""
    difference = _numbers(paired, score) - _numbers(paired, f"{score}_current")
    return bootstrap_mean(difference, paired["game_date"].to_numpy())


def _numbers(rows: pl.DataFrame, name: str) -> Floats:
    import polars as pl

    return rows[name].cast(pl.Float64).to_numpy()


def _interval(change: Interval) -> str:
    if change.mean is None or change.low is None or change.high is None:
        return "no interval"
    return f"{change.mean:+.4f} [{change.low:+.4f}, {change.high:+.4f}]"
