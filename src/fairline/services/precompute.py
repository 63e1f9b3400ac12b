"""The precompute service: the feature rows of a date's slate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter
from pydantic import AfterValidator, Field

from fairline.features.schema import ML_FEATURE_STORE
from fairline.ops.frames import DEFAULT_MARKETS, games_of
from fairline.ops.phases import precompute_date
from fairline.ops.slate_rows import cutoffs_of, slate_rows
from fairline.platform.ledger.access import Scope
from fairline.services.canary import latest_slate, ledger_answers, objects_bear, tried_in_home
from fairline.services.given import Day, Done, Strict, Word, day_of
from fairline.services.guard import needs
from fairline.services.problems import PROBLEMS
from fairline.services.push import Pushed
from fairline.services.pushing import answered

if TYPE_CHECKING:
    from fairline.platform.home import Home
    from fairline.services.contract import Check
    from fairline.services.station import Station

NAME = "precompute"
PROCESSORS = (ML_FEATURE_STORE.name, "upcoming_team_game_context", "upcoming_player_game_context")
"""What is made, in one pass."""


def _a_processor(name: str) -> str:
    if name not in PROCESSORS:
        message = f"there is no processor {name}; choose among {', '.join(PROCESSORS)}"
        raise ValueError(message)
    return name


class Precompute(Strict):
    """A date. processors: may name what is to be made; all is made in one pass whichever is named."""

    analysis_date: Day
    processors: Annotated[
        tuple[Annotated[Word, AfterValidator(_a_processor)], ...], Field(max_length=len(PROCESSORS))
    ] = ()


def routes(station: Station) -> APIRouter:
    """`POST /process`, `POST /process-date`."""
    router = APIRouter(tags=[NAME], responses=PROBLEMS)

    @router.post("/process", dependencies=[needs(Scope.WRITE)])
    def process(pushed: Pushed) -> Done:
        """Keep the feature rows of the slate to come, at the message analytics-ready."""
        return answered(station, NAME, pushed)

    @router.post("/process-date", dependencies=[needs(Scope.WRITE)])
    def process_date(wanted: Precompute) -> Done:
        """Keep the feature rows of a date's slate as of now; `no_data` when no slate is held."""
        with station.turn() as home:
            return Done.of(precompute_date(home, day_of(wanted.analysis_date, station.clock), trigger="manual"))

    return router


def ready(station: Station) -> list[Check]:
    """One game's feature rows are computed and kept; nothing of it stays."""
    return [
        objects_bear(station.objects),
        ledger_answers(station),
        tried_in_home(station, "feature rows", rows_of_one_game),
    ]


def rows_of_one_game(home: Home) -> str:
    """Compute and keep the rows of the latest slate's last game."""
    day = latest_slate(home)
    if day is None:
        return "no slate is held yet"
    cutoffs = cutoffs_of(home.warehouse, day, games_of(home.warehouse, day), home.clock.now())
    rows = slate_rows(home.warehouse, cutoffs.tail(1), DEFAULT_MARKETS)
    return f"{rows.height} rows of one game of {day}"
