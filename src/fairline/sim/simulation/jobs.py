"""The jobs of the simulated schedule: those of the platform, asking the simulation's providers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fairline.ops.announcing import Bell, PhaseResult, message_of
from fairline.ops.coordinating import start_batch
from fairline.ops.day_pricing import reprice_if_moved
from fairline.ops.jobs import WORKS
from fairline.ops.phases import scrape_phase
from fairline.ops.schedule import SCHEDULE
from fairline.ops.steps import Done
from fairline.scrape.workflows import workflow_named
from fairline.sim.simulation.model import MARKET

if TYPE_CHECKING:
    from datetime import date

    from fairline.ops.steps import Told, Work
    from fairline.platform.home import Home
    from fairline.scrape.workflows import Workflow
    from fairline.sim.simulation.machine import Machine, Main

LEFT_OUT = frozenset({
    "injuries", "lines-before-tip", "phase4-failure-alert", "reprice", "reprice-on-news", "same-day-phase4",
    "tomorrow-phase3", "tomorrow-phase4", "tomorrow-predictions", "nightly-precompute", "yesterday-reconciliation",
    "yesterday-analytics", "plan-expected-outputs", "validation-report", "box-score-completeness", "retrain",
})  # fmt: skip
"""Jobs that do again what another or a message does, and would double what a day costs; and those that only look."""

TABLE = tuple(job for job in SCHEDULE if job.name not in LEFT_OUT)
TOLD = frozenset({"nba_schedule", "nba_scoreboard", "nba_game_log_players"})
"""Scrapers of schedule and results whose questions the league answers."""


def works(machine: Machine, main: Main) -> dict[str, Work]:
    """The jobs that ask providers, asking those of the simulation; and prices by workers of other processes."""

    def asking(workflow: Workflow) -> Work:
        def work(home: Home, day: date, told: Told) -> Done:
            scraped = scrape_phase(home, workflow, day, trigger="schedule", told=told, client=main.client)
            return Done({"answered": sum(report.answered for report in scraped.reports)})

        return work

    def lines(home: Home, day: date, told: Told) -> Done:
        done = asking(workflow_named("lines"))(home, day, told)
        if (priced := reprice_if_moved(home, day, told)) is not None:
            done.counts["repriced"] = priced.expected
        return done

    def predictions(home: Home, day: date, told: Told) -> Done:
        """As `POST /start`: the batch is opened here and worked at elsewhere, half of the times."""
        if machine.chaos.calm or machine.chaos.dice.random() < 0.5:
            return WORKS["same-day-predictions"](home, day, told)
        started = start_batch(home, day, (MARKET,))
        bell = Bell("batch-open", "tasks", "schedule", subject=started.batch_id)
        result = PhaseResult("coordinator", day, "success", {"expected": started.expected})
        home.bus.publish(message_of(home.clock, bell, result, started.batch_id))
        return Done({"expected": started.expected})

    return {
        **WORKS, "morning": asking(_told_by_league("morning")), "post-game": asking(_told_by_league("post_game")),
        "lines": lines, "same-day-predictions": predictions,
    }  # fmt: skip


def _told_by_league(name: str) -> Workflow:
    """That workflow's scrapers of which the league knows something."""
    whole = workflow_named(name)
    ways = ((step, tuple(tuple(one for one in way if one in TOLD) for way in step.ways)) for step in whole.steps)
    steps = [replace(step, ways=tuple(filter(None, told))) for step, told in ways if any(told)]
    return replace(whole, steps=tuple(steps))
