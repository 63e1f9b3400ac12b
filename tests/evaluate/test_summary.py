import json
import math
import time
from importlib.resources import files
from typing import Any

import jsonschema_rs
import numpy as np
import polars as pl
import pytest
from tests.evaluate.simulated import CONDITIONS, LEAK_CHECK, first_night, league
from tests.evaluate.test_scores import rows

from fairline.domain.errors import BrokenContract
from fairline.domain.pmf import Pmf
from fairline.evaluate.report import report_json
from fairline.evaluate.scores import score
from fairline.evaluate.summary import summarise

SCHEMA = json.loads(files("fairline.evaluate").joinpath("report.schema.json").read_text(encoding="utf-8"))


def summed(scored: pl.DataFrame) -> dict[str, Any]:
    """The summary, which must always have the shape of its schema."""
    summary = summarise(scored, conditions=CONDITIONS, leak_check=LEAK_CHECK)
    written = json.loads(report_json(summary))
    jsonschema_rs.Draft202012Validator(SCHEMA).validate(written)
    assert written == summary
    return summary


def result(scored: pl.DataFrame) -> dict[str, Any]:
    """The only result of the summary."""
    ((only,),) = (systems.values() for systems in summed(scored)["markets"].values())
    return only


def test_the_schema_is_one() -> None:
    assert jsonschema_rs.meta.is_valid(SCHEMA)


def test_everything_the_report_promises_is_there_per_market_and_system() -> None:
    summary = summed(pl.concat([league(400, dates=30, market=m).scored("truth") for m in ("threes", "points")]))
    assert [*summary["markets"]] == ["points", "threes"]
    promised = "n dates line_mae mae crps log_loss market_log_loss delta_log_loss ece slope coverage verdict tripwires"
    for systems in summary["markets"].values():
        assert {*promised.split(), "leak_check"} <= {*systems["truth"]}
        assert {"mean", "low", "high"} <= {*systems["truth"]["delta_log_loss"]}
        assert [*systems["truth"]["coverage"]] == ["50", "80", "90"]
        assert systems["truth"]["leak_check"] == summary["leak_check"] == LEAK_CHECK


def test_three_rows_by_hand() -> None:
    forecasts = Pmf([[0.1, 0.2, 0.3, 0.4]] * 3)
    scored = score(
        rows(
            {"half_points": 3, "actual": 2, "market_p_over": 0.4},
            {"half_points": 4, "actual": 2, "market_p_over": 0.5},
            {"half_points": None, "actual": 0, "market_p_over": None, "quote_age_minutes": None, "role": 12.0},
        ),
        forecasts,
    )
    found = result(scored)
    assert (found["n"], found["dates"]) == (2, 1)
    # Median 2 both times, against lines of 1.5 and 2.
    assert (found["mae"], found["line_mae"], found["mae_minus_line"]["mean"]) == (0.0, 0.25, -0.25)
    assert found["bias_against_line"] == pytest.approx(0.25)
    assert found["outcomes"] == {"over": 1, "under": 0, "push": 1}
    # The push is counted above and has no log loss.
    assert found["delta_log_loss"]["n"] == 1
    assert found["log_loss"] == pytest.approx(-math.log(0.7))
    assert found["delta_log_loss"]["mean"] == pytest.approx(-math.log(0.7) + math.log(0.4))
    assert (found["delta_log_loss"]["low"], found["verdict"]) == (None, "INSUFFICIENT")
    assert (found["everyone"]["n"], found["everyone"]["mae"]) == (3, pytest.approx(2 / 3))
    assert (found["crps_regulars"]["n"], found["everyone"]["crps_regulars"]["n"]) == (2, 2)
    assert found["quotes"] == {"n": 2, "median_age_minutes": 90.0, "closes": 0.0}


def test_a_true_forecast_is_found_calibrated() -> None:
    found = result(league(20_000, dates=80).scored("truth"))
    assert found["ece"] < 0.015
    assert found["slope_interval"]["low"] < 1 < found["slope_interval"]["high"]
    assert all(abs(found["coverage"][level] - int(level) / 100) < 0.012 for level in ("50", "80", "90"))
    assert abs(found["bias"]) < 0.15


def test_an_overconfident_forecast_is_found_out() -> None:
    events = league()
    found = result(events.scored("sure_of_itself", events.off_by(0.15), width=0.4))
    assert found["slope_interval"]["high"] < 1
    assert found["coverage"]["80"] < 0.75
    assert found["ece"] > 2 * found["ece_floor"]
    assert (found["verdict"], found["delta_log_loss"]["low"] > 0) == ("FAIL", True)


def test_a_forecast_better_than_the_market_passes() -> None:
    assert result(league(market_error=0.4).scored("truth"))["verdict"] == "PASS"


@pytest.mark.parametrize("seed", range(5))
def test_the_market_never_beats_itself(seed: int) -> None:
    scored = league(3_000, seed=seed).scored("the_market")
    copied = scored.with_columns(market_p_over=pl.col("p_over_no_push"), market_log_loss=pl.col("log_loss"))
    found = result(copied)
    assert found["delta_log_loss"] == {"mean": 0.0, "low": 0.0, "high": 0.0, "n": 3_000, "dates": 60}
    assert found["verdict"] == "FAIL"


def test_a_forecast_that_has_seen_the_result_trips_both_wires_whatever_its_verdict() -> None:
    events = league()
    found = result(events.scored("leak", (events.mean + events.events["actual"].to_numpy()) / 2 + 0.1))
    assert found["verdict"] == "PASS"
    assert len(found["tripwires"]) == 2


def test_an_honest_forecast_trips_no_wire() -> None:
    events = league()
    assert result(events.scored("honest", events.off_by(0.05)))["tripwires"] == []


def test_the_order_of_the_rows_changes_nothing() -> None:
    events = league(1_500, dates=30)
    scored = pl.concat([events.scored("truth"), events.scored("off", events.off_by(0.1))])
    assert summed(scored) == summed(scored.sample(fraction=1.0, shuffle=True, seed=4))


def test_groups_add_up_to_the_whole() -> None:
    found = result(league(3_000).scored("truth"))
    for groups in (found["by_tier"], found["by_role"]):
        assert sum(group["n"] for group in groups) == found["n"]
        assert sum(group["n"] * group["mae"] for group in groups) == pytest.approx(found["n"] * found["mae"])


def test_a_market_without_lines_has_nulls_and_insufficient_but_a_crps() -> None:
    events = league(400, dates=30)
    unquoted = events.events.with_columns(
        pl.lit(None).alias(name) for name in ("half_points", "market_p_over", "quote_age_minutes")
    )
    found = result(type(events)(unquoted, events.mean).scored("truth"))
    assert found["n"] == 0
    assert [found[name] for name in ("mae", "line_mae", "crps", "log_loss", "ece", "slope")] == [None] * 6
    assert (found["verdict"], found["clv"]["verdict"], found["tripwires"]) == ("INSUFFICIENT", "INSUFFICIENT", [])
    assert found["everyone"]["crps"] > 0


def test_when_every_row_pushes_there_is_an_error_but_no_log_loss() -> None:
    scored = score(rows(*[{"half_points": 4, "actual": 2}] * 3), Pmf([[0.1, 0.2, 0.3, 0.4]] * 3))
    found = result(scored)
    assert (found["n"], found["outcomes"]["push"], found["mae"]) == (3, 3, 0.0)
    assert (found["log_loss"], found["delta_log_loss"]["mean"], found["verdict"]) == (None, None, "INSUFFICIENT")


def test_one_night_has_means_but_no_intervals() -> None:
    found = result(first_night(league(20_000, dates=40).scored("truth")))
    assert found["dates"] == 1
    assert found["n"] > 300
    assert found["delta_log_loss"]["mean"] is not None
    assert [found["delta_log_loss"]["low"], found["slope_interval"]["low"]] == [None, None]
    assert found["verdict"] == "INSUFFICIENT"
    assert [point["low"] for point in found["equity"]["curve"]] == [None]


def test_a_market_quoted_without_prices_has_a_line_to_beat_but_no_verdict() -> None:
    events = league(400, dates=30)
    prices = ("market_p_over", "best_decimal_over", "best_decimal_under")
    unpriced = events.events.with_columns(pl.lit(None).alias(name) for name in prices)
    found = result(type(events)(unpriced, events.mean).scored("truth"))
    assert found["line_mae"] is not None
    assert (found["market_log_loss"], found["verdict"], found["equity"]["bets"]) == (None, "INSUFFICIENT", 0)


def test_no_rows_at_all_are_a_report_of_nothing() -> None:
    summary = summed(league(10).scored("truth").clear())
    assert (summary["markets"], summary["evaluated"]["rows"], summary["evaluated"]["from"]) == ({}, 0, None)


def test_an_impossible_result_leaves_no_mean_log_score_but_is_counted() -> None:
    found = result(score(rows({"actual": 3}, {"actual": 0}), Pmf([[0.0, 0.5, 0.5, 0.0]] * 2)))
    assert (found["log_score"], found["impossible"]) == (None, 2)


def test_rows_that_were_never_scored_or_are_there_twice_are_refused() -> None:
    events = league(10)
    with pytest.raises(BrokenContract, match="crps"):
        summarise(events.events.with_columns(system=pl.lit("x")), conditions=CONDITIONS, leak_check={})
    scored = events.scored("truth")
    with pytest.raises(BrokenContract, match="repeat"):
        summarise(pl.concat([scored, scored]), conditions=CONDITIONS, leak_check={})


def test_fifty_thousand_rows_are_summed_up_in_seconds() -> None:
    events = league(10_000, dates=160)
    scored = pl.concat([events.scored(name, events.off_by(0.05, seed)) for seed, name in enumerate("abcde")])
    begun = time.monotonic()
    summarise(scored, conditions=CONDITIONS, leak_check=LEAK_CHECK)
    assert time.monotonic() - begun < 15, "a few seconds on an idle machine"
    assert scored.height == 50_000


def test_numbers_have_nine_significant_digits() -> None:
    found = result(league(500).scored("truth"))
    assert found["mae"] == float(f"{found['mae']:.9g}")
    assert np.isfinite(found["crps"])
