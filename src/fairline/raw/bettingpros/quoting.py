"""Quotes of offers: each placed in the game of its event, then read as all quotes are."""

import polars as pl

from fairline.raw import known, quotes
from fairline.raw.bettingpros.offers import Torn, quotes_of, set_aside
from fairline.raw.cells import Cells
from fairline.raw.contracts import Rule, readable, rule, split, stated
from fairline.raw.documents import Document, place_in
from fairline.raw.held import Held
from fairline.raw.parsed import Parsed, together
from fairline.raw.schema import PROP_QUOTES

SOURCE = "bettingpros"

FIELDS = {
    "event_id": "event_id", "player_name": "player", "market": "market", "book": "book", "line": "line",
    "opened": "opened", "over_american": "over", "under_american": "under",
}  # fmt: skip

GIVEN = {"opened_at": "opened"}


def fits(document: Document) -> bool:
    """A page of offers, or of none."""
    offers = document.at("offers", list)
    if offers:
        return all(isinstance(offer, dict) and {"participants", "selections"} <= offer.keys() for offer in offers)
    return isinstance(document.json.get("_pagination"), dict)


def parse(document: Document, held: Held) -> Parsed:
    """The quotes of a page. One whose event is not held is set aside as `no_event`: the events tell the games.

    A line is seen when the page was captured. An opening line is seen when it says it opened, and known no earlier than
    the page: a forecast made in between did not have it.
    """
    found = [each for offer in document.at("offers", list) for each in quotes_of(offer, _asked_market(document))]
    sheet = document.sheet((each for each in found if not isinstance(each, Torn)), FIELDS)
    torn = set_aside(document, [each for each in found if isinstance(each, Torn)])
    timed, untimed = split(_timed(sheet, document), [*readable(sheet, GIVEN), _opened_later(document)])
    of_games = _of_games(timed, held)
    parsed = quotes.parse(of_games, held)
    eventless = of_games.filter(pl.col("home_team").is_null()).select("row_number", "event_id")
    parsed.aside = together([torn, untimed, _no_event(parsed.aside, eventless)])
    for rows in (parsed.rows, parsed.waiting):
        rows[PROP_QUOTES] = rows[PROP_QUOTES].with_columns(known_at=_seen(document))
    return parsed


def _asked_market(document: Document) -> object:
    """The market the page was asked for, as the page or its capture tells."""
    told = place_in(document.json, "_parameters.market_id")
    return told if told is not None else document.capture.params.get("market_id")


def _seen(document: Document) -> pl.Expr:
    return known.instant(document.capture.captured_at)


def _timed(sheet: pl.DataFrame, document: Document) -> pl.DataFrame:
    opened = Cells(sheet).instant("opened").alias("opened_at")
    return sheet.with_columns(*stated(GIVEN), opened).with_columns(
        captured_at=pl.coalesce("opened_at", _seen(document))
    )


def _opened_later(document: Document) -> Rule:
    later = pl.col("opened_at") > _seen(document)
    return rule("opened_later", later, "the line opened at {}, after it was seen", pl.col("opened"))


def _of_games(timed: pl.DataFrame, held: Held) -> pl.DataFrame:
    """With the teams and tip-off of each quote's event, in the columns that quotes are read from."""
    events = held.provider_games.filter(pl.col("source") == SOURCE).select(
        event_id="provider_game_id",
        home_team=pl.col("home_team_id").cast(pl.String),
        away_team=pl.col("away_team_id").cast(pl.String),
        tipoff="commence_at",
    )
    return timed.join(events, on="event_id", how="left", maintain_order="left").with_columns(
        opponent=pl.lit(None, pl.String)
    )


def _no_event(aside: pl.DataFrame, eventless: pl.DataFrame) -> pl.DataFrame:
    """Why a quote has no game, where that is because its event is not held."""
    detail = pl.format("event {} is not among the events held", pl.col("event_id").fill_null("of no number"))
    unheld = (pl.col("reason") == "no_game") & pl.col("eventless").fill_null(value=False)
    return (
        aside.join(eventless.with_columns(eventless=pl.lit(value=True)), on="row_number", how="left")
        .with_columns(
            reason=pl.when(unheld).then(pl.lit("no_event")).otherwise("reason"),
            detail=pl.when(unheld).then(detail).otherwise("detail"),
        )
        .select("row_number", "reason", "detail")
    )
