"""Games as tables in the columns of NBA.com's LeagueGameLog, and as rows for everything else."""

from datetime import datetime

import numpy as np
import polars as pl

from fairline.domain.dates import season_label
from fairline.sim.league.corrections import counts_told
from fairline.sim.league.seasons import Season, Stretch
from fairline.sim.league.talents import Flags, Whole
from fairline.sim.league.tally import AT, COUNTS

LOG = {
    "FGM": "fgm", "FGA": "fga", "FG3M": "fg3m", "FG3A": "fg3a", "FTM": "ftm", "FTA": "fta", "OREB": "oreb",
    "DREB": "dreb", "AST": "assists", "STL": "steals", "BLK": "blocks", "TOV": "turnovers", "PF": "fouls",
    "PTS": "points",
}  # fmt: skip
"""NBA.com's column to ours."""

FIGURES = (
    "WL", "MIN", "FGM", "FGA", "FG3M", "FG3A", "FTM", "FTA", "OREB", "DREB", "REB", "AST", "STL", "BLK", "TOV", "PF",
    "PTS", "PLUS_MINUS",
)  # fmt: skip
OF_PLAYERS = ("GAME_ID", "GAME_DATE", "PLAYER_ID", "PLAYER_NAME", "TEAM_ID", "TEAM_ABBREVIATION", "MATCHUP", *FIGURES)
OF_TEAMS = ("TEAM_ID", "TEAM_ABBREVIATION", "TEAM_NAME", "GAME_ID", "GAME_DATE", "MATCHUP", *FIGURES)


def games(season: Season, stretch: Stretch) -> pl.DataFrame:
    """A row a game: `row`, `game_id`, `season`, `game_date`, `tip_at` (UTC), both teams' NBA ids and points,
    `overtimes`, `arena`.
    """  # noqa: D205 - a list of columns
    teams = np.array([place.team.team_id for place in season.where])
    calendar, points = stretch.calendar, stretch.played.counts[..., AT["points"]].sum(axis=2)
    return pl.DataFrame({
        "row": np.arange(len(points)), "game_id": stretch.ids, "season": [season_label(season.year)] * len(points),
        "game_date": calendar.dates(), "tip_at": pl.Series(calendar.tip_at, dtype=pl.Datetime("us", "UTC")),
        "home_team_id": teams[calendar.home], "away_team_id": teams[calendar.away],
        "home_points": points[:, 0].astype(np.int64), "away_points": points[:, 1].astype(np.int64),
        "overtimes": stretch.played.overtimes, "arena": [season.where[home].arena for home in calendar.home],
    })  # fmt: skip


def lines(season: Season, stretch: Stretch, seed: int, at: datetime | None = None) -> pl.DataFrame:
    """A row for everyone who sat for a game: `row`, `side`, `slot`, `player` (row of the people), `started`,
    `could_play`, `part` (place in health.PARTS) and every count as told at a time, the final ones without one.
    """  # noqa: D205 - a list of columns
    slots = stretch.slate.slots
    row, side, slot = np.nonzero(slots >= 0)
    player = slots[row, side, slot]
    counts = counts_told(stretch, seed, at)[row, side, slot]
    columns: dict[str, Whole | Flags] = {"row": row, "side": side, "slot": slot, "player": player}
    columns |= {name: counts[:, place].astype(np.int64) for place, name in enumerate(COUNTS)}
    columns["started"] = stretch.played.started[row, side, slot]
    columns["could_play"] = stretch.slate.plays[row, side, slot]
    columns["part"] = season.bodies.part[stretch.calendar.day[row], player]
    return pl.DataFrame(columns)


def player_log(season: Season, stretch: Stretch, seed: int, at: datetime | None = None) -> pl.DataFrame:
    """A row a player who played, in the columns of LeagueGameLog, with `SEASON`, `row` and `MINUTES` (decimal)."""
    people = season.people
    sides = _sides(season, stretch).drop("PLUS_MINUS")
    played = lines(season, stretch, seed, at).filter(pl.col("seconds") > 0).join(sides, on=["row", "side"])
    named = {"player": np.arange(len(people.ids)), "PLAYER_ID": people.ids, "PLAYER_NAME": people.names}
    figures = played.join(pl.DataFrame(named), on="player").with_columns(_figures(), PLUS_MINUS="plus_minus")
    return figures.sort("row", "side", "slot").select("SEASON", "row", "MINUTES", *OF_PLAYERS)


def team_log(season: Season, stretch: Stretch, seed: int, at: datetime | None = None) -> pl.DataFrame:
    """A row a team and game, in the columns of LeagueGameLog, with `SEASON` and `row`."""
    sums = lines(season, stretch, seed, at).group_by("row", "side").agg(pl.col(*COUNTS).sum())
    figures = sums.join(_sides(season, stretch), on=["row", "side"]).with_columns(_figures())
    return figures.sort("row", "side").select("SEASON", "row", *OF_TEAMS)


def _figures() -> list[pl.Expr]:
    minutes = pl.col("seconds") / 60
    return [
        (minutes + 0.5).floor().cast(pl.Int64).alias("MIN"), minutes.alias("MINUTES"),
        (pl.col("oreb") + pl.col("dreb")).alias("REB"),
        *(pl.col(ours).alias(theirs) for theirs, ours in LOG.items()),
    ]  # fmt: skip


def _sides(season: Season, stretch: Stretch) -> pl.DataFrame:
    """A row a game and side, with what both logs say of it."""
    told, where = games(season, stretch), season.where
    margin = (told["home_points"] - told["away_points"]).to_numpy()
    sides = []
    for side, (own, other) in enumerate((("home", "away"), ("away", "home"))):
        mine, theirs = getattr(stretch.calendar, own), getattr(stretch.calendar, other)
        ahead = margin if side == 0 else -margin
        short = [where[team].team.abbreviation for team in mine]
        against = [where[team].team.abbreviation for team in theirs]
        joined = " vs. " if side == 0 else " @ "
        sides.append(
            told.select(
                "row", side=pl.lit(side, pl.Int64), SEASON="season", GAME_ID="game_id",
                GAME_DATE=pl.col("game_date").cast(pl.String), TEAM_ID=f"{own}_team_id",
                TEAM_ABBREVIATION=pl.Series(short), TEAM_NAME=pl.Series([where[team].team.name for team in mine]),
                MATCHUP=pl.Series([joined.join(pair) for pair in zip(short, against, strict=True)]),
                WL=pl.Series(np.where(ahead > 0, "W", "L")), PLUS_MINUS=pl.Series(ahead.astype(np.int64)),
            )
        )  # fmt: skip
    return pl.concat(sides)
