"""The schedule: one table, in US Eastern. `fairline up` loops over it; docs/schedule.md is rendered from it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from fairline.ops.due import CatchUp, Due, Job, Kind, Needs, due, missed, upcoming
from fairline.ops.due_times import At, ByEachTip, FromFirstTip, NearTips

if TYPE_CHECKING:
    from fairline.ops.due_times import Rule

__all__ = ["SCHEDULE", "Due", "Job", "due", "job_named", "missed", "upcoming"]

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
QUARTERLY = At("*/15 * * * *", "every 15 min")


def _same_day(name: str, at: At, means: str, lasting: timedelta = 15 * MINUTE) -> Job:
    """A step of the day's own slate: made up until its last game has begun."""
    return Job(name, means, (at,), CatchUp(Kind.LATEST, 16 * HOUR), lasting, once=True, until_last_tip=True)


def _yesterday(name: str, means: str) -> Job:
    """A step of the morning after: made up for every date of the last week."""
    at = At("0 6 * * *", "06:00", days_after=1)
    return Job(name, means, (at,), CatchUp(Kind.ALL, 7 * DAY), 15 * MINUTE, needs=Needs.GAMES, once=True)


def _tomorrow(name: str, cron: str, words: str, means: str, within: timedelta = 4 * HOUR) -> Job:
    """A step of the next day's slate, the evening before."""
    at = At(cron, words, days_after=-1)
    return Job(name, means, (at,), CatchUp(Kind.LATEST, within), 15 * MINUTE, once=True)


def _always(name: str, means: str) -> Job:
    """A check of the process itself, every quarter of an hour of every day."""
    return Job(name, means, (QUARTERLY,), CatchUp(Kind.LATEST, 15 * MINUTE), 10 * MINUTE, needs=Needs.NOTHING)


def _while_games_come(name: str, means: str, *when: Rule, within: timedelta, lasting: timedelta = 10 * MINUTE) -> Job:
    """Work that repeats until the last game of the date has begun."""
    return Job(name, means, when, CatchUp(Kind.LATEST, within), lasting, until_last_tip=True)


SCHEDULE = (
    Job(
        "plan-expected-outputs", "Plan what the date must produce, by its games as known.",
        (At("0 5 * * *", "05:00", ahead=4 * HOUR),), CatchUp(Kind.LATEST, 16 * HOUR), 15 * MINUTE, needs=Needs.GAMES,
        once=True,
    ),
    Job(
        "morning", "Scrape schedule, players, rosters, referees and yesterday's box scores.",
        (At("0 6,8,10 * * *", "06:00, 08:00 and 10:00", ahead=3 * HOUR),), CatchUp(Kind.LATEST, 4 * HOUR), 30 * MINUTE,
        needs=Needs.NOTHING,
    ),
    _yesterday("yesterday-analytics", "Bring the summaries up to date with the box scores of the date."),
    _yesterday("yesterday-grading", "Grade the date's predictions and publish its results."),
    _yesterday("yesterday-reconciliation", "Compare the sources of the date; an alert for each game they disagree on."),
    _yesterday("validation-report", "Report on the date: what was expected and came, how good it is, what changed."),
    Job(
        "box-score-completeness",
        "Raise an alert for each date of the last week that lacks box scores; clear it when it has them.",
        (At("0 */6 * * *", "every 6 h"),), CatchUp(Kind.LATEST, 6 * HOUR), 15 * MINUTE, needs=Needs.NOTHING,
    ),
    Job(
        "grading-readiness", "Look again for results that were lacking at 06:00, and grade those.",
        (At("0 10 * * *", "10:00", days_after=1),), CatchUp(Kind.LATEST, 12 * HOUR), 30 * MINUTE, needs=Needs.GAMES,
        once=True,
    ),
    _while_games_come(
        "lines", "Scrape prop quotes and game lines; re-price at once what moved.",
        FromFirstTip(12 * HOUR, 2 * HOUR), NearTips(2 * HOUR, 30 * MINUTE), within=HOUR, lasting=20 * MINUTE,
    ),
    Job(
        "lines-before-tip", "Scrape the closing lines; re-price at once what moved.", (ByEachTip(6 * MINUTE),),
        CatchUp(Kind.NONE, 5 * MINUTE), 6 * MINUTE, until_last_tip=True,
    ),
    _while_games_come(
        "injuries", "Scrape who is out; re-price at once what changed.",
        At("0 * * * *", "every hour"), NearTips(2 * HOUR, 15 * MINUTE), within=HOUR,
    ),
    _same_day(
        "same-day-phase3", At("30 10 * * *", "10:30", ahead=3 * HOUR), "Bring summaries and contexts up to date."
    ),
    _same_day("same-day-phase4", At("0 11 * * *", "11:00", ahead=3 * HOUR), "Keep the slate's feature rows as of now."),
    _same_day("same-day-predictions", At("30 11 * * *", "11:30", ahead=3 * HOUR), "Forecast, price and publish."),
    _same_day(
        "phase4-failure-alert", At("0 12 * * *", "12:00", ahead=150 * MINUTE),
        "Raise an alert when the slate has no feature rows of today; clear it when it has.",
    ),
    _same_day(
        "self-heal", At("45 12 * * *", "12:45", ahead=135 * MINUTE),
        "Do again what of the same-day steps has come to nothing.", lasting=30 * MINUTE,
    ),
    _same_day(
        "publish-tonight", At("0 13 * * *", "13:00", ahead=3 * HOUR), "Export what was priced, if it is not out yet."
    ),
    _while_games_come(
        "phase4-timeout-check", "Predict without phase 4 when it is late: from what is known, with honest quality.",
        QUARTERLY, within=15 * MINUTE, lasting=15 * MINUTE,
    ),
    _always("stall-check", "Re-queue a batch without progress once, then close it partial or failed with an alert."),
    _always("cleanup", "Load captures that nobody loaded, and merge batches whose tasks have all ended."),
    _while_games_come(
        "reprice", "Price again by the newest lines and injuries, as a new revision.",
        At("0 16 * * *", "16:00"), ByEachTip(30 * MINUTE), within=25 * MINUTE,
    ),
    _while_games_come(
        "reprice-on-news", "Price again if a quote, a status or a game changed since the last batch.",
        QUARTERLY, within=15 * MINUTE,
    ),
    _tomorrow("tomorrow-phase3", "0 17 * * *", "17:00", "Bring tomorrow's contexts up to date."),
    _tomorrow("tomorrow-phase4", "30 17 * * *", "17:30", "Keep the feature rows of tomorrow's slate as of now."),
    _tomorrow("tomorrow-predictions", "0 18 * * *", "18:00", "Forecast, price and publish tomorrow's slate."),
    Job(
        "post-game", "Scrape box scores, actions, shots and game books of the games that have ended.",
        (
            At("*/15 22-23 * * *", "every 15 min from 22:00 to 24:00"),
            At("*/15 0-1 * * *", "every 15 min from 00:00 to 02:00", days_after=1),
            At("0 2,4 * * *", "02:00 and 04:00", days_after=1),
            ByEachTip(-150 * MINUTE), ByEachTip(-180 * MINUTE),
        ),
        CatchUp(Kind.LATEST, 2 * HOUR), 30 * MINUTE,
    ),
    _tomorrow(
        "nightly-precompute", "0 23 * * *", "23:00", "Keep tomorrow's feature rows with tonight's results.", 6 * HOUR
    ),
    # The longest job: last, so that of what is due at once nothing waits for it.
    Job(
        "retrain", "Fit each market's model anew; use it if it passes the gate.",
        (At("0 5 * * 1", "Monday 05:00"),), CatchUp(Kind.LATEST, DAY), HOUR, needs=Needs.NOTHING, once=True,
    ),
)  # fmt: skip
"""Every job, in the order in which those due at once are run."""


def job_named(name: str) -> Job:
    """The job of that name. Raises NotFound naming them all."""
    from fairline.domain.errors import NotFound

    for job in SCHEDULE:
        if job.name == name:
            return job
    message = f"The schedule has no job {name!r}"
    raise NotFound(message, hint=f"Its jobs are {', '.join(job.name for job in SCHEDULE)}.")
