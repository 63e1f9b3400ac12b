"""BallDontLie's team numbers: 1 to 30 by name for the teams of today, more for those of old."""

import polars as pl

from fairline.domain.teams import find_team, team
from fairline.raw.balldontlie.pages import records, told_by
from fairline.raw.captured import CaptureKind
from fairline.raw.contracts import rule, split
from fairline.raw.documents import Document
from fairline.raw.held import Held
from fairline.raw.parsed import Parsed, together

_IN_ORDER = (
    "ATL", "BOS", "BKN", "CHA", "CHI", "CLE", "DAL", "DEN", "DET", "GSW", "HOU", "IND", "LAC", "LAL", "MEM", "MIA",
    "MIL", "MIN", "NOP", "NYK", "OKC", "ORL", "PHI", "PHX", "POR", "SAC", "SAS", "TOR", "UTA", "WAS",
)  # fmt: skip

TEAM_IDS: dict[str, int] = {str(number): team(name).team_id for number, name in enumerate(_IN_ORDER, start=1)}
"""BallDontLie's number, as text, to NBA's team id. Names would mislead: Denver's first Nuggets are 50."""

FIELDS = {"number": "id", "name": "full_name"}


def team_of(column: str) -> pl.Expr:
    """NBA's id of the team whose number stands in a text column; null for a team of old."""
    return pl.col(column).str.strip_chars().replace_strict(TEAM_IDS, default=None, return_dtype=pl.Int64)


def fits(document: Document) -> bool:
    """A list of teams."""
    return told_by(document, "full_name", "conference", "division")


def parse(document: Document, held: Held) -> Parsed:  # noqa: ARG001 - every parser is given what is held
    """No rows: the numbers are our vocabulary already, and here is checked that they still mean the same teams."""
    frame = document.sheet(records(document), FIELDS)
    named = {name: found.team_id for name in frame["name"].drop_nulls() if (found := find_team(name)) is not None}
    by_name = pl.col("name").replace_strict(named, default=None, return_dtype=pl.Int64)
    typed = frame.with_columns(team_id=team_of("number"), by_name=by_name)
    said = (pl.col("number"), pl.col("name"))
    old = rule("former_team", pl.col("team_id").is_null(), "{} {} is none of the thirty teams", *said)
    moved = rule("wrong_team", pl.col("team_id").ne_missing(pl.col("by_name")), "{} {} was another team", *said)
    _, aside = split(typed, [old, moved])
    return Parsed({}, together([aside]))


TEAMS = CaptureKind("balldontlie", "balldontlie_teams", "BallDontLie's teams", (), fits, parse)
