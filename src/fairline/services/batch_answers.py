"""What the coordinator's routes answer: batches, their tasks, and dead letters, as the ledger holds them."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, Field

if TYPE_CHECKING:
    from fairline.ops.coordinating import BatchView
    from fairline.platform.ledger.contract import DeadMessage, HeldBatch, HeldTask


class StartedBatch(BaseModel):
    """A batch now open. expected: its units, one per player's market. skipped: those born terminal, by reason."""

    batch_id: str
    game_date: date
    as_of: datetime
    expected: int
    skipped: dict[str, int]
    tasks: int


class BatchTold(BaseModel):
    """A batch as the ledger holds it."""

    batch_id: str
    game_date: date
    run_kind: str
    attempt: int
    status: str
    opened_at: datetime
    closed_at: datetime | None
    progressed_at: datetime
    requeued: int


class TaskTold(BaseModel):
    """A task as the ledger holds it."""

    task_id: int
    batch_id: str
    kind: str
    key: str
    state: str
    owner: str | None
    deadline: datetime | None
    attempts: int
    reason: str
    result: str


class StatusTold(BatchTold):
    """A batch with its units by state and its tasks."""

    units: dict[str, int]
    tasks: list[TaskTold]
    percent_done: Annotated[float, Field(ge=0, le=100)]


class VerdictTold(BaseModel):
    """What a check did about an open batch: waiting, requeued, completed, failed or merge_failed."""

    batch_id: str
    action: str
    detail: str


class DeadMessageTold(BaseModel):
    """A message that a role could not bear, and why."""

    letter_id: int
    subscriber: str
    message: dict[str, Any]
    error: str
    buried_at: datetime


class DeadLetters(BaseModel):
    """Tasks that failed, and messages that were buried, the latest first."""

    tasks: list[TaskTold]
    messages: list[DeadMessageTold]


class TaskReplayed(BaseModel):
    """A task now free again."""

    task_id: int


def batch_told(batch: HeldBatch) -> BatchTold:
    """A batch as it is answered."""
    return BatchTold(**_of_batch(batch))


def _of_batch(batch: HeldBatch) -> dict[str, Any]:
    return {name: getattr(batch, name) for name in BatchTold.model_fields}


def task_told(task: HeldTask) -> TaskTold:
    """A task as it is answered."""
    return TaskTold(
        task_id=task.task_id, batch_id=task.batch_id, kind=task.task.kind, key=task.task.key, state=task.state,
        owner=task.owner, deadline=task.deadline, attempts=task.attempts, reason=task.reason, result=task.result,
    )  # fmt: skip


def status_told(view: BatchView) -> StatusTold:
    """A batch, its units and its tasks as they are answered."""
    return StatusTold(
        **_of_batch(view.batch), units={str(state): count for state, count in view.units.items()},
        tasks=[task_told(each) for each in view.tasks], percent_done=view.percent_done,
    )  # fmt: skip


def letter_told(letter: DeadMessage) -> DeadMessageTold:
    """A buried message as it is answered."""
    return DeadMessageTold(
        letter_id=letter.letter_id, subscriber=letter.subscriber, message=dict(letter.message), error=letter.error,
        buried_at=letter.buried_at,
    )  # fmt: skip
