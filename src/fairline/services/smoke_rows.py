"""One thing tried of a running service: asked, judged, timed, and told as a row with its next step."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fairline.domain.errors import FairlineError

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairline.platform.api_client import ApiAnswer, ApiClient

UNAUTHORIZED, FORBIDDEN, BAD_REQUEST = HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.BAD_REQUEST

UNREACHABLE = "Is it running? `fairline up` starts every role, `fairline serve ROLE` one of them."
NEEDS_A_KEY = "`fairline keys create --name smoke --scope admin` makes a key that may."


@dataclass(frozen=True, slots=True)
class Row:
    """One thing tried. ms: how long it took. detail: what was seen. hint: the next step, for what is not ok."""

    role: str
    check: str
    ok: bool
    ms: float
    detail: str
    hint: str = ""


def tried(
    client: ApiClient, role: str, check: str, method: str, path: str, seen: Callable[[ApiAnswer], str], *,
    key: bool = True, body: dict[str, Any] | None = None,
    wanted: tuple[HTTPStatus, ...] = (HTTPStatus.OK,),
) -> Row:  # fmt: skip
    """Ask, and say what was seen; another status than wanted, or an answer that is not the API's, is red."""
    try:
        answer = client.ask(method, path, body, key=key)
    except FairlineError as error:
        return Row(role, check, False, 0.0, str(error), UNREACHABLE)
    ms = round(1000 * answer.seconds, 1)
    if answer.status not in wanted:
        detail, hint = answer.problem
        return Row(role, check, False, ms, f"{method} {path}: {detail}", _next(answer.status, hint))
    try:
        return Row(role, check, True, ms, seen(answer))
    except FairlineError as error:
        return Row(role, check, False, ms, str(error), error.hint)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        detail = f"{method} {path}: the answer lacks what it should tell ({type(error).__name__}: {error})"
        return Row(role, check, False, ms, detail, "Are this command and the service of one version? See /version.")


def _next(status: int, hint: str) -> str:
    """The next step after a refusal: the service's own, or what its status suggests."""
    if hint and status not in {UNAUTHORIZED, FORBIDDEN}:
        return hint
    if status in {UNAUTHORIZED, FORBIDDEN}:
        return NEEDS_A_KEY
    if status < BAD_REQUEST:
        return "A route that must refuse strangers let one in: give it `needs(...)`, and find who stands before it."
    return "The service's log has the error under its correlation id."
