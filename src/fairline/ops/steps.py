"""The steps of the days as the schedule takes them: each bears being run twice, and is what a person runs by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from fairline.domain.errors import NotFound
from fairline.platform.ledger.contract import RunStatus

if TYPE_CHECKING:
    from datetime import date

    from fairline.ops.announcing import PhaseResult
    from fairline.ops.day_pricing import Priced
    from fairline.ops.scraping import Scraped
    from fairline.platform.home import Home

Told: TypeAlias = Callable[[str], None]
"""Hears each step of a job as it begins, and may raise to end it there."""

Work: TypeAlias = "Callable[[Home, date, Told], Done]"
"""What a job does for a game date."""


@dataclass(slots=True)
class Done:
    """How a job ended: what it counted, its status when that does not follow from the counts, and what to know."""

    counts: dict[str, int] = field(default_factory=dict)
    status: RunStatus | None = None
    note: str = ""


def scraping(workflow: str, *, reprices: bool = False) -> Work:
    """Run a workflow for the date; where something priced moved by it, price again at once."""

    def work(home: Home, day: date, told: Told) -> Done:
        from fairline.ops.day_pricing import reprice_if_moved
        from fairline.ops.phases import scrape_phase

        scraped = scrape_phase(home, workflow, day, trigger="schedule", told=told)
        done = _of_scrape(scraped)
        if reprices and (priced := reprice_if_moved(home, day, told)) is not None:
            done.counts["repriced"] = priced.expected
        return done

    return work


def _of_scrape(scraped: Scraped) -> Done:
    """A step that nobody could do makes a workflow partial, or failed when nothing was answered at all."""
    counts = {
        name: sum(report.counts[name] for report in scraped.reports)
        for name in ("questions", "answered", "captures", "written", "quarantined")
    }
    if not scraped.failed:
        return Done(counts, None if counts["answered"] else RunStatus.NO_DATA)
    problems = [f"{each.scraper}: {each.problem}" for each in scraped.reports if each.problem]
    status = RunStatus.PARTIAL if counts["answered"] else RunStatus.FAILED
    lacking = f"{', '.join(dict.fromkeys(scraped.failed))} came to nothing"
    return Done(counts, status, f"{lacking}; first: {problems[0]}" if problems else lacking)


def analytics(home: Home, day: date, told: Told) -> Done:
    """Bring summaries and contexts up to date."""
    from fairline.ops.phases import build_analytics

    told("analytics")
    return of_phase(build_analytics(home, day, trigger="schedule"))


def precompute(home: Home, day: date, told: Told) -> Done:
    """Keep the slate's feature rows as of now."""
    from fairline.ops.phases import precompute_date

    told("feature rows")
    return of_phase(precompute_date(home, day, trigger="schedule"))


def of_phase(result: PhaseResult) -> Done:
    """How a phase's result is told of a job."""
    note = f"{result.phase} of {result.game_date} failed" if result.status == "failed" else ""
    return Done(dict(result.counts), RunStatus(result.status), note)


def predictions(home: Home, day: date, told: Told) -> Done:
    """Forecast, price and publish the slate as of now. Raises as `price_day`."""
    from fairline.ops.day_pricing import price_day

    return of_pricing(price_day(home, day, told))


def of_pricing(priced: Priced | None) -> Done:
    """How a batch begun is told of a job: partial while other workers have tasks of it."""
    if priced is None:
        return Done(status=RunStatus.NO_DATA)
    counts = {"expected": priced.expected, "tasks_open": priced.tasks_open}
    if not priced.tasks_open:
        return Done(counts)
    return Done(counts, RunStatus.PARTIAL, f"{priced.tasks_open} tasks of {priced.batch_id} are with other workers")


def reprice(home: Home, day: date, told: Told) -> Done:
    """Price again, whatever moved. A date without a game left to begin has nothing to price."""
    from fairline.ops.day_pricing import price_day

    return of_pricing(price_day(home, day, told))


def reprice_on_news(home: Home, day: date, told: Told) -> Done:
    """Price again if anything moved since the last batch."""
    from fairline.ops.day_pricing import reprice_if_moved

    return of_pricing(reprice_if_moved(home, day, told))


def grade(home: Home, day: date, told: Told) -> Done:
    """Grade the date. Nothing was predicted on many a date: that is no data, and no failure."""
    from fairline.ops.phases import grade_phase

    told("grade")
    try:
        return of_phase(grade_phase(home, day))
    except NotFound as nothing:
        return Done(status=RunStatus.NO_DATA, note=str(nothing))


def grade_what_lacked(home: Home, day: date, told: Told) -> Done:
    """Scrape the date's box scores once more and grade again, unless every prediction is graded."""
    graded = grade(home, day, told)
    if not graded.counts.get("ungraded"):
        return graded
    from fairline.ops.phases import scrape_phase

    scrape_phase(home, "post_game", day, trigger="schedule", told=told)
    return grade(home, day, told)


def reconcile(home: Home, day: date, told: Told) -> Done:
    """Compare the sources of the date and bring the alerts up to date."""
    from fairline.ops.reconciling import reconcile as compared

    told("reconcile")
    found = compared(home, day)
    return Done({name: change.raised + change.lasting for name, change in found.alerts.items()})


def plan_expected(home: Home, day: date, told: Told) -> Done:
    """Plan what the date must produce."""
    from fairline.ops.expected import plan_outputs

    told("expected outputs")
    planned = plan_outputs(home, day, day)
    return Done({"outputs": planned.rows_in, "written": planned.written})


def box_scores_complete(home: Home, day: date, told: Told) -> Done:
    """Look whether the games of the last week have box scores, and bring the alerts up to date."""
    from fairline.ops.completeness import check_box_scores

    del day
    told("box scores held?")
    found = check_box_scores(home)
    games, held = (int(found.dates[name].sum()) for name in ("games", "held"))
    return Done({"games": games, "held": held, "raised": found.alerts.raised, "cleared": found.alerts.cleared})


def validation_report(home: Home, day: date, told: Told) -> Done:
    """Make the date's report; a spot check that differs makes it partial."""
    from fairline.ops.validation.making import validate

    told("validation report")
    made = validate(home, day)
    counts = {name: made.facts[name] for name in ("outputs", "lacking", "spot_checks", "differences", "corrections")}
    counts |= {"revision": made.revision, "written": int(made.written)}
    return Done(counts, RunStatus.PARTIAL if made.facts["differences"] else None, " ".join(made.wrong))


def publish(home: Home, day: date, told: Told) -> Done:
    """Publish the date's last prices; what says the same keeps its revision."""
    from fairline.ops.phases import export_phase

    told("publish")
    return of_phase(export_phase(home, day, trigger="schedule"))
