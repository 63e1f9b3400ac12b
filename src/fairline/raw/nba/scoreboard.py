"""NBA.com's scoreboards of a day: scoreboardv3 and the CDN's live one in one shape, scoreboardv2 in another."""

import polars as pl

from fairline.raw import known
from fairline.raw.captured import CaptureKind
from fairline.raw.documents import Document
from fairline.raw.held import Held
from fairline.raw.nba.result_sets import headers_of, result_set
from fairline.raw.nba.schedule import games_of
from fairline.raw.parsed import Parsed, together
from fairline.raw.schema import GAMES

FIELDS = {
    "game_id": "gameId", "date_et": "gameEt", "tip_utc": "gameTimeUTC", "home_id": "homeTeam.teamId",
    "away_id": "awayTeam.teamId", "home_score": "homeTeam.score", "away_score": "awayTeam.score",
    "game_status": "gameStatus", "status_text": "gameStatusText", "neutral": "isNeutral",
}  # fmt: skip

HEADER = {
    "GAME_ID": "game_id", "GAME_DATE_EST": "date_et", "GAME_STATUS_ID": "game_status",
    "GAME_STATUS_TEXT": "status_text", "HOME_TEAM_ID": "home_id", "VISITOR_TEAM_ID": "away_id",
}  # fmt: skip

CLOCK = r"(?i)^(\d{1,2}:\d{2} [ap]m) ET$"


def fits(document: Document) -> bool:
    """A scoreboard with games in it, under NBA.com's names: other providers have scoreboards too."""
    return isinstance(document.at("scoreboard.games", list), list)


def parse(document: Document, held: Held) -> Parsed:  # noqa: ARG001 - every parser is given what is held
    """The day's games, and how those that are over ended."""
    sheet = document.sheet(document.at("scoreboard.games", list), FIELDS)
    nothing = pl.lit(None, pl.String)
    return games_of(document, sheet.with_columns(postponed=nothing, arena=nothing))


def fits_v2(document: Document) -> bool:
    """A day's game headers and line scores."""
    return bool(headers_of(document, "GameHeader") and headers_of(document, "LineScore"))


def parse_v2(document: Document, held: Held) -> Parsed:  # noqa: ARG001 - likewise
    """The day's games, and how those that are over ended.

    Tip-off is told only while a game is to come, in the place of its status: `7:30 pm ET`. Of a game under way or over
    nothing is stated about the schedule, or each evening would revise the tip-off away.
    """
    header = result_set(document, "GameHeader", HEADER).rename(HEADER)
    line_score = result_set(document, "LineScore", ("GAME_ID", "TEAM_ID", "PTS"))
    nothing = pl.lit(None, pl.String)
    told = _with_points(header, line_score).with_columns(tip_utc=_tip())
    parsed = games_of(document, told.with_columns(postponed=nothing, neutral=nothing, arena=nothing))
    to_come = header.select("row_number", to_come=pl.col("game_status") == "1")
    rows = parsed.rows[GAMES].join(to_come, on="row_number", how="left", maintain_order="left")
    parsed.rows[GAMES] = rows.filter((pl.col("statement") == "result") | pl.col("to_come")).drop("to_come")
    parsed.aside = together([parsed.aside, _without_header(line_score, header)])
    return parsed


def _with_points(header: pl.DataFrame, line_score: pl.DataFrame) -> pl.DataFrame:
    """The headers with `home_score` and `away_score`."""
    scores = line_score.unique(["GAME_ID", "TEAM_ID"], keep="first", maintain_order=True).drop("row_number")
    for side in ("home", "away"):
        of_side = scores.rename({"GAME_ID": "game_id", "TEAM_ID": f"{side}_id", "PTS": f"{side}_score"})
        header = header.join(of_side, on=["game_id", f"{side}_id"], how="left", maintain_order="left")
    return header


def _tip() -> pl.Expr:
    """The tip-off in UTC as text, of the date and the Eastern time; null where none is told."""
    local = pl.col("date_et").str.slice(0, 10) + " " + pl.col("status_text").str.strip_chars().str.extract(CLOCK, 1)
    eastern = local.str.to_datetime("%Y-%m-%d %I:%M %p", time_unit="us", strict=False)
    zoned = eastern.dt.replace_time_zone(known.EASTERN, ambiguous="latest", non_existent="null")
    return zoned.dt.convert_time_zone("UTC").dt.strftime("%Y-%m-%dT%H:%M:%SZ")


def _without_header(line_score: pl.DataFrame, header: pl.DataFrame) -> pl.DataFrame:
    """Line scores of teams in no game listed."""
    sides = pl.concat([header.select(GAME_ID="game_id", TEAM_ID=f"{side}_id") for side in ("home", "away")])
    alone = line_score.join(sides, on=["GAME_ID", "TEAM_ID"], how="anti")
    detail = pl.format("no game {} of team {} is listed", *(pl.col(key).fill_null("nothing") for key in sides.columns))
    return alone.select("row_number", reason=pl.lit("no_header"), detail=detail)


SCOREBOARD = CaptureKind(
    "nba", "nba_scoreboard", "Games of a day, NBA.com scoreboardv3 or the CDN's live scoreboard", (GAMES,), fits, parse
)
SCOREBOARD_V2 = CaptureKind(
    "nba", "nba_scoreboard_v2", "Games of a day, NBA.com scoreboardv2", (GAMES,), fits_v2, parse_v2
)
