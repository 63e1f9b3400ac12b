"""The day as the ledger tells it: what ran, what is due, late or missed, batches, errors, dead letters.

It needs the ledger and the object store alone, so it answers while another process owns the home.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from fairline.domain.dates import game_date
from fairline.ops.due import due, missed, times_of, upcoming
from fairline.ops.schedule import SCHEDULE
from fairline.ops.slates import kept_plan
from fairline.ops.ticking import last_runs
from fairline.platform.ledger.contract import RunStatus

if TYPE_CHECKING:
    from datetime import date, datetime

    from fairline.ops.due import Due, Job, Slates
    from fairline.platform.ledger.contract import DeadMessage, HeldBatch, HeldTask, Ledger, Run, UnitState
    from fairline.platform.objects import Objects

PHASES = ("raw", "analytics", "precompute", "run", "grade", "export")
"""Steps whose runs are shown beside the schedule's, whoever started them."""

IN_TIME = timedelta(minutes=2)
"""A job not begun so long after its due time is late: the schedule looks every quarter of a minute."""

LOOKED_BACK = timedelta(hours=24)
"""How far back errors and missed due times are told."""

ERRORS_SHOWN, NEXT_SHOWN, RUNS_LOOKED_AT = 8, 8, 300


@dataclass(frozen=True, slots=True)
class JobStatus:
    """A job or phase on the day: its next due time or else its last, and its last run. late: due, and not begun."""

    name: str
    means: str
    due_at: datetime | None
    last: Run | None
    late: bool = False


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A batch of the day, its units by state and its tasks that have not ended."""

    batch: HeldBatch
    units: dict[UnitState, int]
    tasks: int
    tasks_open: int


@dataclass(frozen=True, slots=True)
class DayStatus:
    """One game date as the process knows it now. planned_at: when the schedule last read the slates; None if never."""

    day: date
    now: datetime
    planned_at: datetime | None
    games: int
    first_tip: datetime | None
    jobs: tuple[JobStatus, ...]
    phases: tuple[JobStatus, ...]
    batches: tuple[BatchLine, ...]
    coming: tuple[Due, ...]
    late: tuple[Due, ...]
    missed: tuple[Due, ...]
    errors: tuple[Run, ...]
    dead_tasks: tuple[HeldTask, ...]
    dead_messages: tuple[DeadMessage, ...]


def day_status(ledger: Ledger, objects: Objects, day: date, now: datetime) -> DayStatus:
    """The status of a game date. Without a plan, only what needs no slate is known to be due."""
    plan = kept_plan(objects)
    slates: Slates = plan.slates if plan else {}
    answered = last_runs(ledger)
    late = [each for each in due(SCHEDULE, answered, now, slates) if each.late_by > IN_TIME] if plan else []
    games = [game for game in slates.get(day, ()) if game.status != "postponed"]
    return DayStatus(
        day=day,
        now=now,
        planned_at=plan.at if plan else None,
        games=len(games),
        first_tip=min((game.tip_at for game in games if game.tip_at is not None), default=None),
        jobs=tuple(_job(ledger, job, day, now, slates, late) for job in SCHEDULE),
        phases=tuple(JobStatus(name, "", None, _latest(ledger, name, day)) for name in PHASES),
        batches=tuple(_batch(ledger, batch) for batch in ledger.batches(game_date=day)),
        coming=tuple(upcoming(SCHEDULE, answered, now, slates)[:NEXT_SHOWN]),
        late=tuple(late),
        missed=tuple(missed(SCHEDULE, answered, now, slates, now - LOOKED_BACK)),
        errors=tuple(_errors(ledger, now)),
        dead_tasks=tuple(ledger.dead_letters()),
        dead_messages=tuple(ledger.dead_messages()),
    )


def _job(ledger: Ledger, job: Job, day: date, now: datetime, slates: Slates, late: list[Due]) -> JobStatus:
    times = times_of(job, day, slates.get(day, ()))
    due_at = next((time for time in times if time > now), times[-1] if times else None)
    is_late = any(each.job is job and each.game_date == day for each in late)
    return JobStatus(job.name, job.means, due_at, _latest(ledger, job.name, day), is_late)


def _latest(ledger: Ledger, name: str, day: date) -> Run | None:
    return next((run for run in ledger.runs(name, RUNS_LOOKED_AT) if _date_of(run) == day), None)


def _date_of(run: Run) -> date:
    """A run without a game date counts for the Eastern day on which it began."""
    return run.game_date or game_date(run.started_at)


def _batch(ledger: Ledger, batch: HeldBatch) -> BatchLine:
    from fairline.platform.ledger.contract import TaskState

    tasks = ledger.tasks_of(batch.batch_id)
    unended = sum(task.state in {TaskState.FREE, TaskState.CLAIMED} for task in tasks)
    return BatchLine(batch, ledger.tally(batch.batch_id), len(tasks), unended)


def _errors(ledger: Ledger, now: datetime) -> list[Run]:
    """Runs that failed or are overdue lately, the latest first, once for each name."""
    bad: dict[str, Run] = {}
    for run in ledger.runs("", RUNS_LOOKED_AT):
        if run.status in {RunStatus.FAILED, RunStatus.OVERDUE} and run.started_at >= now - LOOKED_BACK:
            bad.setdefault(run.name, run)
    return list(bad.values())[:ERRORS_SHOWN]
