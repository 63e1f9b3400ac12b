"""What every ledger keeps and promises. One conformance suite (tests/platform) holds each adapter to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from fairline.domain.errors import BrokenContract
from fairline.platform.ledger.access import Access
from fairline.platform.ledger.provider_states import ProviderStates


class UnitState(StrEnum):
    """States of a unit; all but open are terminal."""

    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


class BatchStatus(StrEnum):
    """Open, or how a batch closed: done without a failed unit, partial with at most 5 % failed, else failed."""

    OPEN = "open"
    DONE = "done"
    PARTIAL = "partial"
    FAILED = "failed"


class TaskState(StrEnum):
    """States of a task; done, failed and withdrawn are ends. A failed one is a dead letter until it is replayed."""

    FREE = "free"
    CLAIMED = "claimed"
    DONE = "done"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class TaskEnd(StrEnum):
    """How an owner leaves a task: done, failed for good, or to be tried again."""

    DONE = "done"
    FAILED = "failed"
    RETRY = "retry"


class RunStatus(StrEnum):
    """States of a run. Overdue is read, never written: running beyond its deadline."""

    RUNNING = "running"
    OVERDUE = "overdue"
    SUCCESS = "success"
    PARTIAL = "partial"
    NO_DATA = "no_data"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Unit:
    """One expected output: a player's market in a game. A filtered one is born skipped, with its reason.

    >>> Unit("0022500301", 203999, "points", UnitState.SKIPPED, "quality").reason
    'quality'
    """

    game_id: str
    player_id: int
    market: str
    state: UnitState = UnitState.OPEN
    reason: str = ""

    def __post_init__(self) -> None:
        """Raise BrokenContract for a unit skipped or failed without a reason."""
        if self.state in {UnitState.SKIPPED, UnitState.FAILED} and not self.reason:
            message = f"Unit {self.game_id}/{self.player_id}/{self.market} is {self.state} without a reason"
            raise BrokenContract(message, hint="Say why; a person will ask.")


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work of a batch: `Task("predict", "points/catboost")` is one system on one market."""

    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Batch:
    """A run over one slate as planned: what is expected of it, and the work that gives it."""

    batch_id: str
    game_date: date
    run_kind: str
    units: tuple[Unit, ...]
    tasks: tuple[Task, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldBatch:
    """A batch as the ledger holds it; `attempt` counts openings of one game date and kind from 1.

    progressed_at: when it was opened or requeued, or a task or unit last ended or was replayed. requeued: how often its
    tasks were freed for want of progress since it was opened.
    """

    batch_id: str
    game_date: date
    run_kind: str
    attempt: int
    status: BatchStatus
    opened_at: datetime
    closed_at: datetime | None
    progressed_at: datetime
    requeued: int = 0


@dataclass(frozen=True, slots=True)
class HeldTask:
    """A task as the ledger holds it. result: the object its owner left, when done. attempts: claims so far."""

    task_id: int
    batch_id: str
    task: Task
    state: TaskState
    owner: str | None
    deadline: datetime | None
    attempts: int
    reason: str
    result: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a batch stands: its units by state, zero where there are none, and its tasks in the order planned."""

    batch: HeldBatch
    units: dict[UnitState, int]
    tasks: list[HeldTask]


@dataclass(frozen=True, slots=True)
class Claim:
    """A lease on a task until `deadline`. Its `fence` grows with every claim and is compared at every write."""

    task_id: int
    batch_id: str
    task: Task
    owner: str
    deadline: datetime
    fence: int
    attempt: int


@dataclass(frozen=True, slots=True)
class TaskOutcome:
    """How an owner leaves a task: why when it is not done, and the key of its result object when it is."""

    end: TaskEnd
    reason: str = ""
    result: str = ""


@dataclass(frozen=True, slots=True)
class DeadMessage:
    """A message that a subscriber could not bear, kept with the error until it is replayed."""

    letter_id: int
    subscriber: str
    message: Mapping[str, object]
    error: str
    buried_at: datetime
    replayed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of a named step. due_at: the due time of the schedule it answers. attempt: at that due time."""

    run_id: int
    name: str
    trigger: str
    game_date: date | None
    status: RunStatus
    started_at: datetime
    deadline: datetime
    finished_at: datetime | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    error: str = ""
    due_at: datetime | None = None
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class Revision:
    """One publication under a key, numbered from 1 and never changed."""

    key: str
    number: int
    digest: str
    published_at: datetime


class Ledger(Protocol):
    """Batches, units, tasks, runs and published revisions, in one durable store that any process may ask.

    providers: the states of hosts, quotas and validators. access: keys and audit. Both are in the same store.
    """

    providers: ProviderStates
    access: Access

    def open(self, batch: Batch) -> bool:
        """Open the batch; False, and nothing changes, when one of its date and kind is open or its id was used.

        Raises BrokenContract for a batch without units, or with one twice.
        """
        ...

    def reopen(self, batch: Batch) -> bool:
        """Open again, as the next attempt, a batch that closed partial or failed.

        What failed is planned anew, as the batch now says; units and tasks that are done stay so. False, and nothing
        changes, when it is open, closed as done, or another of its date and kind is open. Raises NotFound, and
        BrokenContract as `open`.
        """
        ...

    def batch(self, batch_id: str) -> HeldBatch:
        """The batch as held. Raises NotFound."""
        ...

    def standing(self, batch_id: str) -> Standing:
        """The batch with its units by state and its tasks, asked for at once. Raises NotFound."""
        ...

    def open_batches(self) -> list[HeldBatch]:
        """Every open batch, the oldest first."""
        ...

    def batches(self, *, game_date: date | None = None, limit: int = 50) -> list[HeldBatch]:
        """The latest batches, of one game date or all, the latest opened first."""
        ...

    def requeue(self, batch_id: str) -> int:
        """Free every claimed task of an open batch, whoever holds it, and count it as requeued; the tasks freed.

        The fences move on, so whoever held one finds his claim stale. Raises NotFound, Refused for a closed batch.
        """
        ...

    def withdraw(self, batch_id: str) -> int:
        """Withdraw the tasks that have not ended, with the claims on them, so that no result comes any more; how many.

        What is merged then is what there will be, however often. Without being planned anew the batch is not done.
        Raises NotFound.
        """
        ...

    def close(self, batch_id: str, *, failing_open_with: str = "") -> HeldBatch:
        """Close the batch and withdraw its unfinished tasks; its status follows from its units and tasks.

        Done needs every unit to have ended well and every task done; else it is partial with at least 95 % of its units
        ended well, else failed.

        Units still open become failed with the reason given. Raises Refused when some are open and no reason is given.
        A closed batch stays as it is.
        """
        ...

    def open_units_of(self, batch_id: str) -> list[Unit]:
        """Units without a terminal state, in the order of their keys."""
        ...

    def end_units(self, batch_id: str, ended: Iterable[Unit]) -> int:
        """Give open units the terminal states stated and return how many changed; ended units stay as they are.

        Raises BrokenContract for a unit stated as open.
        """
        ...

    def tally(self, batch_id: str) -> dict[UnitState, int]:
        """Units of the batch by state."""
        ...

    def claim(self, kind: str, owner: str, lease_for: timedelta) -> Claim | None:
        """Lease the oldest task of the kind that is free or whose lease ran out; None when there is none."""
        ...

    def renew(self, claim: Claim, lease_for: timedelta) -> Claim:
        """The claim with a later deadline. Raises StaleLease when the task has another owner or has ended."""
        ...

    def finish(self, claim: Claim, outcome: TaskOutcome) -> None:
        """End the task or give it back. Saying the same end twice changes nothing.

        A task given back for the last allowed attempt is failed. Raises StaleLease when it has another owner or end.
        """
        ...

    def tasks_of(self, batch_id: str) -> list[HeldTask]:
        """Every task of the batch, in the order planned."""
        ...

    def dead_letters(self, limit: int = 50) -> list[HeldTask]:
        """Failed tasks of open batches and closed ones, the latest planned first."""
        ...

    def replay(self, task_id: int) -> None:
        """Free a failed task for another round of attempts. Raises NotFound, Refused when it has not failed.

        Raises Refused when its batch is closed: `reopen` plans that anew.
        """
        ...

    def bury(self, subscriber: str, message: Mapping[str, object], error: str) -> DeadMessage:
        """Keep a message that its subscriber could not bear."""
        ...

    def dead_messages(self, limit: int = 50) -> list[DeadMessage]:
        """Messages buried and not yet replayed, the latest first."""
        ...

    def replayed(self, letter_id: int) -> None:
        """Note that a buried message was delivered after all. Raises NotFound; noting twice changes nothing."""
        ...

    def start_due(
        self, name: str, due_at: datetime, *, lasting: timedelta, game_date: date | None = None
    ) -> Run | None:
        """Begin a step for a due time of the schedule, for one caller of however many processes.

        None when it is running within its deadline, has ended other than failed, has failed MAX_DUE_ATTEMPTS times, or
        failed so lately that its backoff is not over. An overdue run gives way: its owner's `finish_run` is refused.
        """
        ...

    def start_run(
        self, name: str, *, lasting: timedelta, trigger: str = "manual", game_date: date | None = None
    ) -> Run:
        """Note that a step begins; after `lasting` it is overdue."""
        ...

    def finish_run(self, run: Run, status: RunStatus, counts: Mapping[str, int], error: str = "") -> Run:
        """Note how the run ended. Raises Refused for a success without a counted row, and for a run already ended."""
        ...

    def runs(self, name: str = "", limit: int = 50) -> list[Run]:
        """The latest runs, of one step or all, the latest first."""
        ...

    def publish_revision(self, key: str, digest: str) -> Revision:
        """The latest revision when it has this digest, else the next one, now published."""
        ...

    def revisions(self, key: str) -> list[Revision]:
        """Every revision published under the key, the first first."""
        ...

    def close_connection(self) -> None:
        """Release the store."""
        ...
