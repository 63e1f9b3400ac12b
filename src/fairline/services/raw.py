"""The raw service: captures to typed rows."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from fastapi import APIRouter
from pydantic import BaseModel

from fairline.domain.errors import BrokenContract
from fairline.ops.capture_replay import replay_waiting
from fairline.platform.captures import capture_of
from fairline.platform.ledger.access import Scope
from fairline.raw.capture_loading import write_reading
from fairline.raw.capture_reading import read_capture
from fairline.raw.held import Held
from fairline.services.canary import ledger_answers, objects_bear, there_and_back, tried_in_home
from fairline.services.given import Done, Strict, Word
from fairline.services.guard import needs
from fairline.services.problems import PROBLEMS
from fairline.services.push import Pushed
from fairline.services.pushing import answered

if TYPE_CHECKING:
    from fairline.platform.home import Home
    from fairline.services.contract import Check
    from fairline.services.station import Station

NAME = "raw"


class Replay(Strict):
    """What of the quarantine to read again: of a kind, set aside for a reason, or all of it."""

    kind: Word | None = None
    reason: Word | None = None


class Replayed(BaseModel):
    """Captures read again, rows written, records that waited before and wait still; left: of kinds nothing reads."""

    captures: int
    written: int
    waited: int
    wait_still: int
    left: dict[str, int]


def routes(station: Station) -> APIRouter:
    """`POST /process`, `POST /quarantine/replay`."""
    router = APIRouter(tags=[NAME], responses=PROBLEMS)

    @router.post("/process", dependencies=[needs(Scope.WRITE)])
    def process(pushed: Pushed) -> Done:
        """Read every capture that is not in the tables yet, at the message capture-landed."""
        return answered(station, NAME, pushed)

    @router.post("/quarantine/replay", dependencies=[needs(Scope.ADMIN)])
    def replay(wanted: Replay) -> Replayed:
        """Read again what has rows in quarantine or names that wait, as after a fix or an alias."""
        with station.turn() as home:
            return Replayed(**asdict(replay_waiting(home, kind=wanted.kind or "", reason=wanted.reason or "")))

    return router


CANARY = (
    b'{"resource":"playerindex","resultSets":[{"name":"PlayerIndex","headers":["PERSON_ID","PLAYER_LAST_NAME",'
    b'"PLAYER_FIRST_NAME","TEAM_ID","JERSEY_NUMBER","POSITION","HEIGHT","WEIGHT","ROSTER_STATUS","FROM_YEAR","TO_YEAR"],'
    b'"rowSet":[[999999999,"Canary","Yellow",1610612752,"0","G","6-3","190",1,"2020","2025"]]}]}'
)
"""NBA.com's player index with one player who is none."""


def ready(station: Station) -> list[Check]:
    """A capture is kept, read, written and taken back; nothing of it stays."""
    return [objects_bear(station.objects), ledger_answers(station), tried_in_home(station, "capture to rows", _load)]


def _load(home: Home) -> str:
    now = home.clock.now()
    content = there_and_back(home.objects, CANARY)
    capture = capture_of(content, source="nba", kind="nba_players", at=now)
    report = write_reading(home.warehouse, read_capture(content, capture, Held(home.warehouse)), now)
    if (report.rows_read, report.written, report.problem) != (1, 2, ""):
        message = f"The canary was read as {report.rows_read} rows and {report.written} written: {report.problem}"
        raise BrokenContract(message, hint="`fairline parse` shows what a capture says.")
    return "1 player read, 2 rows written and taken back"
