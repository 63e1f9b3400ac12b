"""A canary as the smoke command sends it, and addresses at which something else answers, or nobody."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.services.conftest import Served

from fairline.platform.api_client import ApiClient
from fairline.platform.ledger.access import Scope
from fairline.services.smoke import role_checks, served_roles
from fairline.services.smoke_canary import Replay, canary_walk, lacking
from fairline.services.smoke_rows import Row
from fairline.sim.canary import PLAYER_ID, canary

CANARY_ID = "0123456789ab"


def replay_of(now: datetime) -> Replay:
    """The captures of a canary whose slate is priced now."""
    made = canary(now)
    before, after = (
        [asdict(each) | {"captured_at": each.captured_at.isoformat()} for each in replayed]
        for replayed in (made.before, made.after)
    )
    return Replay(made.day, PLAYER_ID, made.priced_at, made.graded_at, before, after)


@contextmanager
def asking(served: Served, scope: Scope = Scope.ADMIN) -> Iterator[ApiClient]:
    """A client of the API with a key of that scope."""
    with closing(ApiClient(served.url, served.keys[scope])) as client:
        yield client


def smoked(client: ApiClient, now: datetime, pause: Callable[[float], object] = lambda _: None) -> list[Row]:
    """Every row of a smoke test of one address."""
    rows, serving = served_roles([client])
    rows += role_checks(serving, pause)
    return rows if lacking(serving) else [*rows, *canary_walk(serving, replay_of(now))]


@contextmanager
def answering(
    status: int, content: bytes, kind: str = "application/json", headers: Mapping[str, str] | None = None, *,
    hold: threading.Event | None = None,
) -> Iterator[tuple[str, list[dict[str, str]]]]:  # fmt: skip
    """An address that gives everyone the same answer, once `hold` is set; and the headers of all who asked."""
    asked: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append({name.lower(): value for name, value in self.headers.items()})
            if hold is not None:
                hold.wait()
            self.send_response(status)
            for name, value in (
                {"Content-Type": kind, "Content-Length": str(len(content))} | dict(headers or {})
            ).items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(OSError):
                # Who has heard enough hangs up.
                self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        if hold is not None:
            hold.set()
        server.shutdown()
        thread.join()
        server.server_close()
