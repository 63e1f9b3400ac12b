"""BallDontLie's players: a page of people with their team, height and weight."""

import polars as pl

from fairline.raw import known
from fairline.raw.balldontlie.box_scores import name_of
from fairline.raw.balldontlie.pages import records, told_by
from fairline.raw.balldontlie.teams import team_of
from fairline.raw.captured import CaptureKind
from fairline.raw.cells import Cells
from fairline.raw.contracts import contract, readable, rule, split, stated
from fairline.raw.documents import Document
from fairline.raw.held import Held
from fairline.raw.listed import resolve
from fairline.raw.listed_games import shown
from fairline.raw.parsed import Parsed, one_per_key, together
from fairline.raw.schema import PLAYERS

FIELDS = {
    "team": "team.id", "first": "first_name", "last": "last_name", "position": "position", "height": "height",
    "weight": "weight",
}  # fmt: skip
GIVEN = {"height_inches": "height", "weight_pounds": "weight"}
ACTIVE = "/players/active"
"""The answers of `players` and `players/active` look alike: what was asked tells who is on a roster."""


def fits(document: Document) -> bool:
    """A page of people."""
    return told_by(document, "first_name", "last_name", "height")


def parse(document: Document, held: Held) -> Parsed:
    """The page's people."""
    frame = document.sheet(records(document), FIELDS)
    captured = known.instant(document.capture.captured_at)
    active = pl.lit(value=True) if document.capture.url.endswith(ACTIVE) else pl.lit(None, pl.Boolean)
    typed = frame.select("row_number", "team", *stated(GIVEN), *_typed(frame), active=active).with_columns(
        reported_at=captured, valid_at=captured, known_at=captured
    )
    no_team = pl.col("team_id").is_null() & pl.col("team").is_not_null()
    unknown = rule("unknown_team", no_team, "team {} is none of the thirty", pl.col("team"))
    good, broken = split(typed, [unknown, *readable(frame, GIVEN), *contract(PLAYERS, "player_id")])
    resolved, unresolved = resolve(good, held)
    statement = [column for column in PLAYERS.column_names if column in good.columns]
    single, repeated, duplicates = one_per_key(resolved, ["player_id"], statement, "listed_twice")
    waiting = shown(PLAYERS, good.join(resolved, on="row_number", how="anti"))
    return Parsed(
        {PLAYERS: single.select("row_number", "player_id", *statement)},
        together([broken, repeated]),
        unresolved,
        duplicates,
        {PLAYERS: waiting},
    )


def _typed(frame: pl.DataFrame) -> list[pl.Expr]:
    cells = Cells(frame)
    feet = cells.text("height").str.extract_groups(r"^(?<feet>\d)-(?<inches>\d{1,2})$")
    return [
        team_of("team").alias("team_id"),
        name_of("first", "last").alias("player_name"),
        cells.text("position").alias("position"),
        (feet.struct["feet"].cast(pl.Int64) * 12 + feet.struct["inches"].cast(pl.Int64)).alias("height_inches"),
        cells.whole("weight").alias("weight_pounds"),
        pl.lit(None, pl.Date).alias("birth_date"),
        pl.lit(None, pl.Int64).alias("first_season"),
        pl.lit(None, pl.Int64).alias("last_season"),
    ]


PEOPLE = CaptureKind("balldontlie", "balldontlie_players", "BallDontLie's players", (PLAYERS,), fits, parse)
