"""Leases on tasks: an owner, a deadline, and a fence that grows with every claim and is compared at every write."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select, update

from fairline.domain.errors import StaleLease
from fairline.platform.ledger.contract import Claim, Task, TaskEnd, TaskOutcome
from fairline.platform.ledger.tables import TASKS

MAX_ATTEMPTS = 5
"""Claims of one task before it is failed: what kills its owners must not do so for ever."""


def claim_task(connection: Connection, kind: str, owner: str, lease_for: timedelta, now: datetime) -> Claim | None:
    """Lease the oldest task of the kind that is free or whose lease ran out; None when there is none."""
    ran_out = and_(TASKS.c.state == "claimed", TASKS.c.deadline <= now)
    takeable = and_(TASKS.c.kind == kind, or_(TASKS.c.state == "free", ran_out))
    _fail_exhausted(connection, takeable)
    oldest = (
        select(TASKS.c.task_id)
        .where(takeable)
        .order_by(TASKS.c.task_id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    taken = {"state": "claimed", "owner": owner, "deadline": now + lease_for, "fence": TASKS.c.fence + 1}
    take = update(TASKS).where(TASKS.c.task_id == oldest, takeable).values(**taken, attempts=TASKS.c.attempts + 1)
    row = connection.execute(take.returning(TASKS)).one_or_none()
    return None if row is None else _as_claim(row)


def renew_claim(connection: Connection, claim: Claim, deadline: datetime) -> Claim:
    """The claim with a later deadline. Raises StaleLease when the task has another owner or has ended."""
    later = update(TASKS).where(_held(claim)).values(deadline=deadline).returning(TASKS)
    row = connection.execute(later).one_or_none()
    if row is None:
        raise _stale(claim, "renewed")
    return _as_claim(row)


def finish_task(connection: Connection, claim: Claim, outcome: TaskOutcome) -> None:
    """End the task or give it back. Raises StaleLease when it has another owner or end."""
    state = "free" if outcome.end == TaskEnd.RETRY else outcome.end.value
    if outcome.end == TaskEnd.RETRY and claim.attempt >= MAX_ATTEMPTS:
        state = "failed"
    end = update(TASKS).where(_held(claim)).values(state=state, reason=outcome.reason)
    if connection.execute(end).rowcount == 1:
        return
    # The same end told twice, because the first answer was lost, is no conflict.
    told = and_(TASKS.c.task_id == claim.task_id, TASKS.c.fence == claim.fence, TASKS.c.state == state)
    if connection.execute(select(TASKS.c.task_id).where(told)).one_or_none() is None:
        raise _stale(claim, "finished")


def _held(claim: Claim) -> Any:  # noqa: ANN401 - an SQL condition
    held = and_(TASKS.c.owner == claim.owner, TASKS.c.fence == claim.fence, TASKS.c.state == "claimed")
    return and_(TASKS.c.task_id == claim.task_id, held)


def _fail_exhausted(connection: Connection, takeable: Any) -> None:  # noqa: ANN401 - an SQL condition
    """Fail the tasks whose every allowed owner vanished without a word."""
    exhausted = update(TASKS).where(takeable, TASKS.c.attempts >= MAX_ATTEMPTS)
    connection.execute(exhausted.values(state="failed", reason=f"no owner finished it in {MAX_ATTEMPTS} attempts"))


def _as_claim(row: Row[Any]) -> Claim:
    task = Task(row.kind, row.key)
    return Claim(row.task_id, row.batch_id, task, row.owner, row.deadline, row.fence, row.attempts)


def _stale(claim: Claim, verb: str) -> StaleLease:
    message = f"Task {claim.task.kind} {claim.task.key} of batch {claim.batch_id} cannot be {verb} by {claim.owner}"
    return StaleLease(message, hint="Its lease ran out and it has a new owner or an end; drop this result.")
