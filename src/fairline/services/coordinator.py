"""The coordinator service: batches opened, watched and completed, all of it told from the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, BackgroundTasks, Path, Query, Request, Response
from pydantic import Field

from fairline.analytics.build import refresh
from fairline.domain.errors import AlreadyOpen, LookAhead
from fairline.ops.announcing import Bell, PhaseResult, message_of
from fairline.ops.coordinating import batch_status, check_stalled, start_batch
from fairline.ops.frames import forecastable, games_of
from fairline.ops.slate_rows import moment_of
from fairline.ops.units import RUN_KIND
from fairline.platform.ledger.access import HeldKey, Scope
from fairline.predict import registry
from fairline.predict.systems import SYSTEMS
from fairline.predict.systems.centre import STEMS
from fairline.services.batch_answers import (
    BatchTold,
    DeadLetters,
    StartedBatch,
    StatusTold,
    TaskReplayed,
    VerdictTold,
    batch_told,
    letter_told,
    status_told,
    task_told,
)
from fairline.services.batch_canary import KIND as CANARY_KIND
from fairline.services.batch_canary import ready
from fairline.services.chain import replay_dead
from fairline.services.completing import ring_batch_complete
from fairline.services.given import BatchId, Day, Done, Market, RowId, Several, Strict, System, correlation_of, day_of
from fairline.services.guard import check_allowed, needs
from fairline.services.problems import PROBLEMS
from fairline.services.push import Pushed
from fairline.services.pushing import answered
from fairline.services.working import ring_task_done

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from fairline.ops.coordinating import Started
    from fairline.platform.home import Home
    from fairline.services.station import Station

__all__ = ["NAME", "ready", "routes"]

NAME = "coordinator"


class Start(Strict):
    """A slate to price. markets, systems: all unless named. force: end the open batch, and open the next (admin)."""

    game_date: Day
    markets: Annotated[tuple[Market, ...], Field(max_length=len(STEMS))] = ()
    systems: Annotated[tuple[System, ...], Field(max_length=len(SYSTEMS))] = ()
    force: bool = False


def routes(station: Station) -> APIRouter:
    """`POST /start`, `GET /status`, `GET /batches`, `POST /complete`, `POST /check-stalled`, dead letters."""
    router = APIRouter(tags=[NAME], responses=PROBLEMS)
    _starting(router, station)
    _watching(router, station)
    _dead_letters(router, station)
    return router


def _starting(router: APIRouter, station: Station) -> None:
    @router.post("/start", status_code=202)
    def start(
        wanted: Start, caller: Annotated[HeldKey, needs(Scope.WRITE)], request: Request, later: BackgroundTasks
    ) -> StartedBatch:
        """Open a batch for a date's slate: 202 with its id, 409 when one is open, 404 when there is no slate."""
        if wanted.force:
            check_allowed(caller, Scope.ADMIN)
        day, markets = day_of(wanted.game_date, station.clock), forecastable(wanted.markets)
        asked_at = station.clock.now()
        with station.turn() as home:
            if not wanted.force:
                _refuse_if_overtaken(station, day, asked_at)
            _refuse_to_fit(home, day, markets)
            started = start_batch(home, day, markets, wanted.systems, force=wanted.force)
        # The tasks are in the ledger: whoever works may take them. This rings those of this process.
        later.add_task(_ring_batch_open, station, started, correlation_of(request))
        return StartedBatch(**started._asdict())

    @router.post("/complete", dependencies=[needs(Scope.WRITE)])
    def complete(pushed: Pushed) -> Done:
        """Complete the batches whose tasks have all ended, at the message task-done; `no_data` when there is none."""
        return answered(station, NAME, pushed)

    @router.post("/check-stalled", dependencies=[needs(Scope.WRITE)])
    def stalled(request: Request) -> list[VerdictTold]:
        """Complete what has ended; requeue a batch without progress once, after that close it, partial or failed."""
        with station.turn() as home:
            verdicts = check_stalled(home)
        for verdict in verdicts:
            ring_batch_complete(station, verdict.batch_id, correlation_of(request))
        return [VerdictTold(**verdict._asdict()) for verdict in verdicts]


def _watching(router: APIRouter, station: Station) -> None:
    @router.get("/status", response_model=StatusTold, dependencies=[needs(Scope.READ)])
    def status(batch_id: Annotated[BatchId, Query()]) -> Response:
        """One batch: its units by state, its tasks, and how far it is."""
        # Asked for again and again while a batch runs: what is of its type already is not checked for it once more.
        told = status_told(batch_status(station.ledger, batch_id))
        return Response(told.model_dump_json(), media_type="application/json")

    @router.get("/batches", dependencies=[needs(Scope.READ)])
    def batches(
        game_date: Annotated[Day | None, Query()] = None, limit: Annotated[Several, Query()] = 50
    ) -> list[BatchTold]:
        """The latest batches, of one game date or of all."""
        day = day_of(game_date, station.clock) if game_date else None
        held = station.ledger.batches(game_date=day, limit=limit)
        return [batch_told(each) for each in held if each.run_kind != CANARY_KIND]


def _dead_letters(router: APIRouter, station: Station) -> None:
    @router.get("/dead-letters", dependencies=[needs(Scope.READ)])
    def letters(limit: Annotated[Several, Query()] = 50) -> DeadLetters:
        """Tasks that failed for good, and messages whose step failed."""
        tasks = [task_told(each) for each in station.ledger.dead_letters(limit)]
        return DeadLetters(tasks=tasks, messages=[letter_told(each) for each in station.ledger.dead_messages(limit)])

    @router.post("/dead-letters/{task_id}/replay", dependencies=[needs(Scope.ADMIN)])
    def replay_task(task_id: Annotated[RowId, Path()]) -> TaskReplayed:
        """Free a failed task of an open batch for another round of attempts."""
        station.ledger.replay(task_id)
        return TaskReplayed(task_id=task_id)

    @router.post("/dead-messages/{letter_id}/replay", dependencies=[needs(Scope.ADMIN)])
    def replay_message(letter_id: Annotated[RowId, Path()]) -> Done:
        """Deliver a buried message again; it stays buried unless its step ends well."""
        return Done.of(replay_dead(station, letter_id))


def _refuse_if_overtaken(station: Station, day: date, asked_at: datetime) -> None:
    """Raise AlreadyOpen when a batch of the date was opened while this caller waited, even if it has closed since.

    Of those who start at once each would otherwise open one, as soon as the one before is complete.
    """
    for held in station.ledger.batches(game_date=day):
        if held.run_kind == RUN_KIND and held.opened_at >= asked_at:
            message = f"Batch {held.batch_id} was opened while this start waited"
            raise AlreadyOpen(message, hint="`GET /status` tells how it goes; start again for another one.")


def _refuse_to_fit(home: Home, day: date, markets: Sequence[str]) -> None:
    """Raise LookAhead for a day gone by of which every model knows more: fitting one is no work for a request."""
    refresh(home.warehouse)
    moment = moment_of(home, games_of(home.warehouse, day), None)
    knowing = [name for name in markets if not registry.has_honest(home.objects, name, moment)]
    if knowing:
        message = f"Every model kept of {', '.join(knowing)} learned from outcomes after {moment:%Y-%m-%d %H:%M} UTC"
        raise LookAhead(message, hint=f"`fairline run --date {day}` fits models as of then, and prices the slate.")


def _ring_batch_open(station: Station, started: Started, correlation_id: str) -> None:
    bell = Bell("batch-open", "tasks", "manual", correlation_id, subject=started.batch_id)
    result = PhaseResult("start", started.game_date, "success", {"tasks": started.tasks, "expected": started.expected})
    station.bus.publish(message_of(station.clock, bell, result, started.batch_id))
    if not started.tasks:
        # Everyone was filtered: no task will end to have the batch completed.
        ring_task_done(station, started.batch_id, correlation_id)
