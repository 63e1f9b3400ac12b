"""What the games so far say of a player, a team and the league, in pandas: one row per game, after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bench.pandas_summaries import SHOT_COUNTS, half_up

if TYPE_CHECKING:
    from collections.abc import Sequence

LAGS = 10
MEANS = {
    "points": (3, 5, 10, 20), "rebounds": (5, 10, 20), "assists": (5, 10, 20), "threes_made": (5, 10, 20),
    "field_goals_attempted": (10,), "free_throws_attempted": (10,), "threes_attempted": (10,), "turnovers": (10,),
}  # fmt: skip
"""Windows of each box-score count's means."""
LEAST = {3: 3, 5: 3, 10: 3, 20: 10}
"""Games a window must hold for its mean to be told."""


def player_form(played: pd.DataFrame) -> pd.DataFrame:
    """Every player's form after each of his games, with the dates, teams and seconds of his last games."""
    played = played.sort_values(["player_id", "valid_at", "game_id"], ignore_index=True)
    player = played.groupby("player_id")
    season = played.groupby(["player_id", "season"])
    games, games_of_season = player.cumcount() + 1, season.cumcount() + 1
    form = played[["player_id", "known_at", "game_date", "season"]].copy()
    form["career_games"], form["season_games"] = games, games_of_season

    sums = {size: _sums(played, size) for size in (3, 5, 10, 20, 82)}
    so_far = season[["points", "rebounds", "assists", "threes_made", "seconds"]].cumsum()
    for stat, sizes in MEANS.items():
        for size in sizes:
            form[f"{stat}_avg_last_{size}"] = (sums[size][stat] / np.minimum(games, size)).where(games >= LEAST[size])
        if stat in so_far:
            form[f"{stat}_avg_season"] = so_far[stat] / games_of_season
    for size in (3, 5, 10, 20):
        minutes = sums[size]["seconds"] / np.minimum(games, size) / 60
        form[f"minutes_avg_last_{size}"] = minutes.where(games >= LEAST[size])
    form["minutes_avg_season"] = so_far["seconds"] / games_of_season / 60
    form["minutes_trend"] = _mean_minutes(sums[5], games, 5) - _mean_minutes(sums[20], games, 20)
    form["minutes_trend"] = form["minutes_trend"].where(games >= 5)
    form["minutes_change"] = _mean_minutes(sums[10], games, 10) / _positive(form["minutes_avg_season"]) - 1
    form["minutes_change"] = form["minutes_change"].where(games_of_season >= 5)
    form["recent_trend"] = (sums[3]["points"] / 3 - (sums[5]["points"] - sums[3]["points"]) / 2).where(games >= 5)

    deviations = played.groupby("player_id")[["points", "seconds"]].rolling(10, min_periods=5).std()
    deviations = deviations.droplevel(0).sort_index()
    form["points_sd_last_10"], form["minutes_sd_last_10"] = deviations["points"], deviations["seconds"] / 60
    form["points_per_minute_season"] = 60 * so_far["points"] / _positive(so_far["seconds"])
    ratio = 60 * sums[10]["points"] / _positive(sums[10]["seconds"])
    form["points_per_minute_last_10"] = ratio.where(games >= 3)
    form["minutes_avg_long"] = _mean_minutes(sums[82], games, 82).where(games >= 5)
    for stat in ("points", "rebounds", "assists", "threes_made"):
        ratio = 60 * sums[82][stat] / _positive(sums[82]["seconds"])
        form[f"{stat.removesuffix('_made')}_per_minute_long"] = ratio.where(games >= 5)
    for size in (5, 10):
        form[f"usage_avg_last_{size}"] = (sums[size]["usage"] / _positive(sums[size]["usage_held"])).where(games >= 3)

    last = sums[10]
    zoned = {"paint": "paint_attempted", "mid_range": "mid_range_attempted"}
    for zone, stat in zoned.items():
        form[f"share_{zone}"] = (last[stat] / _positive(last["zoned_attempts"])).where(games >= 3)
    form["share_three"] = (last["threes_attempted"] / _positive(last["field_goals_attempted"])).where(games >= 3)
    form["share_free_throw"] = (last["free_throws_made"] / _positive(last["points"])).where(games >= 3)

    form["shots_avg"] = last["field_goals_attempted"] / np.minimum(games, 10)
    form["usage_minutes"] = half_up(last["usage_seconds"] / 60 / _positive(last["usage_held"]), 4)
    form["recent_minutes"] = half_up(_mean_minutes(last, games, 10), 4)
    return pd.concat([form, _lags(player, {"game_date": "date", "team_id": "team", "seconds": "seconds"})], axis=1)


def _sums(played: pd.DataFrame, size: int) -> pd.DataFrame:
    """Sums over each player's last games of so many."""
    zoned = played["paint_attempted"].notna()
    summed = played[[
        "player_id", "points", "seconds", "rebounds", "assists", "threes_made", "field_goals_attempted",
        "free_throws_attempted", "threes_attempted", "turnovers", "free_throws_made", "usage", "paint_attempted",
        "mid_range_attempted",
    ]].assign(
        usage_held=played["usage"].notna().astype(float),
        usage_seconds=played["usage"] * played["seconds"],
        zoned_attempts=played["field_goals_attempted"].where(zoned),
    )  # fmt: skip
    return summed.groupby("player_id").rolling(size, min_periods=1).sum().droplevel(0).sort_index()


def _mean_minutes(sums: pd.DataFrame, games: pd.Series, size: int) -> pd.Series:
    return sums["seconds"] / np.minimum(games, size) / 60


def _positive(divisor: pd.Series) -> pd.Series:
    return divisor.where(divisor > 0)


def _lags(group: pd.api.typing.DataFrameGroupBy, columns: dict[str, str]) -> pd.DataFrame:
    """Values of the last game (1) to the tenth last."""
    lags = {
        f"{name}_{back + 1}": group[column].shift(back) for column, name in columns.items() for back in range(LAGS)
    }  # fmt: skip
    return pd.DataFrame(lags)


def team_form(games: pd.DataFrame) -> pd.DataFrame:
    """Every team's state after each of its games."""
    games = games.sort_values(["team_id", "valid_at", "game_id"], ignore_index=True)
    team = games.groupby("team_id")
    held = team.cumcount() + 1
    last_10 = _window(team, ["pace", "points", "possessions"], 10)
    allowed = [
        "points_allowed", "possessions_allowed", "rebounds_allowed", "assists_allowed", "threes_made_allowed",
        "paint_made_allowed", "paint_attempted_allowed", "mid_range_made_allowed", "mid_range_attempted_allowed",
        "threes_attempted_allowed",
    ]  # fmt: skip
    last_15 = _window(team, allowed, 15)
    form = games[["team_id", "known_at", "game_date", "season"]].copy()
    form["pace"] = (last_10["pace"] / np.minimum(held, 10)).where(held >= 3)
    form["offensive_rating"] = (1e4 * last_10["points"] / _positive(last_10["possessions"])).where(held >= 3)
    rating = 1e4 * last_15["points_allowed"] / _positive(last_15["possessions_allowed"])
    form["defensive_rating"] = rating.where(held >= 5)
    won = games.assign(won=games["won"].astype(float)).groupby(["team_id", "season"])["won"]
    form["win_share"] = won.cumsum() / (won.cumcount() + 1)
    for stat in ("points", "rebounds", "assists", "threes_made"):
        form[f"{stat}_allowed"] = (last_15[f"{stat}_allowed"] / np.minimum(held, 15)).where(held >= 5)
    for zone, stat in (("paint", "paint"), ("mid_range", "mid_range"), ("three", "threes")):
        attempted = _positive(last_15[f"{stat}_attempted_allowed"])
        form[f"{zone}_allowed_share"] = last_15[f"{stat}_made_allowed"] / attempted
    return pd.concat([form, _lags(team, {"game_date": "team_date"})], axis=1)


def _window(group: pd.api.typing.DataFrameGroupBy, columns: Sequence[str], size: int) -> pd.DataFrame:
    return group[list(columns)].rolling(size, min_periods=1).sum().droplevel(0).sort_index()


def league_form(games: pd.DataFrame) -> pd.DataFrame:
    """The league's averages a team and game, over the last 225 games."""
    columns = ["points", "rebounds", "assists", "threes_made", "threes_attempted", "possessions", "pace", *SHOT_COUNTS]
    whole = games.groupby(["valid_at", "game_id", "known_at"])[columns].sum(min_count=2).reset_index()
    sums = whole[columns].rolling(225, min_periods=1).sum()
    teams = 2.0 * np.minimum(np.arange(1, len(whole) + 1), 225)
    form = whole[["known_at"]].copy()
    form["league_pace"] = sums["pace"] / teams
    form["league_rating"] = 1e4 * sums["points"] / _positive(sums["possessions"])
    for stat in ("points", "rebounds", "assists", "threes_made"):
        form[f"league_{stat}"] = sums[stat] / teams
    for zone, stat in (("paint", "paint"), ("mid_range", "mid_range"), ("three", "threes")):
        form[f"league_{zone}_share"] = sums[f"{stat}_made"] / _positive(sums[f"{stat}_attempted"])
    return form
