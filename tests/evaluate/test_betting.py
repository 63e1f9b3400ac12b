import numpy as np
import polars as pl
import pytest
from tests.evaluate.simulated import league
from tests.evaluate.test_scores import rows

from fairline.domain.pmf import Pmf
from fairline.evaluate.betting import bets, closing_line_value, equity, hit_rate, takeable
from fairline.evaluate.scores import score
from fairline.evaluate.verdicts import Verdict

SIXTY = Pmf([[0.4, 0.6]])
"""0.6 on the over of half a count."""


def placed(**change: object) -> dict[str, object]:
    """The one bet made on a 0.6 over with this quote."""
    row = {"half_points": 1, "actual": 1, "best_decimal_over": 2.0, "best_decimal_under": 2.0, **change}
    return bets(score(rows(row), SIXTY)).row(0, named=True)


def test_the_side_with_the_higher_expected_value_is_bet_and_pays_its_price() -> None:
    assert (placed()["side"], placed()["profit"]) == ("over", 1.0)
    assert (placed(actual=0)["side"], placed(actual=0)["profit"]) == ("over", -1.0)
    # 0.4 at 3.2 is worth more than 0.6 at 2.0.
    assert (placed(best_decimal_under=3.2, actual=0)["side"], placed(best_decimal_under=3.2, actual=0)["profit"]) == (
        "under",
        pytest.approx(2.2),
    )


def test_no_bet_is_made_without_a_positive_expected_value_or_a_price() -> None:
    quotes = [(1.6, 2.4), (None, None), (5 / 3, 2.5)]
    made = [{"half_points": 1, "actual": 1, "best_decimal_over": o, "best_decimal_under": u} for o, u in quotes[:2]]
    scored = score(rows(*made), Pmf(np.repeat(SIXTY.p, 2, axis=0)))
    assert bets(scored).height == 0
    summed = equity(scored)
    assert (summed["bets"], summed["profit"], summed["roi"]["mean"], summed["curve"]) == (0, None, None, [])


def test_a_push_returns_the_stake() -> None:
    scored = score(
        rows({"half_points": 2, "actual": 1, "best_decimal_over": 3.0, "best_decimal_under": 1.1}),
        Pmf([[0.1, 0.4, 0.5]]),
    )
    bet = bets(scored).row(0, named=True)
    assert (bet["side"], bet["outcome"], bet["profit"]) == ("over", "push", 0.0)
    assert hit_rate(scored)["n"] == 0


def test_a_price_that_had_gone_makes_no_later_bet() -> None:
    gone = {"next_decimal_over": None, "next_decimal_under": 1.9, "takeable": False}
    stayed = {"next_decimal_over": 1.8, "next_decimal_under": 1.9, "takeable": True}
    made = [{"half_points": 1, "actual": 1, "best_decimal_over": 2.0, **change} for change in (gone, stayed)]
    later = takeable(score(rows(*made), Pmf(np.repeat(SIXTY.p, 2, axis=0))))
    assert (later["n"], later["share"], later["bets"], later["roi"]["mean"]) == (2, 0.5, 1, pytest.approx(0.8))


def test_a_forecast_of_one_half_picks_nothing_and_a_right_pick_counts() -> None:
    half = score(rows({"half_points": 1, "actual": 1}), Pmf([[0.5, 0.5]]))
    assert (hit_rate(half)["n"], hit_rate(half)["mean"]) == (0, None)
    right = hit_rate(score(rows({"half_points": 1, "actual": 1}), SIXTY))
    # The market, at 0.4, favoured the under.
    assert (right["n"], right["mean"], right["market"]) == (1, 1.0, 0.0)


def test_closing_line_value_is_insufficient_without_closes() -> None:
    value = closing_line_value(league(2_000).scored("truth"))
    assert (value["n"], value["mean"], value["verdict"]) == (0, None, Verdict.INSUFFICIENT)


def test_a_market_that_comes_round_by_the_close_is_value_and_one_that_leaves_is_not() -> None:
    scored = league(2_000).scored("truth")
    ours, theirs = pl.col("p_over_no_push"), pl.col("market_p_over")
    joined = closing_line_value(
        scored.with_columns(close_p_over=theirs + (ours > 0.5).cast(pl.Int8).replace_strict({1: 0.02, 0: -0.02}))
    )
    assert joined["mean"] == pytest.approx(0.02)
    assert joined["verdict"] == Verdict.PASS
    left = closing_line_value(
        scored.with_columns(close_p_over=theirs - (ours > 0.5).cast(pl.Int8).replace_strict({1: 0.02, 0: -0.02}))
    )
    assert (left["mean"], left["verdict"]) == (pytest.approx(-0.02), Verdict.FAIL)


def test_the_equity_curve_has_a_point_for_each_night_with_prices_and_ends_at_the_profit() -> None:
    summed = equity(league(3_000, dates=40).scored("truth"))
    curve = summed["curve"]
    assert len(curve) == 40
    assert [point["game_date"] for point in curve] == sorted(point["game_date"] for point in curve)
    assert curve[-1]["profit"] == pytest.approx(summed["profit"])
    assert summed["roi"]["mean"] == pytest.approx(summed["profit"] / summed["bets"])
    assert all(point["low"] <= point["high"] for point in curve)
