"""The smoke test of running services: what every role must answer, whatever else it does."""

from __future__ import annotations

import time
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fairline.services.smoke_rows import UNAUTHORIZED, Row, tried

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from fairline.platform.api_client import ApiAnswer, ApiClient

READS = {"scrapers": "/scrapers/scrapers", "coordinator": "/coordinator/batches"}
"""A role's own read call; of those without one it is the list of canaries."""


MOST_WAITS, WAIT_S = 6, 6.0
"""How often a busy service is asked again, and after how many seconds: its answers stand for five."""


def served_roles(clients: Sequence[ApiClient]) -> tuple[list[Row], dict[str, ApiClient]]:
    """Whether each service is alive and knows its key, and who serves each role. Of a dead one no more is tried."""
    rows: list[Row] = []
    serving: dict[str, ApiClient] = {}
    for client in clients:
        rows.append(tried(client, "service", "health", "GET", "/health", _status, key=False))
        if rows[-1].ok:
            rows.append(tried(client, "service", "version", "GET", "/version", partial(_version, client, serving)))
    return rows, serving


def role_checks(serving: Mapping[str, ApiClient], pause: Callable[[float], object] = time.sleep) -> Iterator[Row]:
    """For each role: alive, ready, an authenticated call answered, the same one refused without a key.

    A service that is merely busy is asked again, after a pause, before it counts as not ready.
    """
    walked: dict[ApiClient, tuple[Row, list[dict[str, Any]]]] = {}
    for role, client in serving.items():
        if client not in walked:
            walked[client] = _settled(client, pause)
        path = READS.get(role, f"/{role}/canary")
        yield tried(client, role, "health", "GET", "/health", _status, key=False)
        yield _ready_row(role, *walked[client])
        yield tried(client, role, "read with key", "GET", path, partial(_seen, path))
        yield tried(client, role, "read without key", "GET", path, _refused, key=False, wanted=(UNAUTHORIZED,))


def _status(answer: ApiAnswer) -> str:
    return str(answer.json["status"])


def _refused(_: ApiAnswer) -> str:
    return "refused"


def _version(client: ApiClient, serving: dict[str, ApiClient], answer: ApiAnswer) -> str:
    told = answer.json
    serving.update({str(role): client for role in told["roles"]})
    return f"version {told['version']}, commit {told['commit'][:12]}, {len(told['roles'])} roles"


def _settled(client: ApiClient, pause: Callable[[float], object]) -> tuple[Row, list[dict[str, Any]]]:
    """The answer of /ready once nothing that fails is due to work in hand, or the last one that was waited for."""
    for _ in range(MOST_WAITS):
        row, checks = _ready(client)
        failed = [each for each in checks if not each["ok"]]
        if not failed or not all(each.get("busy") for each in failed):
            return row, checks
        pause(WAIT_S)
    return _ready(client)


def _ready(client: ApiClient) -> tuple[Row, list[dict[str, Any]]]:
    """The one answer of /ready, and its checks by role."""
    checks: list[dict[str, Any]] = []

    def told(answer: ApiAnswer) -> str:
        checks.extend(answer.json["checks"])
        return "ready"

    wanted = (HTTPStatus.OK, HTTPStatus.SERVICE_UNAVAILABLE)
    return tried(client, "service", "ready", "GET", "/ready", told, wanted=wanted), checks


def _ready_row(role: str, whole: Row, told: list[dict[str, Any]]) -> Row:
    """A role's share of the answer: red when one of its own checks is."""
    checks = [each for each in told if each["role"] == role]
    failed = next((each for each in checks if not each["ok"]), None)
    if failed is not None:
        return Row(role, "ready", False, whole.ms, f"{failed['name']}: {failed['detail']}", failed["hint"])
    if not whole.ok or not checks:
        detail = whole.detail if not whole.ok else "the answer has no check of this role"
        return Row(role, "ready", False, whole.ms, detail, whole.hint)
    return Row(role, "ready", True, whole.ms, ", ".join(each["name"] for each in checks))


def _seen(path: str, answer: ApiAnswer) -> str:
    told = answer.json
    return f"GET {path}: {len(told)} {'rows' if isinstance(told, list) else 'fields'}"
