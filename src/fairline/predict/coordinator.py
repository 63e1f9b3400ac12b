"""What a batch needs next: a pure function of what is known of it and of what happened; `ops.coordinating` obeys it.

waiting ──Started──▶ running ──every task ended──▶ merged      Merge
   │                   │  └──no progress──▶ running, requeued  Requeue
   │                   └──no progress again──▶ merged (95 % and more would end well) or failed   Merge | Fail
   └─DeadlinePassed─▶ falling back ──Started──▶ running         FallBack
                           └──DeadlinePassed──▶ failed          Fail
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

STALLED_AFTER = timedelta(minutes=10)
"""Without a task or unit ended for so long, a batch is stalled."""

MOST_REQUEUES = 1
LEAST_WELL = 0.95
"""Share of the units that must be able to end well for what is there to be merged without the rest."""


class Stage(StrEnum):
    """Where a batch stands; merged and failed are ends."""

    WAITING = "waiting"
    FALLING_BACK = "falling back"
    RUNNING = "running"
    MERGED = "merged"
    FAILED = "failed"


class Ended(StrEnum):
    """How a task stands: not yet ended, with a result, or without."""

    OPEN = "open"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class BatchState:
    """What is known of a batch.

    tasks: each by market and system. open_units: units without an end by market. ended: units with one, filtered ones
    among them. progressed_at: when it was opened, requeued, or last had a task or unit end.
    """

    stage: Stage = Stage.WAITING
    tasks: Mapping[tuple[str, str], Ended] = field(default_factory=dict)
    open_units: Mapping[str, int] = field(default_factory=dict)
    ended: int = 0
    progressed_at: datetime | None = None
    requeued: int = 0

    @property
    def over(self) -> bool:
        """Whether nothing can happen to it any more."""
        return self.stage in {Stage.MERGED, Stage.FAILED}

    @property
    def all_ended(self) -> bool:
        """Whether no task is open; true of a batch of which every unit was filtered."""
        return Ended.OPEN not in self.tasks.values()

    @property
    def units(self) -> int:
        """Units it expects."""
        return self.ended + sum(self.open_units.values())

    @property
    def share_well(self) -> float:
        """Share of the units that end well if it is merged now: those ended, and those whose market has an answer."""
        answered = {market for (market, _), end in self.tasks.items() if end == Ended.DONE}
        well = self.ended + sum(count for market, count in self.open_units.items() if market in answered)
        return well / self.units if self.units else 1.0

    @property
    def percent(self) -> float:
        """How much of the work has ended, of 100."""
        if self.over:
            return 100.0
        ended = sum(end != Ended.OPEN for end in self.tasks.values())
        return 100 * ended / len(self.tasks) if self.tasks else 0.0


@dataclass(frozen=True, slots=True)
class Started:
    """The batch was opened with these tasks and units."""

    tasks: tuple[tuple[str, str], ...]
    open_units: Mapping[str, int]
    ended: int
    at: datetime


@dataclass(frozen=True, slots=True)
class TaskEnded:
    """A task ended, with a result or without."""

    market: str
    system: str
    end: Ended
    at: datetime


@dataclass(frozen=True, slots=True)
class Checked:
    """Somebody looked: the rule of the stalled batch applies, and what a lost message should have told is seen."""

    at: datetime


@dataclass(frozen=True, slots=True)
class DeadlinePassed:
    """Its features should have been there by now."""

    at: datetime


@dataclass(frozen=True, slots=True)
class MergeFailed:
    """Every task has ended, and merging what they left came to nothing."""

    at: datetime
    why: str


Event = Started | TaskEnded | Checked | DeadlinePassed | MergeFailed


@dataclass(frozen=True, slots=True)
class Merge:
    """Merge the results that are there, price, keep, publish and close. lacking: tasks without a result."""

    lacking: int = 0


@dataclass(frozen=True, slots=True)
class Requeue:
    """Free the claimed tasks, whoever holds them."""


@dataclass(frozen=True, slots=True)
class FallBack:
    """Start from the feature rows kept last."""


@dataclass(frozen=True, slots=True)
class Fail:
    """Close as failed, for this reason, and raise the alert."""

    reason: str


Command = Merge | Requeue | FallBack | Fail

NOTHING: tuple[Command, ...] = ()


def decide(state: BatchState, event: Event) -> tuple[BatchState, tuple[Command, ...]]:
    """The state after the event, and what is to be done. An event twice, late or out of order changes nothing more."""
    if state.over:
        return state, NOTHING
    match event:
        case Started():
            return _started(state, event)
        case TaskEnded():
            return _task_ended(state, event)
        case Checked():
            return _checked(state, event.at)
        case DeadlinePassed():
            return _late(state)
        case MergeFailed():
            return _stalled(state, event.at, f"its results cannot be merged: {event.why}")


def _started(state: BatchState, event: Started) -> tuple[BatchState, tuple[Command, ...]]:
    if state.stage == Stage.RUNNING:
        return state, NOTHING
    tasks = dict.fromkeys(event.tasks, Ended.OPEN)
    running = replace(
        state, stage=Stage.RUNNING, tasks=tasks, open_units=event.open_units, ended=event.ended, progressed_at=event.at
    )
    return _merged_if_ended(running)


def _task_ended(state: BatchState, event: TaskEnded) -> tuple[BatchState, tuple[Command, ...]]:
    key = (event.market, event.system)
    if state.tasks.get(key) != Ended.OPEN or event.end == Ended.OPEN:
        return state, NOTHING
    progressed_at = event.at if state.progressed_at is None else max(event.at, state.progressed_at)
    return _merged_if_ended(replace(state, tasks={**state.tasks, key: event.end}, progressed_at=progressed_at))


def _checked(state: BatchState, at: datetime) -> tuple[BatchState, tuple[Command, ...]]:
    if state.stage != Stage.RUNNING:
        return state, NOTHING
    if state.all_ended:
        return _merged_if_ended(state)
    if state.requeued >= MOST_REQUEUES and _is_stalled(state, at) and state.share_well >= LEAST_WELL:
        return _merged(state)
    minutes = round(STALLED_AFTER.total_seconds() / 60)
    return _stalled(state, at, f"no progress for {minutes} minutes, a second time")


def _is_stalled(state: BatchState, at: datetime) -> bool:
    return state.progressed_at is not None and at - state.progressed_at >= STALLED_AFTER


def _stalled(state: BatchState, at: datetime, why: str) -> tuple[BatchState, tuple[Command, ...]]:
    """Another try for a batch that stalled for the first time, its end for one that stalled again."""
    if state.stage != Stage.RUNNING or not _is_stalled(state, at):
        return state, NOTHING
    if state.requeued < MOST_REQUEUES:
        return replace(state, requeued=state.requeued + 1, progressed_at=at), (Requeue(),)
    return _failed(state, why)


def _late(state: BatchState) -> tuple[BatchState, tuple[Command, ...]]:
    match state.stage:
        case Stage.WAITING:
            return replace(state, stage=Stage.FALLING_BACK), (FallBack(),)
        case Stage.FALLING_BACK:
            return _failed(state, "no features by the deadline, and none kept to fall back on")
        case _:
            return state, NOTHING


def _merged_if_ended(state: BatchState) -> tuple[BatchState, tuple[Command, ...]]:
    if not state.all_ended:
        return state, NOTHING
    if state.tasks and Ended.DONE not in state.tasks.values():
        return _failed(state, "every system failed")
    return _merged(state)


def _merged(state: BatchState) -> tuple[BatchState, tuple[Command, ...]]:
    lacking = sum(end != Ended.DONE for end in state.tasks.values())
    return replace(state, stage=Stage.MERGED), (Merge(lacking),)


def _failed(state: BatchState, reason: str) -> tuple[BatchState, tuple[Command, ...]]:
    return replace(state, stage=Stage.FAILED), (Fail(reason),)
