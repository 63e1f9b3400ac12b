"""Rosters of NBA.com: a team's page, the page of all players, and stats.nba.com's commonteamroster."""

import polars as pl

from fairline.raw.captured import CaptureKind
from fairline.raw.documents import Document, place_in
from fairline.raw.held import Held
from fairline.raw.nba.players import FIELDS, of_index
from fairline.raw.nba.result_sets import headers_of, resource, result_set
from fairline.raw.parsed import Parsed
from fairline.raw.schema import PLAYERS, ROSTERS

EMBEDDED = ('id="__NEXT_DATA__" type="application/json">', "</script>")
"""The marks about a page's own JSON."""

SET = "CommonTeamRoster"
ON_A_TEAM = ("PLAYER_ID", "PLAYER", "TeamID", "NUM", "POSITION", "HEIGHT", "WEIGHT", "BIRTH_DATE")
AS_INDEX = {"PLAYER_ID": "PERSON_ID", "TeamID": "TEAM_ID", "NUM": "JERSEY_NUMBER"}


def fits(document: Document) -> bool:
    """A page with a roster or with all players in its JSON, or a table of a team's roster."""
    if document.text.lstrip().startswith("<"):
        return _of_page(_page(document)) is not None
    return resource(document) == "commonteamroster" and bool(headers_of(document, SET))


def parse(document: Document, held: Held) -> Parsed:  # noqa: ARG001 - every parser is given what is held
    """The listing and what it says of its players. Coaches are no players and not read."""
    if not document.text.lstrip().startswith("<"):
        return of_index(document, _as_index(result_set(document, SET, ON_A_TEAM)))
    found = _of_page(_page(document))
    if found is None:
        problem = "the page has neither a roster nor players"
        raise document.broken(problem, "The page was redesigned, or is another page.")
    where, records = found
    if where == "roster":
        return of_index(document, _as_index(document.sheet(records, {each: each for each in ON_A_TEAM})))
    frame = document.sheet(records, {each: each for each in FIELDS})
    name = pl.concat_str("PLAYER_FIRST_NAME", "PLAYER_LAST_NAME", separator=" ", ignore_nulls=True)
    return of_index(document, frame.with_columns(PLAYER=name, BIRTH_DATE=pl.lit(None, pl.String)))


def _page(document: Document) -> object:
    """The page's own JSON. Raises BrokenContract."""
    return place_in(document.json_in(document.between(*EMBEDDED)), "props.pageProps")


def _of_page(page: object) -> tuple[str, list[object]] | None:
    """What a page lists and its records: `roster` of one team, or `players` of all; None when neither."""
    for where, path in (("roster", "team.roster"), ("players", "players")):
        records = place_in(page, path)
        if isinstance(records, list):
            return where, records
    return None


def _as_index(frame: pl.DataFrame) -> pl.DataFrame:
    """In the columns of the player index; whoever is listed is on the roster."""
    nothing = pl.lit(None, pl.String)
    return frame.rename(AS_INDEX).with_columns(ROSTER_STATUS=pl.lit("1"), FROM_YEAR=nothing, TO_YEAR=nothing)


ROSTER = CaptureKind(
    "nba", "nba_roster", "A team's roster, or all players, on NBA.com", (PLAYERS, ROSTERS), fits, parse
)  # fmt: skip
