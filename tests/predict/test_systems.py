"""The centres: what each says, why it does not, and how it is stored."""

from collections.abc import Iterator

import numpy as np
import polars as pl
import pytest
from tests.evaluate.seasons import season, with_actual

from fairline.evaluate.frames import feature_names
from fairline.predict.forecasting import new_centres
from fairline.predict.systems import CENTRES
from fairline.predict.systems.centre import STEMS, Centre
from fairline.predict.systems.gradient_boosting import GradientBoosting
from fairline.predict.systems.moving_average import MovingAverage
from fairline.predict.systems.ridge import Ridge
from fairline.predict.systems.similarity import NEIGHBOURS, Similarity
from fairline.predict.systems.zone_matchup import ZoneMatchup

PAST = with_actual(season(dates=40, seed=3))
TONIGHT = season(dates=1, seed=4)


@pytest.fixture(scope="module")
def fitted() -> dict[str, Centre]:
    centres = new_centres("points", feature_names())
    for centre in centres.values():
        centre.fit(PAST)
    return centres


def without(*names: str) -> pl.DataFrame:
    """Tonight's rows, the first of them lacking these features."""
    first = pl.int_range(pl.len()) == 0
    return TONIGHT.with_columns(pl.when(~first).then(pl.col(name)).alias(name) for name in names)


def form(**averages: float | None) -> pl.DataFrame:
    columns = {
        f"{stem}_avg_{window}": 0.0
        for stem in STEMS["points_rebounds_assists"]
        for window in ("last_5", "last_10", "season")
    }
    return pl.DataFrame(
        {name: [value] for name, value in {**columns, **averages}.items()},
        schema_overrides=dict.fromkeys(averages, pl.Float64),
    )


def test_the_moving_average_is_half_the_last_five_three_tenths_the_last_ten_and_the_season() -> None:
    rows = form(points_avg_last_5=20.0, points_avg_last_10=18.0, points_avg_season=15.0)
    assert MovingAverage("points").centres(rows).mean[0] == pytest.approx(0.5 * 20 + 0.3 * 18 + 0.2 * 15)


def test_the_average_of_a_sum_is_the_sum_of_its_parts() -> None:
    rows = form(points_avg_last_5=20.0, rebounds_avg_last_5=8.0, assists_avg_last_5=4.0)
    assert MovingAverage("points_rebounds_assists").centres(rows).mean[0] == pytest.approx(0.5 * 32)
    lacking = form(points_avg_last_5=20.0, rebounds_avg_last_5=None, assists_avg_last_5=4.0)
    assert np.isnan(MovingAverage("points_rebounds_assists").centres(lacking).mean[0])


def matchup(**changed: float | None) -> pl.DataFrame:
    usual = {
        "field_goals_attempted_avg_last_10": 16.0,
        "shot_zone_mismatch": 2.5,
        "pace_score": 1.0,
        "team_pace": 100.0,
    }
    rows = form(points_avg_last_5=20.0, points_avg_last_10=20.0, points_avg_season=20.0)
    return rows.with_columns(pl.lit(value, pl.Float64).alias(name) for name, value in {**usual, **changed}.items())


def test_a_weak_zone_and_a_fast_game_add_points_by_the_definition() -> None:
    assert ZoneMatchup("points").centres(matchup()).mean[0] == pytest.approx((20 + 16 * 2.5 / 100) * 1.02)


def test_a_season_without_shots_gives_a_reason_and_no_zeros() -> None:
    said = ZoneMatchup("points").centres(matchup(shot_zone_mismatch=None))
    assert np.isnan(said.mean[0])
    assert said.reason[0] == "no_shots"


def test_zones_say_nothing_of_rebounds() -> None:
    said = ZoneMatchup("rebounds").centres(TONIGHT)
    assert np.isnan(said.mean).all()
    assert set(said.reason) == {"points_only"}


def test_neighbours_that_beat_their_form_by_two_raise_the_forecast_by_two() -> None:
    blend = sum(w * PAST[f"points_avg_{window}"] for window, w in (("last_5", 0.5), ("last_10", 0.3), ("season", 0.2)))
    centre = Similarity("points")
    centre.fit(PAST.with_columns(actual=blend + 2))
    assert np.allclose(centre.centres(TONIGHT).mean - MovingAverage("points").centres(TONIGHT).mean, 2, atol=1e-4)


def test_too_short_a_past_has_no_neighbours_and_says_so() -> None:
    centre = Similarity("points")
    centre.fit(PAST.head(NEIGHBOURS - 1))
    again = Similarity.from_parts("points", (), centre.parts())
    for one in (centre, again):
        said = one.centres(TONIGHT)
        assert np.isnan(said.mean).all()
        assert set(said.reason) == {"too_few_past_games"}


def test_what_never_differs_among_past_players_does_not_divide_by_zero() -> None:
    centre = Similarity("points")
    centre.fit(PAST.with_columns(usage_avg_last_10=pl.lit(20.0)))
    assert np.isfinite(centre.centres(TONIGHT.with_columns(usage_avg_last_10=pl.lit(20.0))).mean).all()


def test_boosting_comes_nearer_to_the_outcome_than_the_league_average(fitted: dict[str, Centre]) -> None:
    unseen = with_actual(season(dates=20, seed=9))
    error = np.abs(fitted["gradient_boosting"].centres(unseen).mean - unseen["actual"].to_numpy()).mean()
    assert error < 0.75 * (unseen["actual"] - PAST["actual"].mean()).abs().mean()


def test_boosting_takes_a_missing_feature_as_missing_and_not_as_a_number(fitted: dict[str, Centre]) -> None:
    rows = without("spread", "total", "opponent_pace", "points_avg_last_5")
    said = fitted["gradient_boosting"].centres(rows)
    assert np.isfinite(said.mean).all()
    zeros = rows.with_columns(pl.col("points_avg_last_5").fill_null(0.0))
    assert fitted["gradient_boosting"].centres(zeros).mean[0] != said.mean[0]


def test_a_player_without_games_gets_a_reason_from_each_system(fitted: dict[str, Centre]) -> None:
    new = without(*(name for name in feature_names() if name.endswith(("_season", "_last_5", "_last_10", "_last_20"))))
    for name, centre in fitted.items():
        said = centre.centres(new)
        assert np.isnan(said.mean[0]), name
        assert said.reason[0] in {"no_recent_games", "no_shots"}, name
        assert (said.reason[1:] == "").all(), name
        assert np.isfinite(said.mean[1:]).all(), name


def test_no_one_to_forecast_is_no_error(fitted: dict[str, Centre]) -> None:
    for centre in fitted.values():
        assert centre.centres(TONIGHT.clear()).mean.shape == (0,)


def test_a_stored_centre_says_what_the_fitted_one_said(fitted: dict[str, Centre]) -> None:
    for name, centre in fitted.items():
        again = CENTRES[name].from_parts("points", feature_names(), centre.parts())
        assert np.array_equal(again.centres(TONIGHT).mean, centre.centres(TONIGHT).mean, equal_nan=True), name


def fits() -> Iterator[dict[str, bytes]]:
    """Two fits on the same past."""
    for _ in range(2):
        centre = GradientBoosting("points", feature_names())
        centre.fit(PAST)
        yield centre.parts()


def test_the_same_past_gives_the_same_bytes() -> None:
    first, second = fits()
    assert first == second


def test_nothing_is_stored_as_a_pickle(fitted: dict[str, Centre]) -> None:
    stored = {path: content for centre in fitted.values() for path, content in centre.parts().items()}
    assert {path.rsplit(".", 1)[1] for path in stored} == {"cbm", "npz"}
    assert not any(b"pickle" in content or content.startswith(b"\x80") for content in stored.values())


def ridge() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    x = rng.normal(10, 2, (4_000, 3))
    return x, 3 + 2 * x[:, 0] - x[:, 1] + rng.normal(0, 1, 4_000)


def test_the_ridge_finds_the_straight_part_up_to_its_penalty() -> None:
    x, y = ridge()
    found = Ridge.fitted(x, y)
    assert found.predicted(x).mean() == pytest.approx(y.mean())
    assert (found.weights[1:] / found.scale) == pytest.approx([2, -1, 0], abs=0.2)


def test_an_unknown_feature_stands_at_its_mean_in_the_ridge() -> None:
    x, y = ridge()
    found = Ridge.fitted(x, y)
    unknown, average = x[:1].copy(), x[:1].copy()
    unknown[0, 1], average[0, 1] = np.nan, found.mean[1]
    assert found.predicted(unknown)[0] == pytest.approx(found.predicted(average)[0])


def test_a_feature_no_past_row_has_says_nothing_in_the_ridge() -> None:
    x, y = ridge()
    x[:, 2] = np.nan
    found = Ridge.fitted(x, y)
    assert found.weights[3] == 0
    assert np.isfinite(found.predicted(x)).all()
