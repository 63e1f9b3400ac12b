"""What the games so far say of a player, a team and the league, in pandas: one row per game, after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bench.pandas_summaries import SHOT_COUNTS, half_up

if TYPE_CHECKING:
    from collections.abc import Sequence

LAGS = 10
LAST = {
    "points_avg": (3, 5, 10, 20), "minutes_avg": (3, 5, 10, 20), "rebounds_avg": (5, 10, 20),
    "assists_avg": (5, 10, 20), "threes_made_avg": (5, 10, 20), "usage_avg": (5, 10),
    "field_goals_attempted_avg": (10,), "free_throws_attempted_avg": (10,), "threes_attempted_avg": (10,),
    "turnovers_avg": (10,), "points_per_minute": (10,), "points_sd": (10,), "minutes_sd": (10,), "share_paint": (10,),
    "share_mid_range": (10,), "share_three": (10,), "share_free_throw": (10,),
}  # fmt: skip
"""What is told of a season's last games, and of how many of them."""
LAST_GAMES = {
    stem if stem.startswith("share_") else f"{stem}_last_{size}": (stem, size)
    for stem, sizes in LAST.items()
    for size in sizes
}
"""The features of a season's last games."""
SEASON = [f"{stat}_avg_season" for stat in ("points", "rebounds", "assists", "threes_made", "minutes")]
SEASON.append("points_per_minute_season")
"""The features of a whole season so far."""
LEAST = {3: 3, 5: 3, 10: 3, 20: 10}
"""Games a window must hold for what it says to be told; a deviation needs five."""
WHOLE_SEASON, LONG = 100, 82
"""More games than a season has; games of his usual play, whichever seasons they are of."""


def player_form(played: pd.DataFrame) -> pd.DataFrame:
    """Every player's form after each of his games, with the dates, teams and seconds of his last games."""
    played = played.sort_values(["player_id", "valid_at", "game_id"], ignore_index=True)
    player = played.groupby("player_id")
    season = played.groupby(["player_id", "season"])
    games, games_of_season = player.cumcount() + 1, season.cumcount() + 1
    form = played[["player_id", "known_at", "game_date", "season"]].copy()
    form["career_games"], form["season_games"] = games, games_of_season
    before = player["season"].shift().where(games_of_season == 1)
    form["season_before"] = before.groupby([played["player_id"], played["season"]]).transform("first")

    sums = {size: _sums(played, ["player_id", "season"], size) for size in (3, 5, 10, 20, WHOLE_SEASON)}
    said = {size: _said(sums[size], np.minimum(games_of_season, size)) for size in sums}
    long_sums = _sums(played, ["player_id"], LONG)
    usual = _said(long_sums, np.minimum(games, LONG))
    for name, (stem, size) in LAST_GAMES.items():
        least = 5 if "_sd" in stem else LEAST[size]
        form[name] = said[size][stem].where(games_of_season >= least)
        form[f"{stem}_season"] = said[WHOLE_SEASON][stem]
        made_up = games_of_season * said[size][stem].fillna(usual[stem]) + (size - games_of_season) * usual[stem]
        form[f"{name}_early"] = (made_up / size).where(games >= least)

    form["minutes_trend"] = said[5]["minutes_avg"] - said[20]["minutes_avg"]
    form["minutes_change"] = said[10]["minutes_avg"] / _positive(said[WHOLE_SEASON]["minutes_avg"]) - 1
    form["recent_trend"] = sums[3]["points"] / 3 - (sums[5]["points"] - sums[3]["points"]) / 2
    trends = ["minutes_trend", "minutes_change", "recent_trend"]
    form[trends] = form[trends].where(games_of_season >= 5)
    form["minutes_avg_long"] = usual["minutes_avg"].where(games >= 5)
    for stat in ("points", "rebounds", "assists", "threes_made"):
        ratio = 60 * long_sums[stat] / _positive(long_sums["seconds"])
        form[f"{stat.removesuffix('_made')}_per_minute_long"] = ratio.where(games >= 5)

    last = sums[10]
    form["shots_avg"] = last["field_goals_attempted"] / np.minimum(games_of_season, 10)
    form["usage_minutes"] = half_up(last["usage_seconds"] / 60 / _positive(last["usage_held"]), 4)
    form["recent_minutes"] = half_up(said[10]["minutes_avg"], 4)
    return pd.concat([form, _lags(player, {"game_date": "date", "team_id": "team", "seconds": "seconds"})], axis=1)


def _said(sums: pd.DataFrame, held: pd.Series) -> dict[str, pd.Series]:
    """What the sums over some games say, by stem."""
    counted = [stem.removesuffix("_avg") for stem in LAST if stem.endswith("_avg")]
    counts = [stat for stat in counted if stat not in ("minutes", "usage")]
    return {f"{stat}_avg": sums[stat] / held for stat in counts} | {
        "minutes_avg": sums["seconds"] / held / 60,
        "usage_avg": sums["usage"] / _positive(sums["usage_held"]),
        "points_per_minute": 60 * sums["points"] / _positive(sums["seconds"]),
        "points_sd": sums["points_sd"],
        "minutes_sd": sums["seconds_sd"] / 60,
        "share_paint": sums["paint_attempted"] / _positive(sums["zoned_attempts"]),
        "share_mid_range": sums["mid_range_attempted"] / _positive(sums["zoned_attempts"]),
        "share_three": sums["threes_attempted"] / _positive(sums["field_goals_attempted"]),
        "share_free_throw": sums["free_throws_made"] / _positive(sums["points"]),
    }


def _sums(played: pd.DataFrame, keys: list[str], size: int) -> pd.DataFrame:
    """Sums over the last games of so many, and sample standard deviations; rows of the same keys go together."""
    zoned = played["paint_attempted"].notna()
    summed = played[[
        *keys, "points", "seconds", "rebounds", "assists", "threes_made", "field_goals_attempted",
        "free_throws_attempted", "threes_attempted", "turnovers", "free_throws_made", "usage", "paint_attempted",
        "mid_range_attempted",
    ]].assign(
        usage_held=played["usage"].notna().astype(float),
        usage_seconds=played["usage"] * played["seconds"],
        zoned_attempts=played["field_goals_attempted"].where(zoned),
    )  # fmt: skip
    levels = list(range(len(keys)))
    rolled = summed.groupby(keys).rolling(size, min_periods=1).sum().droplevel(levels).sort_index()
    deviations = summed.groupby(keys)[["points", "seconds"]].rolling(size, min_periods=2).std()
    return rolled.join(deviations.droplevel(levels).add_suffix("_sd"))


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
