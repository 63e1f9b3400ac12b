"""Questions to BettingPros (v3): the games of a day, and the offers of its markets, page by page.

It publishes no terms for its API: whoever asks brings a key of his own and answers for asking.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta

from fairline.domain.bettingpros import MARKET_IDS
from fairline.domain.errors import BrokenContract
from fairline.domain.markets import market
from fairline.scrape.contract import JSON, Question, Scraper, Source, Wanted

API = "https://api.bettingpros.com/v3"
LEAGUE = "NBA"

SOURCE = Source(
    "bettingpros", "BettingPros", ("api.bettingpros.com",), apart=timedelta(seconds=2.5), late=timedelta(minutes=5),
    headers={"Origin": "https://www.bettingpros.com", "Referer": "https://www.bettingpros.com/"},
    key_setting="bettingpros_key", key_header="x-api-key",
)  # fmt: skip

A_PAGE = 10
"""Offers on a page; more are not given."""


def _events(wanted: Wanted) -> Iterator[Question]:
    params = {"sport": LEAGUE, "date": wanted.day.isoformat()}
    yield Question(f"{API}/events", params, wanted.day, "games")


def _offers(wanted: Wanted) -> Iterator[Question]:
    """One question for each market, about all games still to come."""
    coming = (game for game in wanted.games if game.tip_at is None or game.tip_at > wanted.now)
    events = ":".join(game.ids[SOURCE.name] for game in coming if SOURCE.name in game.ids)
    numbers = {each: number for number, each in MARKET_IDS.items()}
    for each in map(market, wanted.markets):
        if events and each in numbers:
            params = {
                "sport": LEAGUE, "market_id": str(numbers[each]), "event_id": events, "limit": str(A_PAGE), "page": "1",
            }  # fmt: skip
            yield Question(f"{API}/offers", params, wanted.day, f"offers on {each}")


def next_page(content: bytes) -> Mapping[str, str] | None:
    """The parameters of the page after this one, None after the last. Raises BrokenContract when it does not tell."""
    try:
        told = json.loads(content)["_pagination"]
        page, last = int(told["page"]), int(told["total_pages"])
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError) as error:
        message = f"BettingPros' answer does not say how many pages there are: {error}"
        raise BrokenContract(message, hint="The provider changed its answer, or this is an error page.") from error
    return {"page": str(page + 1)} if 0 < page < last else None


SCRAPERS: tuple[Scraper, ...] = (
    Scraper(
        "bettingpros_events", SOURCE, "bettingpros_events", "The day's games with the provider's ids", JSON, _events,
        fresh_for=timedelta(hours=12),
    ),
    Scraper(
        "bettingpros_offers", SOURCE, "bettingpros_offers", "The books' lines on players, market by market", JSON,
        _offers, fresh_for=timedelta(hours=3), following=next_page, needs="events",
    ),
)  # fmt: skip
