"""BallDontLie's games: its ids, and the results of those that are over. Records of players name their game likewise."""

import polars as pl

from fairline.raw import listed_games
from fairline.raw.balldontlie.pages import records, told_by
from fairline.raw.balldontlie.teams import team_of
from fairline.raw.captured import CaptureKind
from fairline.raw.cells import Cells
from fairline.raw.contracts import readable, split, stated
from fairline.raw.documents import Document
from fairline.raw.held import Held
from fairline.raw.parsed import Parsed, together
from fairline.raw.schema import GAMES, PROVIDER_GAMES

OF_GAME = {
    "provider_game_id": "id", "date": "date", "datetime": "datetime", "game_status": "status", "period": "period",
    "home_score": "home_team_score", "away_score": "visitor_team_score",
}  # fmt: skip
SIDES = {"home": "home_team.id", "away": "visitor_team.id"}
SIDES_BY_NUMBER = {"home": "home_team_id", "away": "visitor_team_id"}

GIVEN = {
    "commence_at": "datetime", "stated_date": "date", "home_points": "home_score", "away_points": "away_score",
    "periods": "period",
}  # fmt: skip

SAID = {
    "final": "^final", "postponed": "postponed|cancel", "live": "qtr|half|^ot|^[1-9]ot|overtime|in progress",
    "scheduled": r"^\d{4}-\d\d-\d\dt|\d ?(am|pm)|scheduled|tbd",
}  # fmt: skip
"""What a status says, in lower case. Before tip-off it is the time itself: `7:00 pm ET`, `2025-02-21T02:00:00Z`."""


def game_fields(prefix: str, sides: dict[str, str]) -> dict[str, str]:
    """The fields of a game within a record."""
    return {ours: f"{prefix}{theirs}" for ours, theirs in (OF_GAME | sides).items()}


def typed_game(frame: pl.DataFrame) -> list[pl.Expr]:
    """The columns of `listed_games.LISTING`, from a sheet with `game_fields`."""
    cells = Cells(frame)
    return [
        cells.text("provider_game_id").alias("provider_game_id"),
        team_of("home").alias("home_team_id"),
        team_of("away").alias("away_team_id"),
        cells.instant("datetime").alias("commence_at"),
        cells.day("date").alias("stated_date"),
        _status(cells.text("game_status").str.to_lowercase()).alias("status"),
        cells.whole("home_score").alias("home_points"),
        cells.whole("away_score").alias("away_points"),
        cells.whole("period").alias("periods"),
        pl.lit(None, pl.String).alias("arena"),
        pl.lit(None, pl.Boolean).alias("neutral"),
    ]


def _status(said: pl.Expr) -> pl.Expr:
    return pl.coalesce(
        *(pl.when(said.str.contains(pattern)).then(pl.lit(status)) for status, pattern in SAID.items()),
        pl.lit("unknown"),
    )


def read_games(frame: pl.DataFrame, document: Document, held: Held, *, identified: bool = True) -> Parsed:
    """What the games of a sheet state."""
    typed = frame.select("row_number", *stated(GIVEN), *typed_game(frame))
    read, unread = split(typed, readable(frame, GIVEN))
    parsed = listed_games.parse(read, held, document.capture.captured_at, identified=identified)
    parsed.aside = together([unread, parsed.aside])
    return parsed


def games_of(frame: pl.DataFrame) -> pl.DataFrame:
    """The games that the records of players name, each once."""
    return frame.filter(pl.col("provider_game_id").is_not_null()).unique(
        ["provider_game_id"], keep="first", maintain_order=True
    )


def fits(document: Document) -> bool:
    """A page of games without their players."""
    with_players = records(document) and told_by(document, "home_team.players")
    return told_by(document, "id", "home_team.id", "visitor_team.id") and not with_players


def parse(document: Document, held: Held) -> Parsed:
    """The page's games."""
    return read_games(document.sheet(records(document), game_fields("", SIDES)), document, held)


GAMES_KIND = CaptureKind(
    "balldontlie", "balldontlie_games", "BallDontLie's games", (PROVIDER_GAMES, GAMES), fits, parse
)
