"""What a candidate must show to take the place of the model in use, on a league whose truth is known."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from tests.evaluate.simulated import CONDITIONS, League, league

from fairline.evaluate.promotion import Check, judge_candidate

LEAGUE = league(6_000, dates=60)
SINCE = date(2024, 3, 20)
"""The model in use learned from nothing later; ten dates of the sixty follow."""


def rows(of: League, mean: np.ndarray | None = None, width: float = 1.0) -> pl.DataFrame:
    """A model's scored rows: the system that is staked on, and the ensemble, alike."""
    return pl.concat([of.scored(system, mean, width) for system in ("market_pooled", "ensemble")])


def gate(candidate: pl.DataFrame, current: pl.DataFrame) -> dict[str, Check]:
    later = current.filter(pl.col("game_date") >= SINCE)
    checks = judge_candidate(candidate, later, system="market_pooled", conditions=CONDITIONS)
    return {check.name: check for check in checks}


def failed(checks: dict[str, Check]) -> list[str]:
    return [name for name, check in checks.items() if not check.passed]


def test_the_truth_takes_the_place_of_a_poorer_model_and_each_number_is_told() -> None:
    checks = gate(rows(LEAGUE), rows(LEAGUE, LEAGUE.off_by(0.2)))
    assert failed(checks) == []
    assert [*checks] == [
        "rows", "crps of market_pooled", "crps of ensemble", "coverage", "calibration slope", "bias", "bias by tier",
        "tripwires",
    ]  # fmt: skip
    assert checks["crps of ensemble"].found.startswith("-0.")
    assert "6,000 quoted rows on 60 dates" in checks["rows"].found


def test_an_equal_model_is_not_worse_and_passes() -> None:
    checks = gate(rows(LEAGUE), rows(LEAGUE))
    assert failed(checks) == []
    assert "+0.0000 [+0.0000, +0.0000]" in checks["crps of market_pooled"].found


def test_a_model_worse_since_the_current_one_is_refused_however_many_rows_before_were_alike() -> None:
    later = (LEAGUE.events["game_date"] >= SINCE).to_numpy()
    poorer = np.where(later, LEAGUE.off_by(0.3), LEAGUE.mean)
    checks = gate(rows(LEAGUE, poorer), rows(LEAGUE))
    assert {"crps of market_pooled", "crps of ensemble"} <= {*failed(checks)}


def test_a_worse_ensemble_is_refused_though_the_market_mends_what_is_staked_on() -> None:
    candidate = pl.concat([LEAGUE.scored("market_pooled"), LEAGUE.scored("ensemble", LEAGUE.off_by(0.3))])
    assert failed(gate(candidate, rows(LEAGUE))) == ["crps of ensemble"]


def test_what_may_be_worse_by_chance_alone_is_refused_too() -> None:
    few = league(600, dates=60)
    checks = gate(rows(few, few.off_by(0.1, seed=1)), rows(few, few.off_by(0.1, seed=2)))
    assert "crps of market_pooled" in failed(checks), checks["crps of market_pooled"].found


@pytest.mark.parametrize("factor", [1.1, 0.9])
def test_medians_that_stand_off_the_lines_are_biased(factor: float) -> None:
    assert {"bias", "bias by tier"} <= {*failed(gate(rows(LEAGUE, factor * LEAGUE.mean), rows(LEAGUE)))}


def test_a_bias_in_one_tier_alone_is_found_and_named() -> None:
    high = (LEAGUE.events["half_points"] >= 50).to_numpy()
    candidate = rows(LEAGUE, np.where(high, 1.08 * LEAGUE.mean, LEAGUE.mean))
    checks = gate(candidate, candidate)
    assert failed(checks) == ["bias by tier"]
    assert "25+" in checks["bias by tier"].found


def test_overconfidence_shows_in_the_slope() -> None:
    candidate = rows(LEAGUE, LEAGUE.off_by(0.3))
    assert "calibration slope" in failed(gate(candidate, candidate))


def test_intervals_that_grew_too_narrow_are_refused_and_those_as_narrow_as_before_are_not() -> None:
    narrow = rows(LEAGUE, width=0.6)
    assert "coverage" in failed(gate(narrow, rows(LEAGUE)))
    assert "coverage" not in failed(gate(narrow, narrow))


def test_a_forecast_too_good_to_be_true_is_refused() -> None:
    seen = LEAGUE.events["actual"].to_numpy()
    checks = gate(rows(LEAGUE, 0.8 * LEAGUE.mean + 0.2 * np.maximum(seen, 0.5)), rows(LEAGUE))
    assert "a leak until disproved" in checks["tripwires"].found
    assert "tripwires" in failed(checks)


def test_too_few_rows_prove_nothing() -> None:
    few = league(290, dates=60)
    assert "rows" in failed(gate(rows(few), rows(few, few.off_by(0.5))))
    short = league(600, dates=24)
    checks = judge_candidate(rows(short), rows(short), system="market_pooled", conditions=CONDITIONS)
    assert [check.name for check in checks if not check.passed] == ["rows"]


def test_a_system_that_forecast_nothing_cannot_pass() -> None:
    without = LEAGUE.scored("ensemble")
    [check] = judge_candidate(without, without, system="market_pooled", conditions=CONDITIONS)
    assert not check.passed
