"""What a cadence of asking for lines costs at The Odds API, and which times a budget keeps. All of it is pure.

A game is asked about from twelve hours before the day's first tip-off every two hours, every half hour in the last two
hours before its own tip-off, and just before it. With a budget the closing question of every game is kept first, then
the opening one, then the game lines, then those between, each as far as can be from those already kept.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from math import ceil

from fairline.domain.dates import EASTERN
from fairline.scrape.bettingpros import A_PAGE
from fairline.scrape.contract import GameWanted
from fairline.scrape.odds_api import GAME_LINES, price

PROPS, LINES = "odds_api_event_odds", "odds_api_game_lines"
CLOSING, OPENING, GAME_LINES_TURN, BETWEEN = range(4)
"""What is kept first; of those between, each round of halving the gaps comes after the one before."""

PLAYERS_OF_A_GAME = 20
"""About 150 players are offered for seven or eight games."""

USUAL_TIPS = ("19:00", "19:00", "19:30", "19:30", "20:00", "20:00", "21:00", "22:00")
"""Eastern tip-offs of a day when no schedule is held: a full month has 220 to 240 games, eight on most days."""


@dataclass(frozen=True, slots=True)
class Cadence:
    """begins: before the day's first tip-off. every: between questions; near_every: within `near` of a game's tip-off.

    closing: how long before tip-off the last question is put.
    """

    begins: timedelta = timedelta(hours=12)
    every: timedelta = timedelta(hours=2)
    near: timedelta = timedelta(hours=2)
    near_every: timedelta = timedelta(minutes=30)
    closing: timedelta = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Prices:
    """Credits of one question: about one game's props, about all games' lines."""

    props: int
    lines: int = 0


@dataclass(frozen=True, slots=True, order=True)
class Ask:
    """One question to be put. turn: its place in what is kept, the lowest first. game_id: empty for game lines."""

    turn: tuple[int, ...]
    day: date
    at: datetime
    game_id: str
    scraper: str
    credits: int


@dataclass(frozen=True, slots=True)
class Poll:
    """A time to ask: about these games, and, when `lines`, for the lines of all."""

    at: datetime
    games: tuple[str, ...]
    lines: bool = False


def polls(
    games: Iterable[GameWanted],
    now: datetime,
    budget: int | None = None,
    *,
    prices: Prices = Prices(1),
    cadence: Cadence = Cadence(),
) -> list[Poll]:
    """When to ask about which of a day's games from now on, in order.

    budget: credits for what is left of the day; None for all it takes. Games without a tip-off are not asked about.
    """
    coming = [ask for ask in asks(games, prices, cadence) if ask.at >= now]
    return polls_of(kept(coming, budget))


def polls_of(chosen: Iterable[Ask]) -> list[Poll]:
    """Questions put at the same time, together."""
    at: dict[datetime, list[Ask]] = defaultdict(list)
    for ask in chosen:
        at[ask.at].append(ask)
    return [
        Poll(
            instant,
            tuple(sorted(ask.game_id for ask in at[instant] if ask.scraper == PROPS)),
            any(ask.scraper == LINES for ask in at[instant]),
        )
        for instant in sorted(at)
    ]


def asks(games: Iterable[GameWanted], prices: Prices, cadence: Cadence = Cadence()) -> list[Ask]:
    """Every question about a day's games that the cadence asks for, the first to be kept first."""
    timed = [(game, game.tip_at) for game in games if game.tip_at is not None]
    if not timed:
        return []
    first, day = min((tip, game.game_date) for game, tip in timed)
    found = [ask for game, tip in timed for ask in _about(game, times(tip, first, cadence), prices)]
    if prices.lines:
        # Spreads and totals move little: as the day begins, and as its first game does.
        ends = first - cadence.begins, first - cadence.closing
        found += [Ask((GAME_LINES_TURN,), day, at, "", LINES, prices.lines) for at in ends]
    return sorted(found)


def _about(game: GameWanted, instants: list[datetime], prices: Prices) -> list[Ask]:
    turns = [(CLOSING,), (OPENING,), *((BETWEEN, halving) for halving in range(len(instants)))]
    return [
        Ask(turn, game.game_date, at, game.game_id, PROPS, prices.props)
        for turn, at in zip(turns, farthest_first(instants), strict=False)
    ]


def times(tip: datetime, first: datetime, cadence: Cadence) -> list[datetime]:
    """When a game is asked about, in order; the last is its closing question. first: the day's first tip-off."""
    begin, closing = first - cadence.begins, tip - cadence.closing
    near_from = tip - cadence.near
    far = [at for at in _steps(begin, closing, cadence.every) if at < near_from]
    near = [at for at in _steps(begin, closing, cadence.near_every) if at >= near_from]
    return [*far, *near, closing]


def _steps(begin: datetime, end: datetime, every: timedelta) -> list[datetime]:
    return [begin + step * every for step in range(ceil((end - begin) / every))]


def farthest_first(instants: Sequence[datetime]) -> list[datetime]:
    """The last, the first, then always the one farthest from those before it; of several the latest.

    >>> day = [datetime(2025, 11, 28, hour) for hour in (7, 9, 11, 13, 15)]
    >>> [at.hour for at in farthest_first(day)]
    [15, 7, 11, 13, 9]
    """
    order = [instants[-1], *instants[:1]] if len(instants) > 1 else list(instants)
    left = list(instants[1:-1])
    while left:
        best = max(left, key=lambda at: (min(abs(at - other) for other in order), at))
        order.append(best)
        left.remove(best)
    return order


def kept(found: Iterable[Ask], budget: int | None) -> list[Ask]:
    """The questions a budget pays for, in the order they are to be kept; all without one."""
    chosen: list[Ask] = []
    left = budget
    for ask in found:
        if left is not None:
            if ask.credits > left:
                break
            left -= ask.credits
        chosen.append(ask)
    return chosen


@dataclass(frozen=True, slots=True)
class Cost:
    """What one scraper takes, in questions and credits: of a month, and of the month's mean game day."""

    scraper: str
    requests: int
    credits: int
    days: int

    @property
    def requests_a_day(self) -> float:
        """Mean over the game days."""
        return self.requests / self.days if self.days else 0.0

    @property
    def credits_a_day(self) -> float:
        """Mean over the game days."""
        return self.credits / self.days if self.days else 0.0


@dataclass(frozen=True, slots=True)
class QuotaPlan:
    """A month of asking. full: every question of the cadence by game date; chosen: those kept, likewise."""

    markets: int
    prices: Prices
    budget: int | None
    full: dict[date, list[Ask]] = field(default_factory=dict)
    chosen: dict[date, list[Ask]] = field(default_factory=dict)

    def day_budget(self, day: date) -> int:
        """Credits of one day, for `polls`."""
        return sum(ask.credits for ask in self.chosen.get(day, []))

    def count(self, turn: int, *, full: bool = False) -> int:
        """How many questions of a turn are kept, or were asked for by the cadence."""
        return sum(ask.turn[0] == turn for day in (self.full if full else self.chosen).values() for ask in day)

    def costs(self, *, full: bool = False) -> list[Cost]:
        """What each scraper takes. BettingPros is asked where The Odds API fails: its rows say what that would take."""
        days = self.full if full else self.chosen
        put = [ask for day in days.values() for ask in day]
        own = [
            Cost(name, sum(ask.scraper == name for ask in put), _credits(put, name), len(self.full))
            for name in (PROPS, LINES)
        ]
        polled = [poll for day in days.values() for poll in polls_of(day)]
        pages = sum(self.markets * ceil(len(poll.games) * PLAYERS_OF_A_GAME / A_PAGE) for poll in polled)
        asked_days = sum(bool(day) for day in days.values())
        return [
            # The games are listed anew at each poll, which is free.
            Cost("odds_api_events", len(polled), 0, len(self.full)), *own,
            Cost("bettingpros_events", asked_days, 0, len(self.full)),
            Cost("bettingpros_offers", pages, 0, len(self.full)),
        ]  # fmt: skip


def _credits(put: Iterable[Ask], scraper: str) -> int:
    return sum(ask.credits for ask in put if ask.scraper == scraper)


def plan(
    games: Iterable[GameWanted],
    markets: Sequence[str],
    books: Sequence[str],
    budget: int | None = None,
    *,
    lines: bool = True,
    cadence: Cadence = Cadence(),
) -> QuotaPlan:
    """What asking about these games costs, and what is kept within a budget of credits for all of them.

    Within one turn the days take theirs evenly spread over the month, not the first days all of it.
    """
    prices = Prices(price(len(markets), books), price(len(GAME_LINES), books) if lines else 0)
    by_day: dict[date, list[GameWanted]] = defaultdict(list)
    for game in games:
        by_day[game.game_date].append(game)
    full = {day: asks(by_day[day], prices, cadence) for day in sorted(by_day)}
    spread = farthest_first([datetime.combine(day, time(), UTC) for day in full])
    rank = {day.date(): place for place, day in enumerate(spread)}
    everything = sorted((ask for day in full.values() for ask in day), key=lambda ask: (ask.turn, rank[ask.day], ask))
    chosen: dict[date, list[Ask]] = {day: [] for day in full}
    for ask in kept(everything, budget):
        chosen[ask.day].append(ask)
    return QuotaPlan(len(markets), prices, budget, full, chosen)


def usual_games(days: Iterable[date]) -> list[GameWanted]:
    """Games as on a usual day, for days of which no schedule is held."""
    return [
        GameWanted(f"{day}/{number}", day, 0, 0, datetime.combine(day, time.fromisoformat(tip), EASTERN))
        for day in days
        for number, tip in enumerate(USUAL_TIPS)
    ]
