"""The transport: one HTTP request out, one whole response back, within limits of time, size and type."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from fairline.domain.errors import BrokenContract, Permanent, Transient

if TYPE_CHECKING:
    import httpx2

TOO_MANY_REQUESTS = 429
TRY_LATER = frozenset({408, 425, TOO_MANY_REQUESTS})
NO_BODY = frozenset({204, 304})


class TryLater(Transient):
    """The server cannot answer now. `headers` keeps what it said, such as retry-after; `status` 0 is no answer."""

    def __init__(
        self, message: str, *, hint: str = "", status: int = 0, headers: Mapping[str, str] | None = None
    ) -> None:
        """Keep what the server said."""
        super().__init__(message, hint=hint)
        self.status = status
        self.headers = dict(headers or {})


class Declined(Permanent):
    """The server will not answer this request."""

    def __init__(self, message: str, *, hint: str = "", status: int, headers: Mapping[str, str]) -> None:
        """Keep what the server said."""
        super().__init__(message, hint=hint)
        self.status = status
        self.headers = dict(headers)


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask. `accepts` lists the content types an answer may have, none meaning any; `max_bytes` is unpacked.

    Keys and tokens belong in `params` or `headers`, which appear in no error message.
    """

    url: str
    method: str = "GET"
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    accepts: tuple[str, ...] = ()
    max_bytes: int = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Response:
    """A whole answer. Header names are lower case; status 304 has no content."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class Transport(Protocol):
    """Sends requests. The caller decides on retries, from the type of the error."""

    def send(self, request: Request) -> Response:
        """The answer, whole.

        Raises TryLater (Transient) without an answer and on 408, 425, 429 and 5xx; Declined (Permanent) on other 4xx;
        BrokenContract for an answer too large or of a type not accepted, such as an error page with status 200.
        """
        ...


class Httpx2Transport:
    """The transport over httpx2, with pooled connections."""

    def __init__(
        self, *, connect_s: float = 10, read_s: float = 30, total_s: float = 120, proxy: str | None = None
    ) -> None:
        """Limit the seconds to connect, between two pieces, and in all; `proxy` is a URL every request goes through."""
        import httpx2

        self._total_s = total_s
        limits = httpx2.Timeout(read_s, connect=connect_s)
        self._client = httpx2.Client(timeout=limits, follow_redirects=True, max_redirects=5, proxy=proxy)

    def send(self, request: Request) -> Response:
        """The answer, whole."""
        import httpx2

        where = _without_query(request.url)
        deadline = time.monotonic() + self._total_s
        try:
            with self._client.stream(
                request.method, request.url, params=dict(request.params) or None, headers=dict(request.headers)
            ) as answer:
                _check_status(answer, where)
                _check_type(answer, request, where)
                content = _read(answer, request, where, deadline)
                return Response(answer.status_code, _headers(answer), content)
        except (httpx2.UnsupportedProtocol, httpx2.InvalidURL, httpx2.TooManyRedirects, httpx2.DecodingError) as error:
            message = f"{where}: {type(error).__name__}"
            raise Declined(message, hint="Check the address.", status=0, headers={}) from error
        except httpx2.TransportError as error:
            message = f"No answer from {where}: {type(error).__name__}"
            raise TryLater(message, hint="Check the connection, or try again.") from error

    def close(self) -> None:
        """Close the pooled connections."""
        self._client.close()


def _without_query(url: str) -> str:
    """The address without its query and its user, either of which may hold a key.

    >>> _without_query("https://me:secret@api.example.com/v4/odds?apiKey=secret")  # pragma: allowlist secret
    'https://api.example.com/v4/odds'
    """
    from urllib.parse import urlsplit, urlunsplit

    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _headers(answer: "httpx2.Response") -> dict[str, str]:
    return {name.lower(): value for name, value in answer.headers.items()}


def _check_status(answer: "httpx2.Response", where: str) -> None:
    status = answer.status_code
    if status in TRY_LATER or status >= 500:
        message = f"{where} answered {status}"
        raise TryLater(message, hint="Try again later.", status=status, headers=_headers(answer))
    if status >= 400:
        message = f"{where} answered {status}"
        raise Declined(
            message, hint="Check the address, the key and the parameters.", status=status, headers=_headers(answer)
        )


def _check_type(answer: "httpx2.Response", request: Request, where: str) -> None:
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.accepts and answer.status_code not in NO_BODY and kind not in request.accepts:
        message = f"{where} answered with {kind or 'no content type'}, not {' or '.join(request.accepts)}"
        raise BrokenContract(message, hint="An error page, or the source has changed; look at it in a browser.")


def _read(answer: "httpx2.Response", request: Request, where: str, deadline: float) -> bytes:
    content = bytearray()
    for piece in answer.iter_bytes():
        content += piece
        if len(content) > request.max_bytes:
            message = f"{where} answered with more than {request.max_bytes} bytes"
            raise BrokenContract(message, hint="Ask for less, or raise the source's size cap.")
        # The client's own limits are per piece: a server that drips would otherwise hold us for ever.
        if time.monotonic() > deadline:
            message = f"{where} did not finish its answer in time"
            raise TryLater(message, hint="Try again later.", status=answer.status_code, headers=_headers(answer))
    return bytes(content)
