"""The analytics service: summaries and contexts from raw."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter
from pydantic import AfterValidator, Field

from fairline.analytics.build import statement
from fairline.analytics.schema import BUILT
from fairline.domain.errors import BrokenContract
from fairline.ops.phases import build_analytics
from fairline.platform.ledger.access import HeldKey, Scope
from fairline.services.canary import ledger_answers, objects_bear, tried_in_home
from fairline.services.given import Day, Done, Strict, Word, day_of
from fairline.services.guard import check_allowed, needs
from fairline.services.problems import PROBLEMS
from fairline.services.push import Pushed
from fairline.services.pushing import answered

if TYPE_CHECKING:
    from fairline.platform.bus import Trigger
    from fairline.platform.home import Home
    from fairline.services.contract import Check
    from fairline.services.station import Station

NAME = "analytics"
PROCESSORS = {table.name: table for table in BUILT}
"""What can be told of: the tables that are built, all of them together, since each reads those before it."""


def _a_processor(name: str) -> str:
    if name not in PROCESSORS:
        message = f"there is no processor {name}; choose among {', '.join(PROCESSORS)}"
        raise ValueError(message)
    return name


Processor = Annotated[Word, AfterValidator(_a_processor)]


class DateRange(Strict):
    """Dates, both ends included. backfill: build anew even what has not changed (scope admin).

    processors: the tables whose rows in the range are told; all unless named.
    """

    start_date: Day
    end_date: Day
    processors: Annotated[tuple[Processor, ...], Field(max_length=len(PROCESSORS))] = ()
    backfill: bool = False


class Built(Done):
    """How the build ended, and the rows now held of each table in the range of dates."""

    start_date: date
    end_date: date
    rows: dict[str, int]


def routes(station: Station) -> APIRouter:
    """`POST /process`, `POST /process-date-range`."""
    router = APIRouter(tags=[NAME], responses=PROBLEMS)

    @router.post("/process", dependencies=[needs(Scope.WRITE)])
    def process(pushed: Pushed) -> Done:
        """Bring the summaries up to date with raw, at the message raw-loaded."""
        return answered(station, NAME, pushed)

    @router.post("/process-date-range")
    def process_date_range(wanted: DateRange, caller: Annotated[HeldKey, needs(Scope.WRITE)]) -> Built:
        """Bring the summaries up to date with raw, and tell what they hold of the dates."""
        if wanted.backfill:
            check_allowed(caller, Scope.ADMIN)
        first, last = day_of(wanted.start_date, station.clock), day_of(wanted.end_date, station.clock)
        if last < first:
            message = f"The range ends ({last}) before it begins ({first})"
            raise BrokenContract(message, hint="Swap start_date and end_date.")
        trigger: Trigger = "backfill" if wanted.backfill else "manual"
        with station.turn() as home:
            done = Done.of(build_analytics(home, last, trigger=trigger, again=wanted.backfill))
            rows = {name: _rows(home, name, first, last) for name in wanted.processors or PROCESSORS}
        return Built(**done.model_dump(), start_date=first, end_date=last, rows=rows)

    return router


def _rows(home: Home, name: str, first: date, last: date) -> int:
    """Rows of a table in the range; all of them where a table has no game date."""
    table = PROCESSORS[name]
    within = " WHERE game_date BETWEEN ? AND ?" if "game_date" in table.column_names else ""
    counted = f"SELECT count(*) FROM {table.full_name}{within}"  # noqa: S608 - names of our own schema
    return int(home.warehouse.query(counted, [first, last] if within else []).item())


def ready(station: Station) -> list[Check]:
    """Every statement runs on one game and is written; nothing of it stays."""
    return [objects_bear(station.objects), ledger_answers(station), tried_in_home(station, "statements", _build)]


def _build(home: Home) -> str:
    """Of the whole of raw each statement says what it would: bound to the tables as they are, and run for no row."""
    for table in BUILT:
        columns = ", ".join(table.column_names)
        home.warehouse.execute(
            f"INSERT INTO {table.full_name} ({columns}) SELECT {columns} FROM ({statement(table.name)}) LIMIT 0"  # noqa: S608 - our own names
        )
    return f"{len(BUILT)} statements bound and run"
