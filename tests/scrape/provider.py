"""A made-up provider, replayed on the loopback, and a client that asks it without ever really waiting."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from fairline.domain.clock import FixedClock
from fairline.domain.errors import BrokenContract
from fairline.platform.captures import Capture, captures_in, content_of
from fairline.platform.ledger.sqlite import open_sqlite
from fairline.platform.objects import ObstoreObjects
from fairline.platform.settings import Settings
from fairline.platform.transport import Httpx2Transport
from fairline.scrape.client import Client
from fairline.scrape.contract import JSON, Question, Scraper, Source, Wanted
from fairline.sim.replay import Recorded

TONIGHT = date(2025, 11, 28)
NOON = datetime(2025, 11, 28, 17, tzinfo=UTC)
KEY = "a-key-that-nobody-may-see"  # pragma: allowlist secret

SOURCE = Source(
    "odds_api", "The Made-Up Odds", ("api.made-up.test",), apart=timedelta(seconds=2), late=timedelta(0),
    headers={"User-Agent": "fairline"}, key_setting="odds_api_key", key_param="apiKey",
    quota_headers={"remaining": "x-requests-remaining", "used": "x-requests-used", "last_cost": "x-requests-last"},
    max_bytes=100_000,
)  # fmt: skip


def following(content: bytes) -> Mapping[str, str] | None:
    try:
        told = json.loads(content)
        return None if told.get("next") is None else {"cursor": str(told["next"])}
    except (ValueError, AttributeError) as error:
        message = "no page"
        raise BrokenContract(message) from error


def questions(wanted: Wanted) -> list[Question]:
    return [question("games", day=wanted.day)]


def scraper(**changed: Any) -> Scraper:
    told: dict[str, Any] = {
        "name": "made_up_games", "source": SOURCE, "kind": "made_up_games", "means": "Games", "accepts": JSON,
        "questions": questions, "fresh_for": timedelta(hours=1), **changed,
    }  # fmt: skip
    return Scraper(**told)


PAGED = scraper(following=following)


def question(name: str, day: date | None = TONIGHT, credits: int = 0, **params: str) -> Question:
    return Question(f"https://api.made-up.test/v4/{name}", params, day, name, credits)


def recorded(name: str, told: object, **changed: Any) -> Recorded:
    params = changed.pop("params", {})
    return Recorded(f"https://api.made-up.test/v4/{name}", json.dumps(told).encode(), params=params, **changed)


class World:
    """A home's stores, a clock that only waiting moves, and clients on them."""

    def __init__(self, folder: Path) -> None:
        self.clock = FixedClock(NOON)
        self.objects = ObstoreObjects.local(folder / "objects")
        self.ledger = open_sqlite(folder / "ledger.sqlite", self.clock)
        self.folder = folder
        self.waits: list[float] = []
        self.transport = Httpx2Transport(connect_s=1, read_s=1, total_s=3)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.clock.advance(timedelta(seconds=seconds))

    def client(self, transport: Any = None, seed: int = 7, **settings: Any) -> Client:
        """As a newly started command makes one."""
        return Client(
            transport=transport or self.transport, objects=self.objects, states=self.ledger.providers,
            settings=Settings(home=self.folder, **settings), clock=self.clock, sleep=self.sleep, random=Random(seed),
        )  # fmt: skip

    def landed(self) -> list[Capture]:
        return sorted(captures_in(self.objects), key=lambda each: each.captured_at)

    def bytes_of(self, capture: Capture) -> bytes:
        return content_of(capture, self.objects)

    def close(self) -> None:
        self.transport.close()
        self.ledger.close_connection()
