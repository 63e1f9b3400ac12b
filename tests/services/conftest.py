"""What the tests of services share: a station on a home of its own, an application on a real port, a key per scope."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import APIRouter, FastAPI

from fairline.domain.clock import Clock, FixedClock
from fairline.ops.keys import create_key
from fairline.platform.ledger.access import Audited, Scope
from fairline.platform.settings import load_settings
from fairline.services.app import application
from fairline.services.contract import Check, Role
from fairline.services.limits import Limits
from fairline.services.running import Server, listening, server_of, url_of
from fairline.services.station import Station, station

NOON = datetime(2025, 11, 28, 17, tzinfo=UTC)


@dataclass
class Served:
    """An application that listens, and a key of each scope."""

    url: str
    app: FastAPI
    station: Station
    server: Server
    keys: dict[Scope, str] = field(default_factory=dict)

    def client(self, scope: Scope | None = None, **headers: str) -> httpx2.Client:
        """A client with the key of a scope, or none. Close it, or use it as a block."""
        own = {"X-API-Key": self.keys[scope]} if scope else {}
        return httpx2.Client(base_url=self.url, headers=own | headers, timeout=30, trust_env=False)

    def ask(self, method: str, path: str, scope: Scope | None = None, **sent: Any) -> httpx2.Response:
        """One request on a connection of its own."""
        with self.client(scope) as client:
            return client.request(method, path, **sent)

    def audited(self) -> list[Audited]:
        """The audit as it will be kept, the latest first."""
        self.app.state.audit.flush()
        return self.station.ledger.access.audited()


Serving = Callable[..., Served]


@contextmanager
def serving(app: FastAPI, place: Station) -> Iterator[Served]:
    """Serve an application on a free port of the loopback, from a thread."""
    with closing(listening("127.0.0.1", 0)) as listener:
        server = server_of(app, place)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        keys = {scope: create_key(place.ledger.access, place.clock, f"tests {scope}", scope).text for scope in Scope}
        try:
            yield Served(url_of(listener), app, place, server, keys)
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def place(tmp_path: Path, clock: FixedClock) -> Iterator[Station]:
    """A station on an empty home, at noon of a game day."""
    held = station("tests", load_settings(home=tmp_path / "home"), clock)
    yield held
    held.close()


def at(folder: Path, clock: Clock) -> Station:
    """A station on a home that is there."""
    return station("tests", load_settings(home=folder), clock)


@pytest.fixture
def served(place: Station) -> Iterator[Serving]:
    """Serve roles on the station: `served(role, limits=Limits(...))`."""
    with ExitStack() as opened:

        def serve(*roles: Role, limits: Limits | None = None) -> Served:
            return opened.enter_context(serving(application(roles, place, limits=limits), place))

        yield serve


def role(name: str, router: APIRouter, ready: Callable[[Station], list[Check]] = lambda _: []) -> Role:
    """A role of a router made beforehand."""
    return Role(name, 5, f"{name}, for tests", lambda _: router, ready)
