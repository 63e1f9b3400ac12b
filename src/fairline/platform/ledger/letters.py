"""Tasks looked at and set free: what a batch holds, what failed for good, another round for it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from fairline.domain.errors import NotFound, Refused
from fairline.platform.ledger.contract import BatchStatus, HeldTask, Task, TaskState
from fairline.platform.ledger.progress import lock_batch, note_progress
from fairline.platform.ledger.tables import BATCHES, DEAD, TASKS

_TASK = select(
    TASKS.c.task_id, TASKS.c.batch_id, TASKS.c.kind, TASKS.c.key, TASKS.c.state, TASKS.c.owner, TASKS.c.deadline,
    TASKS.c.attempts, TASKS.c.reason, TASKS.c.result,
)  # fmt: skip
_OF_BATCH = _TASK.where(TASKS.c.batch_id == bindparam("batch_id")).order_by(TASKS.c.task_id)


def tasks_of(connection: Connection, batch_id: str) -> list[HeldTask]:
    """Every task of the batch, in the order planned."""
    return [_as_task(*row) for row in connection.execute(_OF_BATCH, {"batch_id": batch_id}).all()]


def dead_letters(connection: Connection, limit: int) -> list[HeldTask]:
    """Failed tasks of open batches and closed ones, the latest planned first."""
    query = _TASK.where(DEAD).order_by(TASKS.c.task_id.desc()).limit(limit)
    return [_as_task(*row) for row in connection.execute(query)]


def replay_task(connection: Connection, task_id: int, now: datetime) -> None:
    """Free a failed task of an open batch for another round of attempts. Raises NotFound and Refused."""
    one = TASKS.c.task_id == task_id
    batch_id = connection.execute(select(TASKS.c.batch_id).where(one)).scalar_one_or_none()
    if batch_id is None:
        message = f"No task {task_id}"
        raise NotFound(message, hint="The ledger's dead letters tell the numbers of those that failed.")
    lock_batch(connection, batch_id)
    if _status(connection, batch_id) != BatchStatus.OPEN:
        message = f"Task {task_id} is of batch {batch_id}, which is closed"
        raise Refused(message, hint="Start that batch again: its failed tasks are planned anew.")
    # The fence stays where it is: whoever held the task before must find his claim stale.
    freed = {"state": TaskState.FREE, "owner": None, "deadline": None, "attempts": 0, "reason": ""}
    if connection.execute(update(TASKS).where(one, DEAD).values(**freed)).rowcount == 0:
        message = f"Task {task_id} of batch {batch_id} has not failed"
        raise Refused(message, hint="Only a dead letter is replayed; a free task is claimed by the next worker.")
    note_progress(connection, batch_id, now)


def requeue_batch(connection: Connection, batch_id: str, now: datetime) -> int:
    """Free every claimed task of an open batch, whoever holds it; the tasks freed. Raises NotFound and Refused."""
    lock_batch(connection, batch_id)
    status = _status(connection, batch_id)
    if status is None:
        message = f"No batch {batch_id}"
        raise NotFound(message, hint="The ledger lists the latest ones.")
    if status != BatchStatus.OPEN:
        message = f"Batch {batch_id} is closed and has no task to free"
        raise Refused(message, hint="Start it again if it is to be done again.")
    claimed = update(TASKS).where(TASKS.c.batch_id == batch_id, TASKS.c.state == TaskState.CLAIMED)
    # The fence moves on, so an owner still at work finds his claim stale.
    freed = {"state": TaskState.FREE, "owner": None, "deadline": None, "fence": TASKS.c.fence + 1}
    count = connection.execute(claimed.values(**freed)).rowcount
    again = {"requeued": BATCHES.c.requeued + 1, "progressed_at": now}
    connection.execute(update(BATCHES).where(BATCHES.c.batch_id == batch_id).values(**again))
    return count


def _status(connection: Connection, batch_id: str) -> str | None:
    return connection.execute(select(BATCHES.c.status).where(BATCHES.c.batch_id == batch_id)).scalar_one_or_none()


def _as_task(task_id: int, batch_id: str, kind: str, key: str, state: str, *more: Any) -> HeldTask:  # noqa: ANN401 - the rest of the row
    """A row of `_TASK`, whose order is that of the held task."""
    return HeldTask(task_id, batch_id, Task(kind, key), TaskState(state), *more)
