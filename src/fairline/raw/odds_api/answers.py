"""The shapes of The Odds API's answers: events and their bookmakers, live or wrapped in a snapshot of the past."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from fairline.domain.dates import utc
from fairline.raw.documents import Document

SPORT = "basketball_nba"
FIRST_YEAR, LAST_YEAR = 2000, 2200


@dataclass(frozen=True, slots=True)
class Answer:
    """What one answer lists. events: as they came. seen_at: when it was so (UTC)."""

    events: list[object]
    seen_at: datetime


Place = dict[str, object]
"""An object of the answer."""


@dataclass(frozen=True, slots=True)
class BookMarket:
    """One market of one book: its outcomes as they came, and the event they are on."""

    event: Place
    book: str
    market: str
    outcomes: list[Place]


@dataclass(frozen=True, slots=True)
class Torn:
    """A place that is not what it should be: what is wrong, and what came."""

    problem: str
    came: object

    @property
    def record(self) -> Place:
        """As a record to set aside."""
        return {"torn": self.problem, "came": self.came}


def no_side(outcome: Place) -> Torn:
    """An outcome that is no side of its market."""
    return Torn(f"an outcome named {str(outcome.get('name'))[:60]}", outcome)


def live(document: Document) -> Answer:
    """An answer of now: one event, or a list of them. Raises BrokenContract when it is neither."""
    root = document.json
    if isinstance(root, dict):
        document.at("sport_key", str)
        root = [root]
    if not isinstance(root, list):
        problem = f"{type(root).__name__} where events were expected"
        raise document.broken(problem, "The provider changed its answer.")
    return Answer(root, document.capture.captured_at)


def historical(document: Document) -> Answer:
    """A snapshot: its own `timestamp` is when it was so, whenever it was fetched. Raises BrokenContract."""
    inside = document.at("data", object)
    if not isinstance(inside, dict | list):
        problem = f"data is {type(inside).__name__}, not an event or a list of them"
        raise document.broken(problem, "The provider changed its answer.")
    return Answer(inside if isinstance(inside, list) else [inside], _snapshot_time(document))


def _snapshot_time(document: Document) -> datetime:
    text = document.at("timestamp", str)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        problem = f"timestamp {text[:40]!r} is no instant"
        raise document.broken(problem) from error
    if instant.utcoffset() is None or not FIRST_YEAR <= instant.year < LAST_YEAR:
        problem = f"timestamp {text[:40]!r} has no zone, or no year of this game"
        raise document.broken(problem)
    return utc(instant)


def fits_events(document: Document) -> bool:
    """A list of events without odds."""
    return isinstance(document.json, list) and _are_events(document.json) and not _quoted(document.json)


def fits_odds(document: Document) -> bool:
    """One event with its bookmakers, or a list of such."""
    events = document.json if isinstance(document.json, list) else [document.json]
    return _are_events(events) and _quoted(events)


def fits_historical_events(document: Document) -> bool:
    """A snapshot of events without odds; it may list none."""
    inside = _inside(document)
    return isinstance(inside, list) and (not inside or _are_events(inside)) and not _quoted(inside)


def fits_historical_odds(document: Document) -> bool:
    """A snapshot of one event with its bookmakers, or of several."""
    inside = _inside(document)
    events = inside if isinstance(inside, list) else [inside]
    return _are_events(events) and _quoted(events)


def _inside(document: Document) -> object:
    root = document.json
    snapshot = isinstance(root, dict) and "timestamp" in root and {"previous_timestamp", "next_timestamp"} & root.keys()
    return root.get("data") if snapshot else None


def _are_events(events: list[object]) -> bool:
    return bool(events) and all(
        isinstance(event, dict) and {"sport_key", "commence_time"} <= event.keys() for event in events
    )


def _quoted(events: list[object]) -> bool:
    return any(isinstance(event, dict) and "bookmakers" in event for event in events)


def markets(events: Iterable[object]) -> tuple[list[BookMarket], list[Torn]]:
    """Every market of every book on our league's games, and the places where the answer is torn."""
    whole: list[BookMarket] = []
    torn: list[Torn] = []
    for event in events:
        # What is no event, or another league's, is set aside with the events themselves.
        if isinstance(event, dict) and event.get("sport_key") == SPORT:
            for found in _of_event(event):
                if isinstance(found, Torn):
                    torn.append(found)
                else:
                    whole.append(found)
    return whole, torn


def _of_event(event: Place) -> Iterator[BookMarket | Torn]:
    for book in _listed(event, "bookmakers"):
        if isinstance(book, Torn):
            yield book
            continue
        for market in _listed(book, "markets"):
            yield from [market] if isinstance(market, Torn) else _of_market(event, book, market)


def _of_market(event: Place, book: Place, market: Place) -> Iterator[BookMarket | Torn]:
    outcomes = list(_listed(market, "outcomes"))
    yield from (each for each in outcomes if isinstance(each, Torn))
    key, name = book.get("key"), market.get("key")
    if isinstance(key, str) and isinstance(name, str):
        yield BookMarket(event, key, name, [each for each in outcomes if not isinstance(each, Torn)])
    else:
        yield Torn("a bookmaker or a market without a key", market)


def _listed(place: Place, name: str) -> Iterator[Place | Torn]:
    """The objects in the list under a name; what is none, and a list that is none, torn."""
    inside = place.get(name)
    if not isinstance(inside, list):
        yield Torn(f"{name} is {type(inside).__name__}, not a list", place)
        return
    for each in inside:
        yield each if isinstance(each, dict) else Torn(f"{type(each).__name__} in {name}, not an object", each)
