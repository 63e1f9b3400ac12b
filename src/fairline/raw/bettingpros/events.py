"""Events: BettingPros' own ids of games, and how they ended. Its line-ups and venues are told better elsewhere."""

import polars as pl

from fairline.domain.teams import TEAM_NAMES
from fairline.raw import listed_games
from fairline.raw.cells import Cells
from fairline.raw.contracts import readable, rule, split, stated
from fairline.raw.documents import Document, place_in
from fairline.raw.held import Held
from fairline.raw.parsed import Parsed, together

LEAGUE = "NBA"

FIELDS = {
    "id": "id", "sport": "sport", "scheduled": "scheduled", "status": "status", "home": "home", "visitor": "visitor",
    "home_score": "home_score", "visitor_score": "visitor_score", "quarters": "quarters", "arena": "venue.name",
}  # fmt: skip
GIVEN = {
    "provider_game_id": "id", "commence_at": "scheduled", "home_points": "home_score", "away_points": "visitor_score",
}  # fmt: skip

STATUSES = {
    "scheduled": "scheduled", "created": "scheduled", "timetbd": "scheduled", "inprogress": "live", "halftime": "live",
    "live": "live", "complete": "final", "closed": "final", "final": "final", "postponed": "postponed",
    "cancelled": "postponed", "canceled": "postponed",
}  # fmt: skip
"""What is said of a game. `closed` and `scheduled` are from real answers; the others are Sportradar's words, whose ids
the events carry. An unknown word is an unknown state."""


def fits(document: Document) -> bool:
    """A list of events with their participants, under the parameters that were asked for."""
    document.at("_parameters", dict)
    events = document.at("events", list)
    return bool(events) and all(
        isinstance(event, dict) and {"id", "scheduled", "visitor"} <= event.keys() for event in events
    )


def parse(document: Document, held: Held) -> Parsed:
    """The games listed; another league's is set aside as `other_league`."""
    sheet = document.sheet((_with_score(event) for event in document.at("events", list)), FIELDS)
    typed = sheet.select("row_number", "sport", *stated(GIVEN), *_typed(sheet))
    other = rule("other_league", pl.col("sport").ne_missing(LEAGUE), "an event of {}", pl.col("sport"))
    ours, broken = split(typed, [other, *readable(sheet, GIVEN)])
    untold = [name for name in listed_games.LISTING if name not in ours.columns]
    listing = ours.with_columns(pl.lit(None, listed_games.LISTING[name]).alias(name) for name in untold)
    parsed = listed_games.parse(listing, held, document.capture.captured_at)
    parsed.aside = together([broken, parsed.aside])
    return parsed


def _with_score(event: object) -> object:
    """The event with each side's points and the number of periods played, which stand deep in lists."""
    if not isinstance(event, dict):
        return event
    scores = place_in(event, "results.outcomes.0.scores")
    points = {
        str(each.get("participant")): each.get("score")
        for each in (scores if isinstance(scores, list) else [])
        if isinstance(each, dict)
    }
    periods = place_in(event, "results.periods")
    return {key: value for key, value in event.items() if key != "lineups"} | {
        "home_score": points.get(str(event.get("home"))),
        "visitor_score": points.get(str(event.get("visitor"))),
        "quarters": len(periods) if isinstance(periods, list) else None,
    }


def _typed(sheet: pl.DataFrame) -> list[pl.Expr]:
    cells = Cells(sheet)
    said = cells.text("status").str.to_lowercase().str.replace_all("[^a-z]", "")
    return [
        cells.text("id").alias("provider_game_id"),
        # Without a zone: UTC. Dallas at Atlanta, 19:30 Eastern, is listed as 23:30.
        cells.instant("scheduled").alias("commence_at"),
        cells.named("home", TEAM_NAMES).alias("home_team_id"),
        cells.named("visitor", TEAM_NAMES).alias("away_team_id"),
        said.replace_strict(STATUSES, default="unknown", return_dtype=pl.String).alias("status"),
        cells.whole("home_score").alias("home_points"),
        cells.whole("visitor_score").alias("away_points"),
        cells.whole("quarters").alias("periods"),
        cells.text("arena").alias("arena"),
    ]
