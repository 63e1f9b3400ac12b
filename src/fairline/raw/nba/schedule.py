"""NBA.com's schedule of a season: the API's scheduleleaguev2 and the file on its CDN, one shape."""

import polars as pl

from fairline.raw import known, schedules
from fairline.raw.captured import CaptureKind
from fairline.raw.cells import Cells
from fairline.raw.contracts import split
from fairline.raw.documents import Document
from fairline.raw.held import Held
from fairline.raw.nba.rules import not_nba_team, other_league
from fairline.raw.parsed import Parsed, together
from fairline.raw.schema import GAMES

FIELDS = {
    "game_id": "gameId", "date_et": "gameDateEst", "tip_utc": "gameDateTimeUTC", "home_id": "homeTeam.teamId",
    "away_id": "awayTeam.teamId", "home_score": "homeTeam.score", "away_score": "awayTeam.score",
    "game_status": "gameStatus", "status_text": "gameStatusText", "postponed": "postponedStatus", "arena": "arenaName",
    "neutral": "isNeutral",
}  # fmt: skip

FINAL = "3"
"""Of `gameStatus`; 1 is to come, 2 under way."""


def fits(document: Document) -> bool:
    """A schedule of dates, each with its games."""
    return isinstance(document.at("leagueSchedule.gameDates", list), list)


def parse(document: Document, held: Held) -> Parsed:  # noqa: ARG001 - every parser is given what is held
    """When and where each game is, and how those that are over ended."""
    days = document.at("leagueSchedule.gameDates", list)
    games = (game for day in days for game in document.at("games", list, day))
    return games_of(document, document.sheet(games, FIELDS))


def games_of(document: Document, sheet: pl.DataFrame) -> Parsed:
    """The statements of games in the columns of `FIELDS`.

    The score of a game to come (0-0) or under way is no result: it is not read. A cancelled game counts as postponed
    for ever. A game captured when it was long over is history, known by the rules for imported history.
    """
    ours, strange = split(_teams(sheet), [other_league("game_id"), not_nba_team("home", "away")])
    parsed = schedules.parse(_as_exported(ours), "schedule_with_results")
    neutral = ours.select("row_number", neutral=Cells(ours).yes("neutral"))
    rows = parsed.rows[GAMES].drop("neutral").join(neutral, on="row_number", how="left", maintain_order="left")
    parsed.rows[GAMES] = rows.with_columns(known_at=_known(document))
    parsed.aside = together([strange, parsed.aside])
    return parsed


def _teams(sheet: pl.DataFrame) -> pl.DataFrame:
    cells = Cells(sheet)
    return sheet.with_columns(home=cells.whole("home_id"), away=cells.whole("away_id"))


def _as_exported(games: pl.DataFrame) -> pl.DataFrame:
    """In the columns of a schedule file with results."""
    called_off = pl.col("status_text").str.contains(r"(?i)^\s*(cancel|ppd|postponed)") | (pl.col("postponed") == "Y")
    over = (pl.col("game_status") == FINAL) & ~called_off.fill_null(value=False)
    return games.with_columns(
        pl.when(over).then("home_score"),
        pl.when(over).then("away_score"),
        postponed=pl.when(called_off).then(pl.lit("Y")).otherwise(pl.lit("N")),
    )


def _known(document: Document) -> pl.Expr:
    """When captured, unless long after the game, or a result by a clock that still shows the time before it."""
    captured = known.instant(document.capture.captured_at)
    over_for = captured - known.result_known(pl.col("tip_at"), pl.col("game_date"))
    too_early = (pl.col("status") == "final") & (over_for < -known.RESULT_DELAY)
    return pl.when((over_for > known.HISTORY_AFTER) | too_early).then("known_at").otherwise(captured)


SCHEDULE = CaptureKind(
    "nba", "nba_schedule", "Schedule and results of a season, NBA.com scheduleleaguev2", (GAMES,), fits, parse
)
