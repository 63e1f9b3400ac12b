"""Offers: the lines of every book on a player, each side under its own selection; paired into quotes.

What is no quote: a line that is not active, or of a selection or offer that is not; BettingPros' own consensus; and an
opening line that does not say since when, for a quote has a time. They stay in the capture and are no records here.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from fairline.domain.bettingpros import CONSENSUS, MARKET_IDS, book_of
from fairline.raw.documents import Document, place_in

SIDES = ("over", "under")
OPENED = ("created", "updated")
"""Where an opening line may say since when it stood; which of them it has is not confirmed by a real answer."""

Place = dict[str, object]


@dataclass(frozen=True, slots=True)
class Torn:
    """A place that cannot be read: the reason code, what is wrong, and what came."""

    reason: str
    problem: str
    came: object

    @property
    def record(self) -> Place:
        """As a record to set aside."""
        return {"reason": self.reason, "problem": self.problem, "came": self.came}


@dataclass(frozen=True, slots=True)
class Side:
    """One line of one book on one side. opened: since when, of an opening line."""

    side: str
    book: int
    line: object
    cost: object
    opened: object = None


def quotes_of(offer: object, asked_market: object) -> Iterator[Place | Torn]:
    """The quotes of one offer, and what of it cannot be read.

    asked_market: the market asked for, which counts where the offer does not name its own.
    """
    if not isinstance(offer, dict):
        yield Torn("malformed", f"{type(offer).__name__} in offers, not an object", offer)
        return
    told = _short(offer)
    market, player = told["market_id"] if told["market_id"] is not None else asked_market, told["player"]
    known = MARKET_IDS.get(int(str(market))) if str(market).isdecimal() and len(str(market)) < 9 else None
    if known is None:
        yield Torn("unknown_market", f"BettingPros' market {str(market)[:40]} is none of ours", told)
    elif not isinstance(player, str):
        yield Torn("malformed", "no single participant with a name", told)
    elif offer.get("active") is not False:
        yield from _paired(told | {"market": known.value}, _sides(offer))


def _short(offer: Place) -> Place:
    """The offer without its selections."""
    participants = offer.get("participants")
    single = isinstance(participants, list) and len(participants) == 1
    return {
        "event_id": offer.get("event_id"), "market_id": offer.get("market_id"),
        "player": place_in(offer, "participants.0.name") if single else None,
    }  # fmt: skip


def _paired(told: Place, sides: Iterator[Side | Torn]) -> Iterator[Place | Torn]:
    """A record for each book, line and time, with both sides where both are offered."""
    quotes: dict[str, Place] = {}
    for each in sides:
        if isinstance(each, Torn):
            yield each
            continue
        key = json.dumps([each.book, each.line, each.opened])
        quote = quotes.setdefault(key, told | {"book": book_of(each.book), "line": each.line, "opened": each.opened})
        if quote.setdefault(each.side, each.cost) != each.cost:
            yield told | {"book": book_of(each.book), "line": each.line, "opened": each.opened, each.side: each.cost}
    yield from quotes.values()


def _sides(offer: Place) -> Iterator[Side | Torn]:
    for selection in _listed(offer, "selections"):
        if isinstance(selection, Torn):
            yield selection
            continue
        side = str(selection.get("selection")).lower()
        if side not in SIDES:
            yield Torn("malformed", f"a selection of {side[:40]}", {"selection": selection.get("selection")})
            continue
        if selection.get("active") is False:
            continue
        for book in _listed(selection, "books"):
            yield from [book] if isinstance(book, Torn) else _of_book(book, side)
        opening = selection.get("opening_line")
        if isinstance(opening, dict):
            yield from _opened(opening, side)


def _of_book(book: Place, side: str) -> Iterator[Side | Torn]:
    number = book.get("id")
    if not isinstance(number, int) or isinstance(number, bool):
        yield Torn("malformed", "a book without a number", {"id": number})
        return
    if number == CONSENSUS:
        return
    for line in _listed(book, "lines"):
        if isinstance(line, Torn):
            yield line
        elif not isinstance(line.get("active"), bool):
            yield Torn("malformed", "a line that does not say whether it is active", line)
        elif line["active"] and line.get("is_off") is not True:
            yield Side(side, number, line.get("line"), line.get("cost"))


def _opened(opening: Place, side: str) -> Iterator[Side]:
    since = next((opening[name] for name in OPENED if opening.get(name) is not None), None)
    number = opening.get("book_id")
    if since is not None and isinstance(number, int) and not isinstance(number, bool) and number != CONSENSUS:
        yield Side(side, number, opening.get("line"), opening.get("cost"), since)


def _listed(place: Place, name: str) -> Iterator[Place | Torn]:
    inside = place.get(name)
    if not isinstance(inside, list):
        yield Torn("malformed", f"{name} is {type(inside).__name__}, not a list", {name: inside})
        return
    for each in inside:
        yield each if isinstance(each, dict) else Torn("malformed", f"{type(each).__name__} in {name}", each)


def set_aside(document: Document, torn: list[Torn]) -> pl.DataFrame:
    """`row_number`, `reason`, `detail` of what cannot be read."""
    sheet = document.sheet((each.record for each in torn), {"reason": "reason", "detail": "problem"})
    return sheet.select("row_number", "reason", "detail")
