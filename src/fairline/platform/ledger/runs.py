"""Runs of named steps: begun by hand or for a due time of the schedule, ended once."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from fairline.domain.errors import BrokenContract, Refused
from fairline.platform.ledger.contract import Run, RunStatus
from fairline.platform.ledger.tables import RUNS

MAX_DUE_ATTEMPTS = 3
"""Attempts at one due time of the schedule; what failed so often waits for a person."""

DUE_BACKOFF = timedelta(minutes=5)
"""Rest after the first failed attempt at a due time; after the second it is twice as long."""


def start_run(
    connection: Connection, name: str, lasting: timedelta, trigger: str, game_date: date | None, now: datetime
) -> Run:
    """Note that a step begins; after `lasting` it is overdue."""
    begun = {"name": name, "trigger": trigger, "game_date": game_date, **_begun(lasting, now)}
    return _as_run(connection.execute(insert(RUNS).values(**begun).returning(RUNS)).one(), now)


def start_due(
    connection: Connection, name: str, due_at: datetime, lasting: timedelta, game_date: date | None, now: datetime
) -> Run | None:
    """Begin a step for a due time, for one caller of however many; None when it is not to be begun, or not now."""
    of_due = and_(RUNS.c.name == name, RUNS.c.due_at == due_at)
    # Whoever comes second waits for the first one's row, and then finds that it may not be begun any more.
    again = update(RUNS).where(of_due, _may_begin_again(now))
    again = again.values(**_begun(lasting, now), finished_at=None, attempt=RUNS.c.attempt + 1)
    if row := connection.execute(again.returning(RUNS)).one_or_none():
        return _as_run(row, now)
    if connection.execute(select(RUNS.c.run_id).where(of_due)).one_or_none():
        return None
    first = {"name": name, "trigger": "schedule", "game_date": game_date, "due_at": due_at, **_begun(lasting, now)}
    try:
        with connection.begin_nested():
            return _as_run(connection.execute(insert(RUNS).values(**first).returning(RUNS)).one(), now)
    except IntegrityError:
        return None


def finish_run(
    connection: Connection, run: Run, status: RunStatus, counts: Mapping[str, int], error: str, now: datetime
) -> Run:
    """Note how the run ended. Raises Refused when it has ended, gave way, or claims a success that counts nothing."""
    _check_end(run, status, counts, error)
    ended = {"status": status, "finished_at": now, "counts": dict(counts), "error": error}
    still_his = and_(RUNS.c.run_id == run.run_id, RUNS.c.attempt == run.attempt, RUNS.c.status == RunStatus.RUNNING)
    row = connection.execute(update(RUNS).where(still_his).values(**ended).returning(RUNS)).one_or_none()
    if row is None:
        message = f"Run {run.run_id} of {run.name} has already ended, or gave way to a later attempt"
        raise Refused(message, hint="A run ends once; start another.")
    return _as_run(row, now)


def latest_runs(connection: Connection, name: str, limit: int, now: datetime) -> list[Run]:
    """The latest runs, of one step or of all when the name is empty, the latest first."""
    query = select(RUNS).order_by(RUNS.c.started_at.desc(), RUNS.c.run_id.desc()).limit(limit)
    chosen = query.where(RUNS.c.name == name) if name else query
    return [_as_run(row, now) for row in connection.execute(chosen)]


def _begun(lasting: timedelta, now: datetime) -> dict[str, object]:
    """What the beginning of a run, first or again, says of it."""
    return {"status": RunStatus.RUNNING, "started_at": now, "deadline": now + lasting, "counts": {}, "error": ""}


def _may_begin_again(now: datetime) -> ColumnElement[bool]:
    """Whether an attempt has failed and rested, or ran beyond its deadline, and another is allowed."""
    rested = [
        and_(RUNS.c.attempt == attempt, RUNS.c.finished_at <= now - attempt * DUE_BACKOFF)
        for attempt in range(1, MAX_DUE_ATTEMPTS)
    ]
    failed = and_(RUNS.c.status == RunStatus.FAILED, or_(*rested))
    overdue = and_(RUNS.c.status == RunStatus.RUNNING, RUNS.c.deadline < now, RUNS.c.attempt < MAX_DUE_ATTEMPTS)
    return or_(failed, overdue)


def _check_end(run: Run, status: RunStatus, counts: Mapping[str, int], error: str) -> None:
    if status in {RunStatus.RUNNING, RunStatus.OVERDUE}:
        message = f"Run {run.run_id} of {run.name} cannot end as {status}"
        raise BrokenContract(message, hint="Say success, partial, no_data or failed.")
    if status in {RunStatus.SUCCESS, RunStatus.PARTIAL} and not any(counts.values()):
        message = f"Run {run.run_id} of {run.name} claims {status} and counts nothing"
        raise Refused(message, hint="No rows is no_data, and an error is failed.")
    if status == RunStatus.FAILED and not error:
        message = f"Run {run.run_id} of {run.name} failed without a word"
        raise BrokenContract(message, hint="Give the error's type and message.")


def _as_run(row: Row[Any], now: datetime) -> Run:
    late = row.status == RunStatus.RUNNING and row.deadline < now
    status = RunStatus.OVERDUE if late else RunStatus(row.status)
    return Run(
        row.run_id, row.name, row.trigger, row.game_date, status, row.started_at, row.deadline, row.finished_at,
        row.counts, row.error, row.due_at, row.attempt,
    )  # fmt: skip
