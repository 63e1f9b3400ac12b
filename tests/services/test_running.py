"""Serving: where it listens, how it ends, and how it lends the home to a command in another terminal."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from fastapi import APIRouter
from tests.services.conftest import Serving, at, role
from typer.testing import CliRunner

import fairline as fl
from fairline.cli import app
from fairline.domain.clock import FixedClock
from fairline.domain.errors import Busy, NotFound, Refused
from fairline.ops.catalogue import open_home
from fairline.ops.keys import create_key, revoke_key
from fairline.platform.clock import SystemClock
from fairline.platform.ledger.access import HeldKey, Scope
from fairline.platform.settings import load_settings
from fairline.services.app import application
from fairline.services.lending import OWNER_FILE, OwnerApi, borrow, owner_api, read_owner_api
from fairline.services.running import check_host, listening, serve, url_of
from fairline.services.station import Station

SERVER = """
import sys, threading
from pathlib import Path
from fastapi import APIRouter
from fairline.platform.clock import SystemClock
from fairline.platform.ledger.access import Scope
from fairline.platform.settings import load_settings
from fairline.services.app import application
from fairline.services.contract import Role
from fairline.services.guard import needs
from fairline.services.running import serve
from fairline.services.station import station

router = APIRouter()

@router.post("/slow", dependencies=[needs(Scope.ADMIN)])
def slow() -> str:
    print("entered", flush=True)
    while not place.stopping:
        threading.Event().wait(0.01)
    return "done"

@router.post("/own", dependencies=[needs(Scope.ADMIN)])
def own() -> str:
    with place.turn() as home:
        return str(home.path)

place = station("fairline serve tests", load_settings(home=Path(sys.argv[1])), SystemClock())
place.endings.append(lambda: print("ended", flush=True))
role = Role("tests", 5, "tests", lambda _: router, lambda _: [])
serve(application([role], place), place, port=0)
print("closed", flush=True)
"""


def live(place: Station) -> list[HeldKey]:
    held = place.ledger.access.keys()
    return [key for key in held if key.revoked_at is None]


def only(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.fixture
def process(home: Path) -> Iterator[subprocess.Popen[str]]:
    """A serving process on the small league's home, listening."""
    with subprocess.Popen([sys.executable, "-c", SERVER, str(home)], stdout=subprocess.PIPE, text=True) as running:
        try:
            assert only(running).startswith("Listening on http://127.0.0.1:")
            yield running
        finally:
            running.kill()


@pytest.fixture
def owner(process: subprocess.Popen[str], home: Path) -> OwnerApi:
    found = read_owner_api(home)
    assert found is not None
    assert found.pid == process.pid
    return found


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_an_end_asked_for_lets_requests_finish_and_leaves_nothing_behind(
    process: subprocess.Popen[str], owner: OwnerApi, home: Path, how: signal.Signals
):
    answers: list[httpx2.Response] = []

    def ask() -> None:
        answers.append(httpx2.post(f"{owner.url}/slow", headers={"X-API-Key": owner.key}, timeout=60, trust_env=False))

    asking = threading.Thread(target=ask)
    asking.start()
    assert only(process) == "entered"
    process.send_signal(how)
    assert process.wait(60) == 0
    asking.join()
    assert [(answer.status_code, answer.json()) for answer in answers] == [(200, "done")]
    assert process.stdout is not None
    assert process.stdout.read().split() == ["ended", "closed"]
    assert not (home / OWNER_FILE).exists()
    with closing_station(home) as place:
        assert live(place) == []
        assert [call.path for call in place.ledger.access.audited()] == ["/slow"]


@contextmanager
def closing_station(home: Path) -> Iterator[Station]:
    place = at(home, SystemClock())
    yield place
    place.close()


def test_the_key_of_a_process_is_its_users_alone_and_of_that_process(owner: OwnerApi, home: Path):
    assert stat.S_IMODE((home / OWNER_FILE).stat().st_mode) == 0o600
    with closing_station(home) as place:
        assert [(key.key_id, key.scope) for key in live(place)] == [(owner.key_id, Scope.ADMIN)]


def test_the_key_a_killed_process_left_is_revoked_by_the_next(
    process: subprocess.Popen[str], owner: OwnerApi, home: Path
):
    process.send_signal(signal.SIGKILL)
    process.wait(60)
    with closing_station(home) as place:
        assert [key.key_id for key in live(place)] == [owner.key_id]
        with owner_api(place, "http://127.0.0.1:1") as mine:
            assert [key.key_id for key in live(place)] == [mine.key_id]
        assert live(place) == []


def test_a_command_takes_the_home_from_a_process_that_serves_and_gives_it_back(owner: OwnerApi, home: Path):
    headers = {"X-API-Key": owner.key}
    assert httpx2.post(f"{owner.url}/own", headers=headers, trust_env=False).json() == str(home)
    settings, asked = load_settings(home=home), []
    with pytest.raises(Busy), open_home("tests", settings=settings, wait_s=0):
        pytest.fail("the process has the home")
    with open_home("tests", settings=settings, on_wait=lambda who: asked.append(who and borrow(home, who.pid))) as mine:
        assert mine.warehouse.query("SELECT count(*) FROM raw.prop_quotes").item() == 1
    assert asked == [True]


def test_a_command_line_and_a_notebook_work_beside_a_process_that_serves(
    owner: OwnerApi, home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FAIRLINE_HOME", str(home))

    def typed() -> int:
        return asked(CliRunner().invoke(app, ["query", "SELECT 1 AS n", "--json"]))

    for question in (lambda: fl.query("SELECT 1 AS n").item(), typed):
        with httpx2.Client(base_url=owner.url, headers={"X-API-Key": owner.key}, timeout=60, trust_env=False) as client:
            while client.post("/own").status_code == 503:
                threading.Event().wait(0.2)
        assert question() == 1


def asked(result: object) -> int:
    assert getattr(result, "exit_code", 1) == 0, getattr(result, "output", "")
    assert "Waiting" not in getattr(result, "output", "")
    found: int = json.loads(getattr(result, "stdout", ""))[0]["n"]
    return found


def test_nothing_is_borrowed_from_a_process_that_is_not_the_owner(owner: OwnerApi, home: Path):
    assert borrow(home, owner.pid + 1) is False


@pytest.mark.parametrize("record", ["", "{", "[]", '{"url": "http://127.0.0.1:1"}', None])
def test_a_record_that_tells_nothing_borrows_nothing(tmp_path: Path, record: str | None):
    if record is not None:
        (tmp_path / OWNER_FILE).write_text(record)
    assert borrow(tmp_path, 1) is False


def test_nothing_is_borrowed_where_nobody_listens(tmp_path: Path):
    with closing(listening("127.0.0.1", 0)) as listener:
        url = url_of(listener)
    (tmp_path / OWNER_FILE).write_text(json.dumps({"url": url, "pid": 1, "key_id": "a", "key": "b"}))
    assert borrow(tmp_path, 1) is False


def test_the_home_is_lent_to_an_administrator_and_until_when_is_told(
    served: Serving, clock: FixedClock, place: Station
):
    house = served(role("lender", APIRouter()))
    with place.turn():
        pass
    answer = house.ask("POST", "/lend", Scope.ADMIN)
    assert answer.status_code == 200
    assert answer.json()["until"] > clock.now().isoformat()[:19]
    with pytest.raises(Busy, match="lent"), place.turn():
        pytest.fail("it was lent")
    clock.advance(timedelta(seconds=10))
    with place.turn() as home:
        assert home.path == place.settings.home


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com"])
def test_an_address_others_can_reach_is_refused_while_no_key_is_live(place: Station, clock: FixedClock, host: str):
    with pytest.raises(Refused, match=host) as refused:
        check_host(place, host)
    assert "fairline keys create" in refused.value.hint
    gone = create_key(place.ledger.access, clock, "gone").held
    revoke_key(place.ledger.access, gone.key_id)
    create_key(place.ledger.access, clock, "expired", days=1)
    clock.advance(timedelta(days=2))
    with pytest.raises(Refused):
        check_host(place, host)
    create_key(place.ledger.access, clock, "live")
    check_host(place, host)


def test_a_refused_address_is_never_listened_on_and_leaves_no_key(place: Station):
    app = application([role("quiet", APIRouter())], place)
    with pytest.raises(Refused):
        serve(app, place, "0.0.0.0", 0, told=pytest.fail)
    assert place.ledger.access.keys() == []
    assert place.stopping


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_the_loopback_needs_no_key(place: Station, host: str):
    check_host(place, host)


def test_a_port_that_is_taken_and_an_address_that_is_none_are_told():
    with closing(listening("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(Refused, match=str(port)) as taken:
            listening("127.0.0.1", port)
    assert "--port" in taken.value.hint
    with pytest.raises(NotFound):
        listening("no address", 0)


def test_work_beside_answers_keeps_the_interpreter_for_a_millisecond_while_it_serves_and_not_after(place: Station):
    before, while_serving = sys.getswitchinterval(), []

    def told(_: str) -> None:
        while_serving.append(sys.getswitchinterval())
        raise Refused("enough", hint="This ends serving before anything is served.")

    with pytest.raises(Refused, match="enough"):
        serve(application([role("quiet", APIRouter())], place), place, port=0, told=told)
    assert while_serving == [pytest.approx(0.001)]
    assert sys.getswitchinterval() == before


def test_a_worker_alone_never_hides_the_process_that_has_the_home(place: Station):
    from dataclasses import replace

    plain = role("worker", APIRouter())
    assert application([plain], place).state.needs_home
    assert not application([replace(plain, needs_home=False)], place).state.needs_home


@pytest.mark.parametrize("first", [b"", b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"], ids=["at once", "after a request"])
@pytest.mark.parametrize("begun", [b"", b"GET /health HTTP/1.1\r\nX-Slow: "], ids=["nothing", "half a head"])
def test_a_caller_who_never_ends_his_head_is_hung_up_on(
    served: Serving, monkeypatch: pytest.MonkeyPatch, first: bytes, begun: bytes
):
    monkeypatch.setattr("fairline.services.running.HEAD_S", 0.05)
    house = served(role("patient", APIRouter()))
    heard = b""
    with closing(socket.create_connection(("127.0.0.1", int(house.url.rpartition(":")[2])), timeout=30)) as connection:
        connection.sendall(first)
        while first and b"alive" not in heard:
            heard += connection.recv(1000)
        connection.sendall(begun)
        assert connection.recv(1000) == b""


def test_a_head_without_end_is_refused(served: Serving):
    house = served(role("patient", APIRouter()))
    for size in (40_000, 100_000):
        assert house.ask("GET", "/health", headers={"X-Long": "x" * size}).status_code in {400, 431}


def test_the_record_is_not_left_readable_by_a_umask(place: Station):
    before = os.umask(0)
    try:
        place.settings.home.mkdir(parents=True, exist_ok=True)
        with owner_api(place, "http://127.0.0.1:1"):
            assert stat.S_IMODE((place.settings.home / OWNER_FILE).stat().st_mode) == 0o600
    finally:
        os.umask(before)
