"""ESPN's scoreboard of a day: its ids of the games, and the results of those that are over."""

from collections.abc import Iterator

import polars as pl

from fairline.domain.teams import TEAM_NAMES
from fairline.raw import known, listed_games
from fairline.raw.captured import CaptureKind
from fairline.raw.cells import Cells
from fairline.raw.contracts import Rule, readable, rule, split, stated
from fairline.raw.documents import Document, place_in
from fairline.raw.espn.status import status_of
from fairline.raw.held import Held
from fairline.raw.parsed import Parsed, together
from fairline.raw.schema import GAMES, PROVIDER_GAMES

LEAGUE = "nba"

FIELDS = {
    "league": "league", "provider_game_id": "event.id", "commence": "competition.date",
    "time_valid": "competition.timeValid", "state": "event.status.type.state", "status_name": "event.status.type.name",
    "period": "event.status.period", "home": "home.team.abbreviation", "away": "away.team.abbreviation",
    "home_score": "home.score", "away_score": "away.score", "arena": "competition.venue.fullName",
    "neutral": "competition.neutralSite",
}  # fmt: skip
GIVEN = {
    "commence_at": "commence", "time_valid": "time_valid", "home_points": "home_score", "away_points": "away_score",
    "periods": "period", "neutral": "neutral",
}  # fmt: skip


def fits(document: Document) -> bool:
    """A list of events under a league."""
    return isinstance(place_in(document.json, "leagues.0.slug"), str) and isinstance(document.at("events", list), list)


def parse(document: Document, held: Held) -> Parsed:
    """The day's games; a day without any states nothing."""
    frame = document.sheet(_events(document), FIELDS)
    typed = frame.select("row_number", *stated(GIVEN), *_typed(frame))
    read, unread = split(typed, [_other_league(), *readable(frame, GIVEN)])
    # An hour not yet set is written as midnight: then the date alone counts.
    timed = read.with_columns(commence_at=pl.when(pl.col("time_valid").fill_null(value=True)).then("commence_at"))
    parsed = listed_games.parse(timed, held, document.capture.captured_at)
    parsed.aside = together([unread, parsed.aside])
    return parsed


def _events(document: Document) -> Iterator[object]:
    """Each event with its sides told apart; a thing that is no event stays as it is, to be set aside."""
    league = place_in(document.json, "leagues.0.slug")
    for event in document.at("events", list):
        competition = place_in(event, "competitions.0")
        sides = place_in(competition, "competitors")
        by_side = {str(place_in(side, "homeAway")): side for side in sides} if isinstance(sides, list) else {}
        told = {"league": league, "competition": competition, "home": by_side.get("home"), "away": by_side.get("away")}
        yield {**told, "event": event} if isinstance(event, dict) else event


def _typed(frame: pl.DataFrame) -> list[pl.Expr]:
    cells = Cells(frame)
    commence = cells.instant("commence")
    return [
        cells.text("league").alias("league"),
        cells.text("provider_game_id").alias("provider_game_id"),
        cells.named("home", TEAM_NAMES).alias("home_team_id"),
        cells.named("away", TEAM_NAMES).alias("away_team_id"),
        commence.alias("commence_at"),
        known.eastern_date(commence).alias("stated_date"),
        cells.yes("time_valid").alias("time_valid"),
        status_of(cells.text("state"), cells.text("status_name")).alias("status"),
        cells.whole("home_score").alias("home_points"),
        cells.whole("away_score").alias("away_points"),
        cells.whole("period").alias("periods"),
        cells.text("arena").alias("arena"),
        cells.yes("neutral").alias("neutral"),
    ]


def _other_league() -> Rule:
    league = pl.col("league")
    return rule("other_league", league.str.to_lowercase() != LEAGUE, "a game of {}", league)


SCOREBOARD = CaptureKind(
    "espn", "espn_scoreboard", "ESPN's games of a day", (PROVIDER_GAMES, GAMES), fits, parse
)  # fmt: skip
