"""The scrapers service: providers' answers, landed as captures."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel

from fairline.domain.errors import NotFound, Transient
from fairline.ops.phases import scrape_phase
from fairline.ops.scraper_states import scraper_states
from fairline.ops.scraping import client_of
from fairline.ops.wanted import wanted_of
from fairline.platform.ledger.access import Scope
from fairline.platform.ledger.contract import RunStatus
from fairline.scrape.scrapers import scraper_named, scrapers, sources
from fairline.scrape.workflows import WORKFLOWS
from fairline.services.canary import ledger_answers, objects_bear, tried, tried_in_home
from fairline.services.given import Day, Strict, Word, correlation_of, day_of
from fairline.services.guard import needs
from fairline.services.problems import PROBLEMS

if TYPE_CHECKING:
    from fairline.ops.scraper_runs import ScraperReport
    from fairline.ops.scraping import Scraped
    from fairline.platform.home import Home
    from fairline.services.contract import Check
    from fairline.services.station import Station

NAME = "scrapers"


class Asked(Strict):
    """What a scraper is asked about."""

    date: Day = "TODAY"


class Scrape(Strict):
    """A scraper by name, and what to ask."""

    scraper: Word
    params: Asked = Asked()


class ScraperState(BaseModel):
    """How a scraper stands: when it last succeeded, and whether its provider is well."""

    scraper: str
    source: str
    kind: str
    last_success: datetime | None
    freshness: Literal["fresh", "stale", "never"]
    quota_remaining: int | None
    quota_used: int | None
    health: str
    problem: str
    means: str


class WorkflowTold(BaseModel):
    """A workflow. steps: of each, the ways to its fact, the preferred first; each way is scrapers in order."""

    name: str
    means: str
    steps: list[list[list[str]]]
    tries: int


class ScraperRan(BaseModel):
    """How one scraper fared. problem, hint: the first thing that went wrong, and the next step."""

    scraper: str
    source: str
    kind: str
    date: date
    status: str
    counts: dict[str, int]
    problem: str
    hint: str


class Ran(BaseModel):
    """How a scrape ended. failed: scrapers whose step came to nothing, whoever was asked instead."""

    name: str
    game_date: date
    status: Literal["success", "partial", "no_data"]
    failed: list[str]
    scrapers: list[ScraperRan]


def routes(station: Station) -> APIRouter:
    """`GET /scrapers`, `POST /scrape`, `GET /workflows`, `POST /workflows/{name}/run`."""
    router = APIRouter(tags=[NAME], responses=PROBLEMS)

    @router.get("/scrapers", dependencies=[needs(Scope.READ)], response_model=list[ScraperState])
    def states() -> list[dict[str, Any]]:
        """Every scraper: last success, freshness, quota, health."""
        return scraper_states(station.ledger, station.settings, station.clock.now()).to_dicts()

    @router.post("/scrape", dependencies=[needs(Scope.WRITE)])
    def scrape(wanted: Scrape, request: Request) -> Ran:
        """Run one scraper for a date; what lands is loaded, and capture-landed rings."""
        scraper_named(wanted.scraper)
        return _ran(station, wanted.scraper, wanted.params.date, request)

    @router.get("/workflows", dependencies=[needs(Scope.READ)])
    def workflows() -> list[WorkflowTold]:
        """Every workflow with its steps."""
        return [
            WorkflowTold(
                name=each.name, means=each.means, tries=each.tries,
                steps=[[list(way) for way in step.ways] for step in each.steps],
            )
            for each in WORKFLOWS
        ]  # fmt: skip

    @router.post("/workflows/{name}/run", dependencies=[needs(Scope.WRITE)])
    def run(name: Annotated[Word, Path()], wanted: Asked, request: Request) -> Ran:
        """Run a workflow for a date, once; the next provider is asked where one fails or has nothing to say."""
        if name not in {each.name for each in WORKFLOWS}:
            message = f"There is no workflow called {name!r}."
            raise NotFound(message, hint=f"The workflows are {', '.join(each.name for each in WORKFLOWS)}.")
        return _ran(station, name, wanted.date, request)

    return router


def _ran(station: Station, name: str, given: str, request: Request) -> Ran:
    """Raises Transient when nobody who was asked came to anything: no success is told of it."""
    with station.turn() as home:
        day = day_of(given, station.clock)
        scraped = scrape_phase(home, name, day, trigger="manual", correlation_id=correlation_of(request))
    answered = any(report.answered for report in scraped.reports)
    if scraped.failed and not answered:
        first = next(report for report in scraped.reports if report.status is RunStatus.FAILED)
        message = f"{name} came to nothing: {first.scraper}: {first.problem}"
        raise Transient(message, hint=first.hint or "`fairline scrapers` shows how the providers stand.")
    return Ran(
        name=name, game_date=day, status=_status(scraped, answered=answered), failed=scraped.failed,
        scrapers=[_told(each) for each in scraped.reports],
    )  # fmt: skip


def _status(scraped: Scraped, *, answered: bool) -> Literal["success", "partial", "no_data"]:
    if not answered:
        return "no_data"
    return "partial" if scraped.failed else "success"


def _told(report: ScraperReport) -> ScraperRan:
    return ScraperRan(
        scraper=report.scraper, source=report.source, kind=report.kind, date=report.day, status=report.status.value,
        counts=report.counts, problem=report.problem, hint=report.hint,
    )  # fmt: skip


def ready(station: Station) -> list[Check]:
    """Every scraper puts its questions of today to nobody: the client is made, quotas are read, no network is used."""
    return [
        objects_bear(station.objects), ledger_answers(station), tried("quotas", lambda: _quotas(station)),
        tried_in_home(station, "questions", _questions),
    ]  # fmt: skip


def _quotas(station: Station) -> str:
    states = scraper_states(station.ledger, station.settings, station.clock.now())
    return f"{states.height} scrapers of {len(sources())} providers"


def _questions(home: Home) -> str:
    wanted = wanted_of(home, day_of("today", home.clock))
    with client_of(home):
        asked = sum(len(list(each.questions(wanted))) for each in scrapers())
    return f"{asked} questions about {len(wanted.games)} games"
