"""A client of our own API: bounded in time and size, following nobody elsewhere, with its key in the header alone."""

import ipaddress
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from fairline.domain.errors import BrokenContract, Refused
from fairline.platform.transport import Httpx2Transport, Request

KEY_HEADER = "X-API-Key"
JSON_TYPES = ("application/json", "application/problem+json")
MOST_BYTES = 4 * 1024 * 1024
SHOWN = 120
"""Characters of a foreign answer that are told."""


@dataclass(frozen=True, slots=True)
class ApiAnswer:
    """What came back. seconds: how long it took, a measurement."""

    status: int
    content_type: str
    content: bytes
    cut: str
    seconds: float

    @property
    def json(self) -> Any:  # noqa: ANN401 - any answer of the API
        """The answer as JSON. Raises BrokenContract when it is cut, of another type, or not JSON."""
        if self.cut or self.content_type not in JSON_TYPES:
            problem = self.cut or f"it is {self.content_type or 'of no type'}: {self._begins()}"
            message = f"The answer ({self.status}) is not the API's: {problem}"
            raise BrokenContract(message, hint="Is this the address of a Fairline service, and nothing in between?")
        try:
            return json.loads(self.content)
        except ValueError as error:
            message = f"The answer ({self.status}) is no JSON: {self._begins()}"
            raise BrokenContract(message, hint="Is this the address of a Fairline service?") from error

    @property
    def problem(self) -> tuple[str, str]:
        """What a refusal says was wrong, and its hint; of an answer that is no problem its status and beginning."""
        try:
            told = self.json
        except BrokenContract as error:
            return f"{self._status()}; {error}", error.hint
        if not isinstance(told, dict) or "detail" not in told:
            return f"{self._status()}: {self._begins()}", ""
        return f"{self._status()}: {told['detail']}", str(told.get("hint", ""))

    def _begins(self) -> str:
        return repr(self.content[:SHOWN].decode("utf-8", "replace").strip())

    def _status(self) -> str:
        try:
            return f"{self.status} {HTTPStatus(self.status).phrase}"
        except ValueError:
            return str(self.status)


class ApiClient:
    """Asks one address. Nothing of it that is shown or raised tells the key."""

    def __init__(
        self, base_url: str, key: str = "", *, connect_s: float = 5, read_s: float = 60, total_s: float = 90
    ) -> None:
        """Ask `base_url`, with a key or without. Raises Refused for an address that is none or would betray the key."""
        self.base_url = checked(base_url, with_key=bool(key))
        self._key = key
        self._transport = Httpx2Transport(connect_s=connect_s, read_s=read_s, total_s=total_s)

    def __repr__(self) -> str:
        """The address, without the key."""
        return f"ApiClient({self.base_url!r})"

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None, *, key: bool = True) -> ApiAnswer:
        """The answer, whatever its status. key: whether it is sent.

        Raises TryLater when there is none in time, NoSuchAddress when there cannot be.
        """
        headers = {"Accept": "application/json", "User-Agent": "fairline"}
        headers |= {KEY_HEADER: self._key} if key and self._key else {}
        headers |= {} if body is None else {"Content-Type": "application/json"}
        request = Request(
            f"{self.base_url}{path}", method, headers=headers, max_bytes=MOST_BYTES, follows=False,
            content=b"" if body is None else json.dumps(body).encode(),
        )  # fmt: skip
        began = time.perf_counter()
        answer = self._transport.send(request)
        seconds = time.perf_counter() - began
        return ApiAnswer(answer.status, answer.content_type, answer.content, answer.cut, seconds)

    def close(self) -> None:
        """Close its connections."""
        self._transport.close()


def checked(url: str, *, with_key: bool) -> str:
    """The address without a closing slash.

    Raises Refused when it is none, holds a user or a query, or a key would go to another machine without TLS.

    >>> checked("http://127.0.0.1:8470/", with_key=True)
    'http://127.0.0.1:8470'
    """
    try:
        parts = urlsplit(url)
        whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        whole = False
    if not whole or parts.query or parts.fragment or parts.username is not None:
        message = "The base URL is no plain address of a service"
        raise Refused(message, hint="Give scheme, host and port, as in http://127.0.0.1:8470; the key goes elsewhere.")
    if with_key and parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        message = f"A key would travel to {parts.hostname} unencrypted"
        raise Refused(message, hint="Use https, or a tunnel that ends on this machine.")
    return url.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
