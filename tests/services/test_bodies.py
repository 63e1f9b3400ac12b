"""Bodies and heads that are too large, lie, trickle or never end: each is refused, and the others are served meanwhile.

Raw sockets, since no client would send these. What one such request is answered is in test_guard.py and
test_running.py.
"""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi import APIRouter
from pydantic import BaseModel
from tests.services.conftest import Served, Serving, role

from fairline.platform.ledger.access import Scope
from fairline.services.guard import needs
from fairline.services.limits import Limits

MOST = Limits().body_bytes
MEBIBYTE = 2**20


class Said(BaseModel):
    word: str


class Ear:
    """A route that takes a body, and what it has heard."""

    def __init__(self) -> None:
        self.heard: list[int] = []
        self.router = APIRouter()

        @self.router.post("/say", dependencies=[needs(Scope.WRITE)])
        def say(said: Said) -> dict[str, int]:
            self.heard.append(len(said.word))
            return {"length": len(said.word)}


@pytest.fixture
def ear() -> Ear:
    return Ear()


def head(house: Served, *lines: str, key: bool = True) -> bytes:
    """The head of a request to the route, with these lines more."""
    own = [f"X-API-Key: {house.keys[Scope.WRITE]}"] if key else []
    return "\r\n".join(
        ["POST /say HTTP/1.1", "Host: x", "Content-Type: application/json", *own, *lines, "", ""]
    ).encode()


def connected(house: Served) -> socket.socket:
    place = urlsplit(house.url)
    return socket.create_connection((place.hostname, place.port), timeout=30)


def said_back(connection: socket.socket) -> bytes:
    """All that is answered until the connection is closed, by whichever side was the ruder."""
    heard = b""
    try:
        while piece := connection.recv(65536):
            heard += piece
    except ConnectionResetError:
        pass
    return heard


def talked(house: Served, *pieces: bytes) -> bytes:
    """What is answered to bytes sent as they are; who is not listened to stops sending."""
    with closing(connected(house)) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return said_back(connection)


def statuses(heard: bytes) -> list[int]:
    """The status of each answer in it."""
    return [int(each[:3]) for each in heard.split(b"HTTP/1.1 ")[1:]]


def resident() -> int:
    """Bytes this process holds in memory; the server is one of its threads."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


def endless(piece: bytes, most: int) -> Iterator[bytes]:
    """Chunks without an end, `most` bytes at the most."""
    chunk = f"{len(piece):x}\r\n".encode() + piece + b"\r\n"
    for _ in range(most // len(piece)):
        yield chunk


def test_a_body_as_large_as_is_borne_is_taken_and_one_byte_more_is_not(ear: Ear, served: Serving):
    house = served(role("ear", ear.router))
    word = b"x" * (MOST - len(b'{"word":""}'))
    body = b'{"word":"' + word + b'"}'
    sent = {"headers": {"Content-Type": "application/json"}}
    assert house.ask("POST", "/say", Scope.WRITE, content=body, **sent).status_code == 200
    assert house.ask("POST", "/say", Scope.WRITE, content=body + b" ", **sent).status_code == 413
    assert ear.heard == [len(word)]


@pytest.mark.parametrize("length", [str(MOST + 1), "9" * 18])
def test_a_length_beyond_what_is_borne_is_refused_before_a_byte_of_it_comes(ear: Ear, served: Serving, length: str):
    house = served(role("ear", ear.router))
    assert statuses(talked(house, head(house, f"Content-Length: {length}", "Connection: close"))) == [413]
    assert ear.heard == []


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Length: -1",), ("Content-Length: 1e3",), ("Content-Length: " + "9" * 400,), ("Content-Length: ٣",),
        ("Content-Length: 5", "Content-Length: 50"), ("Transfer-Encoding: chunked, gzip",),
        ("Transfer-Encoding: identity, chunked",), ("Transfer-Encoding: xchunked",),
    ],
    ids=str,
)  # fmt: skip
def test_a_length_that_makes_no_sense_is_a_bad_request(ear: Ear, served: Serving, lines: tuple[str, ...]):
    house = served(role("ear", ear.router))
    [status] = statuses(talked(house, head(house, *lines), b'{"word":"hello"}'))
    assert status in {400, 501}
    assert ear.heard == []


@pytest.mark.parametrize(
    "lines", [("Content-Length: 16",), ("Transfer-Encoding: chunked", "Content-Length: 16")], ids=["length", "both"]
)
def test_no_second_request_is_smuggled_within_a_body(ear: Ear, served: Serving, lines: tuple[str, ...]):
    """What comes after a body is another caller's, who shows a key of his own, or it is a bad request."""
    house = served(role("ear", ear.router))
    body = b"0\r\n\r\n" if len(lines) > 1 else b'{"word":"hello"}'
    smuggled = b'POST /say HTTP/1.1\r\nHost: x\r\nContent-Length: 19\r\nConnection: close\r\n\r\n{"word":"smuggled!"}'
    told = statuses(talked(house, head(house, *lines), body, smuggled))
    assert told[1:] in ([], [401], [400])
    assert len("smuggled!") not in ear.heard


def test_a_body_without_end_is_cut_off_and_costs_little_memory(
    ear: Ear, served: Serving, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("fairline.services.running.LINGER_S", 0.1)
    house = served(role("ear", ear.router))
    piece = b"x" * 65536
    assert 413 in statuses(talked(house, head(house, "Transfer-Encoding: chunked"), *endless(piece, 2 * MOST)))
    before = resident()
    for _ in range(8):
        talked(house, head(house, "Transfer-Encoding: chunked"), *endless(piece, 16 * MEBIBYTE))
    assert resident() - before < 50 * MEBIBYTE
    assert ear.heard == []
    assert house.ask("GET", "/health").status_code == 200


def test_what_strangers_send_is_thrown_away_and_not_kept(ear: Ear, served: Serving, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("fairline.services.running.LINGER_S", 0.1)
    house = served(role("ear", ear.router))
    before = resident()
    for _ in range(8):
        said = talked(
            house, head(house, "Transfer-Encoding: chunked", key=False), *endless(b"x" * 65536, 16 * MEBIBYTE)
        )
        assert statuses(said) in ([401], [])
    assert resident() - before < 50 * MEBIBYTE
    assert house.ask("GET", "/health").status_code == 200


def test_ten_thousand_headers_are_refused(ear: Ear, served: Serving):
    house = served(role("ear", ear.router))
    many = [f"X-{number}: {number}" for number in range(10_000)]
    assert statuses(talked(house, head(house, *many))) in ([400], [431])
    assert ear.heard == []


def test_bodies_that_trickle_hold_nobody_up_and_end(ear: Ear, served: Serving):
    """Fewer than are borne at once wait for their bodies; who sends his is served."""
    house = served(role("ear", ear.router), limits=Limits(body_s=0.4))
    with ExitStack() as open_ones:
        slow = [open_ones.enter_context(closing(connected(house))) for _ in range(40)]
        for connection in slow:
            connection.sendall(head(house, "Content-Length: 1000") + b'{"wo')
        for turn in range(10):
            for connection in slow[turn::10]:
                connection.sendall(b"r")
            assert house.ask("POST", "/say", Scope.ADMIN, json={"word": "hello"}).status_code == 200
        assert {tuple(statuses(said_back(connection))) for connection in slow} == {(408,)}
    assert ear.heard == [5] * 10


def test_more_trickling_bodies_than_are_borne_leave_health_and_the_rest_for_later(ear: Ear, served: Serving):
    house = served(role("ear", ear.router), limits=Limits(body_s=0.4, in_flight=4))
    with ExitStack() as open_ones:
        slow = [open_ones.enter_context(closing(connected(house))) for _ in range(4)]
        for connection in slow:
            connection.sendall(head(house, "Content-Length: 1000") + b'{"wo')
        assert house.ask("GET", "/health").status_code == 200
        assert {tuple(statuses(said_back(connection))) for connection in slow} == {(408,)}
    assert house.ask("POST", "/say", Scope.WRITE, json={"word": "hello"}).status_code == 200


def test_heads_that_never_end_hold_nobody_up_and_cost_little_memory(
    ear: Ear, served: Serving, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("fairline.services.running.HEAD_S", 0.5)
    house = served(role("ear", ear.router))
    before = resident()
    with ExitStack() as open_ones:
        slow = [open_ones.enter_context(closing(connected(house))) for _ in range(200)]
        for connection in slow:
            connection.sendall(b"POST /say HTTP/1.1\r\nHost: x\r\nX-Slow: a")
        assert house.ask("POST", "/say", Scope.WRITE, json={"word": "hello"}).status_code == 200
        assert resident() - before < 50 * MEBIBYTE
        assert {said_back(connection) for connection in slow} == {b""}
    assert house.ask("GET", "/health").status_code == 200


def test_more_connections_than_are_borne_are_refused_and_then_there_is_room_again(
    ear: Ear, served: Serving, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("fairline.services.running.CONNECTIONS", 50)
    monkeypatch.setattr("fairline.services.running.HEAD_S", 0.5)
    house = served(role("ear", ear.router))
    with ExitStack() as open_ones:
        idle = [open_ones.enter_context(closing(connected(house))) for _ in range(60)]
        refused = house.ask("GET", "/health")
        assert refused.status_code == 503
        assert {said_back(connection) for connection in idle} == {b""}
    assert house.ask("POST", "/say", Scope.WRITE, json={"word": "hello"}).status_code == 200
