"""Errors as answers: every one is `application/problem+json` (RFC 9457), its status following from its type.

Stranger 401 · Forbidden 403 · NotFound 404 · other Refused 409 · BrokenContract 422 · TooMany 429
Missing 503 · other Transient 503, to be tried again · whatever nobody foresaw 500, told in the log alone
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from fairline.domain.errors import (
    BrokenContract,
    FairlineError,
    Forbidden,
    Missing,
    NotFound,
    Refused,
    Stranger,
    TooMany,
    Transient,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI, Request

PROBLEM_JSON = "application/problem+json"
RETRY_S = 2
"""Seconds after which a caller may try again what was busy."""

MOST_PARTS, LONGEST_PART = 20, 200
"""Of a request that breaks its contract: parts told, and characters of each. It must not make the answer long."""

LOG = logging.getLogger("fairline.services")

STATUSES: tuple[tuple[type[FairlineError], int], ...] = (
    (Stranger, 401),
    (Forbidden, 403),
    (NotFound, 404),
    (BrokenContract, 422),
    (TooMany, 429),
    (Missing, 503),
    (Transient, 503),
    (Refused, 409),
    (FairlineError, 500),
)
"""The first that fits an error decides."""

_MEANINGS = {
    400: "The request cannot be read, or carries a key in its query string.",
    401: "No live key in the header X-API-Key.",
    403: "The key does not allow this.",
    404: "Nothing there.",
    405: "This path has no such method.",
    408: "The body did not arrive in time.",
    409: "Refused as things stand, such as a batch that is open already.",
    413: "The body is larger than is taken.",
    422: "The request breaks its contract.",
    429: "More requests than the key is allowed; Retry-After says when to come again.",
    431: "The head of the request is longer than is taken.",
    500: "An error nobody foresaw; the log has it under the correlation id.",
    503: "Busy, or a part is missing; Retry-After says when to come again.",
}

PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": meaning,
        "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status, meaning in _MEANINGS.items()
}
"""The problems every route may answer with, for its OpenAPI."""

SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "What was wrong, where, and the next step (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail", "hint"],
    "properties": {
        "type": {"type": "string", "description": "The kind of error, as Fairline names it."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What was wrong, and where."},
        "hint": {"type": "string", "description": "What to do next; empty when nothing can be done."},
        "correlation_id": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object"}, "description": "Each part that breaks its contract."},
        "checks": {"type": "array", "items": {"type": "object"}, "description": "What a role needs, tried."},
    },
}


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as it is answered. kind: the error's name. more: further members, such as `errors`."""

    status: int
    kind: str
    detail: str
    hint: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, object] = field(default_factory=dict)


def problem_of(error: Exception) -> Problem:
    """The problem an error is; one nobody foresaw tells nothing of itself.

    >>> problem_of(Transient("the home is busy")).status, problem_of(ValueError("secret")).detail
    (503, 'An error nobody foresaw.')
    """
    if isinstance(error, FairlineError):
        status = next(status for kind, status in STATUSES if isinstance(error, kind))
        headers = {"Retry-After": str(RETRY_S)} if isinstance(error, Transient) else {}
        if status == HTTPStatus.UNAUTHORIZED:
            headers = {"WWW-Authenticate": "ApiKey"}
        return Problem(status, type(error).__name__, str(error), error.hint, headers)
    if isinstance(error, RequestValidationError):
        return _invalid(error)
    if isinstance(error, HTTPException):
        kind = _title(error.status_code).replace(" ", "")
        return Problem(error.status_code, kind, str(error.detail), "/docs lists the routes.", error.headers or {})
    hint = "Look in the service's log for the correlation id."
    return Problem(500, "Unforeseen", "An error nobody foresaw.", hint)


def answer(problem: Problem, correlation_id: str = "") -> Response:
    """The problem as a response."""
    body = {
        "type": f"urn:fairline:{problem.kind}",
        "title": _title(problem.status),
        "status": problem.status,
        "detail": problem.detail,
        "hint": problem.hint,
        "correlation_id": correlation_id,
        **problem.more,
    }
    return Response(json.dumps(body), problem.status, dict(problem.headers), PROBLEM_JSON)


def answer_problems(app: FastAPI) -> None:
    """Answer every error of the app's routes as a problem, and say so in its OpenAPI.

    What nobody foresaw is left to the guard, which is around everything.
    """
    for kind in (FairlineError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, _answered)


async def _answered(request: Request, error: Exception) -> Response:
    problem = problem_of(error)
    correlation_id = str(getattr(request.state, "correlation_id", ""))
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        LOG.warning("%s %s: %s (%s)", request.method, request.url.path, problem.detail, correlation_id)
    return answer(problem, correlation_id)


def _invalid(error: RequestValidationError) -> Problem:
    """The first parts that are wrong, without what was sent in its place: that may be a secret."""
    parts = [
        {"where": ".".join(map(str, each["loc"]))[:LONGEST_PART], "what": str(each["msg"])[:LONGEST_PART]}
        for each in error.errors()[:MOST_PARTS]
    ]
    told = "; ".join(f"{each['where']}: {each['what']}" for each in parts[:3])
    hint = "/docs lists what each route takes."
    more = {"errors": parts}
    return Problem(422, BrokenContract.__name__, told or "The request breaks its contract", hint, more=more)


def _title(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"
