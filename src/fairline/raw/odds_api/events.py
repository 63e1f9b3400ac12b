"""Events: The Odds API's own ids of games, translated to NBA's by teams and tip-off."""

import polars as pl

from fairline.domain.teams import TEAM_NAMES
from fairline.raw import known, listed_games
from fairline.raw.cells import Cells
from fairline.raw.contracts import readable, rule, split, stated
from fairline.raw.documents import Document
from fairline.raw.held import Held
from fairline.raw.odds_api.answers import SPORT, Answer
from fairline.raw.parsed import Parsed, together

FIELDS = {
    "id": "id", "sport_key": "sport_key", "commence_time": "commence_time", "home_team": "home_team",
    "away_team": "away_team",
}  # fmt: skip
GIVEN = {"provider_game_id": "id", "commence_at": "commence_time"}


def provider_games(document: Document, answer: Answer, held: Held) -> Parsed:
    """The games an answer lists. An event of another league is set aside as `other_league`.

    The provider lists only what is not over: an event whose tip-off has passed is being played.
    """
    sheet = document.sheet((_without_odds(event) for event in answer.events), FIELDS)
    typed = sheet.select("row_number", "sport_key", *stated(GIVEN), *_typed(sheet))
    other = rule("other_league", pl.col("sport_key").ne_missing(SPORT), "an event of {}", pl.col("sport_key"))
    ours, broken = split(typed, [other, *readable(sheet, GIVEN)])
    untold = [name for name in listed_games.LISTING if name not in (*ours.columns, "status")]
    listing = ours.with_columns(
        _status(answer), *(pl.lit(None, listed_games.LISTING[name]).alias(name) for name in untold)
    )
    parsed = listed_games.parse(listing, held, answer.seen_at, results=False)
    parsed.aside = together([broken, parsed.aside])
    parsed.said_at = answer.seen_at
    return parsed


def _without_odds(event: object) -> object:
    return {key: value for key, value in event.items() if key != "bookmakers"} if isinstance(event, dict) else event


def _typed(sheet: pl.DataFrame) -> list[pl.Expr]:
    cells = Cells(sheet)
    return [
        cells.text("id").alias("provider_game_id"),
        cells.instant("commence_time").alias("commence_at"),
        cells.named("home_team", TEAM_NAMES).alias("home_team_id"),
        cells.named("away_team", TEAM_NAMES).alias("away_team_id"),
    ]


def _status(answer: Answer) -> pl.Expr:
    tip, seen_at = pl.col("commence_at"), known.instant(answer.seen_at)
    return (
        pl.when(tip > seen_at).then(pl.lit("scheduled"))
        .when(tip <= seen_at).then(pl.lit("live"))
        .otherwise(pl.lit("unknown"))
        .alias("status")
    )  # fmt: skip
