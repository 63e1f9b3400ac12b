"""One beat of the schedule: what is due is begun, once across however many processes, and its end is noted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairline.domain import errors
from fairline.domain.errors import FairlineError, Permanent, Refused
from fairline.ops.due import Answer, due
from fairline.ops.jobs import WORKS
from fairline.ops.schedule import SCHEDULE
from fairline.ops.slates import slates_around
from fairline.ops.steps import Done
from fairline.platform.ledger.contract import RunStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from fairline.ops.due import Due, Job, LastRuns, Slates
    from fairline.ops.steps import Told, Work
    from fairline.platform.home import Home
    from fairline.platform.ledger.contract import Ledger, Run

RUNS_LOOKED_AT = 100
"""Of each job: more than a week's daily runs with every retry, or a day's of those each quarter of an hour."""


class Stopped(BaseException):
    """The process was asked to end, and the job at work gave up at its next step.

    No error of the job's, so it passes by everything that judges errors.
    """


def tick(
    opened: Callable[[], AbstractContextManager[Home]],
    ledger: Ledger,
    now: datetime,
    *,
    slates: Slates | None = None,
    table: Sequence[Job] = SCHEDULE,
    works: Mapping[str, Work] = WORKS,
    told: Told = lambda _: None,
) -> list[Run]:
    """Run what is due at that moment, in the order of the table; the runs that this caller carried out, as they ended.

    opened: gives the home for one job, so that others have their turn between two. slates: those known; read from the
    home when not given. A job that fails is noted with the type of its error and keeps no other from running; its
    due time is offered again by the ledger's backoff, unless the error is permanent. Raises Busy, with nothing begun,
    while others have the home; and whatever `told` raises to stop the work.
    """
    if slates is None:
        with opened() as home:
            slates = slates_around(home.warehouse, now)
    ended = []
    for each in due(table, last_runs(ledger, table), now, slates):
        with opened() as home:
            run = ledger.start_due(each.job.name, each.due_at, lasting=each.job.lasting, game_date=each.game_date)
            if run is not None:
                ended.append(_carried_out(home, ledger, run, each, works[each.job.name], told))
    return ended


def last_runs(ledger: Ledger, table: Sequence[Job] = SCHEDULE) -> LastRuns:
    """By job, the due times that need nothing more, of the runs the ledger remembers."""
    return {job.name: answers_in(ledger.runs(job.name, RUNS_LOOKED_AT)) for job in table}


def answers_in(runs: Sequence[Run]) -> frozenset[Answer]:
    """The due times answered by these runs: ended other than failed, at work in time, or given up."""
    return frozenset(Answer(run.due_at, run.game_date) for run in runs if run.due_at is not None and _answers(run))


def _answers(run: Run) -> bool:
    from fairline.platform.ledger.runs import MAX_DUE_ATTEMPTS

    if run.status not in {RunStatus.FAILED, RunStatus.OVERDUE}:
        return True
    return run.attempt >= MAX_DUE_ATTEMPTS or is_permanent(run.error)


def is_permanent(error: str) -> bool:
    """Whether a run's error, as noted with its type, is one that the same call would meet again.

    >>> is_permanent("NotFound: No model is trained"), is_permanent("Busy: ..."), is_permanent("AlreadyOpen: ...")
    (True, False, False)
    """
    kind = getattr(errors, error.partition(":")[0], None)
    if not isinstance(kind, type) or not issubclass(kind, FairlineError):
        return False
    # What is refused because of another's work at the same moment will be granted when that has ended.
    return issubclass(kind, Permanent | Refused) and not issubclass(kind, errors.AlreadyOpen | errors.StaleLease)


def _carried_out(home: Home, ledger: Ledger, run: Run, each: Due, work: Work, told: Told) -> Run:
    """Do the job and note how it ended."""
    try:
        told(f"{each.job.name} of {each.game_date}")
        done = work(home, each.game_date, told)
    except Stopped:
        _end(ledger, run, Done(status=RunStatus.FAILED, note="Busy: the process was asked to end"))
        raise
    except Exception as error:  # noqa: BLE001 - an unknown error is a failure with a type, and the others still run
        return _end(ledger, run, Done(status=RunStatus.FAILED, note=f"{type(error).__name__}: {error}"))
    return _end(ledger, run, done)


def _end(ledger: Ledger, run: Run, done: Done) -> Run:
    try:
        return ledger.finish_run(run, _status(done), done.counts, done.note)
    except Refused:
        # It took longer than it may, and another has taken its place: what that one notes counts.
        return run


def _status(done: Done) -> RunStatus:
    """Nothing counted is no data, whatever was said; unless it failed."""
    if done.status is RunStatus.FAILED or done.status is RunStatus.NO_DATA:
        return done.status
    return (done.status or RunStatus.SUCCESS) if any(done.counts.values()) else RunStatus.NO_DATA
