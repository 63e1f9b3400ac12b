"""The definitions of the design on real games, against sums made by hand from the raw rows (failures 6 and 7)."""

from typing import Any

import polars as pl
import pytest

from fairline.platform.warehouse import DuckWarehouse

PLAYERS, TEAMS = "analytics.player_game_summary", "analytics.team_offense_game_summary"
LATEST = "superseded_at = TIMESTAMPTZ '9999-01-01 00:00:00+00'"


def _by_hand(players: list[dict[str, Any]], overtimes: int) -> dict[str, float]:
    """Possessions, pace and rating of a team from its players' rows, as system.md defines them."""
    total = {
        name: sum(one[name] for one in players)
        for name in ("field_goals_attempted", "free_throws_attempted", "turnovers", "offensive_rebounds", "points")
    }
    possessions = (
        total["field_goals_attempted"]
        + 0.44 * total["free_throws_attempted"]
        + total["turnovers"]
        - total["offensive_rebounds"]
    )
    minutes = 240 + 25 * overtimes
    return {
        "possessions": possessions,
        "pace": possessions * 48 / (minutes / 5),
        "rating": 100 * total["points"] / possessions,
        "points": total["points"],
    }


def _games_with(real: DuckWarehouse, overtimes: int, how_many: int) -> list[str]:
    games = real.query(
        f"SELECT DISTINCT game_id FROM {TEAMS} WHERE overtimes = ? AND {LATEST} ORDER BY game_id",
        [overtimes],
    )
    return games["game_id"].to_list()[:: max(1, games.height // how_many)][:how_many]


@pytest.mark.parametrize("overtimes", [0, 1, 2, 3, 4])
def test_pace_rating_and_usage_hold_for_any_number_of_overtimes(real: DuckWarehouse, overtimes: int):
    games = _games_with(real, overtimes, 3)
    assert games
    for game in games:
        teams = real.query(f"SELECT * FROM analytics.team_offense_game_summary WHERE game_id = ? AND {LATEST}", [game])
        for team in teams.iter_rows(named=True):
            players = real.query(
                "SELECT * FROM raw.player_box_scores WHERE game_id = ? AND team_id = ?", [game, team["team_id"]]
            )
            hand = _by_hand(players.to_dicts(), overtimes)
            assert team["possession_hundredths"] / 100 == pytest.approx(hand["possessions"])
            assert float(team["pace"]) == pytest.approx(hand["pace"], abs=1e-4)
            assert float(team["offensive_rating"]) == pytest.approx(hand["rating"], abs=1e-4)
            _check_usage(real, game, team["team_id"], players.to_dicts(), overtimes)


def _check_usage(real: DuckWarehouse, game: str, team: int, players: list[dict[str, Any]], overtimes: int) -> None:
    summary = real.query(
        f"SELECT player_id, usage, seconds FROM {PLAYERS} WHERE game_id = ? AND team_id = ? AND {LATEST}",
        [game, team],
    )
    held = {one["player_id"]: one for one in summary.iter_rows(named=True)}
    exact = {
        one["player_id"]: one["minutes"]
        for one in real.query(
            "SELECT player_id, minutes FROM raw.exact_minutes WHERE game_date = ?", [players[0]["game_date"]]
        ).to_dicts()
    }
    plays = {
        one["player_id"]: one["field_goals_attempted"] + 0.44 * one["free_throws_attempted"] + one["turnovers"]
        for one in players
    }
    assert set(held) == set(plays)
    for one in players:
        minutes = exact.get(one["player_id"], one["minutes"])
        if not minutes:
            assert held[one["player_id"]]["usage"] is None
            continue
        usage = 100 * plays[one["player_id"]] * ((240 + 25 * overtimes) / 5) / (minutes * sum(plays.values()))
        assert float(held[one["player_id"]]["usage"]) == pytest.approx(usage, abs=1e-4)


def test_overtimes_are_those_of_the_schedule_and_alike_for_both_teams(real: DuckWarehouse):
    told = real.query(
        "SELECT game_id, max(overtimes) AS told FROM raw.games WHERE overtimes IS NOT NULL GROUP BY game_id"
    )
    ours = real.query(
        f"SELECT game_id, min(overtimes) AS low, max(overtimes) AS high FROM {TEAMS} WHERE {LATEST} GROUP BY game_id"
    )
    assert ours.filter(pl.col("low") != pl.col("high")).height == 0
    both = ours.join(told, on="game_id")
    assert (both.height, both["told"].max()) == (1230, 2)
    assert both.filter(pl.col("high") != pl.col("told")).rows() == []


def test_overtimes_are_those_of_the_teams_minutes(real: DuckWarehouse):
    wrong = real.query(
        f"""
        SELECT game_id, ours.overtimes, told.minutes
        FROM analytics.team_offense_game_summary AS ours JOIN raw.team_box_scores AS told USING (game_id, team_id)
        WHERE ours.{LATEST} AND abs(told.minutes - 240 - 25 * ours.overtimes) > 6
        """
    )
    assert wrong.rows() == []


def test_the_winner_is_who_scored_more_in_overtime_too(real: DuckWarehouse):
    wrong = real.query(
        f"""
        SELECT own.game_id FROM analytics.team_offense_game_summary AS own
        JOIN analytics.team_offense_game_summary AS other
            ON other.game_id = own.game_id AND other.team_id = own.opponent_id AND other.{LATEST}
        WHERE own.{LATEST} AND (own.won IS NULL OR own.won <> (own.points > other.points))
        """
    )
    assert wrong.height == 0


def test_a_teams_totals_are_the_sums_of_its_players_and_its_own_row(real: DuckWarehouse):
    counts = (
        "points", "field_goals_made", "field_goals_attempted", "threes_made", "threes_attempted", "free_throws_made",
        "free_throws_attempted", "rebounds", "assists", "turnovers",
    )  # fmt: skip
    differing = " OR ".join(f"ours.{name} <> told.{name}" for name in counts)
    rows = real.query(
        f"""
        SELECT count(*) AS compared, count(CASE WHEN {differing} THEN 1 END) AS differing
        FROM analytics.team_offense_game_summary AS ours JOIN raw.team_box_scores AS told USING (game_id, team_id)
        WHERE ours.{LATEST}
        """
    )
    compared, different = rows.row(0)
    assert compared == 23_958
    assert different == 0


def test_paint_is_eight_feet_or_nearer_and_a_two(real: DuckWarehouse):
    game = "0022300061"
    shots = real.query("SELECT player_id, three, distance FROM raw.shots WHERE game_id = ?", [game]).to_dicts()
    summary = real.query(
        f"SELECT player_id, paint_attempted, mid_range_attempted FROM {PLAYERS} WHERE game_id = ? AND {LATEST}",
        [game],
    )
    assert shots
    for player, paint, mid_range in summary.iter_rows():
        own = [one for one in shots if one["player_id"] == player]
        assert paint == sum(1 for one in own if not one["three"] and one["distance"] <= 8)
        assert mid_range == sum(1 for one in own if not one["three"] and one["distance"] > 8)


def test_zones_are_null_where_no_shots_are_held_never_zero(real: DuckWarehouse):
    zones = real.query(
        f"SELECT season, count(paint_attempted) AS held FROM {PLAYERS} WHERE {LATEST} GROUP BY season"
    ).to_dicts()
    assert all((one["held"] > 0) == (2022 <= one["season"] <= 2024) for one in zones)


def test_nobody_is_at_home_in_paris_mexico_city_or_the_bubble(real: DuckWarehouse):
    neutral = real.query(
        "SELECT season, count(*) AS games FROM analytics.game_versions"
        f" WHERE neutral AND game_type = 'regular' AND {LATEST} GROUP BY season"
    )
    assert neutral.filter(pl.col("season") == 2019)["games"].sum() == 88 + 3  # the bubble; Mexico City twice, Paris
    home = real.query(
        f"""
        SELECT count(*) FROM analytics.player_game_summary AS box JOIN analytics.game_versions AS game USING (game_id)
        WHERE game.neutral AND box.home AND box.{LATEST} AND game.{LATEST}
        """
    ).item()
    assert home == 0
    told = real.query(
        "SELECT count(*) FROM raw.games AS told JOIN analytics.game_versions AS game USING (game_id)"
        f" WHERE told.neutral AND NOT game.neutral AND game.{LATEST}"
    ).item()
    assert told == 0


def test_elsewhere_one_of_the_two_teams_is_at_home(real: DuckWarehouse):
    homes = real.query(
        f"""
        SELECT box.game_id, count(DISTINCT CASE WHEN box.home THEN box.team_id END) AS homes,
            any_value(game.neutral) AS neutral
        FROM analytics.player_game_summary AS box JOIN analytics.game_versions AS game USING (game_id)
        WHERE box.{LATEST} AND game.{LATEST} GROUP BY box.game_id
        """
    )
    assert homes.filter(~pl.col("neutral") & (pl.col("homes") != 1)).height == 0


def test_not_playing_is_no_row(real: DuckWarehouse):
    raw = real.query("SELECT count(DISTINCT (game_id, player_id)) FROM raw.player_box_scores").item()
    assert real.query(f"SELECT count(*) FROM analytics.player_game_summary WHERE {LATEST}").item() == raw == 262_133
