"""Expected outputs: planned from the schedule, revised when games move, compared with what came."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from tests.ops.slates import DAY, LATER, QUOTED_AT, TIP, end_games, forecast_anyone, keep_model, opened

from fairline.domain.clock import FixedClock
from fairline.ops.catalogue import open_home
from fairline.ops.expected import GAME_LASTS, OUTPUTS, plan_outputs
from fairline.ops.jobs import WORKS
from fairline.ops.produced import compared
from fairline.ops.results import grade_date
from fairline.ops.slate import run_slate
from fairline.platform.home import Home
from fairline.platform.settings import load_settings
from fairline.raw.schema import GAMES

GAME = "0022400105"
HOUR = timedelta(hours=1)


def restate(home: Home, **changed: object) -> None:
    """The schedule captured from NBA.com says something else of the game."""
    now = home.clock.now()
    said = home.warehouse.query(
        "SELECT * EXCLUDE (content_hash) FROM raw.games WHERE game_id = ? AND statement = 'schedule' LIMIT 1", [GAME]
    ).with_columns(
        source=pl.lit("nba_schedule"), known_at=pl.lit(now),
        **{name: pl.lit(value) for name, value in changed.items()},
    )  # fmt: skip
    home.warehouse.append_statements(GAMES, said, now)


def planned(home: Home) -> dict[tuple[str, str], tuple[int | None, str | None]]:
    """By output and game, what is expected now and why."""
    rows = home.warehouse.query(
        "SELECT output, game_id, expected, why FROM ops.expected_outputs"
        " QUALIFY row_number() OVER (PARTITION BY game_date, output, game_id ORDER BY known_at DESC) = 1"
    )
    return {(output, game): (expected, why) for output, game, expected, why in rows.iter_rows()}


def verdicts(home: Home) -> dict[str, str]:
    return dict(compared(home, DAY).select("output", "verdict").iter_rows())


def test_each_game_is_to_produce_every_output_and_the_date_its_documents(home: Path):
    with opened(home, now=QUOTED_AT) as at:
        plan_outputs(at, DAY, DAY)
        plan = planned(at)
        due = at.warehouse.query("SELECT due_at FROM ops.expected_outputs WHERE output = 'raw.games'").item()
    assert set(plan) == {(output.name, "" if output.of_date else GAME) for output in OUTPUTS}
    assert plan["analytics.team_offense_game_summary", GAME] == (2, None)
    assert plan["raw.player_box_scores", GAME] == (None, "who plays is not known beforehand")
    assert due == TIP + GAME_LASTS


def test_planning_again_changes_nothing(home: Path):
    with opened(home, now=QUOTED_AT) as at:
        first = WORKS["plan-expected-outputs"](at, DAY, lambda _: None)
        again = WORKS["plan-expected-outputs"](at, DAY, lambda _: None)
    assert first.counts == {"outputs": len(OUTPUTS), "written": len(OUTPUTS)}
    assert again.counts == {"outputs": len(OUTPUTS), "written": 0}


def test_a_postponed_game_leaves_the_expectation_and_the_plan_before_stays(home: Path):
    clock = FixedClock(QUOTED_AT)
    with open_home("tests", settings=load_settings(home=home), clock=clock) as at:
        plan_outputs(at, DAY, DAY)
        clock.advance(HOUR)
        restate(at, status="postponed")
        plan_outputs(at, DAY, DAY)
        assert set(planned(at).values()) == {(0, "postponed"), (0, "every game is postponed")}
        held = at.warehouse.query("SELECT known_at, expected FROM ops.expected_outputs WHERE output = 'raw.games'")
        assert sorted(held.iter_rows()) == [(QUOTED_AT, 1), (QUOTED_AT + HOUR, 0)]


def test_a_game_moved_to_another_date_is_expected_there_alone(home: Path):
    clock = FixedClock(QUOTED_AT)
    moved = DAY + timedelta(days=1)
    with open_home("tests", settings=load_settings(home=home), clock=clock) as at:
        plan_outputs(at, DAY, moved)
        clock.advance(HOUR)
        restate(at, game_date=moved, tip_at=TIP + timedelta(days=1))
        plan_outputs(at, DAY, moved)
        by_date = at.warehouse.query(
            "SELECT game_date, arg_max(expected, known_at), arg_max(why, known_at) FROM ops.expected_outputs"
            " WHERE output = 'raw.games' GROUP BY game_date ORDER BY game_date"
        )
    assert by_date.rows() == [(DAY, 0, "no longer on this date"), (moved, 1, None)]


def test_before_it_is_due_an_output_that_lacks_is_not_due_and_after_it_is_lacking(home: Path):
    with opened(home, now=datetime(2024, 11, 12, 11, tzinfo=UTC)) as at:
        plan_outputs(at, DAY, DAY)
        assert verdicts(at)["precompute.ml_feature_store"] == "not due"
    with opened(home, now=LATER) as at:
        assert verdicts(at)["precompute.ml_feature_store"] == "lacking"


def test_a_day_that_ran_through_is_compared_with_what_was_priced(home: Path, monkeypatch: pytest.MonkeyPatch):
    forecast_anyone(monkeypatch)
    with opened(home, now=QUOTED_AT) as at:
        keep_model(at)
        plan_outputs(at, DAY, DAY)
        assert planned(at)["predictions.prediction_accuracy", GAME][0] is None
        run_slate(at, DAY, ("points",))
    with opened(home, now=LATER) as at:
        end_games(at)
        grade_date(at, DAY)
        plan_outputs(at, DAY, DAY)
        found = compared(at, DAY)
    priced = found.filter(output="predictions.prediction_accuracy").row(0, named=True)
    assert priced["expected"] == priced["actual"] > 0
    assert set(found.filter(pl.col("verdict") == "lacking")["output"]) == {"raw.shots"}
    assert dict(found.select("output", "verdict").iter_rows())["predictions.player_prop_forecasts"] == "some"
