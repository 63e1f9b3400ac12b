"""One request at the door: its head looked at, its body read within limits, and what it is answered."""

from __future__ import annotations

import asyncio
import re
import time
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl
from uuid import uuid4

from fairline.domain.errors import BrokenContract
from fairline.platform.auth import PREFIX
from fairline.services.audit import audited_path
from fairline.services.doors import KEY_HEADER
from fairline.services.limits import TooLarge, TooLong, TooSlow

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Message, Receive, Send
    from starlette.types import Scope as Asked

    from fairline.platform.ledger.access import HeldKey
    from fairline.services.limits import Limits

_NAMES_OF_KEYS = frozenset({"key", "apikey", "token", "accesstoken", "authorization", "xapikey", "secret"})
_SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}", re.ASCII)


class Call:
    """One request and what became of it. Its answer carries the correlation id, and is stored by nobody."""

    def __init__(self, asked: Asked, send: Send, route: str, noted: Callable[[Call], None]) -> None:
        self.asked, self.route, self.began = asked, route, time.perf_counter()
        self._send, self._noted = send, noted
        self.caller: HeldKey | None = None
        self.status, self.begun, self.refused = 0, False, False
        self.writes = asked["method"] not in {"GET", "HEAD", "OPTIONS"}
        said = self.header("X-Correlation-Id")
        self.correlation_id = said[0] if said and _SAFE_ID.fullmatch(said[0]) else uuid4().hex
        asked.setdefault("state", {})["correlation_id"] = self.correlation_id

    @property
    def path(self) -> str:
        """The path as it is kept and logged."""
        return audited_path(self.asked["path"])

    def header(self, name: str) -> list[str]:
        """Every value of a request header."""
        wanted = name.lower().encode()
        return [value.decode("latin-1") for header, value in self.asked["headers"] if header == wanted]

    @property
    def has_body(self) -> bool:
        """Whether a body is announced."""
        return self.announced > 0 or bool(self.header("Transfer-Encoding"))

    @property
    def announced(self) -> int:
        """The length announced; 0 when none is. The server has refused one that is no number."""
        said = self.header("Content-Length")
        return int(said[0]) if said and said[0].isdecimal() else 0

    async def send(self, message: Message) -> None:
        """Send a part of the answer on."""
        if message["type"] == "http.response.start":
            self.begun, self.status = True, message["status"]
            # Before the caller hears of it, so that whoever has heard finds it noted.
            self._noted(self)
            more = (
                (b"x-correlation-id", self.correlation_id.encode()),
                (b"cache-control", b"no-store"),
                (b"x-content-type-options", b"nosniff"),
            )
            message = {**message, "headers": [*message.get("headers", ()), *more]}
        await self._send(message)


class KeyInQuery(BrokenContract):
    """A key where every proxy and log between us would keep it."""


def check_head(asked: Asked, most: int) -> None:
    """Raise TooLong for a head of more bytes than are taken."""
    if len(asked["query_string"]) + sum(len(name) + len(value) for name, value in asked["headers"]) > most:
        raise TooLong(f"The head of the request has more than {most:,} bytes", hint="Send fewer or shorter headers.")


def check_query(query: bytes) -> None:
    """Raise KeyInQuery for a parameter that is called as keys are, or looks like one."""
    if not query:
        return
    for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
        plain = re.sub(r"[^a-z]", "", name.lower())
        if plain in _NAMES_OF_KEYS or f"{PREFIX}_" in value[: len(PREFIX) + 2].lower():
            raise KeyInQuery(
                "A key does not belong in a query string, which logs and proxies keep",
                hint=f"Send it in the header {KEY_HEADER}, and revoke this one with `fairline keys revoke`.",
            )


async def body_of(call: Call, receive: Receive, limits: Limits) -> bytes:
    """All of the body, within its limits of size and time."""
    if not call.has_body:
        return b""
    if call.announced > limits.body_bytes:
        raise _too_large(limits.body_bytes)
    try:
        async with asyncio.timeout(limits.body_s):
            return await _read(receive, limits.body_bytes)
    except TimeoutError as error:
        message = f"The body did not arrive within {limits.body_s:g} s"
        raise TooSlow(message, hint="Send less, or over a better connection.") from error


async def _read(receive: Receive, most: int) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise TooSlow("The caller went away before the body had come", hint="Send it again.")
        body += message.get("body", b"")
        if len(body) > most:
            raise _too_large(most)
        if not message.get("more_body", False):
            return bytes(body)


def replayed(body: bytes, receive: Receive) -> Receive:
    """A receiver that gives the body read already, and then whatever comes."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _too_large(most: int) -> TooLarge:
    return TooLarge(f"The body has more than {most:,} bytes", hint="Send less at a time.")
