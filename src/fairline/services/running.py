"""Serving: one process listens, and ends without leaving anything undone.

Asked to end (SIGTERM, Ctrl-C), it takes no more connections, tells its work to stop, lets the requests in hand finish
for DRAIN_S, revokes its own key, and releases home and ledger. Asked twice, it does not wait for the requests.
"""

from __future__ import annotations

import ipaddress
import signal
import socket
import sys
import threading
from contextlib import closing, contextmanager, nullcontext
from typing import TYPE_CHECKING

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from fairline.domain.errors import NotFound, Refused
from fairline.platform.auth import is_live
from fairline.services.lending import owner_api

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Iterator

    from fastapi import FastAPI

    from fairline.services.station import Station

HOST, PORT = "127.0.0.1", 8470
DRAIN_S = 10
HEAD_S = 10.0
"""Seconds for the head of a request to arrive."""
LINGER_S = 2.0
"""Seconds for which a body that is not wanted is thrown away: who still sends would not hear a hasty answer."""
HEAD_BYTES = 32 * 1024
AT_A_STRETCH_S = 0.001
"""How long work in one thread keeps the interpreter from the others: a batch that is started must not hold up answers.
Python's own 5 ms, waited for at each change of threads, lengthens an answer beside such work by half."""
HOW_TO_CALL = "`fairline keys create --name NAME` makes a key for the header X-API-Key."
CONNECTIONS = 512


def serve(
    app: FastAPI, station: Station, host: str = HOST, port: int = PORT, *, told: Callable[[str], None] | None = None
) -> None:
    """Serve until asked to end; the station is closed afterwards. port: 0 takes a free one.

    told: hears where it listens. Raises Refused for an address others can reach while no key is live, and for a port
    that is taken; NotFound for an address this machine does not have.
    """
    try:
        check_host(station, host)
        with closing(listening(host, port)) as listener:
            url = url_of(listener)
            server = server_of(app, station)
            # A process that never owns the home has none to lend, and must not hide one that has.
            lending = owner_api(station, url) if app.state.needs_home else nullcontext(None)
            with lending, server.capture_signals(), in_short_stretches():
                (told or _say)(f"Listening on {url}, routes at {url}/docs; {HOW_TO_CALL} Ctrl-C ends it.")
                server.run(sockets=[listener])
    finally:
        station.close()


@contextmanager
def in_short_stretches() -> Iterator[None]:
    """No thread keeps the interpreter for longer than AT_A_STRETCH_S when another wants it, for the block."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(AT_A_STRETCH_S)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def check_host(station: Station, host: str) -> None:
    """Raise Refused for an address that others can reach while no key is live."""
    now, keys = station.clock.now(), station.ledger.access.keys()
    if is_loopback(host) or any(is_live(key, now) for key in keys):
        return
    message = f"{host} can be reached from elsewhere, and no key is there that would be asked for"
    raise Refused(message, hint="`fairline keys create --name NAME --scope read` makes one; or leave out --host.")


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's alone.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises NotFound for an address not ours, Refused for a port that is taken."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise NotFound(f"There is no address {host}", hint="An example is 127.0.0.1.") from error
    # Of TCP by name: asyncio sends small answers at once (TCP_NODELAY) on no other.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(1024)
    except OSError as error:
        listener.close()
        message = f"Cannot listen on {host}:{port}: {error.strerror}"
        raise Refused(message, hint="Give another --port, or end what listens there.") from error
    return listener


def url_of(listener: socket.socket) -> str:
    """Where a listening socket is reached from this machine."""
    host, port = listener.getsockname()[:2]
    if ipaddress.ip_address(host).is_unspecified:
        host = "::1" if ":" in host else "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def server_of(app: FastAPI, station: Station) -> Server:
    """A server of the application, which runs on a listening socket."""
    config = uvicorn.Config(
        app, http=Protocol, ws="none", lifespan="on", log_config=None, log_level="warning", access_log=False,
        proxy_headers=False, server_header=False, limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=DRAIN_S, h11_max_incomplete_event_size=HEAD_BYTES,
    )  # fmt: skip
    return Server(config, station)


class Server(uvicorn.Server):
    """Uvicorn's, but a signal tells the station to stop, and an end that was asked for is no failure."""

    def __init__(self, config: uvicorn.Config, station: Station) -> None:
        """Serve on a station."""
        super().__init__(config)
        self._station = station

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Hear SIGINT and SIGTERM for the block. Only the main thread can."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {each: signal.signal(each, self.handle_exit) for each in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop the work first, so that the requests in hand end the sooner."""
        self._station.stopping = True
        await super().shutdown(sockets)


class Protocol(H11Protocol):
    """Uvicorn's, but it hangs up on who does not begin his request in time, or does not end a body nobody wants."""

    _hanging_up: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait."""
        super().connection_made(transport)
        self._hang_up_in(HEAD_S)

    def data_received(self, data: bytes) -> None:
        """Wait on while the head of a request is not whole, or its body is thrown away."""
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._hang_up_in(HEAD_S)
        elif not self._throws_away():
            self._stay()

    def on_response_complete(self) -> None:
        """Throw away for a while what was answered before it had come."""
        super().on_response_complete()
        if self._throws_away():
            self._hang_up_in(LINGER_S)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._stay()
        super().connection_lost(exc)

    def _throws_away(self) -> bool:
        return self.conn.their_state is h11.SEND_BODY and self.conn.our_state is h11.DONE

    def _hang_up_in(self, seconds: float) -> None:
        if self._hanging_up is None:
            self._hanging_up = self.loop.call_later(seconds, self.transport.close)

    def _stay(self) -> None:
        if self._hanging_up is not None:
            self._hanging_up.cancel()
            self._hanging_up = None


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
