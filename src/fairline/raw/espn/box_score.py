"""ESPN's box score page of one game: who played, who started, who did not play and why, and how it ended."""

import polars as pl

from fairline.domain.teams import TEAM_NAMES
from fairline.raw import known, listed_games, named_box_scores
from fairline.raw.captured import CaptureKind
from fairline.raw.cells import Cells
from fairline.raw.contracts import readable, split, stated
from fairline.raw.documents import Document
from fairline.raw.espn import absences, page, team_totals
from fairline.raw.espn.box_score_page import TOTALS, game_sheet, line_sheet
from fairline.raw.espn.status import status_of
from fairline.raw.held import Held
from fairline.raw.parsed import Parsed, joined, together
from fairline.raw.schema import GAMES, INACTIVES, PLAYER_BOX_SCORES, PROVIDER_GAMES, TEAM_BOX_SCORES

GIVEN = {"commence_at": "commence", "home_points": "home_score", "away_points": "away_score", "periods": "periods"}
STARTERS = "starters"


def fits(document: Document) -> bool:
    """A page of a game."""
    return page.has(document, "gamepackage")


def parse(document: Document, held: Held) -> Parsed:
    """Players, absent players, teams and the result; before tip-off the game alone."""
    package = page.content(document, "gamepackage")
    at = document.capture.captured_at
    sheet = game_sheet(document, package)
    game, unread = split(sheet.select("row_number", *stated(GIVEN), *_typed(sheet)), readable(sheet, GIVEN))
    lines = _in_game(line_sheet(document, package), game)
    is_total, absent = pl.col("role") == TOTALS, pl.col("absence").is_not_null() & pl.col("MIN").is_null()
    return joined(
        [
            Parsed({}, together([unread])),
            listed_games.parse(game, held, at),
            named_box_scores.parse(lines.filter(is_total.ne_missing(other=True) & ~absent), held, at),
            absences.parse(lines.filter(is_total.ne_missing(other=True) & absent), held, at),
            team_totals.parse(lines.filter(is_total), held, at),
        ]
    )


def _typed(sheet: pl.DataFrame) -> list[pl.Expr]:
    cells = Cells(sheet)
    commence = cells.instant("commence")
    return [
        cells.text("provider_game_id").alias("provider_game_id"),
        cells.named("home", TEAM_NAMES).alias("home_team_id"),
        cells.named("away", TEAM_NAMES).alias("away_team_id"),
        # An hour not yet set is written as midnight: then the date alone counts.
        pl.when(~cells.yes("undecided").fill_null(value=False)).then(commence).alias("commence_at"),
        known.eastern_date(commence).alias("stated_date"),
        status_of(cells.text("state"), cells.text("words")).alias("status"),
        cells.whole("home_score").alias("home_points"),
        cells.whole("away_score").alias("away_points"),
        cells.whole("periods").alias("periods"),
        pl.lit(None, pl.String).alias("arena"),
        pl.lit(None, pl.Boolean).alias("neutral"),
    ]


def _in_game(lines: pl.DataFrame, game: pl.DataFrame) -> pl.DataFrame:
    """The lines beside their game; its columns are null when the page's game could not be read."""
    told = ["home_team_id", "away_team_id", "commence_at", "stated_date", "status", "periods"]
    score = ["home_points", "away_points"]
    one = pl.lit(1).alias("page")
    beside = lines.with_columns(one).join(game.select(one, *told, *score), on="page", how="left")
    team = Cells(lines).named("team", TEAM_NAMES)
    ahead = pl.col("home_points") > pl.col("away_points")
    return beside.with_columns(
        team_id=team,
        won=pl.when(team == pl.col("home_team_id")).then(ahead).otherwise(~ahead),
        started=pl.col("role") == STARTERS,
    )


BOX_SCORE = CaptureKind(
    "espn", "espn_box_score", "ESPN's box score page of a game",
    (PROVIDER_GAMES, GAMES, PLAYER_BOX_SCORES, INACTIVES, TEAM_BOX_SCORES), fits, parse,
)  # fmt: skip
