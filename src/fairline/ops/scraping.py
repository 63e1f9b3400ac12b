"""Scraping: a scraper or a workflow run for a day; the next provider is asked where one fails or has nothing to say."""

from __future__ import annotations

import time
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import SystemRandom
from typing import TYPE_CHECKING, Any

from fairline.analytics.build import refresh
from fairline.ops.scraper_runs import run_scraper
from fairline.ops.wanted import games_told, wanted_of
from fairline.platform.ledger.contract import RunStatus
from fairline.platform.transport import Httpx2Transport
from fairline.scrape.client import Client
from fairline.scrape.scrapers import scraper_named
from fairline.scrape.workflows import workflow_named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from datetime import date, datetime

    from fairline.ops.scraper_runs import OnStep, ScraperReport
    from fairline.platform.home import Home
    from fairline.scrape.client import Sleep
    from fairline.scrape.workflows import Step, Workflow


@dataclass(slots=True)
class Scraped:
    """How a scrape went: every scraper that ran, in order. failed: those whose step came to nothing in the end."""

    name: str
    day: date
    reports: list[ScraperReport] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def found(self) -> bool:
        """Every scraper that had something to ask was answered."""
        return all(report.answered or not report.questions for report in self.reports)

    def rows(self) -> list[dict[str, Any]]:
        """One per scraper that ran, as told to people."""
        return [
            {
                "scraper": each.scraper, "source": each.source, "kind": each.kind, "date": each.day,
                "status": each.status.value, **each.counts, "waited_s": round(each.waited_s, 3),
                "problem": each.problem, "hint": each.hint,
            }
            for each in self.reports
        ]  # fmt: skip

    def note(self, ways: Sequence[Sequence[ScraperReport]]) -> None:
        """Take in a step's ways; it failed when none of them came through."""
        reports = [report for way in ways for report in way]
        self.reports += reports
        if not any(_came_to_something(way) for way in ways):
            self.failed += [report.scraper for report in reports if report.status is RunStatus.FAILED]


@contextmanager
def client_of(home: Home, *, sleep: Sleep = time.sleep) -> Iterator[Client]:
    """A client on the home's stores, its connections open for the block."""
    with closing(Httpx2Transport()) as transport:
        yield Client(
            transport=transport, objects=home.objects, states=home.ledger.providers, settings=home.settings,
            clock=home.clock, sleep=sleep, random=SystemRandom(),
        )  # fmt: skip


def scrape(
    home: Home, what: str | Workflow, day: date, *, told: OnStep, client: Client | None = None, load: bool = True
) -> Scraped:
    """Run a scraper or a workflow, or the one of that name, for a day and bring the summaries up to date.

    Failures of providers are in what is returned. Raises NotFound for an unknown name.
    """
    workflow = workflow_named(what) if isinstance(what, str) else what
    scraped = Scraped(workflow.name, day)
    with nullcontext(client) if client else client_of(home) as asking:
        follower = _Follower(home, asking, told, load=load)
        for step in workflow.steps:
            scraped.note(follower.follow(step, day - timedelta(days=step.days_before)))
    if load:
        # Even when nothing was written: an earlier process may have died between its rows and their summaries.
        told("summaries")
        refresh(home.warehouse)
    return scraped


def scrape_until_found(
    opened: Callable[[], AbstractContextManager[Home]],
    name: str,
    day: date,
    *,
    told: OnStep,
    load: bool = True,
    sleep: Sleep = time.sleep,
) -> Scraped:
    """Run it as often as its workflow allows, until every scraper was answered.

    The home is opened anew for each try, so that others may work in between. Raises as `scrape`.
    """
    workflow = workflow_named(name)
    for left in reversed(range(workflow.tries)):
        with opened() as home, client_of(home, sleep=sleep) as client:
            scraped = scrape(home, name, day, told=told, load=load, client=client)
        if scraped.found or not left:
            break
        told(f"nothing yet; again in {workflow.every.total_seconds() / 60:.0f} min")
        sleep(workflow.every.total_seconds())
    return scraped


class _Follower:
    """Follows the steps of a workflow in one home."""

    def __init__(self, home: Home, client: Client, told: OnStep, *, load: bool) -> None:
        self._home, self._client, self._told, self._load = home, client, told, load

    def follow(self, step: Step, day: date) -> list[list[ScraperReport]]:
        """The step's ways until nothing is lacking, each for the games of which those before told nothing."""
        began = self._home.clock.now()
        due = {game.game_id for game in step.due(wanted_of(self._home, day))}
        ways = [self._go(step.ways[0], day, None)]
        for way in step.ways[1:]:
            if not step.tells:
                if not _failed(ways[-1]):
                    break
                ways.append(self._go(way, day, None))
                continue
            due -= self._told_of(step, day, began, ways[-1])
            if not due:
                break
            ways.append(self._go(way, day, due))
        return ways

    def _go(self, way: Sequence[str], day: date, only: set[str] | None) -> list[ScraperReport]:
        """One way's scrapers in order; each sees what those before it brought, such as a provider's ids of games."""
        reports = []
        for name in way:
            wanted = wanted_of(self._home, day)
            if only is not None:
                wanted = replace(wanted, games=tuple(game for game in wanted.games if game.game_id in only))
            scraper = scraper_named(name)
            reports.append(run_scraper(self._home, scraper, wanted, self._client, self._told, load=self._load))
        return reports

    def _told_of(self, step: Step, day: date, began: datetime, way: list[ScraperReport]) -> set[str]:
        """Games that need nobody else. Where nothing is loaded, answers are taken to tell of every game."""
        if self._load:
            captures = {capture for report in way for capture in report.capture_ids}
            return games_told(self._home, step.tells, day, began, captures)
        return set() if _failed(way) else {game.game_id for game in wanted_of(self._home, day).games}


def _came_to_something(way: Sequence[ScraperReport]) -> bool:
    return not _failed(way) and any(report.answered for report in way)


def _failed(way: Sequence[ScraperReport]) -> bool:
    return any(report.status is RunStatus.FAILED for report in way)
