"""The coordinator at work: batches started, completed, freed when they stall, as `predict.coordinator` decides.

Its state is read from the ledger each time, so every process sees the same, and none remembers anything.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal, NamedTuple

from fairline.domain.errors import FairlineError
from fairline.ops.alerts import BATCH_STALLED, report
from fairline.ops.merging import SlateRun, as_kept, merge
from fairline.ops.starting import Started, Steps, start_batch
from fairline.ops.units import RUN_KIND
from fairline.platform.ledger.contract import BatchStatus, TaskState, UnitState
from fairline.predict.coordinator import (
    BatchState,
    Checked,
    Ended,
    Fail,
    Merge,
    MergeFailed,
    Requeue,
    Stage,
    decide,
)
from fairline.predict.tasks import market_and_system

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fairline.platform.home import Home
    from fairline.platform.ledger.contract import HeldBatch, HeldTask, Ledger
    from fairline.predict.coordinator import Command

__all__ = [
    "BatchView", "SlateRun", "Started", "Verdict", "batch_status", "check_stalled", "complete", "complete_batch",
    "start_batch",
]  # fmt: skip

ENDS = {
    TaskState.FREE: Ended.OPEN, TaskState.CLAIMED: Ended.OPEN, TaskState.DONE: Ended.DONE,
    TaskState.FAILED: Ended.FAILED, TaskState.WITHDRAWN: Ended.FAILED,
}  # fmt: skip


class BatchView(NamedTuple):
    """A batch as the ledger alone shows it. units: by state. percent_done: tasks ended, of 100."""

    batch: HeldBatch
    units: dict[str, int]
    tasks: list[HeldTask]
    percent_done: float


class Verdict(NamedTuple):
    """What a check did about an open batch."""

    batch_id: str
    action: Literal["waiting", "requeued", "completed", "failed", "merge_failed"]
    detail: str


def batch_status(ledger: Ledger, batch_id: str) -> BatchView:
    """How far a batch is. Raises NotFound."""
    standing = ledger.standing(batch_id)
    held, tasks = standing.batch, standing.tasks
    units = {state.value: count for state, count in standing.units.items()}
    stage = Stage.RUNNING if held.status == BatchStatus.OPEN else Stage.MERGED
    return BatchView(held, units, tasks, round(BatchState(stage, _ends(tasks)).percent, 1))


def complete_batch(home: Home, batch_id: str) -> SlateRun | None:
    """Merge, price, keep, publish and close a batch of which every task has ended.

    None while one has not, and for a batch that ended without anything to merge. A second call changes nothing, and one
    after a crash does what was left. Raises NotFound.
    """
    return complete(home, batch_id, Steps())


def complete(home: Home, batch_id: str, steps: Steps) -> SlateRun | None:
    """`complete_batch`, its steps timed."""
    held, tasks = home.ledger.batch(batch_id), home.ledger.tasks_of(batch_id)
    if held.status != BatchStatus.OPEN:
        return as_kept(home, held, tasks)
    state = state_of(home.ledger, held, tasks)
    if not state.all_ended:
        return None
    _, commands = decide(state, Checked(home.clock.now()))
    return _carried_out(home, held, tasks, commands, steps)[1]


def check_stalled(home: Home) -> list[Verdict]:
    """Look at every open batch: complete what has ended, free what is stuck, close what stays stuck.

    Without a task or unit ended for ten minutes a batch is requeued once; then it is completed without the rest when
    95 % of its units can end well, else closed as failed with an alert. One that cannot be merged goes the same way.
    """
    return [_checked(home, held) for held in home.ledger.open_batches() if held.run_kind == RUN_KIND]


def state_of(ledger: Ledger, held: HeldBatch, tasks: Sequence[HeldTask]) -> BatchState:
    """What the ledger knows of an open batch, as the decision sees it."""
    still_open = Counter(unit.market for unit in ledger.open_units_of(held.batch_id))
    ended = sum(ledger.tally(held.batch_id).values()) - still_open.total()
    return BatchState(Stage.RUNNING, _ends(tasks), still_open, ended, held.progressed_at, held.requeued)


def _ends(tasks: Sequence[HeldTask]) -> dict[tuple[str, str], Ended]:
    return {market_and_system(task.task): ENDS[task.state] for task in tasks}


def _checked(home: Home, held: HeldBatch) -> Verdict:
    tasks = home.ledger.tasks_of(held.batch_id)
    state, now = state_of(home.ledger, held, tasks), home.clock.now()
    _, commands = decide(state, Checked(now))
    try:
        return _carried_out(home, held, tasks, commands, Steps())[0]
    except FairlineError as error:
        why = f"{type(error).__name__}: {error}"
        _, commands = decide(state, MergeFailed(now, why))
        verdict, _ = _carried_out(home, held, tasks, commands, Steps())
        return verdict if verdict.action == "failed" else Verdict(held.batch_id, "merge_failed", why)


def _carried_out(
    home: Home, held: HeldBatch, tasks: Sequence[HeldTask], commands: Sequence[Command], steps: Steps
) -> tuple[Verdict, SlateRun | None]:
    """Do what was decided; what it came to, and the run if it was merged."""
    match commands:
        case [Merge(lacking)]:
            run = merge(home, held, tasks, steps)
            _clear_or_raise(home, home.ledger.batch(held.batch_id))
            return Verdict(held.batch_id, "completed", f"{lacking} tasks without a result" if lacking else ""), run
        case [Requeue()]:
            freed = home.ledger.requeue(held.batch_id)
            return Verdict(held.batch_id, "requeued", f"{freed} tasks freed"), None
        case [Fail(reason)]:
            home.ledger.close(held.batch_id, failing_open_with=reason)
            _raise_alert(home, held, reason)
            return Verdict(held.batch_id, "failed", reason), None
        case _:
            return Verdict(held.batch_id, "waiting", ""), None


def _clear_or_raise(home: Home, held: HeldBatch) -> None:
    """A date whose batch came to a good end is in no alert any more."""
    if held.status == BatchStatus.FAILED:
        counts = home.ledger.tally(held.batch_id)
        _raise_alert(home, held, f"{counts[UnitState.FAILED]} of {sum(counts.values())} units failed")
    elif held.status != BatchStatus.OPEN:
        report(home.warehouse, BATCH_STALLED, {}, home.clock.now(), among=str(held.game_date))


def _raise_alert(home: Home, held: HeldBatch, detail: str) -> None:
    """The date's slate lacks forecasts: one alert a date, whatever its attempts."""
    subject = str(held.game_date)
    report(home.warehouse, BATCH_STALLED, {subject: f"{held.batch_id}: {detail}"}, home.clock.now(), among=subject)
