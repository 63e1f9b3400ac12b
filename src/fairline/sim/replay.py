"""A provider replayed: recorded answers over HTTP on the loopback, at the providers' own paths and query strings.

The header Host, or X-Forwarded-Host, tells which provider is meant. A question that was not recorded, to the last
parameter, is answered with 404. Validators are honoured; faults come as asked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from types import TracebackType
from urllib.parse import parse_qsl, urlsplit

from fairline.domain.errors import Refused
from fairline.sim.faults import Fault, Faults, etag_of, renamed

KEYS = frozenset({"apikey", "api_key", "key", "token"})
"""Parameters that are no part of a question, in lower case."""

PAGE = b"<!DOCTYPE html><html><body><h1>Service temporarily unavailable</h1></body></html>"

Place = tuple[str, str, tuple[tuple[str, str], ...]]
"""Host, path and sorted parameters."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One recorded answer: to which question, what came, and when (UTC)."""

    url: str
    content: bytes
    content_type: str = "application/json"
    params: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    at: datetime | None = None
    file: str = ""

    @property
    def place(self) -> Place:
        """Where it is answered."""
        asked = urlsplit(self.url)
        return place_of(asked.netloc, asked.path, {**_params(asked.query), **self.params})


def place_of(host: str, path: str, params: Mapping[str, str]) -> Place:
    """Where a question is answered, its keys left out.

    >>> place_of("API.example.com", "/v4/events", {"apiKey": "x", "regions": "us"})
    ('api.example.com', '/v4/events', (('regions', 'us'),))
    """
    asked = sorted((name, value) for name, value in params.items() if name.lower() not in KEYS)
    return host.lower(), path, tuple(asked)


def _params(query: str) -> dict[str, str]:
    return dict(parse_qsl(query, keep_blank_values=True))


class ReplayServer:
    """Answers on the loopback while the block lasts. `asked` tells every request: method, place and fault.

    anywhere: answers at a path and query whatever the host, for clients that cannot be told another one.
    """

    def __init__(
        self, answers: Iterable[Recorded], faults: Faults | None = None, *, port: int = 0, anywhere: bool = False
    ) -> None:
        """Take up the answers, the latest to each question first, on a free port unless one is given."""
        self.faults = faults or Faults()
        self.asked: list[tuple[Place, Fault | None]] = []
        self._anywhere = anywhere
        self._answers: dict[Place, list[Recorded]] = {}
        for answer in sorted(answers, key=lambda each: each.at.timestamp() if each.at else 0.0):
            self._answers.setdefault(self._found(answer.place), []).append(answer)
        self._lock = Lock()
        self._stopping = Event()
        self._server = _listening(port, _handler(self))
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def places(self) -> list[Place]:
        """Every question it can answer."""
        return sorted(self._answers)

    def __enter__(self) -> "ReplayServer":
        """Begin to answer."""
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Answer no more."""
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()

    def answered(self, place: Place) -> tuple[list[Recorded], Fault | None]:
        """What is recorded for a question, the earliest first, and the fault it meets now."""
        found = self._found(place)
        fault = self.faults.of(repr(found))
        with self._lock:
            self.asked.append((place, fault))
        return self._answers.get(found, []), fault

    def wait(self) -> None:
        """Answer until interrupted from the keyboard."""
        try:
            self._stopping.wait()
        except KeyboardInterrupt:
            return

    def pause(self, seconds: float) -> None:
        """Wait, unless the server is being stopped."""
        self._stopping.wait(seconds)

    def _found(self, place: Place) -> Place:
        return ("", *place[1:]) if self._anywhere else place


def _listening(port: int, handler: type[BaseHTTPRequestHandler]) -> ThreadingHTTPServer:
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        message = f"The replay cannot listen on port {port}: {error.strerror}."
        raise Refused(message, hint="Give another --port, or none for a free one.") from error


def _handler(replay: ReplayServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """One request."""

        protocol_version = "HTTP/1.1"
        server_version, sys_version = "fairline-replay", ""

        def do_GET(self) -> None:
            """Answer as recorded, or as the fault wants."""
            asked = urlsplit(self.path)
            host = self.headers.get("X-Forwarded-Host") or self.headers.get("Host") or ""
            recorded, fault = replay.answered(place_of(host, asked.path, _params(asked.query)))
            if fault is Fault.DROPPED:
                self.close_connection = True
            elif fault in {Fault.THROTTLED, Fault.REFUSED, Fault.BROKEN}:
                rest = {"Retry-After": str(replay.faults.retry_after_s)} if fault is Fault.THROTTLED else {}
                self._say(int(fault), b'{"message": "as asked"}', {"Content-Type": "application/json", **rest})
            elif fault is Fault.HTML:
                self._say(200, PAGE, {"Content-Type": "text/html; charset=utf-8"})
            elif not recorded:
                self._say(404, b'{"message": "not recorded"}', {"Content-Type": "application/json"})
            else:
                self._replay(recorded[0 if fault is Fault.STALE else -1], fault)

        def _replay(self, answer: Recorded, fault: Fault | None) -> None:
            if fault is Fault.SLOW:
                replay.pause(replay.faults.slow_s)
            content = renamed(answer.content) if fault is Fault.CHANGED else answer.content
            headers = {**_forwarded(answer), "Content-Type": answer.content_type, "ETag": etag_of(content)}
            if answer.at:
                headers["Last-Modified"] = format_datetime(answer.at, usegmt=True)
            if fault is None and answer.status == 200 and self._unchanged(headers):
                self._say(304, b"", headers)
                return
            self._say(answer.status, content, headers, cut=fault is Fault.TRUNCATED)

        def _unchanged(self, headers: Mapping[str, str]) -> bool:
            """An entity tag, where one is sent, decides alone (RFC 9110, 13.1.3)."""
            if tag := self.headers.get("If-None-Match"):
                return tag == headers["ETag"]
            since = self.headers.get("If-Modified-Since")
            return since is not None and since == headers.get("Last-Modified")

        def _say(self, status: int, content: bytes, headers: Mapping[str, str], *, cut: bool = False) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            try:
                self.wfile.write(content[: len(content) // 2] if cut else content)
            except OSError:
                # The client has gone; that is its right.
                cut = True
            self.close_connection = self.close_connection or cut

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing; `asked` keeps it."""

    return Handler


def _forwarded(answer: Recorded) -> dict[str, str]:
    """Of the recorded headers those that clients live by: credits and the like."""
    return {name: value for name, value in answer.headers.items() if name.lower().startswith("x-")}
