"""Leases on tasks: an owner, a deadline, and a fence that grows with every claim and is compared at every write.

Locks are taken in one order everywhere, the batch before its tasks, so no two transactions wait for each other.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select, update

from fairline.domain.errors import StaleLease
from fairline.platform.ledger.contract import Claim, Task, TaskEnd, TaskOutcome, TaskState
from fairline.platform.ledger.progress import lock_batch, note_progress
from fairline.platform.ledger.tables import IN_PLAY, TASKS

MAX_ATTEMPTS = 5
"""Claims of one task before it is failed: what kills its owners must not do so for ever."""


def claim_task(connection: Connection, kind: str, owner: str, lease_for: timedelta, now: datetime) -> Claim | None:
    """Lease the oldest task of the kind that is free or whose lease ran out; None when there is none."""
    takeable = and_(_ownerless(kind, now), TASKS.c.attempts < MAX_ATTEMPTS)
    # A task that another claimer is just taking is passed over, not waited for.
    oldest = select(TASKS.c.task_id).where(takeable).order_by(TASKS.c.task_id).limit(1)
    mine = oldest.with_for_update(skip_locked=True).scalar_subquery()
    taken = {"state": TaskState.CLAIMED, "owner": owner, "deadline": now + lease_for, "fence": TASKS.c.fence + 1}
    take = update(TASKS).where(TASKS.c.task_id == mine, takeable).values(**taken, attempts=TASKS.c.attempts + 1)
    row = connection.execute(take.returning(TASKS)).one_or_none()
    if row is None:
        _fail_exhausted(connection, _ownerless(kind, now), now)
        return None
    return _as_claim(row)


def renew_claim(connection: Connection, claim: Claim, deadline: datetime) -> Claim:
    """The claim with a later deadline. Raises StaleLease when the task has another owner or has ended."""
    later = update(TASKS).where(_held(claim)).values(deadline=deadline).returning(TASKS)
    row = connection.execute(later).one_or_none()
    if row is None:
        raise _stale(claim, "renewed")
    return _as_claim(row)


def finish_task(connection: Connection, claim: Claim, outcome: TaskOutcome, now: datetime) -> None:
    """End the task or give it back. Raises StaleLease when it has another owner or end."""
    state = TaskState.FREE if outcome.end == TaskEnd.RETRY else TaskState(outcome.end.value)
    if outcome.end == TaskEnd.RETRY and claim.attempt >= MAX_ATTEMPTS:
        state = TaskState.FAILED
    lock_batch(connection, claim.batch_id)
    result = outcome.result if state == TaskState.DONE else ""
    end = update(TASKS).where(_held(claim)).values(state=state, reason=outcome.reason, result=result)
    if connection.execute(end).rowcount == 1:
        if state != TaskState.FREE:
            note_progress(connection, claim.batch_id, now)
        return
    # The same end told twice, because the first answer was lost, is no conflict.
    told = and_(TASKS.c.task_id == claim.task_id, TASKS.c.fence == claim.fence, TASKS.c.state == state)
    if connection.execute(select(TASKS.c.task_id).where(told)).one_or_none() is None:
        raise _stale(claim, "finished")


def _ownerless(kind: str, now: datetime) -> ColumnElement[bool]:
    """Whether a task is free, or its lease ran out."""
    return and_(TASKS.c.kind == kind, IN_PLAY, or_(TASKS.c.state == TaskState.FREE, TASKS.c.deadline <= now))


def _held(claim: Claim) -> ColumnElement[bool]:
    held = and_(TASKS.c.owner == claim.owner, TASKS.c.fence == claim.fence, TASKS.c.state == TaskState.CLAIMED)
    return and_(TASKS.c.task_id == claim.task_id, held)


def _fail_exhausted(connection: Connection, ownerless: ColumnElement[bool], now: datetime) -> None:
    """Fail the tasks whose every allowed owner vanished without a word."""
    exhausted = and_(ownerless, TASKS.c.attempts >= MAX_ATTEMPTS)
    batches = select(TASKS.c.batch_id).where(exhausted).distinct().order_by(TASKS.c.batch_id)
    for batch_id in connection.execute(batches).scalars().all():
        lock_batch(connection, batch_id)
        failed = {"state": TaskState.FAILED, "reason": f"no owner finished it in {MAX_ATTEMPTS} attempts"}
        connection.execute(update(TASKS).where(exhausted, TASKS.c.batch_id == batch_id).values(**failed))
        note_progress(connection, batch_id, now)


def _as_claim(row: Row[Any]) -> Claim:
    task = Task(row.kind, row.key)
    return Claim(row.task_id, row.batch_id, task, row.owner, row.deadline, row.fence, row.attempts)


def _stale(claim: Claim, verb: str) -> StaleLease:
    message = f"Task {claim.task.kind} {claim.task.key} of batch {claim.batch_id} cannot be {verb} by {claim.owner}"
    return StaleLease(message, hint="Its lease ran out and it has a new owner or an end; drop this result.")
