"""The publishing service: a date's documents, and the documents themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response

from fairline.domain.errors import BrokenContract, NotFound
from fairline.ops.phases import export_phase
from fairline.platform.ledger.access import Scope
from fairline.publish.exports import KINDS, check, encoded, schema_text
from fairline.services.canary import ledger_answers, objects_bear, there_and_back, tried, tried_in_home
from fairline.services.given import Day, Done, Strict, day_of
from fairline.services.guard import needs
from fairline.services.problems import PROBLEMS

if TYPE_CHECKING:
    from fairline.platform.home import Home
    from fairline.services.contract import Check
    from fairline.services.station import Station

NAME = "publishing"
FOLDER = "v1"


class Export(Strict):
    """The game date to publish."""

    date: Day


def routes(station: Station) -> APIRouter:
    """`POST /export`, `GET /v1/{path}`."""
    router = APIRouter(tags=[NAME], responses=PROBLEMS)

    @router.post("/export", dependencies=[needs(Scope.WRITE)])
    def export(wanted: Export) -> Done:
        """Publish a date's latest slate run and its results again, as the tables hold them."""
        with station.turn() as home:
            return Done.of(export_phase(home, day_of(wanted.date, station.clock)))

    @router.get("/v1/{path:path}", dependencies=[needs(Scope.READ)], response_class=_Json, responses={200: _DOCUMENT})
    def published(path: Annotated[str, Path(max_length=200, pattern=r"^[A-Za-z0-9._/-]+\.json$")]) -> Response:
        """A published document, such as `predictions/2025-11-28.json`, `schemas/results.json`."""
        parts = path.split("/")
        if any(part in {"", ".", ".."} for part in parts):
            message = f"Nothing is published as {path}"
            raise NotFound(message, hint=f"Documents are {', '.join(f'{kind}/YYYY-MM-DD.json' for kind in KINDS)}.")
        return _Json(station.objects.get(f"{FOLDER}/{path}"))

    return router


class _Json(Response):
    """A document as it was published, byte by byte."""

    media_type = "application/json"


_DOCUMENT = {"content": {_Json.media_type: {"schema": {"type": "object"}}}}
"""What OpenAPI says of a document; `schemas/{kind}.json` says all of it."""

CANARY = {
    "date": "2000-01-01", "revision": 1, "cutoff": "2000-01-01T00:00:00+00:00", "bets": [], "passed": [],
    "passed_because": {}, "generated_from": {"batch": "canary", "contract": "canary", "models": {}},
}  # fmt: skip
"""The best bets of a day without any."""


def ready(station: Station) -> list[Check]:
    """A document is held against its schema, written, read and removed; the tables it would be made of are read."""
    return [
        objects_bear(station.objects), ledger_answers(station), tried("document", lambda: _publish(station)),
        tried_in_home(station, "tables", _read),
    ]  # fmt: skip


def _publish(station: Station) -> str:
    check("best-bets", CANARY)
    try:
        check("best-bets", {**CANARY, "revision": 0})
    except BrokenContract:
        there_and_back(station.objects, encoded(CANARY))
        station.ledger.revisions("v1/best-bets/2000-01-01")
        return f"one of {sum(1 for kind in KINDS if schema_text(kind))} kinds kept its schema, there and back"
    message = "A document that breaks its schema was let through"
    raise BrokenContract(message, hint="Run another build: this one must not publish.")


def _read(home: Home) -> str:
    day = home.warehouse.query("SELECT max(game_date) FROM predictions.player_prop_forecasts").item()
    return f"latest date forecast: {day}" if day else "nothing is forecast yet"
