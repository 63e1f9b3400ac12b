"""The guard at the door: who calls, whether he may, how often and with how much, before anything reads what he sent.

It stands around the whole application, so that no route can forget it.
"""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from anyio import CapacityLimiter, to_thread

from fairline.domain.errors import Stranger
from fairline.platform.ledger.access import Audited, HeldKey
from fairline.services.calls import Call, KeyInQuery, body_of, check_head, check_query, replayed
from fairline.services.doors import HOW_TO, KEY_HEADER, OPEN, Door, check_allowed, doors_of, needs
from fairline.services.limits import Full, Pace, TooLarge, TooLong, TooOften, TooSlow
from fairline.services.metrics import UNKNOWN_ROUTE
from fairline.services.problems import answer, problem_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import ASGIApp, Receive, Send
    from starlette.types import Scope as Asked

    from fairline.domain.clock import Clock
    from fairline.platform.auth import Keyring
    from fairline.services.audit import Audit
    from fairline.services.limits import Limits
    from fairline.services.metrics import Metrics

__all__ = ["KEY_HEADER", "OPEN", "Door", "Guard", "check_allowed", "doors_of", "needs"]

LOOKUPS = 4
"""Keys looked up in the ledger at once: strangers can hold no more threads than these."""

LOG = logging.getLogger("fairline.services")


class Guard:
    """The middleware. Refusals and writes are audited; everything is counted."""

    def __init__(
        self, app: ASGIApp, *, doors: Sequence[Door], keyring: Keyring, audit: Audit, metrics: Metrics, limits: Limits,
        pace: Pace, clock: Clock,
    ) -> None:  # fmt: skip
        """Stand around an application whose routes are the doors."""
        self._app, self._doors, self._keyring, self._audit = app, doors, keyring, audit
        self._metrics, self._limits, self._pace, self._clock = metrics, limits, pace, clock
        self._lookups = CapacityLimiter(LOOKUPS)
        self._in_flight = 0

    async def __call__(self, asked: Asked, receive: Receive, send: Send) -> None:
        """Let a request in, or answer why not."""
        if asked["type"] == "lifespan":
            await self._app(asked, receive, send)
        elif asked["type"] == "http":
            await self._guarded(asked, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _guarded(self, asked: Asked, receive: Receive, send: Send) -> None:
        door, fits = self._door(asked["path"], asked["method"])
        call = Call(asked, send, door.route if door else UNKNOWN_ROUTE, self._note)
        try:
            check_head(asked, self._limits.head_bytes)
            if door is not None and fits and door.scope is None:
                await self._app(asked, receive, call.send)
            else:
                await self._let_in(call, door if fits else None, receive)
        except Exception as error:  # noqa: BLE001 - the last place that can answer
            await self._refuse(call, error, receive)

    def _door(self, path: str, method: str) -> tuple[Door | None, bool]:
        """The door of a path, and whether it has the method."""
        partial: Door | None = None
        for door in self._doors:
            if door.path.match(path):
                if method in door.methods:
                    return door, True
                partial = partial or door
        return partial, False

    async def _let_in(self, call: Call, door: Door | None, receive: Receive) -> None:
        check_query(call.asked["query_string"])
        caller = await self._caller(call.header(KEY_HEADER))
        call.asked["state"]["caller"] = call.caller = caller
        self._pace.check(caller.key_id, writes=call.writes)
        if door is not None and door.scope is not None:
            check_allowed(caller, door.scope)
        if self._in_flight >= self._limits.in_flight:
            raise Full(f"{self._in_flight} requests are in hand, as many as are borne", hint="Ask again in a second.")
        self._in_flight += 1
        self._metrics.in_flight(self._in_flight)
        try:
            body = await body_of(call, receive, self._limits)
            await self._app(call.asked, replayed(body, receive), call.send)
        finally:
            self._in_flight -= 1
            self._metrics.in_flight(self._in_flight)

    async def _caller(self, keys: list[str]) -> HeldKey:
        if len(keys) != 1:
            raise Stranger("There is no key" if not keys else "There is more than one key", hint=HOW_TO)
        if known := self._keyring.remembered(keys[0]):
            return known
        return await to_thread.run_sync(self._keyring.caller, keys[0], limiter=self._lookups)

    async def _refuse(self, call: Call, error: Exception, receive: Receive) -> None:
        problem = problem_of(error)
        if problem.status >= 500:
            unforeseen = error if problem.kind == "Unforeseen" else None
            LOG.error("%s: %s (%s)", call.path, problem.detail, call.correlation_id, exc_info=unforeseen)
        if call.begun:
            raise error
        if isinstance(error, KeyInQuery):
            problem = replace(problem, status=400)
        elif isinstance(error, TooLong):
            problem = replace(problem, status=431)
        elif isinstance(error, TooLarge):
            problem = replace(problem, status=413)
        elif isinstance(error, TooSlow):
            problem = replace(problem, status=408, headers={"Connection": "close"})
        elif isinstance(error, TooOften):
            problem = replace(problem, headers={"Retry-After": str(error.wait_s)})
        elif isinstance(error, Full):
            problem = replace(problem, status=503, headers={"Retry-After": "1"})
        call.refused = True
        await answer(problem, call.correlation_id)(call.asked, receive, call.send)

    def _note(self, call: Call) -> None:
        self._metrics.answered(call.asked["method"], call.route, call.status, time.perf_counter() - call.began)
        if not (call.refused or call.writes or call.status in {401, 403}):
            return
        name, key_id = (call.caller.name, call.caller.key_id) if call.caller else ("", "")
        method = call.asked["method"][:16]
        self._audit.note(Audited(self._clock.now(), name, key_id, method, call.path, call.status, call.correlation_id))
