"""The simulated machine: stores that last, a clock, a bus, and the processes that come and go on them."""

from __future__ import annotations

import shutil
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, cast

from fairline.domain.clock import FixedClock
from fairline.domain.dates import EASTERN, season_label, season_of
from fairline.ops.catalogue import tables
from fairline.ops.phases import build_analytics, load_raw
from fairline.platform.captures import capture_of, land
from fairline.platform.home import Home
from fairline.platform.ledger.sqlite import open_sqlite
from fairline.platform.settings import load_settings
from fairline.platform.transport import Request
from fairline.platform.warehouse import DuckWarehouse
from fairline.predict.worker import Worker
from fairline.scrape.client import Client
from fairline.services import chain
from fairline.services.station import Station
from fairline.sim.simulation.answers import answered, past_log
from fairline.sim.simulation.bus import FaultyBus
from fairline.sim.simulation.chaos import Chaos, Life
from fairline.sim.simulation.league import League
from fairline.sim.simulation.memory import MemoryObjects
from fairline.sim.simulation.model import keep_model
from fairline.sim.simulation.providers import Providers
from fairline.sim.simulation.stores import SteppedLedger, SteppedObjects, SteppedWarehouse
from fairline.sim.simulation.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from fairline.domain.clock import Clock
    from fairline.ops.news import Told
    from fairline.platform.ledger.contract import HeldBatch, Ledger, Run
    from fairline.platform.ledger.sql import SqlLedger
    from fairline.platform.objects import Objects
    from fairline.platform.settings import Settings
    from fairline.platform.warehouse import Warehouse

    OpenLedger = Callable[[Clock], SqlLedger]

MEMORY = Path("/dev/shm")  # noqa: S108 - each run makes a folder of its own in it
API = "https://stats.nba.com/stats/"
MANY = 10_000
SLOW = 6
"""A worker's forecast takes longer than what happens between two steps of others."""

BEGINS = time(5)
"""When the first day begins, Eastern: its games of the past are all known."""


class Simulated(FixedClock):
    """A clock that stands until told. behind: by how much it was set back, all told."""

    def __init__(self, at: datetime) -> None:
        """Stand at an aware instant."""
        super().__init__(at)
        self.behind = timedelta(0)

    def move_to(self, at: datetime) -> None:
        """Go on to an instant; a clock that is later already stays."""
        self.advance(max(timedelta(0), at - self.now()))

    def set_back(self, by: timedelta) -> None:
        """Tell an earlier time from now on, as when a machine finds that its clock was fast."""
        self.advance(-by)
        self.behind += by


class Placed(Station):
    """A station whose home is the simulated machine's: it is not opened from a folder."""

    def use(self, home: Home) -> None:
        """Take turns with this home."""
        self._home = home


@dataclass
class Main:
    """The one process that owns the home: its schedule, its chain, and its scraper client."""

    life: Life
    home: Home
    station: Placed
    client: Client


class Machine:
    """What outlives every process of a run. `main` and `worker` start processes on it."""

    def __init__(
        self, league: League, chaos: Chaos, folder: Path, learned: Learned, opened: OpenLedger | None = None
    ) -> None:
        """Begin where the past ends: its tables are copied, its objects shared, its ledger empty.

        opened: opens the ledger; in SQLite when absent.
        """
        self.league, self.chaos = league, chaos
        self.clock = Simulated(datetime.combine(league.first, BEGINS, EASTERN))
        shutil.copyfile(learned.warehouse, folder / "warehouse.duckdb")
        self.settings = _settings(folder)
        self.warehouse = DuckWarehouse(folder / "warehouse.duckdb", threads=1)
        self.ledger = opened(self.clock) if opened else open_sqlite(folder / "ledger.sqlite", self.clock)
        self.objects = MemoryObjects(learned.objects)
        self.bus = FaultyBus(self.clock, chaos)
        # A connection of its own sees what is committed, and nothing that may still be taken back.
        self._seen = DuckWarehouse(folder / "warehouse.duckdb", threads=1)
        self.watch = Watch(self._seen)
        self.told: dict[str, datetime] = {}
        self.heard: list[Told] = []
        self.looked_in_peace: set[date] = set()
        self._processes = 0

    def main(self) -> Main:
        """The process that owns the home, its chain connected; the one before must be gone."""
        life = self._life("main")
        warehouse = cast("Warehouse", SteppedWarehouse(self.warehouse, life, self.chaos))
        ledger, objects = self._workplace(life)
        home = Home(self.settings, self.clock, (warehouse, ledger, objects), ExitStack())
        home.bus = self.bus
        station = Placed("fairline up", self.settings, self.clock, ledger, objects, bus=self.bus)
        station.use(home)
        self.bus.forget()
        chain.subscribe(station)
        client = Client(
            transport=Providers(self.league, self.clock, life, self.chaos, self.told), objects=objects,
            states=ledger.providers, settings=self.settings, clock=self.clock, random=self.chaos.dice,
            sleep=lambda s: self.clock.advance(timedelta(seconds=s)),
        )  # fmt: skip
        return Main(life, home, station, client)

    def worker(self, name: str) -> tuple[Life, Worker]:
        """A worker process of that name."""
        life = self._life(name)
        life.slow = SLOW
        ledger, objects = self._workplace(life)
        return life, Worker(ledger, objects, self.clock, life.name, first_rest_s=0)

    def plain(self) -> Home:
        """The home as it lies there, without steps: to look at it."""
        return Home(self.settings, self.clock, (self.warehouse, self.ledger, self.objects), ExitStack())

    def batches(self, day: date) -> list[HeldBatch]:
        """All batches of a game date."""
        return self.ledger.batches(game_date=day, limit=MANY)

    def runs(self, name: str = "") -> list[Run]:
        """All runs, or those of that name."""
        return self.ledger.runs(name, MANY)

    def close(self) -> None:
        """Release the stores."""
        self._seen.close()
        self.warehouse.close()
        self.ledger.close_connection()

    def _life(self, name: str) -> Life:
        self._processes += 1
        return Life(f"{name} {self._processes}")

    def _workplace(self, life: Life) -> tuple[Ledger, Objects]:
        ledger = cast("Ledger", SteppedLedger(self.ledger, life, self.chaos, self.watch))
        return ledger, SteppedObjects(self.objects, life, self.chaos, self.watch)


@dataclass(frozen=True)
class Learned:
    """The past of a league, read into a warehouse once: its file and its objects."""

    warehouse: Path
    objects: dict[str, bytes]


@contextmanager
def folder() -> Iterator[Path]:
    """A folder in memory where there is one, gone after the block."""
    place = Path(mkdtemp(prefix="fairline-simulation-", dir=MEMORY if MEMORY.is_dir() else None))
    try:
        yield place
    finally:
        shutil.rmtree(place)


def learn(league: League, place: Path) -> Learned:
    """Read the past of the league as its providers tell it, and keep a model that knows it."""
    path = place / f"{league.first}.{league.days}.duckdb"
    clock = FixedClock(datetime.combine(league.first, BEGINS, EASTERN) - timedelta(hours=1))
    warehouse, objects = DuckWarehouse(path, threads=1), MemoryObjects()
    warehouse.ensure(*tables())
    ledger = open_sqlite(path.with_suffix(".sqlite"), clock)
    home = Home(_settings(place), clock, (warehouse, ledger, objects), ExitStack())
    _land_past(league, objects, clock.now())
    load_raw(home, league.first, trigger="backfill")
    build_analytics(home, league.first, trigger="backfill")
    keep_model(objects, season_of(league.first), clock.now() - timedelta(hours=1))
    warehouse.close()
    ledger.close_connection()
    return Learned(path, objects.held)


def _land_past(league: League, objects: MemoryObjects, at: datetime) -> None:
    season = season_label(season_of(league.first))
    asked = (
        ("nba_schedule", "scheduleleaguev2", {"LeagueID": "00", "Season": season}),
        ("nba_players", "playerindex", {"Season": season}),
    )
    told = [(kind, path, given, answered(league, Request(API + path, params=given), at)) for kind, path, given in asked]
    told += [
        (kind, "leaguegamelog", *past_log(league, of, at))
        for kind, of in (("leaguegamelog_teams", "T"), ("leaguegamelog_players", "P"))
    ]
    for kind, path, params, answer in told:
        about = {"url": API + path, "params": params, "status": 200}
        land(answer.content, capture_of(answer.content, source="nba_stats", kind=kind, at=at, **about), objects)  # type: ignore[arg-type]


def _settings(home: Path) -> Settings:
    key = "simulated"  # pragma: allowlist secret
    return load_settings(home=home, threads=1, books=(), odds_api_key=key, monthly_credits={"odds_api": 1_000_000})
