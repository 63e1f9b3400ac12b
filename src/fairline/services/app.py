"""The application factory: roles on a station become one guarded application."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

import fairline
from fairline.domain.errors import NotFound
from fairline.platform.auth import Keyring
from fairline.services import canary_run, lending
from fairline.services.audit import Audit
from fairline.services.common import common_routes, described_routes
from fairline.services.guard import Guard, doors_of
from fairline.services.limits import Limits, Pace
from fairline.services.metrics import Metrics
from fairline.services.problems import PROBLEMS, SCHEMA, answer_problems

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Sequence

    from fastapi import APIRouter

    from fairline.services.contract import Role
    from fairline.services.station import Station


def application(
    roles: Sequence[Role], station: Station, *, extra: Iterable[APIRouter] = (), limits: Limits | None = None
) -> FastAPI:
    """One application of these roles, with what every service has and `extra` routers.

    Raises Refused when a route does not say what it needs of its caller.
    """
    limits = limits or Limits()
    keyring = Keyring(station.ledger.access, station.clock)
    audit = Audit(station.ledger.access, keyring)
    metrics = Metrics(station.ledger)
    names = ", ".join(role.name for role in roles)
    app = FastAPI(
        title="Fairline", version=fairline.__version__, description=f"Roles: {names}.", responses=PROBLEMS,
        openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False, lifespan=_audited(audit),
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )  # fmt: skip
    # A path is looked for in the order of inclusion: first where most is asked.
    routers = {role.name: role.routes(station) for role in roles}
    for name, router in routers.items():
        app.include_router(router, prefix=f"/{name}")
    app.include_router(common_routes(roles, station, metrics))
    app.include_router(lending.routes(station))
    for role in roles:
        if len(roles) == 1:
            # Alone in its process it also answers the bare paths, as its callers on Google Cloud know them.
            app.include_router(routers[role.name], include_in_schema=False)
        app.include_router(canary_run.routes(role.name, station), prefix=f"/{role.name}")
    for router in extra:
        app.include_router(router)
    app.include_router(described_routes(app))
    answer_problems(app)
    _describe(app)
    app.add_middleware(
        Guard, doors=doors_of(app.routes), keyring=keyring, audit=audit, metrics=metrics, limits=limits,
        pace=Pace(limits), clock=station.clock,
    )  # fmt: skip
    app.state.audit = audit
    app.state.needs_home = any(role.needs_home for role in roles)
    return app


def roles_named(roles: str, known: Sequence[Role]) -> tuple[Role, ...]:
    """The roles of a list with commas, each once, in the order of the phases. Raises NotFound for one not known."""
    asked = {name.strip() for name in roles.split(",") if name.strip()}
    unknown = sorted(asked - {role.name for role in known})
    if unknown or not asked:
        message = f"There is no role {unknown[0]!r}" if unknown else "No role is named"
        raise NotFound(message, hint=f"The roles are {', '.join(role.name for role in known)}.")
    return tuple(role for role in known if role.name in asked)


def _audited(audit: Audit) -> Any:  # noqa: ANN401 - Starlette's own type of a lifespan
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        del app
        flushing = asyncio.create_task(audit.keep_flushing())
        try:
            yield
        finally:
            flushing.cancel()
            with suppress(asyncio.CancelledError):
                await flushing
            await asyncio.to_thread(audit.flush)

    return lifespan


def _describe(app: FastAPI) -> None:
    """Give the OpenAPI the schema of a problem. It is made once, when first asked for."""

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
            made.setdefault("components", {}).setdefault("schemas", {})["Problem"] = SCHEMA
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]
