from dataclasses import replace
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.predict.frames import CUTOFF, consensus, forecast, forecasts, quote, quotes, rules

from fairline.domain.errors import BrokenContract
from fairline.domain.odds import decimal_from_american
from fairline.predict.pricing import price
from fairline.predict.schema import PREDICTIONS


def only(
    *, forecast_: dict[str, Any] | None = None, quote_: dict[str, Any] | None = None, main: float = 1.5, **changed: Any
) -> dict[str, Any]:
    """The one prediction of one forecast and one quote. main: the market's line."""
    market = consensus(1).with_columns(half_points=pl.lit(int(2 * main), pl.Int32))
    rows = price(forecasts(forecast_ or forecast()), quotes(quote_ or quote()), market, rules(**changed))
    assert rows.height == 1
    return rows.row(0, named=True)


def test_a_half_point_line_is_priced_as_by_hand() -> None:
    # P(over 1.5) = .4 + .2 + .1 = .7; at 1.9 that earns .7 x .9 - .3 = .33 a unit, breaks even at 1 / 1.9.
    row = only()
    assert (row["p_over"], row["p_under"], row["p_push"]) == pytest.approx((0.7, 0.3, 0))
    assert (row["side"], row["price"]) == ("over", 1.9)
    assert row["fair_price"] == pytest.approx(1 / 0.7)
    assert row["expected_value"] == pytest.approx(0.33)
    assert row["edge"] == pytest.approx(0.7 - 1 / 1.9)
    assert (row["edge_low"], row["edge_high"]) == pytest.approx((0.67 - 1 / 1.9, 0.73 - 1 / 1.9))
    assert (row["recommendation"], row["reason"]) == ("OVER", "edge_above_error")
    assert row["stake"] == pytest.approx(0.25 * 0.33 / 0.9)
    assert (row["market_half_points"], row["market_p_over"]) == (3, 0.5)


def test_a_whole_line_pushes_and_its_fair_price_knows_it() -> None:
    # Line 2: over .3, under .3, push .4. At 2.1 a unit earns .3 x 1.1 - .3 = .03; of decided bets half are won.
    row = only(quote_=quote(line=2, over=2.1, under=1.7))
    assert row["p_push"] == pytest.approx(0.4)
    assert row["expected_value"] == pytest.approx(0.03)
    assert row["fair_price"] == pytest.approx(2.0)
    assert row["edge"] == pytest.approx(0.5 - 1 / 2.1)
    assert 0.3 * (row["fair_price"] - 1) - 0.3 == pytest.approx(0)


def test_the_side_worth_more_is_taken() -> None:
    row = only(quote_=quote(line=2.5, over=1.9, under=1.9), main=2.5)
    assert (row["side"], row["recommendation"]) == ("under", "UNDER")


def test_a_one_sided_quote_is_priced_on_the_side_it_has() -> None:
    row = only(quote_=quote(over=None, under=3.0))
    assert (row["side"], row["price"]) == ("under", 3.0)
    assert row["expected_value"] == pytest.approx(0.3 * 2 - 0.7)


def test_a_pickem_line_is_judged_against_the_payout_table() -> None:
    row = only(quote_=quote(over=None, under=None, book="prizepicks"))
    assert row["price"] == pytest.approx(1 / 0.54)
    assert row["edge"] == pytest.approx(0.7 - 0.54)


def test_a_line_without_prices_at_another_book_has_no_price() -> None:
    row = only(quote_=quote(over=None, under=None))
    assert (row["recommendation"], row["reason"], row["side"], row["stake"]) == ("NO_PRICE", "no_price", None, 0)
    assert row["p_over"] == pytest.approx(0.7)


def test_a_player_without_a_quote_has_no_line() -> None:
    rows = price(forecasts(forecast(1), forecast(2)), quotes(quote(1)), consensus(1), rules())
    row = rows.filter(pl.col("player_id") == 2).row(0, named=True)
    assert (row["recommendation"], row["book"], row["half_points"], row["p_over"]) == ("NO_LINE", "", 0, None)
    assert row["mean"] == pytest.approx(2.0)


def test_a_slate_without_any_quote_has_no_lines() -> None:
    rows = price(forecasts(forecast(1), forecast(2)), quotes(), consensus(), rules())
    assert rows["recommendation"].to_list() == ["NO_LINE", "NO_LINE"]


def test_a_forecast_that_was_not_made_keeps_its_reason_and_gets_no_price() -> None:
    row = only(forecast_=forecast(pmf=None))
    assert (row["recommendation"], row["reason"], row["book"], row["stake"]) == ("PASS", "no_shots", "", 0)


def test_a_forecast_with_neither_distribution_nor_reason_is_refused() -> None:
    with pytest.raises(BrokenContract, match="neither a distribution nor a reason"):
        only(forecast_=forecast(pmf=None, reason=None))


@pytest.mark.parametrize("status", ["out", "doubtful"])
def test_who_is_out_or_doubtful_is_skipped_with_that_reason(status: str) -> None:
    row = only(forecast_=forecast(status=status))
    assert (row["recommendation"], row["reason"], row["price"]) == ("PASS", status, None)


def test_who_is_questionable_is_priced_and_keeps_his_status() -> None:
    row = only(forecast_=forecast(status="questionable"))
    assert (row["status"], row["recommendation"]) == ("questionable", "OVER")


def test_a_quote_from_before_the_news_is_stale() -> None:
    seen = quote()["captured_at"]
    assert only(forecast_=forecast(status_changed_at=seen + timedelta(minutes=1)))["reason"] == "stale_quote"
    assert only(forecast_=forecast(status_changed_at=seen))["recommendation"] == "OVER"


def test_a_poor_feature_row_earns_no_stake() -> None:
    assert only(forecast_=forecast(quality=69.9))["reason"] == "bad_quality"
    assert only(forecast_=forecast(quality=None))["reason"] == "bad_quality"


def test_an_edge_inside_its_own_error_is_no_bet() -> None:
    row = only(edge_error={"market_pooled": 0.18})
    assert (row["recommendation"], row["reason"], row["stake"]) == ("PASS", "edge_within_error", 0)
    assert row["expected_value"] == pytest.approx(0.33), "expected value stays visible"


@pytest.mark.parametrize(
    "changed",
    [
        {"verdicts": {"threes": "INSUFFICIENT"}},
        {"verdicts": {}},
        {"edge_error": {}},
        {"edge_error": {"market_pooled": None}},
    ],
)
def test_a_system_without_a_record_is_unproven(changed: dict[str, Any]) -> None:
    row = only(**changed)
    assert (row["recommendation"], row["reason"], row["stake"]) == ("PASS", "unproven", 0)
    assert (row["edge_low"] is None) == ("edge_error" in changed)


def test_another_system_never_carries_a_stake() -> None:
    row = only(forecast_=forecast(system="ensemble"), edge_error={"market_pooled": 0.03, "ensemble": 0.001})
    assert (row["recommendation"], row["reason"]) == ("PASS", "not_stake_system")


def test_a_price_shorter_than_fair_is_no_edge() -> None:
    assert only(quote_=quote(over=1.3, under=1.3))["reason"] == "no_edge"


def test_a_suspect_price_is_shown_with_what_it_would_be_worth_and_earns_nothing() -> None:
    row, sound = only(quote_=quote(suspect=True)), only()
    assert (row["recommendation"], row["reason"], row["stake"]) == ("PASS", "suspect_price", 0)
    worth = ("side", "price", "expected_value", "edge", "edge_low")
    assert [row[name] for name in worth] == [sound[name] for name in worth]


def test_off_the_markets_line_no_stake_is_earned_since_the_verdict_was_measured_on_it() -> None:
    main, alternate = only(), only(quote_=quote(line=0.5, over=1.9, under=1.9))
    assert (main["recommendation"], main["stake"] > 0) == ("OVER", True)
    assert alternate["expected_value"] > main["expected_value"]
    assert (alternate["recommendation"], alternate["reason"], alternate["stake"]) == ("PASS", "alternate_line", 0)
    assert (alternate["edge_low"], alternate["edge_high"]) == (None, None), "nor was the error of its edge"


def test_where_the_market_has_no_line_no_stake_is_earned() -> None:
    rows = price(forecasts(forecast()), quotes(quote()), consensus(), rules())
    assert rows.select("recommendation", "reason", "market_half_points").row(0) == ("PASS", "alternate_line", None)


def test_only_what_stood_at_the_cutoff_is_priced() -> None:
    gone = quote(line=2.5, latest=False, captured_at=CUTOFF - timedelta(days=1))
    rows = price(forecasts(forecast()), quotes(gone, quote()), consensus(1), rules())
    assert rows["half_points"].to_list() == [3]


def test_distributions_of_different_lengths_are_priced_together_as_alone() -> None:
    short, long = forecast(1, [0.2, 0.8]), forecast(2, [0.05] * 20)
    offered = [quote(player, line) for player in (1, 2) for line in (0.5, 1, 7.5, 30)]
    together = price(forecasts(short, long), quotes(*offered), consensus(1, 2), rules())
    alone = [price(forecasts(one), quotes(*offered), consensus(1, 2), rules()) for one in (short, long)]
    assert together.equals(pl.concat(alone))
    assert together["p_over"].to_list() == pytest.approx([0.8, 0, 0, 0, 0.95, 0.9, 0.6, 0])


AMERICAN = st.one_of(st.none(), st.integers(100, 900), st.integers(-900, -100))
PRICES = AMERICAN.map(lambda american: None if american is None else decimal_from_american(american))
PMFS = st.lists(st.floats(0.01, 1), min_size=2, max_size=9).map(lambda weights: [w / sum(weights) for w in weights])


@st.composite
def slates(draw: st.DrawFn) -> tuple[pl.DataFrame, pl.DataFrame, Any]:
    """Players with any distribution, status and quality, quotes at any line and price, and any rules."""
    players = range(1, draw(st.integers(1, 4)) + 1)
    made = [
        forecast(player, draw(PMFS), system=system, status=draw(st.sampled_from([None, "out", "questionable"])),
                 quality=draw(st.sampled_from([None, 50.0, 99.0])))
        for player in players for system in ("market_pooled", "ensemble")
    ]  # fmt: skip
    offered = [
        quote(player, halves / 2, draw(PRICES), draw(PRICES), book=book, suspect=draw(st.booleans()))
        for player in players for book in ("fanduel", "prizepicks")
        for halves in draw(st.sets(st.integers(0, 12), max_size=3))
    ]  # fmt: skip
    verdict = draw(st.sampled_from(["PASS", "FAIL", "INSUFFICIENT"]))
    error = draw(st.one_of(st.none(), st.floats(0, 0.2)))
    return forecasts(*made), quotes(*offered), rules(verdicts={"threes": verdict}, edge_error={"market_pooled": error})


@given(slates())
def test_a_stake_is_always_earned_and_every_price_adds_up(slate: tuple[pl.DataFrame, pl.DataFrame, Any]) -> None:
    made, offered, chosen = slate
    rows = price(made, offered, consensus(1), chosen)
    assert rows.columns == list(PREDICTIONS.column_names)
    assert not rows.select(PREDICTIONS.key).is_duplicated().any()
    priced = rows.drop_nulls("p_over")
    assert priced.select(total=pl.sum_horizontal("p_over", "p_under", "p_push"))["total"].to_list() == pytest.approx(
        [1] * priced.height
    )
    staked = rows.filter((pl.col("stake") > 0) | pl.col("recommendation").is_in(["OVER", "UNDER"]))
    if chosen.verdicts["threes"] != "PASS" or chosen.edge_error["market_pooled"] is None:
        assert staked.is_empty()
    assert (staked["edge_low"] > 0).all()
    assert (staked["half_points"] == staked["market_half_points"]).all()
    assert staked.join(offered.filter("suspect"), on=["player_id", "book", "half_points"], how="semi").is_empty()
    assert (staked["stake"] > 0).all()
    assert set(staked["system"]) <= {"market_pooled"}
    assert staked["status"].ne_missing("out").all()
    assert (staked["recommendation"].str.to_lowercase() == staked["side"]).all()


@given(slates())
def test_rules_decide_bets_but_never_what_a_quote_is_worth(slate: tuple[pl.DataFrame, pl.DataFrame, Any]) -> None:
    made, offered, chosen = slate
    shown = ["p_over", "p_under", "p_push", "side", "price", "fair_price", "edge", "expected_value"]
    strict = replace(chosen, verdicts={})
    assert (
        price(made, offered, consensus(1), chosen)
        .select(shown)
        .equals(price(made, offered, consensus(1), strict).select(shown))
    )
