"""What every service answers: /health, /ready, /version, /metrics, its OpenAPI, and /docs."""

from __future__ import annotations

import logging
import time
from dataclasses import asdict, dataclass
from http import HTTPStatus
from threading import Lock
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from pydantic import BaseModel

from fairline.domain.errors import Busy, FairlineError, Transient
from fairline.ops.versions import versions
from fairline.platform.ledger.access import Scope
from fairline.services.contract import Check
from fairline.services.guard import needs
from fairline.services.problems import RETRY_S, Problem, answer
from fairline.services.routes_page import page

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fairline.services.contract import Role
    from fairline.services.metrics import Metrics
    from fairline.services.station import Station

READY_FOR_S = 5.0
"""How long an answer of /ready stands: the real path is walked no more often."""
WAIT_FOR_CHECK_S = 30.0

LOG = logging.getLogger("fairline.services")

_METRICS_TEXT = "text/plain; version=0.0.4; charset=utf-8"
_NOT_READY = "What a role needs does not work"
_NO_SCRIPTS = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


class Alive(BaseModel):
    """The process answers. Whether it works, /ready tells."""

    status: str


class CheckAnswer(BaseModel):
    """One thing a role needs, tried."""

    role: str
    name: str
    ok: bool
    detail: str
    hint: str
    busy: bool


class ReadyAnswer(BaseModel):
    """Everything the roles need works."""

    status: str
    checks: list[CheckAnswer]


class VersionAnswer(BaseModel):
    """What runs here. models: the latest model's hash by market."""

    version: str
    commit: str
    config_hash: str
    models: dict[str, str]
    schema_version: int
    home_schema: int | None
    roles: list[str]


@dataclass(frozen=True, slots=True)
class RoleCheck:
    """A check and whose it is."""

    role: str
    check: Check

    def told(self) -> dict[str, Any]:
        """As it is answered."""
        return {"role": self.role, **asdict(self.check)}


class Readiness:
    """Walks the roles' real paths, once at a time; an answer stands for READY_FOR_S."""

    def __init__(
        self, roles: Sequence[Role], station: Station, *, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        """Check these roles on this station; `seconds` never goes back."""
        self._roles, self._station, self._seconds = tuple(roles), station, seconds
        self._lock = Lock()
        self._checks: list[RoleCheck] = []
        self._until = -1.0

    def checks(self) -> list[RoleCheck]:
        """Every check of every role. Raises Busy when another caller's walk does not end."""
        if not self._lock.acquire(timeout=WAIT_FOR_CHECK_S):
            raise Busy("The roles are being checked and are not done", hint="Ask again in a few seconds.")
        try:
            if self._seconds() >= self._until:
                self._checks = [RoleCheck(role.name, each) for role in self._roles for each in self._walk(role)]
                self._until = self._seconds() + READY_FOR_S
            return self._checks
        finally:
            self._lock.release()

    def _walk(self, role: Role) -> list[Check]:
        try:
            return role.ready(self._station)
        except FairlineError as error:
            return [Check(role.name, ok=False, detail=str(error), hint=error.hint, busy=isinstance(error, Transient))]
        except Exception as error:
            LOG.exception("Checking %s", role.name)
            return [Check(role.name, ok=False, detail=type(error).__name__, hint="The service's log has the error.")]


def common_routes(roles: Sequence[Role], station: Station, metrics: Metrics) -> APIRouter:
    """The routes every service has."""
    router = APIRouter(tags=["common"])
    readiness = Readiness(roles, station)

    @router.get("/health")
    async def health() -> Alive:
        """The process answers; it touches nothing, and says nothing of whether it works."""
        return Alive(status="alive")

    @router.get("/ready", response_model=ReadyAnswer, dependencies=[needs(Scope.READ)])
    def ready(request: Request) -> Response:
        """Walk the real path of each role on a canary: 200 only when every part works, else 503 with what does not."""
        checks = readiness.checks()
        told = [each.told() for each in checks]
        failed = [each for each in checks if not each.check.ok]
        if not failed:
            return JSONResponse({"status": "ready", "checks": told})
        detail = f"{_NOT_READY}: {', '.join(f'{each.role} ({each.check.name})' for each in failed)}"
        hint = next((each.check.hint for each in failed if each.check.hint), "")
        headers = {"Retry-After": str(RETRY_S)}
        problem = Problem(HTTPStatus.SERVICE_UNAVAILABLE, "NotReady", detail, hint, headers, {"checks": told})
        return answer(problem, request.state.correlation_id)

    @router.get("/version", dependencies=[needs(Scope.READ)])
    def version() -> VersionAnswer:
        """What runs here: version, commit, and hashes of settings and models."""
        running = asdict(versions(station.objects, station.settings))
        return VersionAnswer(**running, roles=[role.name for role in roles])

    @router.get("/metrics", response_class=PlainTextResponse, dependencies=[needs(Scope.READ)])
    def metrics_() -> Response:
        """Requests, and batches and tasks by state, for Prometheus."""
        return Response(metrics.text(), media_type=_METRICS_TEXT)

    return router


def described_routes(app: FastAPI) -> APIRouter:
    """The application's OpenAPI, and a page that lists its operations. The page loads nothing from anywhere."""
    router = APIRouter(include_in_schema=False)

    @router.get("/openapi.json", dependencies=[needs(Scope.READ)])
    def openapi() -> JSONResponse:
        return JSONResponse(app.openapi())

    @router.get("/docs", dependencies=[needs(Scope.READ)])
    def docs() -> HTMLResponse:
        return HTMLResponse(page(app.openapi()), headers={"Content-Security-Policy": _NO_SCRIPTS})

    return router
