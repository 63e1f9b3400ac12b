"""Who the players are: stats.nba.com's playerindex, which is a listing of all rosters too."""

import polars as pl

from fairline.raw import known
from fairline.raw.captured import CaptureKind
from fairline.raw.cells import Cells
from fairline.raw.contracts import contract, readable, split, stated
from fairline.raw.documents import Document
from fairline.raw.held import Held
from fairline.raw.nba.result_sets import headers_of, resource, result_set
from fairline.raw.nba.rules import not_nba_team
from fairline.raw.parsed import Parsed, one_per_key, together
from fairline.raw.schema import PLAYERS, ROSTERS

SET = "PlayerIndex"

FIELDS = (
    "PERSON_ID", "PLAYER_FIRST_NAME", "PLAYER_LAST_NAME", "TEAM_ID", "JERSEY_NUMBER", "POSITION", "HEIGHT", "WEIGHT",
    "ROSTER_STATUS", "FROM_YEAR", "TO_YEAR",
)  # fmt: skip

GIVEN = {
    "player_id": "PERSON_ID", "team": "TEAM_ID", "height_inches": "HEIGHT", "weight_pounds": "WEIGHT",
    "birth_date": "BIRTH_DATE", "first_season": "FROM_YEAR", "last_season": "TO_YEAR", "active": "ROSTER_STATUS",
}  # fmt: skip


def fits(document: Document) -> bool:
    """A player index."""
    return resource(document) == "playerindex" and bool(headers_of(document, SET))


def parse(document: Document, held: Held) -> Parsed:  # noqa: ARG001 - every parser is given what is held
    """Each player, and the rosters of those now on one."""
    frame = result_set(document, SET, FIELDS)
    name = pl.concat_str("PLAYER_FIRST_NAME", "PLAYER_LAST_NAME", separator=" ", ignore_nulls=True)
    return of_index(document, frame.with_columns(PLAYER=name, BIRTH_DATE=pl.lit(None, pl.String)))


def of_index(document: Document, frame: pl.DataFrame) -> Parsed:
    """What rows in the columns of the index state; `PLAYER` is the whole name."""
    typed = frame.select("row_number", *stated(GIVEN), *_typed(frame))
    rules = [*readable(frame, GIVEN), not_nba_team("team_id"), *contract(PLAYERS)]
    good, broken = split(typed, rules)
    statement = ["player_name", "team_id", "position", "jersey", *(ours for ours in GIVEN if ours != "player_id")]
    single, conflicting, duplicates = one_per_key(good, ["player_id"], statement, "conflicting_player")
    at = known.instant(document.capture.captured_at)
    clocks = {"valid_at": at, "known_at": at}
    people = [name for name in PLAYERS.column_names if name in single.columns]
    listed = single.filter(pl.col("team_id").is_not_null()).select(
        "row_number", "team_id", "player_id", "player_name", "position", "jersey", listed_at=at, **clocks
    )
    rows = {PLAYERS: single.select("row_number", *people, **clocks), ROSTERS: listed}
    return Parsed(rows, together([broken, conflicting]), duplicates=duplicates)


def inches(column: str) -> pl.Expr:
    """A height such as `6-11` in inches; null for anything else.

    >>> import polars as pl
    >>> pl.DataFrame({"HEIGHT": ["6-11", "7-0", "tall"]}).select(inches("HEIGHT"))["HEIGHT"].to_list()
    [83, 84, None]
    """
    feet = pl.col(column).str.extract(r"^\s*(\d)\s*[-']\s*(\d{1,2})\D*$", 1).cast(pl.Int64)
    rest = pl.col(column).str.extract(r"^\s*(\d)\s*[-']\s*(\d{1,2})\D*$", 2).cast(pl.Int64)
    return (12 * feet + rest).alias(column)


def _typed(frame: pl.DataFrame) -> list[pl.Expr]:
    """Of a player on no roster the index names his last team: it is not his any more."""
    cells = Cells(frame)
    active, team = cells.whole("ROSTER_STATUS"), cells.whole("TEAM_ID")
    return [
        cells.whole("PERSON_ID").alias("player_id"),
        cells.text("PLAYER").alias("player_name"),
        team.alias("team"),
        pl.when((active == 1) & (team != 0)).then(team).alias("team_id"),
        cells.text("POSITION").alias("position"),
        cells.text("JERSEY_NUMBER").alias("jersey"),
        inches("HEIGHT").alias("height_inches"),
        cells.whole("WEIGHT").alias("weight_pounds"),
        pl.col("BIRTH_DATE").str.to_titlecase().str.to_date("%b %d, %Y", strict=False).alias("birth_date"),
        cells.whole("FROM_YEAR").alias("first_season"),
        cells.whole("TO_YEAR").alias("last_season"),
        (active == 1).alias("active"),
    ]


INDEX = CaptureKind(
    "nba", "nba_players", "All players with their teams, NBA.com playerindex", (PLAYERS, ROSTERS), fits, parse
)  # fmt: skip
