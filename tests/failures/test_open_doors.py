"""Open doors: failure 30, on every route of every service as it is really built.

Which rule each test keeps is in docs/security.md.
"""

import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.services.conftest import Served, serving

from fairline.domain.clock import FixedClock
from fairline.ops.keys import create_key, revoke_key
from fairline.platform.ledger.access import Scope
from fairline.platform.settings import load_settings
from fairline.services.app import application
from fairline.services.guard import OPEN, Door, doors_of
from fairline.services.roles import ROLES
from fairline.services.station import station

NOON = datetime(2025, 11, 28, 17, tzinfo=UTC)


@pytest.fixture(scope="module")
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, clock: FixedClock) -> Iterator[Served]:
    """Every role in one process, on an empty home. No test here may get as far as a route's own work."""
    place = station("tests", load_settings(home=tmp_path_factory.mktemp("doors") / "home"), clock)
    with serving(application(ROLES, place), place) as served:
        yield served
    place.close()


@pytest.fixture(scope="module")
def routes(house: Served) -> list[tuple[str, str, Door]]:
    """Method, a path that fits, and the door, of every route but the open one."""
    found = [
        (method, re.sub(r"\{[^}]*\}", "1", door.route), door)
        for door in doors_of(house.app.routes)
        for method in sorted(door.methods)
        if door.route not in OPEN
    ]
    assert len(found) > 20
    return found


def statuses(house: Served, routes: list[tuple[str, str, Door]], headers: dict[str, str], query: str = "") -> set[int]:
    with house.client(**headers) as client:
        return {client.request(method, path + query).status_code for method, path, _ in routes}


def test_health_alone_is_open(house: Served):
    assert [door.route for door in doors_of(house.app.routes) if door.scope is None] == ["/health"]
    assert house.ask("GET", "/health").status_code == 200


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer anything"}, {"X-API-Key": "anything"}, {"X-API-Key": ""}], ids=str
)
def test_no_route_of_any_service_answers_a_stranger(
    house: Served, routes: list[tuple[str, str, Door]], headers: dict[str, str]
):
    assert statuses(house, routes, headers) == {401}


def test_a_good_key_sent_as_bearer_or_in_the_query_opens_nothing(house: Served, routes: list[tuple[str, str, Door]]):
    key = house.keys[Scope.ADMIN]
    assert statuses(house, routes, {"Authorization": f"Bearer {key}"}) == {401}
    assert statuses(house, routes, {}, f"?api_key={key}") == {400}
    assert statuses(house, routes, {"X-API-Key": key}, f"?x={key}") == {400}


def test_a_revoked_and_an_expired_key_open_nothing(
    house: Served, routes: list[tuple[str, str, Door]], clock: FixedClock
):
    access = house.station.ledger.access
    revoked, expired = (create_key(access, clock, "former", "admin", days) for days in (None, 1))
    revoke_key(access, revoked.held.key_id)
    clock.advance(timedelta(days=1))
    for key in (revoked, expired):
        assert statuses(house, routes, {"X-API-Key": key.text}) == {401}


@pytest.mark.parametrize("scope", [Scope.READ, Scope.WRITE])
def test_a_key_opens_no_route_beyond_its_scope(house: Served, routes: list[tuple[str, str, Door]], scope: Scope):
    order = list(Scope)
    beyond = [each for each in routes if each[2].scope and order.index(each[2].scope) > order.index(scope)]
    assert beyond
    assert statuses(house, beyond, {"X-API-Key": house.keys[scope]}) == {403}


def test_no_route_that_changes_something_is_content_with_reading(routes: list[tuple[str, str, Door]]):
    careless = [path for method, path, door in routes if method not in {"GET", "HEAD"} and door.scope == Scope.READ]
    assert careless == []


def test_every_route_says_in_its_openapi_that_it_needs_the_key(house: Served):
    described = house.ask("GET", "/openapi.json", Scope.READ).json()
    open_ones = [
        path
        for path, each in described["paths"].items()
        for operation in each.values()
        if not operation.get("security")
    ]
    assert open_ones == ["/health"]


def test_what_is_refused_is_in_the_audit(house: Served):
    house.ask("POST", "/coordinator/start")
    latest = house.audited()[0]
    assert (latest.caller, latest.method, latest.path, latest.status) == ("", "POST", "/coordinator/start", 401)


def test_no_key_reaches_log_or_audit(house: Served, caplog: pytest.LogCaptureFixture):
    key = house.keys[Scope.ADMIN]
    with caplog.at_level(logging.DEBUG):
        house.ask("GET", f"/{key}", Scope.ADMIN)
        house.ask("GET", f"/version?api_key={key}", Scope.ADMIN)
        house.ask("GET", f"/version?x={key}")
        house.ask("GET", "/version", headers={"X-API-Key": key, "X-Correlation-Id": key})
        kept = repr(house.audited())
    ours = "\n".join(
        record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))
    )
    secret = key.split("_")[2]
    assert secret not in kept
    assert secret not in ours


def test_no_key_is_held_in_the_home_but_as_its_hash(house: Served):
    files = [file for file in Path(house.station.settings.home).rglob("*") if file.is_file()]
    assert files
    for key in house.keys.values():
        assert [file for file in files if key.split("_")[2].encode() in file.read_bytes()] == []
