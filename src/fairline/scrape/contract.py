"""What a provider is and what it can be asked: sources, scrapers, and the questions they put. All of it is pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

JSON = ("application/json", "text/json")
HTML = ("text/html",)
PDF = ("application/pdf", "application/octet-stream")


@dataclass(frozen=True, slots=True)
class Source:
    """One provider.

    name: its key. hosts: every host it is reached at. apart: least time between two questions to one host.
    headers: sent with each question. key_setting: the setting that holds its key, "" when it needs none; key_param or
    key_header: where the key goes. quota_headers: `remaining`, `used`, `last_cost` to the headers that tell them.
    late: how long after a fact the provider usually tells it. max_bytes: cap of one answer, unpacked.
    """

    name: str
    title: str
    hosts: tuple[str, ...]
    apart: timedelta
    late: timedelta
    headers: Mapping[str, str] = field(default_factory=dict)
    key_setting: str = ""
    key_param: str = ""
    key_header: str = ""
    quota_headers: Mapping[str, str] = field(default_factory=dict)
    max_bytes: int = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class GameWanted:
    """A game of the day: NBA's id, its teams' NBA ids, tip-off (UTC, null while unset), and other providers' ids of it.

    ids: source of raw.provider_games (the kind of capture that told) to that provider's id.
    """

    game_id: str
    game_date: date
    home_team_id: int
    away_team_id: int
    tip_at: datetime | None
    status: str = "scheduled"
    ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: a day, its games as held, and the instant (UTC). markets, books: of betting lines."""

    day: date
    now: datetime
    games: tuple[GameWanted, ...] = ()
    markets: tuple[str, ...] = ()
    books: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One request, without the key. day: the game date its answer is filed under. what: shown to people.

    credits: what the provider will charge for it, where it charges.
    """

    url: str
    params: Mapping[str, str] = field(default_factory=dict)
    day: date | None = None
    what: str = ""
    credits: int = 0


@dataclass(frozen=True, slots=True)
class Scraper:
    """One kind of question to one provider.

    name: as given to `fairline scrape`; kind: of its captures, which a parser of raw/ reads.
    questions: of what is wanted, the requests; none when there is nothing to ask. following: the next page's parameters
    from an answer's bytes, None after the last; it raises BrokenContract for an answer it cannot read.
    fresh_for: how old its last success may be on a game day before it counts as stale.
    needs: what must be known first: "" nothing, "games" the day's games, "events" the provider's own ids of them.
    settled: an answer once given never changes, such as a report under its own time: it is not asked for again.
    absent: HTTP statuses that mean nothing is there yet, such as a report not yet published.
    """

    name: str
    source: Source
    kind: str
    means: str
    accepts: tuple[str, ...]
    questions: Callable[[Wanted], Iterable[Question]]
    fresh_for: timedelta
    following: Callable[[bytes], Mapping[str, str] | None] | None = None
    needs: str = ""
    absent: frozenset[int] = frozenset()
    most_pages: int = 200
    settled: bool = False
