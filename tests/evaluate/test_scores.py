import math
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evaluate.simulated import league

from fairline.domain.errors import BrokenContract
from fairline.domain.pmf import Pmf
from fairline.evaluate.schema import KEY, ROWS, SCORES
from fairline.evaluate.scores import LEAST_PROBABILITY, score, uniform_draws

ROW: dict[str, Any] = {
    "game_id": "0022400001",
    "player_id": 2544,
    "player_name": "A Player",
    "game_date": date(2024, 10, 22),
    "cutoff": datetime(2024, 10, 22, 22, tzinfo=UTC),
    "market": "points",
    "system": "by_hand",
    "half_points": 3,
    "market_p_over": 0.4,
    "quote_age_minutes": 90.0,
    "actual": 2,
    "role": 31.5,
}
COUNTS = Pmf([[0.1, 0.2, 0.3, 0.4]])
"""P(0 .. 3): mean 2.0, median 2; at 1.5 the over has 0.7, at 2 it has 0.4, the under 0.3 and the push 0.3."""


def rows(*changes: dict[str, Any]) -> pl.DataFrame:
    """The row above, once per change; each its own player."""
    return pl.DataFrame(
        [{**ROW, "player_id": 2544 + i, **change} for i, change in enumerate(changes)],
        schema_overrides={"half_points": pl.Int64},
    )


def one(**change: Any) -> dict[str, Any]:
    return score(rows(change), COUNTS).row(0, named=True)


def test_a_forecast_is_scored_as_by_hand() -> None:
    scored = one()
    assert scored["mean"] == pytest.approx(2.0)
    assert (scored["median"], scored["absolute_error"], scored["absolute_error_mean"]) == (2, 0.0, pytest.approx(0.0))
    # Cumulative 0.1, 0.3, 0.6, 1 against 0, 0, 1, 1.
    assert scored["crps"] == pytest.approx(0.1**2 + 0.3**2 + 0.4**2)
    assert scored["log_score"] == pytest.approx(-math.log(0.3))
    assert 0.3 <= scored["pit"] <= 0.6
    assert (scored["p_over"], scored["p_push"], scored["outcome"]) == (pytest.approx(0.7), 0.0, "over")
    assert (scored["log_loss"], scored["market_log_loss"]) == (
        pytest.approx(-math.log(0.7)),
        pytest.approx(-math.log(0.4)),
    )
    assert (scored["brier"], scored["market_brier"]) == (pytest.approx(0.09), pytest.approx(0.36))
    # The price favours the under: half a point down, the line says one.
    assert (scored["line_error"], scored["priced_line_error"]) == (0.5, 1.0)


def test_a_whole_line_is_judged_on_what_did_not_push() -> None:
    scored = one(half_points=4, actual=3)
    assert (scored["outcome"], scored["p_push"]) == ("over", pytest.approx(0.3))
    assert scored["p_over_no_push"] == pytest.approx(0.4 / 0.7)
    assert scored["log_loss"] == pytest.approx(-math.log(0.4 / 0.7))
    assert scored["priced_line_error"] == scored["line_error"] == 1.0


def test_a_push_has_an_outcome_but_no_log_loss() -> None:
    scored = one(half_points=4, actual=2)
    assert scored["outcome"] == "push"
    assert [scored[name] for name in ("log_loss", "market_log_loss", "brier", "market_brier")] == [None] * 4
    assert scored["line_error"] == 0.0


def test_a_certain_push_takes_no_side() -> None:
    scored = score(rows({"half_points": 4}), Pmf([[0.0, 0.0, 1.0]])).row(0, named=True)
    assert (scored["p_push"], scored["p_over_no_push"]) == (1.0, None)


def test_without_a_line_only_the_distribution_is_scored() -> None:
    scored = one(half_points=None, market_p_over=None, quote_age_minutes=None)
    at_line = ("p_over", "p_push", "p_over_no_push", "outcome", "line_error", "priced_line_error", "log_loss", "brier")
    assert [scored[name] for name in at_line] == [None] * len(at_line)
    assert scored["crps"] is not None


def test_without_both_prices_the_market_has_no_score_and_a_nan_is_no_price() -> None:
    for missing in (None, float("nan")):
        scored = one(market_p_over=missing)
        assert (scored["market_log_loss"], scored["market_p_over"]) == (None, None)
        assert scored["log_loss"] is not None
        assert scored["priced_line_error"] == scored["line_error"]


def test_a_certainty_that_fails_costs_a_stated_price_and_an_impossible_result_infinity() -> None:
    scored = score(rows({"actual": 0}), Pmf([[0.0, 0.0, 1.0]])).row(0, named=True)
    assert scored["log_loss"] == pytest.approx(-math.log(LEAST_PROBABILITY))
    assert scored["log_score"] == math.inf


def test_the_draw_of_a_row_depends_on_its_event_alone() -> None:
    events = rows({}, {}, {"market": "threes"}, {"game_id": "0022400002"}).with_columns(pl.lit(7).alias("player_id"))
    draws = uniform_draws(events)
    assert draws[0] == draws[1]
    assert len({*draws}) == 3
    assert uniform_draws(events.reverse()).tolist() == draws[::-1].tolist()
    assert uniform_draws(events.with_columns(system=pl.lit("another"))).tolist() == draws.tolist()
    # Fixed for good: a report made again on another machine has the same PIT.
    assert draws[0] == uniform_draws(rows({"player_id": 7}))[0] == 0.026453871733400858


def test_draws_are_uniform_over_neighbouring_events() -> None:
    players = pl.DataFrame({"player_id": np.arange(20_000), "game_id": "0022400001", "market": "points"})
    counts, _ = np.histogram(uniform_draws(players), bins=20, range=(0, 1))
    assert ((counts - 1000) ** 2 / 1000).sum() < 45, "chi-square with 19 degrees of freedom, 1 in 1,000 above 43.8"


def test_scores_do_not_depend_on_the_order_or_company_of_rows() -> None:
    events = league(400, dates=10)
    scored = events.scored("truth").sort(KEY)
    shuffled = np.random.default_rng(3).permutation(400)
    other = type(events)(events.events[shuffled], events.mean[shuffled])
    assert other.scored("truth").sort(KEY).equals(scored)


def test_a_true_forecasts_pit_is_uniform_and_its_intervals_hold_what_they_say() -> None:
    # Threes: the lumpiest counts, whose inclusive 80 % interval holds well over 80 %.
    scored = league(20_000, market="threes").scored("truth")
    counts, _ = np.histogram(scored["pit"].to_numpy(), bins=20, range=(0, 1))
    assert ((counts - 1000) ** 2 / 1000).sum() < 45
    for level in (50, 80, 90):
        assert scored[f"inside_{level}"].mean() == pytest.approx(level / 100, abs=0.012)


@given(st.integers(0, 8), st.integers(0, 12), st.floats(0.01, 0.99))
def test_probabilities_and_losses_stay_in_their_ranges(actual: int, halves: int, price: float) -> None:
    scored = score(rows({"actual": actual, "half_points": halves, "market_p_over": price}), COUNTS)
    for column in SCORES:
        if isinstance(column.valid, tuple):
            assert scored[column.name].drop_nulls().is_between(*column.valid).all(), column.name


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"actual": None}, "actual"),
        ({"actual": 2.5}, "actual"),
        ({"market_p_over": 1.2}, "market_p_over"),
        ({"quote_age_minutes": -3.0}, "quote_age_minutes"),
        ({"market": "dunks"}, "market"),
        ({"crps": 1.0}, "crps"),
    ],
)
def test_a_row_that_breaks_its_contract_is_refused_by_name(change: dict[str, Any], named: str) -> None:
    with pytest.raises(BrokenContract, match=named):
        score(rows(change), COUNTS)


def test_a_missing_column_a_repeated_row_and_too_few_distributions_are_refused() -> None:
    for column in ROWS:
        with pytest.raises(BrokenContract, match=column.name):
            score(rows({}).drop(column.name), COUNTS)
    with pytest.raises(BrokenContract, match="repeat"):
        score(pl.concat([rows({}), rows({})]), Pmf(np.repeat(COUNTS.p, 2, axis=0)))
    with pytest.raises(BrokenContract, match="distributions"):
        score(rows({}, {}), COUNTS)


def test_no_rows_have_no_scores() -> None:
    scored = score(rows({}).clear(), Pmf(np.zeros((0, 4))))
    assert scored.height == 0
    assert {column.name for column in SCORES} <= {*scored.columns}
