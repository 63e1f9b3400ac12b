"""A transport without sockets: the league answers, or something else comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from fairline.platform.transport import Response, TryLater
from fairline.sim.simulation.answers import answered

if TYPE_CHECKING:
    from datetime import datetime

    from fairline.domain.clock import Clock
    from fairline.platform.transport import Request
    from fairline.sim.simulation.chaos import Chaos, Life
    from fairline.sim.simulation.league import League

STALE_BY = timedelta(hours=5)
PAGE = b"<html><body>We are doing some work here.</body></html>"


class Providers:
    """Answers as the providers do, in the process. `at` of a stale answer lies before what was asked."""

    def __init__(self, league: League, clock: Clock, life: Life, chaos: Chaos, told: dict[str, datetime]) -> None:
        """Answer for the league at the clock's time. told: when each content, by its hash, was first told."""
        self._league, self._clock, self._life, self._chaos = league, clock, life, chaos
        self._told = told

    def send(self, request: Request) -> Response:
        """The answer. Raises TryLater when none comes."""
        self._chaos.step(self._life, "asking a provider")
        response = self._answer(request)
        content, now = sha256(response.content).hexdigest(), self._clock.now()
        self._told[content] = min(now, self._told.get(content, now))
        return response

    def _answer(self, request: Request) -> Response:
        if not self._chaos.happens(self._chaos.bad_answer):
            return answered(self._league, request, self._clock.now())
        ill = self._chaos.dice.choice(("none", "403", "500", "html", "cut", "stale"))
        self._chaos.did[f"answer {ill}"] += 1
        return self._ill(ill, request)

    def _ill(self, ill: str, request: Request) -> Response:
        if ill == "none":
            message = f"No answer from {request.url}: simulated"
            raise TryLater(message, hint="Try again.")
        if ill in {"403", "500"}:
            return Response(int(ill), {"content-type": "text/html"}, PAGE)
        if ill == "html":
            return Response(200, {"content-type": "text/html"}, PAGE)
        if ill == "stale":
            return answered(self._league, request, self._clock.now() - STALE_BY)
        whole = answered(self._league, request, self._clock.now())
        return replace(whole, content=whole.content[: len(whole.content) // 2], cut="it broke off (simulated)")
