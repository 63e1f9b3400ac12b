"""Every shot of a player or team, stats.nba.com's shotchartdetail, read by the rules of shot files."""

import polars as pl

from fairline.raw import shots
from fairline.raw.captured import CaptureKind
from fairline.raw.cells import Cells
from fairline.raw.contracts import split
from fairline.raw.documents import Document
from fairline.raw.held import Held
from fairline.raw.nba.game_log import captured
from fairline.raw.nba.result_sets import headers_of, resource, result_set
from fairline.raw.nba.rules import not_nba_team, other_league
from fairline.raw.parsed import Parsed, together
from fairline.raw.schema import SHOTS

SET = "Shot_Chart_Detail"

COLUMNS = {
    "GAME_ID": "GAME_ID", "GAME_DATE": "GAME_DATE", "TEAM_ID": "TEAM_ID", "PLAYER_ID": "PLAYER_ID",
    "SHOT_MADE": "SHOT_MADE_FLAG", "QUARTER": "PERIOD", "MINS_LEFT": "MINUTES_REMAINING",
    "SECS_LEFT": "SECONDS_REMAINING", "SHOT_DISTANCE": "SHOT_DISTANCE", "LOC_X": "LOC_X", "LOC_Y": "LOC_Y",
    "SHOT_TYPE": "SHOT_TYPE",
}  # fmt: skip
"""Of shot files, and what the answer calls them."""

TENTHS = 10
RIM_FROM_BASELINE = 5.25
"""Feet. The answer measures in tenths of a foot from the rim, x to the other side; a shot file from the baseline."""


def fits(document: Document) -> bool:
    """A shot chart."""
    return resource(document) == "shotchartdetail" and bool(headers_of(document, SET))


def parse(document: Document, held: Held) -> Parsed:
    """The shots of NBA's games."""
    frame = result_set(document, SET, COLUMNS.values()).rename({theirs: ours for ours, theirs in COLUMNS.items()})
    others = [other_league("GAME_ID"), not_nba_team("team")]
    ours, strange = split(frame.with_columns(team=Cells(frame).whole("TEAM_ID")), others)
    cells = Cells(ours)
    x, y = -cells.number("LOC_X") / TENTHS, cells.number("LOC_Y") / TENTHS + RIM_FROM_BASELINE
    day = pl.col("GAME_DATE").str.replace(r"^(\d{4})(\d{2})(\d{2})$", "$1-$2-$3")
    parsed = shots.parse(ours.with_columns(_or_as_given("LOC_X", x), _or_as_given("LOC_Y", y), day), held)
    parsed.rows[SHOTS] = captured(parsed.rows[SHOTS], document)
    parsed.aside = together([strange, parsed.aside])
    return parsed


def _or_as_given(column: str, value: pl.Expr) -> pl.Expr:
    """The converted number as text; a cell that holds none stays, for the parser that follows to set aside."""
    return pl.coalesce(value.cast(pl.String), pl.col(column)).alias(column)


SHOT_CHART = CaptureKind(
    "nba", "nba_shots", "Shots of a game, player or team, NBA.com shotchartdetail", (SHOTS,), fits, parse
)  # fmt: skip
