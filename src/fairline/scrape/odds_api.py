"""Questions to The Odds API (v4): its games, the books' quotes on each, and both as they were in the past.

Listing games is free. A game's odds cost one credit per market and region, up to ten named books counting as a region;
the past costs ten times as much. Markets a book does not offer are not charged: what is planned is the most.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from math import ceil

from fairline.domain.dates import EASTERN
from fairline.domain.markets import Market, market
from fairline.scrape.contract import JSON, GameWanted, Question, Scraper, Source, Wanted

API = "https://api.the-odds-api.com/v4"
SPORT = "basketball_nba"

SOURCE = Source(
    "odds_api", "The Odds API", ("api.the-odds-api.com",),
    # It allows thirty a second, and asks not to send many at once.
    apart=timedelta(seconds=0.2), late=timedelta(minutes=1),
    key_setting="odds_api_key", key_param="apiKey",
    quota_headers={
        "remaining": "x-requests-remaining", "used": "x-requests-used", "last_cost": "x-requests-last",
    },
)  # fmt: skip

GAME_LINES = ("h2h", "spreads", "totals")
BOOKS_IN_A_REGION = 10
PAST_COSTS = 10
PROPS_KEPT_SINCE = date(2023, 5, 3)
"""The first day of which the provider keeps quotes of player props."""

CLOSING = timedelta(minutes=5)
"""Snapshots of the past are five minutes apart: the last before tip-off is at most this old."""

MARKET_KEYS = {Market.STEALS_BLOCKS: "player_blocks_steals"}
"""Where the provider's key is not `player_` and ours."""

BOOK_KEYS = {
    "caesars": "williamhill_us", "betonline": "betonlineag", "pointsbet": "pointsbetus", "unibet": "unibet_us",
}  # fmt: skip
"""Where the provider's key of a book is not ours."""


def market_keys(markets: Iterable[str]) -> list[str]:
    """The provider's keys of markets in any spelling. Raises NotFound for one that is none.

    >>> market_keys(["points", "pra", "steals_blocks"])
    ['player_points', 'player_points_rebounds_assists', 'player_blocks_steals']
    """
    return [MARKET_KEYS.get(each, f"player_{each}") for each in map(market, markets)]


def regions(books: Iterable[str]) -> int:
    """How many regions naming these books counts as; without any the US region is asked for.

    >>> regions([]), regions(["draftkings", "fanduel"]), regions(str(number) for number in range(11))
    (1, 1, 2)
    """
    return ceil(max(1, len(set(books))) / BOOKS_IN_A_REGION)


def price(markets: int, books: Iterable[str], *, past: bool = False) -> int:
    """Credits of the odds of one game, or of the game lines of all, at the most.

    >>> price(4, ["draftkings"]), price(4, [], past=True)
    (4, 40)
    """
    return markets * regions(books) * (PAST_COSTS if past else 1)


def _events(wanted: Wanted) -> Iterator[Question]:
    first, last = _bounds(wanted.day)
    params = {"dateFormat": "iso", "commenceTimeFrom": _iso(first), "commenceTimeTo": _iso(last)}
    yield Question(f"{API}/sports/{SPORT}/events", params, wanted.day, "games")


def _event_odds(wanted: Wanted) -> Iterator[Question]:
    for game in wanted.games:
        if game.tip_at is None or game.tip_at > wanted.now:
            yield from _odds_of(game, wanted, f"{API}/sports", {}, past=False)


def _game_lines(wanted: Wanted) -> Iterator[Question]:
    if wanted.games:
        first, last = _bounds(wanted.day)
        params = {
            **_asked(GAME_LINES, wanted.books), "commenceTimeFrom": _iso(first), "commenceTimeTo": _iso(last),
        }  # fmt: skip
        cost = price(len(GAME_LINES), wanted.books)
        yield Question(f"{API}/sports/{SPORT}/odds", params, wanted.day, "game lines", cost)


def _historical_events(wanted: Wanted) -> Iterator[Question]:
    """As listed at ten in the morning: before the earliest tip-off, when the day's games are all known."""
    morning = datetime.combine(wanted.day, time(10), EASTERN)
    asked = {"date": _iso(min(morning, wanted.now))}
    yield Question(f"{API}/historical/sports/{SPORT}/events", asked, wanted.day, "games listed in the past", 1)


def _historical_event_odds(wanted: Wanted) -> Iterator[Question]:
    """The closing quotes of each game; of one still to come, the latest."""
    if wanted.day < PROPS_KEPT_SINCE:
        return
    for game in wanted.games:
        if game.tip_at is not None:
            asked = {"date": _iso(min(game.tip_at - CLOSING, wanted.now))}
            yield from _odds_of(game, wanted, f"{API}/historical/sports", asked, past=True)


def _odds_of(game: GameWanted, wanted: Wanted, base: str, asked: dict[str, str], *, past: bool) -> Iterator[Question]:
    event = game.ids.get(SOURCE.name)
    markets = market_keys(wanted.markets)
    if event and markets:
        params = {**_asked(markets, wanted.books), **asked}
        cost = price(len(markets), wanted.books, past=past)
        yield Question(f"{base}/{SPORT}/events/{event}/odds", params, game.game_date, f"odds of {game.game_id}", cost)


def _asked(markets: Iterable[str], books: tuple[str, ...]) -> dict[str, str]:
    """American odds, for US books make them: as decimals the provider rounds them to hundredths."""
    where = {"bookmakers": ",".join(BOOK_KEYS.get(book, book) for book in books)} if books else {"regions": "us"}
    return {**where, "markets": ",".join(markets), "oddsFormat": "american", "dateFormat": "iso"}


def _bounds(day: date) -> tuple[datetime, datetime]:
    """The day on Eastern clocks."""
    return tuple(datetime.combine(day + timedelta(days=more), time(), EASTERN) for more in (0, 1))  # type: ignore[return-value]


def _iso(instant: datetime) -> str:
    """Whole seconds, as the provider reads them."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


SCRAPERS: tuple[Scraper, ...] = (
    Scraper(
        "odds_api_events", SOURCE, "odds_api_events", "The day's games with the provider's ids", JSON, _events,
        fresh_for=timedelta(hours=12),
    ),
    Scraper(
        "odds_api_event_odds", SOURCE, "odds_api_event_odds", "Player props of each game still to come", JSON,
        _event_odds, fresh_for=timedelta(hours=3), needs="events", absent=frozenset({404}),
    ),
    Scraper(
        "odds_api_game_lines", SOURCE, "odds_api_event_odds", "Moneylines, spreads and totals of the day's games", JSON,
        _game_lines, fresh_for=timedelta(hours=12), needs="games",
    ),
    Scraper(
        "odds_api_historical_events", SOURCE, "odds_api_historical_events",
        "A past day's games with the provider's ids", JSON, _historical_events, fresh_for=timedelta(days=365),
    ),
    Scraper(
        "odds_api_historical_event_odds", SOURCE, "odds_api_historical_event_odds",
        "Closing player props of each game of a past day, at ten times the credits", JSON, _historical_event_odds,
        fresh_for=timedelta(days=365), needs="events", absent=frozenset({404}),
    ),
)  # fmt: skip
