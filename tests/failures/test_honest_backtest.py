"""Failures 1, 2 and 26 in the backtest: a forecast knows nothing that was known after its cutoff."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from tests.evaluate.seasons import FIRST, material, season

from fairline.evaluate import backtest
from fairline.evaluate.backtest import Replay
from fairline.evaluate.walkforward import Window, learned, means
from fairline.platform.objects import ObstoreObjects

ROWS = season(dates=60)
BEFORE = [Window(FIRST + timedelta(days=20), FIRST + timedelta(days=33))]
JUDGED = [Window(FIRST + timedelta(days=34 + 7 * week), FIRST + timedelta(days=40 + 7 * week)) for week in range(2)]
FORECAST = ("game_id", "player_id", "system", "mean", "median", "p_over", "p_push")

Change = Callable[[pl.DataFrame, pl.Expr], pl.DataFrame]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> ObstoreObjects:
    return ObstoreObjects.local(tmp_path_factory.mktemp("folds"))


def replayed(rows: pl.DataFrame, cache: ObstoreObjects, hours_before: float = 5) -> Replay:
    return backtest.replay(material(rows, hours_before=hours_before), BEFORE, JUDGED, cache, lambda _: None)


@pytest.fixture(scope="module")
def honest(cache: ObstoreObjects) -> Replay:
    return replayed(ROWS, cache)


def forecasts(replay: Replay, window: Window) -> pl.DataFrame:
    of_window = replay.scored.filter(pl.col("game_date").is_between(*window))
    return of_window.select(FORECAST).sort(FORECAST[:3])


def altered(rows: pl.DataFrame, when: pl.Expr) -> pl.DataFrame:
    """Outcomes turned upside down."""
    upside_down = 120 - pl.col("actual_points")
    return rows.with_columns(pl.when(when).then(upside_down).otherwise("actual_points").alias("actual_points"))


def shuffled(rows: pl.DataFrame, when: pl.Expr) -> pl.DataFrame:
    """Outcomes dealt to other players."""
    dealt = pl.col("actual_points").shuffle(seed=1)
    return rows.with_columns(pl.when(when).then(dealt).otherwise("actual_points").alias("actual_points"))


@pytest.mark.parametrize("change", [altered, shuffled])
@pytest.mark.parametrize("place", [0, 1])
def test_1_a_windows_forecasts_do_not_change_with_its_own_outcomes_or_later_ones(
    honest: Replay, cache: ObstoreObjects, change: Change, place: int
) -> None:
    window = JUDGED[place]
    again = replayed(change(ROWS, pl.col("game_date") >= window.first), cache)
    assert forecasts(again, window).equals(forecasts(honest, window))
    assert not again.scored["actual"].equals(honest.scored["actual"])


def test_1_outcomes_before_a_window_do_change_its_forecasts(honest: Replay, cache: ObstoreObjects) -> None:
    again = replayed(altered(ROWS, pl.col("game_date") < JUDGED[0].first), cache)
    assert not forecasts(again, JUDGED[0]).equals(forecasts(honest, JUDGED[0]))


def test_1_what_is_learned_does_not_change_with_outcomes_known_later(honest: Replay, cache: ObstoreObjects) -> None:
    start = honest.means[1].starts
    again = replayed(altered(ROWS, pl.col("outcome_known_at") > start), cache)
    models = [
        learned("points", {}, [one.known_by(start) for one in replay.means[:1]], season=2024)
        for replay in (honest, again)
    ]
    for name in ("levels", "stack", "spreads", "pool"):
        assert getattr(models[0], name) == getattr(models[1], name), name


def test_1_a_quote_of_yesterday_is_forecast_without_last_nights_results(cache: ObstoreObjects) -> None:
    day_ahead = replayed(ROWS, cache, hours_before=30)
    last_night = pl.col("game_date") == JUDGED[0].first - timedelta(days=1)
    again = replayed(altered(ROWS, last_night), cache, hours_before=30)
    assert forecasts(again, JUDGED[0]).equals(forecasts(day_ahead, JUDGED[0]))


def test_2_an_outcome_beside_a_row_never_reaches_its_forecast(honest: Replay, cache: ObstoreObjects) -> None:
    blind = material(
        ROWS.with_columns(
            pl.when(pl.col("game_date") < JUDGED[1].first).then("actual_points").otherwise(0).alias("actual_points")
        )
    )
    said = means(blind, JUDGED[1], cache)
    assert said is not None
    columns = [name for name in said.quoted.columns if name.startswith("mean_")]
    assert said.quoted.select(columns).equals(honest.means[2].quoted.select(columns))


def test_26_a_fold_found_again_is_the_fold_computed_again(honest: Replay, tmp_path: Path) -> None:
    afresh = replayed(ROWS, ObstoreObjects.local(tmp_path))
    assert afresh.scored.equals(honest.scored)
