"""ESPN's rosters: of one team each, from the API with injuries, or from the page without."""

import polars as pl

from fairline.domain.injuries import find_availability
from fairline.domain.teams import TEAM_NAMES
from fairline.raw import known
from fairline.raw.captured import CaptureKind
from fairline.raw.cells import Cells
from fairline.raw.contracts import contract, rule, split
from fairline.raw.documents import Document, place_in
from fairline.raw.espn import page
from fairline.raw.held import Held
from fairline.raw.listed import resolve
from fairline.raw.listed_games import shown
from fairline.raw.parsed import Parsed, one_per_key, together
from fairline.raw.schema import INJURY_REPORTS, ROSTERS

FIELDS = {
    "team": "team", "player_name": "athlete.displayName", "position": "athlete.position.abbreviation",
    "jersey": "athlete.jersey", "injury": "injury.status", "part": "injury.details.type",
    "comment": "injury.shortComment", "changed": "injury.date",
}  # fmt: skip
PAGE_FIELDS = {
    "team": "team", "player_name": "athlete.name", "position": "athlete.position", "jersey": "athlete.jersey",
}  # fmt: skip


def fits(document: Document) -> bool:
    """A team with its athletes, inside the team or beside it."""
    return _athletes(document) is not None and isinstance(place_in(document.json, "team.abbreviation"), str)


def fits_page(document: Document) -> bool:
    """A page with a roster."""
    return page.has(document, "roster")


def parse(document: Document, held: Held) -> Parsed:
    """The roster, and the status of each player who has an injury; of several injuries the latest change counts.

    A team's list says nothing of other teams, so no snapshot of the league is stated with it.
    """
    athletes = _athletes(document)
    if athletes is None:
        problem = "no athletes of a team"
        raise document.broken(problem, "The provider changed its answer, or this is another kind of answer.")
    team = place_in(document.json, "team.abbreviation")
    frame = document.sheet([_with_injury(team, athlete) for athlete in athletes], FIELDS)
    return _listing(frame, held, document, injuries=True)


def parse_page(document: Document, held: Held) -> Parsed:
    """The roster on the page."""
    roster = page.content(document, "roster")
    team = place_in(roster, "team.abbrev")
    records = [
        {"team": team, "athlete": each} if isinstance(each, dict) else each
        for each in document.at("athletes", list, roster)
    ]
    return _listing(document.sheet(records, PAGE_FIELDS), held, document, injuries=False)


def _athletes(document: Document) -> list[object] | None:
    """The two forms of the answer: `teams/2?enable=roster` and `teams/2/roster`."""
    for path in ("team.athletes", "athletes"):
        if isinstance(found := place_in(document.json, path), list):
            return found
    return None


def _with_injury(team: object, athlete: object) -> object:
    if not isinstance(athlete, dict):
        return athlete
    given = athlete.get("injuries")
    injuries = [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []
    latest = max(injuries, key=lambda each: str(each.get("date") or ""), default=None)
    return {"team": team, "athlete": athlete, "injury": latest}


def _listing(frame: pl.DataFrame, held: Held, document: Document, *, injuries: bool) -> Parsed:
    captured = known.instant(document.capture.captured_at)
    moments = dict.fromkeys(("listed_at", "reported_at", "valid_at", "known_at"), captured)
    typed = frame.with_columns(*_typed(frame), **moments)
    unknown = rule("unknown_team", pl.col("team_id").is_null(), "{} is none of the thirty teams", pl.col("team"))
    good, broken = split(typed, [unknown, *contract(ROSTERS, "player_id")])
    resolved, unresolved = resolve(good, held)
    key = ["listed_at", "team_id", "player_id"]
    single, conflicting, duplicates = one_per_key(resolved, key, ["player_name", "jersey"], "listed_twice")
    told = [column for column in ROSTERS.column_names if column in single.columns]
    rows = {ROSTERS: single.select("row_number", *told)}
    waiting = {ROSTERS: shown(ROSTERS, good.join(resolved, on="row_number", how="anti"))}
    if injuries:
        rows[INJURY_REPORTS] = _injured(single)
        waiting[INJURY_REPORTS] = shown(INJURY_REPORTS, _injured(good.join(resolved, on="row_number", how="anti")))
    return Parsed(rows, together([broken, conflicting]), unresolved, duplicates, waiting)


def _typed(frame: pl.DataFrame) -> list[pl.Expr]:
    cells = Cells(frame)
    return [
        cells.named("team", TEAM_NAMES).alias("team_id"),
        *(cells.text(column).alias(column) for column in frame.columns if column not in ("row_number", "team")),
    ]


def _injured(listed: pl.DataFrame) -> pl.DataFrame:
    """Who has an injury, in ESPN's words: `Out (Knee) - Brown underwent ...`, which tells more than the bare status."""
    injured = listed.filter(pl.col("injury").is_not_null())
    details = pl.format("{} ({}) - {}", "injury", pl.col("part").fill_null(""), "comment")
    words = injured.with_columns(reason=pl.coalesce(details, "injury"))
    read = {text: find_availability(text).value for text in words["reason"].unique()}
    stated = words.with_columns(status=pl.col("reason").replace_strict(read, default=None, return_dtype=pl.String))
    return stated.select("row_number", *(name for name in INJURY_REPORTS.column_names if name in stated.columns))


ROSTER = CaptureKind(
    "espn", "espn_roster", "ESPN's roster of a team, with injuries", (ROSTERS, INJURY_REPORTS), fits, parse
)
ROSTER_PAGE = CaptureKind("espn", "espn_roster_page", "ESPN's roster page of a team", (ROSTERS,), fits_page, parse_page)
