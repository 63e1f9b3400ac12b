"""The doors of an application: what each route needs of its caller, said by the route itself with `needs(scope)`.

An application with a route that says nothing is not built.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import Request, params
from fastapi.openapi.models import APIKey, APIKeyIn
from fastapi.routing import iter_route_contexts
from fastapi.security.base import SecurityBase

from fairline.domain.errors import Forbidden, Refused, Stranger
from fairline.platform.ledger.access import HeldKey, Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from starlette.routing import BaseRoute

KEY_HEADER = "X-API-Key"
HOW_TO = f"Send a key in the header {KEY_HEADER}; `fairline keys create --name NAME --scope read` makes one."
OPEN = frozenset({"/health"})
"""Paths that answer anyone."""

_RANKS = {scope: rank for rank, scope in enumerate(Scope)}
_KEY = {"name": KEY_HEADER, "in": APIKeyIn.header, "description": "`fairline keys create` makes a key."}


class Needs(SecurityBase):
    """What a route needs of its caller. As its dependency it says so in OpenAPI, and checks once more."""

    def __init__(self, scope: Scope) -> None:
        """Need a scope, by a key in the header."""
        self.scope, self.model, self.scheme_name = scope, APIKey.model_validate(_KEY), "key"

    async def __call__(self, request: Request) -> HeldKey:
        """The caller. Raises Stranger where no guard has let him in, Forbidden when his key does not allow it."""
        caller = getattr(request.state, "caller", None)
        if not isinstance(caller, HeldKey):
            raise Stranger("Nobody was let in here", hint=HOW_TO)
        check_allowed(caller, self.scope)
        return caller


def needs(scope: Scope) -> params.Security:
    """What a route declares: `dependencies=[needs(Scope.READ)]`; with Annotated[HeldKey, ...] it is told the caller."""
    return params.Security(Needs(scope))


def check_allowed(caller: HeldKey, scope: Scope) -> None:
    """Raise Forbidden unless the caller's scope includes this one."""
    if _RANKS[caller.scope] < _RANKS[scope]:
        message = f"The key {caller.key_id} of {caller.name} has the scope {caller.scope}, this needs {scope}"
        raise Forbidden(message, hint=f"`fairline keys create --name NAME --scope {scope}` makes one that may.")


@dataclass(frozen=True, slots=True)
class Door:
    """A route as the guard knows it. scope: None where anyone may enter."""

    route: str
    path: re.Pattern[str]
    methods: frozenset[str]
    scope: Scope | None


def doors_of(routes: Sequence[BaseRoute]) -> tuple[Door, ...]:
    """Every route with what it needs. Raises Refused for one that says nothing and is not open to anyone."""
    doors: list[Door] = []
    for route in iter_route_contexts(routes):
        dependant = getattr(route, "dependant", None)
        needed = sorted(_needed(dependant), key=_RANKS.__getitem__) if dependant is not None else []
        if not needed and route.path not in OPEN:
            message = f"The route {route.path} does not say what it needs of its caller"
            raise Refused(message, hint="Give it `dependencies=[needs(Scope.READ)]`, or the scope it needs.")
        path = re.compile(route.path_regex.pattern)
        scope = needed[-1] if needed else None
        doors.append(Door(route.path_format or "", path, frozenset(route.methods or ()), scope))
    return tuple(doors)


def _needed(dependant: Any) -> Iterable[Scope]:  # noqa: ANN401 - FastAPI's own tree
    if isinstance(dependant.call, Needs):
        yield dependant.call.scope
    for each in dependant.dependencies:
        yield from _needed(each)
