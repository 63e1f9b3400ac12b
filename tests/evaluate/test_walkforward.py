"""Windows, folds, and what earlier windows teach."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from tests.evaluate.seasons import FIRST, PER_DATE, material, quoted, season

from fairline.domain.errors import NotFound
from fairline.evaluate import backtest, walkforward
from fairline.evaluate.walkforward import Material, Means, Window, learned, means, warm_up, weekly
from fairline.platform.objects import ObstoreObjects
from fairline.predict.pooling import POOL_PRIOR, STACK_PRIOR
from fairline.predict.systems import CENTRES

ROWS = season()
POINTS = material(ROWS)
LATE = Window(FIRST + timedelta(days=40), FIRST + timedelta(days=46))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> ObstoreObjects:
    return ObstoreObjects.local(tmp_path_factory.mktemp("folds"))


@pytest.fixture(scope="module")
def said(cache: ObstoreObjects) -> Means:
    found = means(POINTS, LATE, cache)
    assert found is not None
    return found


def test_weeks_follow_each_other_and_end_with_the_period() -> None:
    first = date(2025, 10, 21)
    windows = weekly(first, first + timedelta(days=16))
    assert windows == [
        (first, date(2025, 10, 27)), (date(2025, 10, 28), date(2025, 11, 3)), (date(2025, 11, 4), date(2025, 11, 6)),
    ]  # fmt: skip
    assert weekly(first, first) == [(first, first)]


def test_warming_up_takes_the_last_dates_in_windows_of_thirty() -> None:
    windows = warm_up(POINTS, FIRST + timedelta(days=70))
    assert windows == [
        (FIRST, FIRST + timedelta(days=29)), (FIRST + timedelta(days=30), FIRST + timedelta(days=59)),
        (FIRST + timedelta(days=60), FIRST + timedelta(days=69)),
    ]  # fmt: skip


def test_no_window_reaches_over_the_summer() -> None:
    next_season = season(dates=5, seed=2, first=date(2025, 10, 21))
    windows = warm_up(material(pl.concat([ROWS, next_season])), date(2025, 10, 26))
    assert windows[-1] == (date(2025, 10, 21), date(2025, 10, 25))
    assert all((window.last - window.first).days < 30 for window in windows)


def test_dates_with_quotes_long_ago_are_wanted_and_the_months_between_are_not() -> None:
    rows = season(dates=200)
    early = quoted(rows.filter(pl.col("game_date") < FIRST + timedelta(days=20)))
    windows = warm_up(Material.of("points", rows, early), FIRST + timedelta(days=200))
    assert windows[0] == (FIRST, FIRST + timedelta(days=19))
    assert windows[1].first == FIRST + timedelta(days=110)


def test_a_window_without_games_says_nothing(cache: ObstoreObjects) -> None:
    assert means(POINTS, Window(date(2026, 7, 1), date(2026, 7, 7)), cache) is None


def test_nothing_is_fitted_on_a_handful_of_games(cache: ObstoreObjects) -> None:
    assert means(POINTS, Window(FIRST + timedelta(days=3), FIRST + timedelta(days=9)), cache) is None
    with pytest.raises(NotFound, match="player-games teach points"):
        walkforward.fitted("points", ROWS.head(50))


def test_a_window_starts_at_its_first_quote_and_not_at_its_first_tip_off(said: Means) -> None:
    assert said.starts == said.quoted["cutoff"].min()
    assert said.starts < said.sample["cutoff"].min()


def test_every_judged_row_and_every_centre_is_there(said: Means) -> None:
    assert said.quoted.height == 7 * PER_DATE
    assert {f"mean_{name}" for name in CENTRES} <= set(said.quoted.columns) & set(said.sample.columns)


def test_folds_found_by_hash_are_those_that_were_computed(
    said: Means, cache: ObstoreObjects, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    afresh = means(POINTS, LATE, ObstoreObjects.local(tmp_path))
    monkeypatch.setattr(walkforward, "fitted", lambda *_: pytest.fail("fitted again"))
    found = means(POINTS, LATE, cache)
    for one in (found, afresh):
        assert one is not None
        assert one.quoted.equals(said.quoted)
        assert one.sample.equals(said.sample)


@pytest.mark.parametrize("change", ["an outcome", "a feature", "the order", "a version"])
def test_a_fold_of_another_past_is_not_found(
    change: str, cache: ObstoreObjects, monkeypatch: pytest.MonkeyPatch
) -> None:
    class FittedAgain(Exception):
        pass

    def fit(*_: object) -> None:
        raise FittedAgain

    monkeypatch.setattr(walkforward, "fitted", fit)
    tenth = pl.int_range(pl.len()) == 10
    column = {"an outcome": "actual_points", "a feature": "fatigue"}.get(change)
    rows = (
        ROWS.with_columns(pl.when(tenth).then(pl.col(column) + 1).otherwise(column).alias(column)) if column else ROWS
    )
    if change == "the order":
        rows = pl.concat([ROWS[1:2], ROWS[0:1], ROWS[2:]])
    if change == "a version":
        monkeypatch.setattr(CENTRES["moving_average"], "version", 99)
    with pytest.raises(FittedAgain):
        means(Material.of("points", rows, quoted(ROWS)), LATE, cache)


def test_a_sample_is_about_four_thousand_rows_whatever_their_order() -> None:
    rows = season(dates=400).select("game_id", "player_id")
    sample = walkforward._sampled(rows, "points")
    assert abs(sample.height - walkforward.SAMPLED) < 300
    again = walkforward._sampled(rows.sample(fraction=1, shuffle=True, seed=3), "points")
    assert again.sort("game_id", "player_id").equals(sample.sort("game_id", "player_id"))


def test_a_game_not_over_when_the_next_window_starts_teaches_it_nothing(said: Means) -> None:
    late_game = said.quoted["outcome_known_at"].max()
    known = said.known_by(late_game - timedelta(minutes=1))
    assert known.quoted["outcome_known_at"].max() < late_game
    assert known.quoted.height == 6 * PER_DATE
    assert said.known_by(late_game).quoted.equals(said.quoted)


def test_before_300_graded_rows_the_weights_are_the_declared_ones(said: Means) -> None:
    few = Means(said.window, said.starts, said.sample.head(299), said.quoted.head(299))
    model = learned("points", {}, [few], season=2024)
    prior = sum(STACK_PRIOR.values())
    assert model.stack == pytest.approx({name: weight / prior for name, weight in STACK_PRIOR.items()})
    assert model.pool == POOL_PRIOR


def test_what_no_earlier_window_said_cannot_be_learned(said: Means) -> None:
    nothing = Means(said.window, said.starts, said.sample.clear(), said.quoted.clear())
    for earlier in ([], [nothing]):
        with pytest.raises(NotFound, match="no earlier window of points"):
            learned("points", {}, earlier, season=2024)


def test_a_level_is_of_the_season_it_was_learned_in(said: Means) -> None:
    louder = said.sample.with_columns(pl.col("actual") * 2)
    earlier = [Means(said.window, said.starts, louder, said.quoted)]
    assert learned("points", {}, earlier, season=2024).levels["moving_average"] > 1.05
    assert learned("points", {}, earlier, season=2025).levels["moving_average"] == 1.0


def test_void_quotes_are_counted_and_not_judged() -> None:
    absent = quoted(ROWS).with_columns(
        pl.when(pl.col("player_id") != 1003).then(pl.col(name)).alias(name)
        for name in ("actual_points", "outcome_known_at")
    )
    told = Material.of("points", ROWS, absent)
    assert told.void.len() == 70
    assert 1003 not in told.quoted["player_id"]
    assert Material.of("points", ROWS, absent.with_columns(result_held=pl.lit(value=False))).void.is_empty()


def test_a_first_window_with_nothing_before_it_is_named_and_not_judged(cache: ObstoreObjects) -> None:
    first = Window(FIRST + timedelta(days=26), FIRST + timedelta(days=32))
    replay = backtest.replay(POINTS, [], [first, LATE], cache, lambda _: None)
    assert replay.untaught == (first,)
    assert replay.scored["game_date"].min() == LATE.first
    assert [one.window for one in replay.means] == [first, LATE]


def test_a_period_nothing_of_which_can_be_judged_has_no_scores(cache: ObstoreObjects) -> None:
    first = Window(FIRST, FIRST + timedelta(days=6))
    replay = backtest.replay(POINTS, [], [first], cache, lambda _: None)
    assert replay.scored.is_empty()
    assert replay.untaught == (first,)
