"""What the features are on the real data: they vary, keep their ranges, are not filled, agree with plain loops."""

from collections import defaultdict
from datetime import date
from typing import Any

import polars as pl
import pytest

from fairline.features.contract import Feature, features, market_features, model_features
from fairline.features.market import consensus, quotes_as_of
from fairline.platform.warehouse import DuckWarehouse

SHOT_SEASONS = {2022, 2023, 2024, 2025}
"""Shots are held to April 2025; in the first weeks of 2025-26 last season's shares are carried."""
REPORT_SEASONS = {2023}
"""Injury snapshots: from 17 January 2024."""
OF_SHOTS = {"share_paint", "share_mid_range", "shot_zone_mismatch"}
OF_REPORTS = {"injury_risk", "absent_teammates_minutes", "absent_teammates_shots", "usage_spike"}
OF_LINES = {"spread", "total"}

NULL_SHARES = {
    # Of the rows of a season after the first whose source exists, at most so many may lack the feature, and why.
    "points_avg_vs_opponent": (0.14, "never met this opponent in three years"),
    "minutes_change": (0.31, "from the fifth game of a season; 2025-26 is six weeks old"),
    "recent_trend": (0.31, "likewise"),
    "minutes_trend": (0.31, "likewise"),
    "points_avg_last_20": (0.09, "ten games"),
    "minutes_avg_last_20": (0.09, "ten games"),
    "rebounds_avg_last_20": (0.09, "ten games"),
    "assists_avg_last_20": (0.09, "ten games"),
    "threes_made_avg_last_20": (0.09, "ten games"),
    "season_games": (0.07, "none yet in the first game of a season"),
    "rest_advantage": (0.06, "the first game of a season has no rest"),
    "share_paint": (0.52, "2025-26 has no shots: stale after its first two weeks"),
    "share_mid_range": (0.52, "likewise"),
    "shot_zone_mismatch": (0.56, "likewise"),
    "injury_risk": (0.51, "snapshots from 17 January 2024, with a gap of seven days"),
    "absent_teammates_minutes": (0.51, "likewise"),
    "absent_teammates_shots": (0.51, "likewise"),
    "usage_spike": (0.51, "likewise"),
}
USUAL_NULL_SHARE = 0.05
"""Of all others: debuts, returns after 45 days, teams not known."""


def seasons_of(one: Feature) -> set[int]:
    """The seasons in which the feature's source exists."""
    if one.name in OF_SHOTS:
        return SHOT_SEASONS
    if one.name in OF_REPORTS:
        return REPORT_SEASONS
    return set() if one.name in OF_LINES else set(range(2015, 2026))


@pytest.mark.parametrize("one", model_features(), ids=lambda one: one.name)
def test_the_feature_varies_in_every_season_in_which_its_source_exists(player_games: pl.DataFrame, one: Feature):
    distinct = player_games.group_by("season").agg(pl.col(one.name).drop_nulls().n_unique()).rows()
    constant = {season for season, values in distinct if values == 1}
    absent = {season for season, values in distinct if values == 0}
    assert absent == set(range(2015, 2026)) - seasons_of(one)
    assert not constant or one.constant, f"{one.name} holds a single value in {sorted(constant)}"


def test_what_is_declared_constant_says_why_and_is(player_games: pl.DataFrame):
    declared = {one.name for one in model_features() if one.constant}
    assert declared == {"playoff", *OF_LINES, *OF_REPORTS} - {"usage_spike"}
    assert player_games["playoff"].n_unique() == 1


@pytest.mark.parametrize("one", model_features(), ids=lambda one: one.name)
def test_every_value_lies_in_the_declared_range(player_games: pl.DataFrame, one: Feature):
    low, high = one.valid
    values = player_games[one.name].drop_nulls()
    assert not values.is_nan().any()
    assert values.is_between(low, high).all(), (values.min(), values.max())


@pytest.mark.parametrize("one", model_features(), ids=lambda one: one.name)
def test_nothing_is_filled_and_no_more_is_missing_than_has_a_reason(player_games: pl.DataFrame, one: Feature):
    # The first season of the data has no past.
    later = player_games.filter(pl.col("season").is_in(seasons_of(one) - {2015}))
    missing = later.group_by("season").agg(pl.col(one.name).null_count() / pl.len())[one.name]
    most, _ = NULL_SHARES.get(one.name, (USUAL_NULL_SHARE, ""))
    assert all(share <= most for share in missing)
    # A debut has no form and no default for it: of 262,133 rows some must lack it.
    if one.of == "player":
        assert player_games.filter(pl.col("career_games").is_null())[one.name].null_count() > 1000


def test_the_features_of_the_market_vary(real: DuckWarehouse):
    asked = real.query(
        "SELECT DISTINCT game_id, player_id, TIMESTAMPTZ '2024-03-28 22:00:00+00' AS cutoff FROM raw.prop_quotes"
        " WHERE game_date BETWEEN DATE '2024-03-28' AND DATE '2024-03-29'"
    )
    priced = consensus(quotes_as_of(real, asked, "points"))
    for one in market_features():
        values = priced[one.expression.removeprefix("market_")].drop_nulls()
        assert values.is_between(*one.valid).all(), one.name
        assert values.n_unique() > 1 or one.constant, one.name


def test_every_feature_is_named_with_its_unit_range_and_meaning():
    for one in features():
        assert one.unit, one.name
        assert one.means.endswith("."), one.name
        assert one.valid[0] < one.valid[1], one.name


ORACLE_PLAYERS = (203999, 1629029, 202681, 1630162)
"""Jokic, Doncic (traded), Irving (traded twice), Edwards."""


@pytest.fixture(scope="module")
def boxes(real: DuckWarehouse) -> list[dict[str, Any]]:
    return real.query(
        "SELECT box.game_id, box.player_id, box.team_id, box.game_date, box.points, box.field_goals_attempted AS fga,"
        " box.free_throws_attempted AS fta, box.turnovers AS tov, box.offensive_rebounds AS oreb, box.known_at,"
        " box.valid_at"
        " FROM raw.player_box_scores AS box ORDER BY box.valid_at, box.game_id"
    ).to_dicts()


@pytest.fixture(scope="module")
def teams_games(boxes: list[dict[str, Any]]) -> dict[str, dict[int, dict[str, Any]]]:
    """By game and team: points and possessions, added up one player at a time."""
    games: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
    for box in boxes:
        team = games[box["game_id"]].setdefault(
            box["team_id"],
            {
                "points": 0,
                "possessions": 0.0,
                "known_at": box["known_at"],
                "valid_at": box["valid_at"],
                "date": box["game_date"],
            },
        )
        team["points"] += box["points"]
        team["possessions"] += box["fga"] + 0.44 * box["fta"] + box["tov"] - box["oreb"]
    return games


def season_of(game_id: str) -> int:
    return 2000 + int(game_id[3:5])


@pytest.mark.parametrize("player", ORACLE_PLAYERS)
def test_plain_loops_over_raw_rows_say_the_same(
    player_games: pl.DataFrame,
    boxes: list[dict[str, Any]],
    teams_games: dict[str, dict[int, dict[str, Any]]],
    player: int,
):
    own = [box for box in boxes if box["player_id"] == player]
    rows = player_games.filter(pl.col("player_id") == player).sort("cutoff").to_dicts()
    compared = defaultdict(int)
    for tonight in rows[5::7]:
        for name, expected in _by_loops(tonight, own, teams_games).items():
            if tonight[name] is not None and expected is not None:
                assert tonight[name] == pytest.approx(expected, rel=1e-8), (tonight["game_date"], name)
                compared[name] += 1
    assert min(compared.values()) >= len(rows[5::7]) * 0.8
    assert len(compared) == 6


def _by_loops(
    tonight: dict[str, Any], own: list[dict[str, Any]], games: dict[str, dict[int, dict[str, Any]]]
) -> dict[str, float | None]:
    cutoff, day, season = tonight["cutoff"], tonight["game_date"], tonight["season"]
    before = [box for box in own if box["known_at"] <= cutoff]
    this_season = [box["points"] for box in before if season_of(box["game_id"]) == season]
    if not this_season:
        return {}
    since = date(day.year - 3, day.month, min(day.day, 28) if day.month == 2 else day.day)
    met = [
        box
        for box in before
        if box["game_date"] >= since
        and tonight["opponent_id"] in games[box["game_id"]]
        and box["team_id"] != tonight["opponent_id"]
    ]
    return {
        "points_avg_last_5": _last_5(before, season, this_season),
        "points_avg_season": sum(this_season) / len(this_season),
        "games_in_7_days": sum(1 for box in before if 1 <= (day - box["game_date"]).days <= 7),
        "season_games": len(this_season),
        "points_avg_vs_opponent": sum(box["points"] for box in met) / len(met) if met else None,
        "opponent_defensive_rating": _defence(tonight, games),
    }


def _last_5(before: list[dict[str, Any]], season: int, this_season: list[int]) -> float | None:
    """Mean points of the season's last five; after a season he played, each it lacks is the mean of the last 82."""
    lacking = 5 - len(this_season)
    if lacking <= 0:
        return sum(this_season[-5:]) / 5
    if len(before) == len(this_season) or season_of(before[-len(this_season) - 1]["game_id"]) != season - 1:
        return None
    usual = [box["points"] for box in before[-82:]]
    return (sum(this_season) + lacking * sum(usual) / len(usual)) / 5


def _defence(tonight: dict[str, Any], games: dict[str, dict[int, dict[str, Any]]]) -> float | None:
    if tonight["opponent_source"] != "c":
        return None
    allowed = [
        made
        for sides in games.values()
        if tonight["opponent_id"] in sides
        for team, made in sides.items()
        if team != tonight["opponent_id"] and made["known_at"] <= tonight["cutoff"]
    ]
    last = sorted(allowed, key=lambda made: made["valid_at"])[-15:]
    return 100 * sum(made["points"] for made in last) / sum(made["possessions"] for made in last)
