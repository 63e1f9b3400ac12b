"""The canary's own home: a folder within the home in which a smoke test works, and which is then removed.

Tables, ledger, objects and bus are its own, so that nothing a canary does appears among the real ones. Its clock stands
where each step is told it stands.
"""

from __future__ import annotations

import re
import shutil
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from fairline.domain.clock import FixedClock
from fairline.domain.dates import utc
from fairline.domain.errors import BrokenContract, Busy, NotFound, Refused
from fairline.ops.catalogue import open_home
from fairline.platform.clock import SystemClock
from fairline.platform.home import open_workplace
from fairline.predict import registry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fairline.platform.home import Home
    from fairline.platform.ledger.contract import Ledger
    from fairline.platform.objects import Objects
    from fairline.platform.settings import Settings
    from fairline.services.station import Station

FOLDER = "canary"
ID = r"^[0-9a-f]{12}$"
LEFT_BEHIND = timedelta(hours=1)
"""A canary older than this was left by a smoke test that died."""

MOST = 4
"""Canaries at once."""

NEAR = timedelta(days=2)
"""How far a canary's clock may stand from the real one: its game is tonight, its grades are of the morning after."""

WAIT_S = 10.0


@dataclass(frozen=True, slots=True)
class CanaryHome:
    """The home of one canary, at the instant of one step."""

    folder: Path
    settings: Settings
    now: datetime

    @contextmanager
    def opened(self) -> Iterator[Home]:
        """All of it, owned for the block. Raises Busy when another step has it."""
        with open_home("fairline smoke", settings=self.settings, clock=FixedClock(self.now), wait_s=WAIT_S) as home:
            yield home

    @contextmanager
    def workplace(self) -> Iterator[tuple[Ledger, Objects]]:
        """Ledger and objects alone, as a worker has them."""
        ledger, objects = open_workplace(self.settings, FixedClock(self.now))
        try:
            yield ledger, objects
        finally:
            ledger.close_connection()


def made(station: Station, canary_id: str, now: datetime) -> CanaryHome:
    """The canary's home, made if need be; those left behind are removed first.

    Raises Refused when too many are at work, BrokenContract for a clock that stands too far from the real one.
    """
    sweep(station)
    others = [other for other in canaries(station) if other != canary_id]
    if len(others) >= MOST:
        message = f"{len(others)} canaries are at work"
        raise Refused(message, hint="Wait for the other smoke tests to end; what they leave is removed after an hour.")
    _folder(station, canary_id).mkdir(parents=True, exist_ok=True)
    return found(station, canary_id, now)


def found(station: Station, canary_id: str, now: datetime) -> CanaryHome:
    """The canary's home. Raises NotFound when it is not there, BrokenContract as `made`."""
    folder, at = _folder(station, canary_id), utc(now)
    if abs(at - station.clock.now()) > NEAR:
        message = f"The canary's clock stands at {at:%Y-%m-%d %H:%M} UTC, more than two days from now"
        raise BrokenContract(message, hint="Both machines must agree on the time; see that their clocks are right.")
    if not folder.is_dir():
        message = f"There is no canary {canary_id}"
        raise NotFound(message, hint="The scrapers role makes it, from the captures posted to it.")
    # The ledger is a file of the canary's own, wherever the real one is kept.
    return CanaryHome(folder, station.settings.model_copy(update={"home": folder, "ledger": None}), at)


def canaries(station: Station) -> list[str]:
    """The ids of all that are there."""
    folder = station.settings.home / FOLDER
    return sorted(each.name for each in folder.iterdir() if re.match(ID, each.name)) if folder.is_dir() else []


def removed(station: Station, canary_id: str) -> bool:
    """Remove the canary with all it has; False when it was gone. Raises Busy when something of it remains."""
    folder = _folder(station, canary_id)
    if not folder.exists():
        return False
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        message = f"Not all of the canary {canary_id} could be removed"
        raise Busy(message, hint="A step of it is still at work; remove it again in a few seconds.")
    with suppress(OSError):
        # Others are in it.
        folder.parent.rmdir()
    return True


def sweep(station: Station) -> list[str]:
    """Remove the canaries left behind; their ids."""
    # Files bear the machine's time, whatever the station's clock says.
    before = (SystemClock().now() - LEFT_BEHIND).timestamp()
    old = [each for each in canaries(station) if _folder(station, each).stat().st_mtime < before]
    return [each for each in old if removed(station, each)]


def lend_model(station: Station, home: Home, market: str) -> str:
    """Copy the market's model, as it would serve now, to the canary's objects; its hash. Raises as `registry.load`."""
    _, _, model_hash = registry.load(station.objects, market, home.clock.now())
    for key in station.objects.list(f"models/{market}/{model_hash}/"):
        home.objects.put_new(key, station.objects.get(key))
    for key in station.objects.list(f"models/{market}/known-to/"):
        if station.objects.get(key).decode() == model_hash:
            home.objects.put(key, model_hash.encode())
    return model_hash


def _folder(station: Station, canary_id: str) -> Path:
    """Where the canary lives. Raises BrokenContract for an id that is none: it names a folder."""
    if not re.match(ID, canary_id) or not canary_id.isalnum():
        message = f"{canary_id[:40]!r} is no canary's id"
        raise BrokenContract(message, hint="An id is twelve hexadecimal digits.")
    return station.settings.home / FOLDER / canary_id
