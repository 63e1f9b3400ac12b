"""The matrix: every route of every role, and whoever should not get in. Each is told why, and nothing has changed.

tests/failures/test_open_doors.py asks an empty home the same of its statuses; here there is something to lose.
"""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from tests.ops.slates import DAY
from tests.services.besieged import ONE_WORKER, besieged, stock
from tests.services.conftest import Served
from tests.services.league import pushed

from fairline.domain.clock import FixedClock
from fairline.ops.keys import create_key, revoke_key
from fairline.platform.auth import new_key
from fairline.platform.ledger.access import Scope
from fairline.services.guard import OPEN, Door, doors_of

pytestmark = ONE_WORKER

BODIES = {
    "/coordinator/start": {"game_date": DAY.isoformat(), "force": True},
    "/scrapers/scrape": {"scraper": "nba_players"},
    "/raw/quarantine/replay": {},
    "/analytics/process-date-range": {"start_date": DAY.isoformat(), "end_date": DAY.isoformat(), "backfill": True},
    "/precompute/process-date": {"analysis_date": DAY.isoformat()},
    "/grading/grade-date": {"date": DAY.isoformat()},
    "/publishing/export": {"date": DAY.isoformat()},
}
"""What would change something, were it let in."""
GIVEN = {"path": f"predictions/{DAY}.json", "name": "morning", "canary_id": "aaaaaaaaaaaa", "task_id": "1"}


@pytest.fixture(scope="module")
def league(small_league: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = Path(copytree(small_league, tmp_path_factory.mktemp("authorisation") / "home"))
    with besieged(folder) as served:
        served.station.ledger.bury("raw", pushed("capture-landed"), "a test's")
        yield served


def routes(served: Served) -> list[tuple[str, str, Door]]:
    """Method, a path that fits and the door of every route the application has, but the open one."""

    def filled(name: re.Match[str]) -> str:
        return GIVEN.get(name[1].partition(":")[0], "1")

    found = [
        (method, re.sub(r"\{([^}]*)\}", filled, door.route), door)
        for door in doors_of(served.app.routes)
        for method in sorted(door.methods)
        if door.route not in OPEN
    ]
    assert {path.split("/")[1] for _, path, _ in found} >= {"scrapers", "coordinator", "publishing", "lend", "ready"}
    return found


def refused(served: Served, asked: list[tuple[str, str, Door]], status: int, query: str = "", **headers: str) -> None:
    """Every one is answered that status, as a problem with a next step, and the home is as it was."""
    before = stock(served)
    with served.client(**headers) as client:
        for method, path, _ in asked:
            body: Any = BODIES.get(path, pushed("capture-landed")) if method == "POST" else None
            answer = client.request(method, path + query, json=body)
            where = f"{method} {path}{query} {headers}"
            assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), where
            if method != "HEAD":
                told = json.loads(answer.content)
                assert (told["status"], bool(told["detail"]), bool(told["hint"])) == (status, True, True), where
    assert stock(served) == before


def key_of(served: Served, scope: Scope = Scope.ADMIN) -> str:
    return served.keys[scope]


def wrong_checksum(served: Served) -> str:
    key = key_of(served)
    return key[:-1] + ("0" if key[-1] != "0" else "1")


def wrong_secret(served: Served) -> str:
    """A well-formed key under the id of a good one."""
    from zlib import crc32

    prefix, key_id, secret, _ = key_of(served).split("_")
    other = secret[::-1]
    return f"{prefix}_{key_id}_{other}_{crc32(f'{key_id}_{other}'.encode()):08x}"


def of_another_ledger(served: Served) -> str:
    return new_key("another's", Scope.ADMIN, served.station.clock.now())[0]


def revoked(served: Served) -> str:
    made = create_key(served.station.ledger.access, served.station.clock, "former", Scope.ADMIN)
    revoke_key(served.station.ledger.access, made.held.key_id)
    return made.text


def expired(served: Served) -> str:
    made = create_key(served.station.ledger.access, served.station.clock, "visitor", Scope.ADMIN, 1)
    clock = served.station.clock
    assert isinstance(clock, FixedClock)
    clock.advance(timedelta(days=1))
    return made.text


@pytest.mark.parametrize(
    "headers",
    [
        {}, {"X-API-Key": "garbage"}, {"X-API-Key": "fl_"}, {"X-API-Key": "' OR '1'='1"}, {"X-API-Key": "*"},
        {"Authorization": "Bearer anything"}, {"Authorization": "Basic YWRtaW46YWRtaW4="}, {"Cookie": "session=admin"},
        {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-User": "admin", "X-Original-URL": "/health"},
    ],
    ids=str,
)  # fmt: skip
def test_who_shows_no_key_changes_nothing_anywhere(league: Served, headers: dict[str, str]):
    refused(league, routes(league), 401, **headers)


@pytest.mark.parametrize("made", [wrong_checksum, wrong_secret, of_another_ledger, revoked, expired])
def test_who_shows_a_key_that_is_not_good_changes_nothing_anywhere(league: Served, made: Any):
    refused(league, routes(league), 401, **{"X-API-Key": made(league)})


def test_a_good_key_in_the_wrong_place_changes_nothing_anywhere(league: Served):
    key = key_of(league)
    refused(league, routes(league), 401, Authorization=f"Bearer {key}")
    refused(league, routes(league), 401, Cookie=f"X-API-Key={key}")
    refused(league, routes(league), 400, f"?X-API-Key={key}")
    refused(league, routes(league), 400, f"?anything={key}", **{"X-API-Key": key})


@pytest.mark.parametrize("scope", [Scope.READ, Scope.WRITE])
def test_a_scope_that_is_too_small_changes_nothing_anywhere(league: Served, scope: Scope):
    order = list(Scope)
    beyond = [each for each in routes(league) if each[2].scope and order.index(each[2].scope) > order.index(scope)]
    assert beyond
    refused(league, beyond, 403, **{"X-API-Key": key_of(league, scope)})


@pytest.mark.parametrize("path", ["/coordinator/start", "/analytics/process-date-range"])
def test_what_takes_an_admin_within_a_route_is_refused_to_a_writer(league: Served, path: str):
    """`force` and `backfill` are in the body: the guard cannot know of them, the route must."""
    door = next(each for each in routes(league) if each[1] == path)
    refused(league, [door], 403, **{"X-API-Key": key_of(league, Scope.WRITE)})


def test_what_the_matrix_sends_would_change_something_were_it_let_in(league: Served):
    """Or else it could not fail."""
    before = stock(league)
    answer = league.ask("POST", "/grading/grade-date", Scope.ADMIN, json=BODIES["/grading/grade-date"])
    assert answer.status_code == 200
    assert stock(league) != before
