"""Answers about one game that name it by id alone: its date from the schedule held, its end from the minutes played."""

from collections.abc import Iterator
from datetime import timedelta

import polars as pl

from fairline.raw import known
from fairline.raw.cells import Cells
from fairline.raw.contracts import Rule, rule
from fairline.raw.documents import Document
from fairline.raw.held import Held
from fairline.raw.nba.rules import not_nba_team, other_league

SIDES = ("homeTeam", "awayTeam")

WHOLE_GAME, OVERTIME = 240, 25
"""Minutes of a team: five players, 48 minutes; 5 more in each overtime. All players' add up to it to the second."""

SECOND = 1 / 60

OVER_BY = timedelta(hours=12)
"""After tip-off. The clock of one game in some thousands went wrong, and its minutes are never full."""

LEAST_OF_A_GAME = 225


def records_of_players(document: Document, box: str) -> Iterator[object]:
    """Each player of both teams of a box score, with his game and team; what is no object comes as it is."""
    game = document.at(f"{box}.gameId", str)
    for side in SIDES:
        team = document.at(f"{box}.{side}", dict)
        for player in document.at("players", list, team):
            yield {"gameId": game, "teamId": team.get("teamId"), **player} if isinstance(player, dict) else player


def records_of_teams(document: Document, box: str) -> Iterator[object]:
    """Both teams of a box score with the game: their own figures, without their players."""
    game = document.at(f"{box}.gameId", str)
    for side in SIDES:
        team = document.at(f"{box}.{side}", dict)
        yield {"gameId": game, "teamId": team.get("teamId"), "statistics": team.get("statistics")}


def with_game(sheet: pl.DataFrame, teams: pl.DataFrame, held: Held, document: Document) -> pl.DataFrame:
    """The rows of a sheet with `team` (a number) and what is known of their game.

    sheet, teams: `GAME_ID`, `TEAM_ID`; teams, one row for each of a game's two, `MIN` in decimal minutes and, where the
    answer tells it, `PTS`. Adds `game_date`, `tip_at`, `home_team_id` of the schedule held, `over`, `overtimes`, `won`.
    """
    told = teams.select("GAME_ID", "TEAM_ID", minutes=Cells(teams).number("MIN"), points=_points(teams))
    games = told.group_by("GAME_ID").agg(pl.col("minutes").min(), full=_full(), most_points=pl.col("points").max())
    schedule = held.games.select(padded="game_id", game_date="game_date", tip_at="tip_at", home_team_id="home_team_id")
    late = known.instant(document.capture.captured_at) - pl.col("tip_at") >= OVER_BY
    over = pl.col("full") | (late & (pl.col("minutes") >= LEAST_OF_A_GAME))
    return (
        sheet.with_columns(team=Cells(sheet).whole("TEAM_ID"), padded=Cells(sheet).game("GAME_ID"))
        .join(told.unique("TEAM_ID").select("GAME_ID", "TEAM_ID", "points"), on=["GAME_ID", "TEAM_ID"], how="left")
        .join(games, on="GAME_ID", how="left")
        .join(schedule, on="padded", how="left")
        .with_columns(
            over=over.fill_null(value=False),
            won=pl.col("points") == pl.col("most_points"),
            overtimes=((pl.col("minutes") - WHOLE_GAME) / OVERTIME).round().cast(pl.Int64, strict=False),
        )
        .sort("row_number")
        .drop("padded", "minutes", "full", "most_points", "points")
    )


def not_for_us() -> list[Rule]:
    """What sets aside rows of `with_game`: of other leagues and exhibition sides, of a game that is not over."""
    unfinished = rule(
        "unfinished_game", ~pl.col("over"), "game {} is not over by its minutes and points", pl.col("GAME_ID")
    )
    return [other_league("GAME_ID"), not_nba_team("team"), unfinished]


def no_game(rows: pl.DataFrame) -> pl.DataFrame:
    """Sets these rows aside until a schedule that holds their game is read."""
    return rows.select(
        "row_number", reason=pl.lit("no_game"), detail=pl.format("no schedule held has game {}", "game_id")
    )


def _points(teams: pl.DataFrame) -> pl.Expr:
    return Cells(teams).whole("PTS") if "PTS" in teams.columns else pl.lit(None, pl.Int64)


def _full() -> pl.Expr:
    """Both teams played whole quarters and overtimes, and are not level."""
    beyond = (pl.col("minutes") - WHOLE_GAME + SECOND) % OVERTIME
    whole = (pl.col("minutes") >= WHOLE_GAME - SECOND) & (beyond <= 2 * SECOND)
    level = (pl.col("points").n_unique() == 1) & pl.col("points").is_not_null().all()
    return (pl.len() == 2) & whole.all() & ~level
