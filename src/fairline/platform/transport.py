"""The transport: one HTTP request out, whatever was answered back, within limits of time and size.

Every answer comes back, whatever its status and type: an error page too is a fact worth keeping. The caller judges.
"""

import logging
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit, urlunsplit

from fairline.domain.errors import Permanent, Transient

if TYPE_CHECKING:
    import httpx2

MOST_REDIRECTS = 5
FOR_ANYONE = frozenset({"accept", "accept-language", "user-agent"})
"""Headers another host may see when it is redirected to; ours may hold a key."""

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


class TryLater(Transient):
    """There was no answer: no connection, or nothing came over it in time."""


class NoSuchAddress(Permanent):
    """The address can never answer: its scheme is unknown, it is malformed, or it leads round in a circle."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask. `max_bytes` is unpacked; `proxy` is the URL to go through, none when empty.

    content: the body, none when empty. follows: whether an answer that points elsewhere is followed there.
    Keys and tokens belong in `params` or `headers`, which appear in no error message.
    """

    url: str
    method: str = "GET"
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    max_bytes: int = 32 * 1024 * 1024
    proxy: str = ""
    content: bytes = b""
    follows: bool = True


@dataclass(frozen=True, slots=True)
class Response:
    """An answer. Header names are lower case.

    cut: why the content is not all of it, such as a lost connection; empty when it is. The content is then what came,
    up to the cap.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes
    cut: str = ""

    @property
    def whole(self) -> bool:
        """All of the answer came."""
        return not self.cut

    @property
    def content_type(self) -> str:
        """The type as the answer states it, in lower case and without its parameters; empty when it states none.

        >>> Response(200, {"content-type": "Application/JSON; charset=utf-8"}, b"{}").content_type
        'application/json'
        """
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Transport(Protocol):
    """Sends requests. The caller decides what an answer is worth and whether to ask again."""

    def send(self, request: Request) -> Response:
        """The answer, whatever its status. Raises TryLater when there is none, NoSuchAddress when there cannot be."""
        ...


class Httpx2Transport:
    """The transport over httpx2, with pooled connections, one pool for each proxy. Several threads may send."""

    def __init__(self, *, connect_s: float = 10, read_s: float = 30, total_s: float = 120) -> None:
        """Limit the seconds to connect, between two pieces, and in all."""
        self._connect_s, self._read_s, self._total_s = connect_s, read_s, total_s
        self._clients: dict[str, httpx2.Client] = {}
        self._lock = Lock()

    def send(self, request: Request) -> Response:
        """The answer, whatever its status."""
        import httpx2

        where = without_query(request.url)
        deadline = time.monotonic() + self._total_s
        try:
            with closing(_opened(self._client(request.proxy), request, where)) as answer:
                content, cut = _read(answer, request.max_bytes, deadline)
                return Response(answer.status_code, _headers(answer), content, cut)
        except (httpx2.UnsupportedProtocol, httpx2.InvalidURL) as error:
            message = f"{where}: {type(error).__name__}"
            raise NoSuchAddress(message, hint="Check the address.") from error
        except httpx2.TransportError as error:
            message = f"No answer from {where}: {type(error).__name__}"
            raise TryLater(message, hint="Check the connection, or try again.") from error

    def close(self) -> None:
        """Close the pooled connections."""
        with self._lock:
            for client in self._clients.values():
                client.close()
            self._clients.clear()

    def _client(self, proxy: str) -> "httpx2.Client":
        import httpx2

        with self._lock:
            if proxy not in self._clients:
                logging.getLogger("httpx2").addFilter(_NO_QUERY)
                self._clients[proxy] = httpx2.Client(
                    timeout=httpx2.Timeout(self._read_s, connect=self._connect_s),
                    proxy=proxy or None,
                    # A proxy of the environment cannot reach this machine's own loopback.
                    mounts={f"all://{host}": None for host in LOOPBACK},
                )
            return self._clients[proxy]


class _NoQuery(logging.Filter):
    """Httpx2 logs every address as it was asked, and some providers want their key in it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Strike out the query, and let the record pass."""
        if isinstance(record.args, tuple):
            record.args = tuple(without_query(str(each)) if "://" in str(each) else each for each in record.args)
        return True


_NO_QUERY = _NoQuery()


def without_query(url: str) -> str:
    """The address without its query and its user, either of which may hold a key.

    >>> without_query("https://me:secret@api.example.com/v4/odds?apiKey=secret")  # pragma: allowlist secret
    'https://api.example.com/v4/odds'
    """
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _opened(client: "httpx2.Client", request: Request, where: str) -> "httpx2.Response":
    """The answer, its content not yet read, after any redirects. Another host is not told what was for the first."""
    asked = client.build_request(
        request.method, request.url, params=dict(request.params) or None, headers=dict(request.headers),
        content=request.content or None,
    )  # fmt: skip
    for _ in range(MOST_REDIRECTS + 1):
        answer = client.send(asked, stream=True, follow_redirects=False)
        if answer.next_request is None or not request.follows:
            return answer
        answer.close()
        if answer.next_request.url.host != asked.url.host:
            for name in {name.lower() for name in request.headers} - FOR_ANYONE:
                answer.next_request.headers.pop(name, None)
        asked = answer.next_request
    message = f"{where} was redirected more than {MOST_REDIRECTS} times"
    raise NoSuchAddress(message, hint="Check the address.")


def _headers(answer: "httpx2.Response") -> dict[str, str]:
    return {name.lower(): value for name, value in answer.headers.items()}


def _read(answer: "httpx2.Response", max_bytes: int, deadline: float) -> tuple[bytes, str]:
    """The content and why it is cut, if it is."""
    import httpx2

    content = bytearray()
    try:
        for piece in answer.iter_bytes():
            content += piece
            if len(content) > max_bytes:
                return bytes(content[:max_bytes]), f"it has more than {max_bytes} bytes"
            # The client's own limits are per piece: a server that drips would otherwise hold us for ever.
            if time.monotonic() > deadline:
                return bytes(content), "it did not end in time"
    except httpx2.DecodingError:
        return bytes(content), "its compression is damaged"
    except httpx2.TransportError as error:
        return bytes(content), f"it broke off ({type(error).__name__})"
    return bytes(content), ""
