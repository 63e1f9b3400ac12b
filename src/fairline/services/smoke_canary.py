"""The canary's way through running services, step by step, as a smoke test walks it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from fairline.domain.errors import Permanent
from fairline.services.smoke_rows import tried

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from fairline.platform.api_client import ApiAnswer, ApiClient
    from fairline.services.smoke_rows import Row


@dataclass(frozen=True, slots=True)
class Replay:
    """What is replayed for a canary, and at which moments. before, after: captures as the scrapers role takes them."""

    day: date
    player_id: int
    priced_at: datetime
    graded_at: datetime
    before: Sequence[dict[str, Any]]
    after: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Step:
    """One call of the way. morning: the clock stands after the game, not before it. posts: it brings captures."""

    role: str
    name: str
    morning: bool = False
    posts: bool = False


WAY = (
    Step("scrapers", "canary captured", posts=True),
    Step("raw", "canary loaded"),
    Step("analytics", "canary summarised"),
    Step("precompute", "canary's features"),
    Step("coordinator", "canary's batch"),
    Step("worker", "canary forecast"),
    Step("coordinator", "canary merged"),
    Step("publishing", "canary published"),
    Step("scrapers", "box score captured", morning=True, posts=True),
    Step("raw", "box score loaded", morning=True),
    Step("analytics", "box score summarised", morning=True),
    Step("grading", "canary graded", morning=True),
)
"""The canary's way, in order."""


def lacking(serving: Mapping[str, ApiClient]) -> list[str]:
    """The roles on the canary's way that nobody serves."""
    return sorted({step.role for step in WAY} - serving.keys())


def canary_walk(serving: Mapping[str, ApiClient], replay: Replay) -> Iterator[Row]:
    """A canary from capture to published file and to its grade, then removed, and looked for in vain.

    After the first step that fails only the removal is tried. Every role must be served: see `lacking`.
    """
    canary_id, batch_id = uuid4().hex[:12], ""
    try:
        for step in WAY:
            body = _body(step, replay, batch_id)
            row, told = _stepped(serving[step.role], step, f"/{step.role}/canary/{canary_id}", body)
            yield row
            if not row.ok:
                break
            batch_id = told.get("batch_id") or batch_id
    finally:
        # Also when whoever reads the rows goes away: nothing of the canary stays.
        removal = _removal(serving["scrapers"], canary_id)
    yield from removal


def _body(step: Step, replay: Replay, batch_id: str) -> dict[str, Any]:
    now = (replay.graded_at if step.morning else replay.priced_at).isoformat()
    if step.posts:
        return {"now": now, "captures": list(replay.after if step.morning else replay.before)}
    asked = {"now": now, "day": replay.day.isoformat(), "player_id": replay.player_id}
    return asked | ({"batch_id": batch_id} if step.role == "coordinator" else {})


def _stepped(client: ApiClient, step: Step, path: str, body: dict[str, Any]) -> tuple[Row, dict[str, Any]]:
    told: dict[str, Any] = {}

    def did(answer: ApiAnswer) -> str:
        told.update(answer.json)
        return str(told["did"])

    return tried(client, step.role, step.name, "POST", path, did, body=body), told


def _removal(client: ApiClient, canary_id: str) -> list[Row]:
    path = f"/scrapers/canary/{canary_id}"
    removed = tried(client, "scrapers", "canary removed", "DELETE", path, _removed)
    return [removed, tried(client, "scrapers", "canary gone", "GET", "/scrapers/canary", partial(_gone, canary_id))]


def _gone(canary_id: str, answer: ApiAnswer) -> str:
    if canary_id in answer.json["canaries"]:
        message = f"the canary {canary_id} is still there"
        raise Permanent(message, hint=f"Remove the folder canary/{canary_id} of the service's home.")
    return "nothing of it is left"


def _removed(answer: ApiAnswer) -> str:
    return "removed" if answer.json["removed"] else "it was not there"
