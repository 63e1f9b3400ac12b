"""The guard: who is let in, what he may, how often, with how much, and what is kept of it."""

import json
import re
import socket
import threading
from contextlib import closing
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

import pytest
from fastapi import APIRouter
from pydantic import BaseModel
from tests.services.conftest import NOON, Served, Serving, role

from fairline.domain.clock import FixedClock
from fairline.domain.errors import BrokenContract, Refused
from fairline.ops.keys import create_key
from fairline.platform.auth import new_key
from fairline.platform.ledger.access import HeldKey, Scope
from fairline.services.app import application
from fairline.services.guard import needs
from fairline.services.limits import Bucket, Limits, Pace, TooOften
from fairline.services.station import Station


class Said(BaseModel):
    word: str


class Doors:
    """A router with one route of each scope, which remembers what came through."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.entered = threading.Semaphore(0)
        self.gate = threading.Event()
        self.router = APIRouter()
        router = self.router

        @router.get("/read/{name}", dependencies=[needs(Scope.READ)])
        def read(name: str, caller: Annotated[HeldKey, needs(Scope.READ)]) -> dict[str, str]:
            return {"name": name, "caller": caller.name}

        @router.post("/write", dependencies=[needs(Scope.WRITE)])
        def write(said: Said) -> Said:
            self.heard.append(said.word)
            return said

        @router.post("/rule", dependencies=[needs(Scope.ADMIN)])
        def rule() -> dict[str, str]:
            return {}

        @router.post("/wait", dependencies=[needs(Scope.WRITE)])
        def wait() -> dict[str, str]:
            self.entered.release()
            assert self.gate.wait(30)
            return {}

        @router.get("/broken", dependencies=[needs(Scope.READ)])
        def broken() -> dict[str, str]:
            message = "the password is swordfish"
            raise RuntimeError(message)


@pytest.fixture
def doors() -> Doors:
    return Doors()


@pytest.fixture
def house(doors: Doors, served: Serving) -> Served:
    return served(role("doors", doors.router))


def problem(answer: Any, status: int) -> dict[str, Any]:
    """The problem answered; every error is one, whoever found it."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    told = json.loads(answer.content)
    assert told["status"] == status
    assert {"type", "title", "detail", "hint"} <= told.keys()
    assert answer.headers["x-correlation-id"] == told["correlation_id"]
    return told


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/read/x"), ("POST", "/write"), ("POST", "/rule"), ("GET", "/ready"), ("GET", "/version"),
     ("POST", "/lend"), ("GET", "/metrics"), ("GET", "/docs"), ("GET", "/openapi.json"), ("GET", "/no/such/path"),
     ("DELETE", "/write"), ("HEAD", "/read/x"), ("OPTIONS", "/write"), ("POST", "/health")],
)  # fmt: skip
def test_no_path_answers_a_caller_without_a_key(house: Served, method: str, path: str):
    answer = house.ask(method, path)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "ApiKey"


def test_health_answers_anyone_and_says_no_more_than_that_it_lives(house: Served):
    answer = house.ask("GET", "/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


@pytest.mark.parametrize(
    "headers",
    [{"Authorization": "Bearer anything"}, {"Authorization": "Basic YTpi"}, {"X-API-Key": ""}, {"X-API-Key": "fl_x"},
     {"Cookie": "X-API-Key=anything"}, {"X-API-Key": "ключ".encode().decode("latin-1")}],
)  # fmt: skip
def test_what_is_no_key_lets_nobody_in(house: Served, headers: dict[str, str]):
    with house.client() as client:
        raw = {name: value.encode("latin-1") for name, value in headers.items()}
        problem(client.get("/read/x", headers=raw), 401)


def test_a_key_in_the_authorization_header_lets_nobody_in(house: Served):
    with house.client(Authorization=f"Bearer {house.keys[Scope.ADMIN]}") as client:
        problem(client.get("/read/x"), 401)


def test_two_keys_at_once_let_nobody_in(house: Served):
    both = [("X-API-Key", house.keys[Scope.ADMIN]), ("X-API-Key", house.keys[Scope.READ])]
    with house.client() as client:
        problem(client.get("/read/x", headers=both), 401)


@pytest.mark.parametrize(
    "query", ["key=x", "api_key=x", "apikey=x", "API-KEY=x", "token=x", "access_token=x", "x-api-key=x", "a=fl_secret",
              "k%65y=x", "a=%66l_secret", "a=1&Key="],
)  # fmt: skip
def test_a_key_in_the_query_string_is_refused_even_beside_a_good_one(house: Served, query: str):
    told = problem(house.ask("GET", f"/read/x?{query}", Scope.ADMIN), 400)
    assert "query string" in told["detail"]


def test_a_query_without_a_key_in_it_is_let_in(house: Served):
    assert house.ask("GET", "/read/x?date=2025-11-28&flag=flow", Scope.READ).status_code == 200


@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize(("method", "path", "needed"), [
    ("GET", "/read/x", Scope.READ), ("POST", "/write", Scope.WRITE), ("POST", "/rule", Scope.ADMIN),
])  # fmt: skip
def test_a_key_opens_what_its_scope_includes_and_nothing_else(
    house: Served, scope: Scope, method: str, path: str, needed: Scope
):
    may = list(Scope).index(scope) >= list(Scope).index(needed)
    body = {"json": {"word": "hello"}} if method == "POST" else {}
    answer = house.ask(method, path, scope, **body)
    assert answer.status_code == (200 if may else 403)
    if not may:
        assert f"needs {needed}" in problem(answer, 403)["detail"]


def test_what_a_caller_may_not_do_is_refused_before_his_body_is_read(house: Served):
    problem(house.ask("POST", "/write", Scope.READ, content=b"{", headers={"Content-Type": "application/json"}), 403)


def test_a_revoked_key_is_refused_once_it_is_forgotten(place: Station, house: Served):
    key_id = house.keys[Scope.READ].split("_")[1]
    place.ledger.access.revoke_key(key_id)
    assert "revoked" in problem(house.ask("GET", "/read/x", Scope.READ), 401)["detail"]


def test_an_expired_key_is_refused_though_it_was_good_a_moment_ago(place: Station, house: Served, clock: FixedClock):
    key = create_key(place.ledger.access, clock, "visitor", days=1).text
    with house.client(**{"X-API-Key": key}) as client:
        assert client.get("/read/x").status_code == 200
        clock.advance(timedelta(days=1))
        assert "expired" in problem(client.get("/read/x"), 401)["detail"]


def test_an_unknown_path_and_a_wrong_method_are_problems_too(house: Served):
    problem(house.ask("GET", "/no/such/path", Scope.READ), 404)
    assert problem(house.ask("DELETE", "/write", Scope.ADMIN), 405)
    assert house.ask("DELETE", "/write", Scope.ADMIN).headers["allow"] == "POST"
    problem(house.ask("GET", "/read/x/", Scope.READ), 404)


def test_a_body_that_breaks_its_contract_is_told_where_and_never_echoed(house: Served):
    told = problem(house.ask("POST", "/write", Scope.WRITE, json={"word": ["swordfish"]}), 422)
    assert told["errors"][0]["where"] == "body.word"
    assert "swordfish" not in json.dumps(told)


def test_an_error_nobody_foresaw_tells_nothing_of_itself(house: Served):
    answer = house.ask("GET", "/broken", Scope.READ)
    assert "swordfish" not in json.dumps(problem(answer, 500))


def test_a_body_that_is_too_large_is_refused_whether_or_not_it_says_so(doors: Doors, served: Serving):
    house = served(role("doors", doors.router), limits=Limits(body_bytes=1000))
    large = b'{"word": "' + b"x" * 5_000_000 + b'"}'
    problem(house.ask("POST", "/write", Scope.WRITE, content=large), 413)
    pieces = (large[place : place + 60_000] for place in range(0, len(large), 60_000))
    problem(house.ask("POST", "/write", Scope.WRITE, content=pieces), 413)
    assert doors.heard == []


def test_a_body_that_does_not_arrive_in_time_is_refused(doors: Doors, served: Serving):
    house = served(role("doors", doors.router), limits=Limits(body_s=0.05))
    head = f"POST /write HTTP/1.1\r\nHost: x\r\nX-API-Key: {house.keys[Scope.WRITE]}\r\nContent-Length: 20\r\n\r\n"
    answer = talked(house, head.encode() + b'{"wo')
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert doors.heard == []


def test_a_stranger_with_a_body_hears_why_he_is_refused_though_it_never_comes(house: Served):
    head = b"POST /write HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"
    answer = talked(house, head, until=b"correlation_id")
    assert answer.startswith(b"HTTP/1.1 401 ")


def talked(house: Served, said: bytes, until: bytes | None = None) -> bytes:
    """What is answered to bytes sent as they are; all until the connection is closed, or until some bytes came."""
    place = urlsplit(house.url)
    heard = b""
    with closing(socket.create_connection((place.hostname, place.port), timeout=30)) as connection:
        connection.sendall(said)
        while piece := connection.recv(65536):
            heard += piece
            if until and until in heard:
                break
    return heard


def test_a_key_that_asks_too_often_is_told_when_to_come_again(doors: Doors, served: Serving):
    house = served(role("doors", doors.router), limits=Limits(writes_per_second=0.001, write_burst=2))
    with house.client(Scope.WRITE) as client:
        answers = [client.post("/write", json={"word": str(each)}) for each in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert 1 <= int(answers[2].headers["retry-after"]) <= 1000
        assert client.get("/read/x").status_code == 200
    assert house.ask("POST", "/write", Scope.ADMIN, json={"word": "another's"}).status_code == 200
    assert doors.heard == ["0", "1", "another's"]


def test_a_bucket_never_holds_more_than_its_burst():
    bucket = Bucket(rate=10, burst=3, tokens=3, at=0.0)
    assert [bucket.wait(1000.0) for _ in range(4)] == [0, 0, 0, 0.1]


def test_reads_and_writes_of_a_key_are_counted_apart():
    now = [0.0]
    pace = Pace(Limits(reads_per_second=1, read_burst=1, writes_per_second=1, write_burst=1), lambda: now[0])
    pace.check("a", writes=False)
    pace.check("a", writes=True)
    with pytest.raises(TooOften) as refused:
        pace.check("a", writes=True)
    assert refused.value.wait_s == 1
    now[0] = 1.0
    pace.check("a", writes=True)


def test_more_requests_than_are_borne_at_once_are_refused_and_the_others_end_well(doors: Doors, served: Serving):
    house = served(role("doors", doors.router), limits=Limits(in_flight=2))
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda: statuses.append(house.ask("POST", "/wait", Scope.WRITE).status_code))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
        assert doors.entered.acquire(timeout=30)
    answer = house.ask("GET", "/read/x", Scope.READ)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert house.ask("GET", "/health").status_code == 200
    doors.gate.set()
    for thread in threads:
        thread.join()
    assert statuses == [200, 200]
    assert house.ask("GET", "/read/x", Scope.READ).status_code == 200


def test_writes_and_refusals_are_audited_and_reads_are_not(house: Served):
    house.ask("GET", "/read/x", Scope.READ)
    house.ask("POST", "/write", Scope.WRITE, json={"word": "hello"}, headers={"X-Correlation-Id": "morning-1"})
    house.ask("POST", "/rule", Scope.WRITE)
    house.ask("GET", "/read/x?key=x", Scope.READ)
    house.ask("GET", f"/read/{house.keys[Scope.ADMIN]}")
    kept = house.audited()[::-1]
    assert [(call.caller, call.method, call.path, call.status) for call in kept] == [
        ("tests write", "POST", "/write", 200), ("tests write", "POST", "/rule", 403), ("", "GET", "/read/x", 400),
        ("", "GET", "/read/fl_…", 401),
    ]  # fmt: skip
    assert kept[0].correlation_id == "morning-1"
    assert re.fullmatch("[0-9a-f]{32}", kept[1].correlation_id)


def test_when_a_key_was_last_used_is_noted(place: Station, house: Served, clock: FixedClock):
    house.ask("GET", "/read/x", Scope.READ)
    house.audited()
    held = place.ledger.access.keys()
    used = {key.scope: key.last_used_at for key in held}
    assert used == {Scope.READ: clock.now(), Scope.WRITE: None, Scope.ADMIN: None}


def test_the_audit_outlives_the_server(doors: Doors, place: Station):
    from tests.services.conftest import serving

    with serving(application([role("doors", doors.router)], place), place) as house:
        house.ask("POST", "/rule", Scope.ADMIN)
    assert [call.path for call in place.ledger.access.audited()] == ["/rule"]


def test_a_correlation_id_that_could_forge_a_log_line_is_replaced(house: Served):
    for forged in ("a b", "x" * 65, "<script>", "-"):
        assert house.ask("GET", "/health", headers={"X-Correlation-Id": forged}).headers["x-correlation-id"] != forged
    assert house.ask("GET", "/health", headers={"X-Correlation-Id": "a-1"}).headers["x-correlation-id"] == "a-1"


def test_an_application_with_a_route_that_says_nothing_is_not_built(place: Station):
    router = APIRouter()

    @router.get("/open-door")
    def open_door() -> None: ...

    with pytest.raises(Refused, match="/open-door does not say"):
        application([role("careless", router)], place)


def test_an_application_with_a_mounted_or_bare_route_is_not_built(place: Station):
    from starlette.responses import Response

    router = APIRouter()
    router.add_route("/bare", lambda request: Response(str(request.url)))
    with pytest.raises(Refused, match="/bare"):
        application([role("careless", router)], place)


def test_a_route_outside_the_guard_lets_nobody_in(doors: Doors):
    from fastapi import FastAPI
    from starlette.testclient import TestClient

    from fairline.services.problems import answer_problems

    app = FastAPI()
    app.include_router(doors.router)
    answer_problems(app)
    assert TestClient(app).get("/read/x", headers={"X-API-Key": "anything"}).status_code == 401

    async def careless(asked: Any, receive: Any, send: Any) -> None:
        asked.setdefault("state", {})["caller"] = new_key("reader", Scope.READ, NOON)[1]
        await app(asked, receive, send)

    assert TestClient(careless).get("/read/x").status_code == 200
    assert TestClient(careless).post("/rule").status_code == 403


def test_a_key_without_a_holder_or_of_no_scope_is_not_made(place: Station, clock: FixedClock):
    for name, scope in (("", "read"), ("a\nb", "read"), ("me", "root")):
        with pytest.raises(BrokenContract):
            create_key(place.ledger.access, clock, name, scope)
