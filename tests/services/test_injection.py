"""Injection: attacks through every string and number any operation takes, as its OpenAPI lists them.

Each is a 4xx or an ordinary answer. Afterwards no table is gone or shorter, nothing lies beside the home, and nothing
from beside it was told.
"""

import json
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from shutil import copytree
from urllib.parse import quote

import httpx2
import pytest
from tests.services.attacks import BODIES, NUMBERS, PATHS, STRINGS, Contract, Place, planted
from tests.services.besieged import ONE_WORKER, besieged
from tests.services.conftest import Served
from tests.services.league import pushed

from fairline.ops.catalogue import tables
from fairline.platform.ledger.access import Scope

pytestmark = ONE_WORKER

BESIDE = "the-owner-keeps-this-beside-the-home"


@pytest.fixture(scope="module")
def league(small_league: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("injection")
    (folder / "secret.json").write_text(json.dumps({"secret": BESIDE}))
    with besieged(Path(copytree(small_league, folder / "home"))) as served:
        yield served


class Attacker:
    """Sends requests with an administrator's key, each of them sound but in one place."""

    def __init__(self, served: Served, client: httpx2.Client) -> None:
        self.contract = Contract(served.app.openapi())
        self._client = client

    def attack(self, place: Place, attack: str, raw: str | None = None) -> httpx2.Response:
        """Put the attack in its place; `raw`: JSON that is sent for it as it is."""
        operation, role = self.contract.operations[place.method, place.path], place.path.split("/")[1]
        path, query = place.path, {}
        for each in operation.get("parameters", ()):
            mine = each["in"] == place.where and each["name"] == place.trail[0]
            value = attack if mine else str(self.contract.sound(each["schema"], each["name"], role))
            if each["in"] == "path":
                path = path.replace(f"{{{each['name']}}}", quote(value.encode(errors="surrogatepass"), safe=""))
            elif mine or each.get("required"):
                query[each["name"]] = quote(value.encode(errors="surrogatepass"), safe="")
        content, headers = None, {}
        if forms := self.contract.bodies(operation):
            form = int(place.where.split()[1]) if place.where.startswith("body") else 0
            body = self.contract.sound(forms[form], "", role)
            if place.where.startswith("body"):
                body = planted(body, place.trail, "ATTACK" if raw is not None else attack)
            content = json.dumps(body)
            content = content.replace('"ATTACK"', raw) if raw is not None else content
            headers = {"Content-Type": "application/json"}
        url = path + ("?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else "")
        return self._client.request(place.method, url, content=content, headers=headers)


@pytest.fixture(scope="module")
def attacker(league: Served) -> Iterator[Attacker]:
    with league.client(Scope.ADMIN) as client:
        yield Attacker(league, client)


@pytest.fixture
def unharmed(league: Served) -> Iterator[None]:
    """Afterwards the tables hold what they held, and nothing lies beside the home or in the working folder."""
    before, around, here = rows(league), beside(league), set(Path.cwd().iterdir())
    yield
    after = rows(league)
    assert {name: count for name, count in before.items() if after[name] < count} == {}
    assert beside(league) == around
    assert {
        path.name for path in set(Path.cwd().iterdir()) - here if "pwned" in path.name or "stolen" in path.name
    } == set()


def rows(served: Served) -> dict[str, int]:
    with served.station.turn() as home:
        names = [table.full_name for table in tables()]
        return {name: int(home.warehouse.query(f"SELECT count(*) FROM {name}").item()) for name in names}


def beside(served: Served) -> dict[str, str]:
    folder = served.station.settings.home.parent
    return {path.name: path.read_text() if path.is_file() else "" for path in folder.iterdir()}


def borne(answer: httpx2.Response, where: object) -> None:
    """An answer as any other: no error of ours, nothing of the neighbours', no header the attacker wrote."""
    assert answer.status_code < 500, (where, answer.status_code, answer.text[:300])
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json", where
    assert BESIDE not in answer.text, where
    assert "root:x:0" not in answer.text, where
    assert not {"set-cookie", "x-admin"} & set(answer.headers), where


@pytest.mark.usefixtures("unharmed")
def test_no_string_any_operation_takes_is_more_than_a_string(attacker: Attacker):
    places = [place for operation in attacker.contract.operations for place in attacker.contract.places(*operation)]
    strings = [place for place in places if place.kind == "string"]
    assert {place.where.split()[0] for place in strings} == {"path", "query", "body"}
    assert len(strings) > 60
    for place in strings:
        for name, attack in STRINGS.items():
            if place.where in {"path", "query"} and len(attack) > 10_000:
                continue  # Longer than a head may be.
            borne(attacker.attack(place, attack), (place, name))


@pytest.mark.usefixtures("unharmed")
def test_no_number_any_operation_takes_is_more_than_a_number(attacker: Attacker):
    places = [place for operation in attacker.contract.operations for place in attacker.contract.places(*operation)]
    numbers = [place for place in places if place.kind in {"integer", "number"}]
    assert numbers
    for place in numbers:
        for number in NUMBERS:
            borne(attacker.attack(place, "", raw=number), (place, number[:20]))


@pytest.mark.usefixtures("unharmed")
@pytest.mark.parametrize(
    "kind", ["application/json", "application/xml", "text/plain", "multipart/form-data; boundary=x", ""]
)
def test_no_body_that_is_none_is_more_than_a_bad_request(league: Served, attacker: Attacker, kind: str):
    posts = [
        path
        for method, path in attacker.contract.operations
        if method == "POST" and "{" not in path and path != "/lend"
    ]
    with league.client(Scope.ADMIN) as client:
        for path in posts:
            if not attacker.contract.bodies(attacker.contract.operations["POST", path]):
                continue
            for name, body in BODIES.items():
                answer = client.post(path, content=body, headers={"Content-Type": kind} if kind else {})
                borne(answer, (path, name))
                assert answer.status_code in {200, 400, 413, 422}, (path, name, answer.status_code)


@pytest.mark.usefixtures("unharmed")
@pytest.mark.parametrize("path", PATHS)
def test_the_route_of_documents_cannot_leave_what_is_published(league: Served, path: str):
    """Sent as it is written: a client would have resolved the dots."""
    served_at, heard = httpx2.URL(league.url), b""
    head = f"GET /publishing/v1/{path} HTTP/1.1\r\nHost: x\r\nX-API-Key: {league.keys[Scope.READ]}\r\n"
    head += "Connection: close\r\n\r\n"
    with closing(socket.create_connection((served_at.host, served_at.port or 80), timeout=30)) as connection:
        connection.sendall(head.encode())
        while piece := connection.recv(65536):
            heard += piece
    assert heard.split(b" ", 2)[1] in {b"404", b"422", b"400"}, heard[:200]
    assert BESIDE.encode() not in heard


def test_a_message_that_lies_changes_no_more_than_the_bell_it_is(league: Served):
    """Its table, counts and ids are nobody's word for anything: steps look at the tables and the ledger."""
    lies = pushed("capture-landed", message_id="a/../../x", table="raw.players", counts={"written": 10**9})
    before = rows(league)
    answer = league.ask("POST", "/raw/process", Scope.WRITE, json=lies)
    assert answer.status_code == 200
    assert rows(league) == before
