"""The summaries in pandas: what was known of games, what players and teams did, who was on which team.

Written to the tables' own descriptions, in other words and another order than the SQL, so that it can judge it. It
takes one box score a game, the last held; of games it follows every version, because the schedule changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fairline.analytics.schema import NEUTRAL_ARENAS
from fairline.raw.schema import SOURCE_PRECEDENCE

if TYPE_CHECKING:
    from pathlib import Path

FOREVER = pd.Timestamp("2200-01-01", tz="UTC")
RAW = {
    "games": "*",
    "player_box_scores": "*",
    "exact_minutes": "player_id, game_date, minutes, known_at",
    "shots": "game_id, player_id, made, three, distance",
    "projected_lineups": "player_id, team_id, reported_at, known_at",
    "injury_snapshots": "reported_at, known_at, source",
    "injury_reports": "reported_at, player_id, status, known_at, source",
    "game_line_quotes": "game_id, book, home_spread, total, source, known_at",
    "prop_quotes": "game_id, player_id, team_id, known_at",
}
"""The raw tables it reads, and which columns."""

SHOT_COUNTS = ["paint_attempted", "paint_made", "mid_range_attempted", "mid_range_made"]
TEAM_COUNTS = [
    "points", "field_goals_attempted", "free_throws_attempted", "offensive_rebounds", "turnovers", "rebounds",
    "assists", "threes_made", "threes_attempted", *SHOT_COUNTS,
]  # fmt: skip


def read(folder: Path) -> dict[str, pd.DataFrame]:
    """The raw tables as frames, dates as timestamps of midnight."""
    return {name: dated(pd.read_parquet(folder / f"{name}.parquet")) for name in RAW}


def dated(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its game dates as timestamps, where it has any."""
    return table.assign(game_date=pd.to_datetime(table["game_date"])) if "game_date" in table else table


def summarised(raw: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The raw tables, and the summaries made of them: versions, played, teams, spells."""
    versions = game_versions(raw["games"])
    played = player_games(raw, versions)
    spells = roster_spells(played, raw["projected_lineups"])
    return {**raw, "versions": versions, "played": played, "teams": team_games(played), "spells": spells}


def half_up(values: pd.Series, decimals: int = 0) -> pd.Series:
    """Rounded half away from zero, as a column of type DECIMAL keeps it; `Series.round` rounds half to even."""
    scaled = values * 10.0**decimals
    return np.trunc(scaled + np.copysign(0.5, scaled)) / 10.0**decimals


def game_versions(games: pd.DataFrame) -> pd.DataFrame:
    """What was held of each game from one moment to the next: the schedule of the best source, and how it stood."""
    ranked = games.assign(
        rank=games["source"].map(SOURCE_PRECEDENCE).fillna(99),
        of_result=games["statement"] != "schedule",
        final=games["status"] == "final",
        postponed_at=games["known_at"].where(games["status"] == "postponed"),
        scheduled_at=games["known_at"].where(games["statement"] == "schedule"),
        told_neutral=games["neutral"].eq(True),
    )
    moments = games[["game_id", "known_at"]].drop_duplicates().rename(columns={"known_at": "since"})
    held = moments.merge(ranked, on="game_id").query("known_at <= since")
    held = held.sort_values(
        ["game_id", "since", "of_result", "rank", "known_at", "source"], ascending=[True, True, True, True, False, True]
    )
    best = held.drop_duplicates(["game_id", "since"]).set_index(["game_id", "since"])
    ever = held.groupby(["game_id", "since"])[["final", "told_neutral", "postponed_at", "scheduled_at"]].max()
    postponed = ever["postponed_at"].notna() & ~(ever["postponed_at"] < ever["scheduled_at"])
    best["status"] = best["status"].mask(postponed, "postponed").mask(ever["final"], "final")
    best["neutral"] = ever["told_neutral"] | best["arena"].isin(NEUTRAL_ARENAS)
    versions = best.drop(columns="known_at").reset_index().rename(columns={"since": "known_at"})
    versions["superseded_at"] = versions.groupby("game_id")["known_at"].shift(-1).fillna(FOREVER)
    columns = ["game_id", "game_date", "season", "game_type", "tip_at", "home_team_id", "away_team_id", "status"]
    return versions[[*columns, "neutral", "known_at", "superseded_at"]]


def player_games(raw: dict[str, pd.DataFrame], versions: pd.DataFrame) -> pd.DataFrame:
    """One row per player and game: box score, seconds, shots by zone, usage, season and opponent."""
    box = raw["player_box_scores"].sort_values("known_at").drop_duplicates(["game_id", "player_id"], keep="last")
    exact = raw["exact_minutes"].sort_values("known_at").drop_duplicates(["player_id", "game_date"], keep="last")
    exact = exact[["player_id", "game_date", "minutes"]].rename(columns={"minutes": "exact_minutes"})
    played = box.merge(exact, on=["player_id", "game_date"], how="left")
    played = played.merge(_zones(raw["shots"]), on=["game_id", "player_id"], how="left")
    zoned = played["game_id"].isin(raw["shots"]["game_id"])
    played[SHOT_COUNTS] = played[SHOT_COUNTS].where(~zoned, played[SHOT_COUNTS].fillna(0))
    minutes = played["exact_minutes"].fillna(played["minutes"])
    played["seconds"] = half_up(60 * minutes)
    plays = 100 * played["field_goals_attempted"] + 44 * played["free_throws_attempted"] + 100 * played["turnovers"]
    of_team = played.assign(plays=plays).groupby(["game_id", "team_id"])
    overtimes = half_up((of_team["minutes"].transform("sum") - 240).clip(lower=0) / 25)
    team_plays = of_team["plays"].transform(lambda side: side.sum(skipna=False))
    usage = 100.0 * plays * (48 + 5 * overtimes) / (minutes * team_plays)
    played["usage"] = half_up(usage.where((minutes > 0) & (team_plays > 0)), 4)
    played["overtimes"] = overtimes
    teams = played[["game_id", "team_id"]].drop_duplicates()
    sides = teams.merge(teams.rename(columns={"team_id": "opponent_id"}), on="game_id").query("team_id != opponent_id")
    played = played.merge(sides, on=["game_id", "team_id"], how="left")
    then = versions[["game_id", "known_at", "season", "game_type"]]
    return pd.merge_asof(played.sort_values("known_at"), then.sort_values("known_at"), on="known_at", by="game_id")


def _zones(shots: pd.DataFrame) -> pd.DataFrame:
    two = ~shots["three"]
    paint, mid_range = two & (shots["distance"] <= 8), two & (shots["distance"] > 8)
    flags = pd.DataFrame({
        "game_id": shots["game_id"], "player_id": shots["player_id"], "paint_attempted": paint,
        "paint_made": paint & shots["made"], "mid_range_attempted": mid_range,
        "mid_range_made": mid_range & shots["made"],
    })  # fmt: skip
    return flags.groupby(["game_id", "player_id"], as_index=False).sum()


def team_games(played: pd.DataFrame) -> pd.DataFrame:
    """One row per team and game: what it made, what it allowed (`_allowed`), possessions in hundredths, pace."""
    keys = ["game_id", "team_id", "opponent_id", "game_date", "season", "won", "overtimes", "valid_at", "known_at"]
    made = played.groupby(keys, as_index=False)[TEAM_COUNTS].sum(min_count=1)
    made["possessions"] = (
        100 * made["field_goals_attempted"] + 44 * made["free_throws_attempted"] + 100 * made["turnovers"]
        - 100 * made["offensive_rebounds"]
    )  # fmt: skip
    made["pace"] = half_up(made["possessions"] / 100.0 * 48 / (48 + 5 * made["overtimes"]), 4)
    counts = [*TEAM_COUNTS, "possessions"]
    allowed = made[["game_id", "team_id", *counts]].rename(columns={name: f"{name}_allowed" for name in counts})
    return made.merge(allowed.rename(columns={"team_id": "opponent_id"}), on=["game_id", "opponent_id"])


def roster_spells(played: pd.DataFrame, lineups: pd.DataFrame) -> pd.DataFrame:
    """Which team each player was known to be of, from one piece of evidence to the next that names another team."""
    evidence = pd.concat([
        played[["player_id", "team_id", "known_at", "valid_at"]],
        lineups.rename(columns={"reported_at": "valid_at"}),
    ])  # fmt: skip
    evidence = evidence.sort_values(
        ["player_id", "known_at", "valid_at", "team_id"], ascending=[True, True, False, True]
    ).drop_duplicates(["player_id", "known_at"])
    newest = evidence.groupby("player_id")["valid_at"].cummax()
    evidence = evidence[evidence["valid_at"] == newest]
    spells = evidence[evidence["team_id"] != evidence.groupby("player_id")["team_id"].shift()].copy()
    spells["superseded_at"] = spells.groupby("player_id")["known_at"].shift(-1).fillna(FOREVER)
    return spells.drop(columns="valid_at")
