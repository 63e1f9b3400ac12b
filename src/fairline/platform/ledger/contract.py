"""What every ledger keeps and promises. One conformance suite (tests/platform) holds each adapter to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from fairline.domain.errors import BrokenContract
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
    """A batch as the ledger holds it; `attempt` counts openings of one game date and kind from 1."""

    batch_id: str
    game_date: date
    run_kind: str
    attempt: int
    status: BatchStatus
    opened_at: datetime
    closed_at: datetime | None


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
    """How an owner leaves a task, and why when it is not done."""

    end: TaskEnd
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of a named step."""

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


@dataclass(frozen=True, slots=True)
class Revision:
    """One publication under a key, numbered from 1 and never changed."""

    key: str
    number: int
    digest: str
    published_at: datetime


class Ledger(Protocol):
    """Batches, units, tasks, runs and published revisions, in one durable store that any process may ask.

    providers: the states of hosts, quotas and validators, in the same store.
    """

    providers: ProviderStates

    def open(self, batch: Batch) -> bool:
        """Open the batch; False, and nothing changes, when one of its date and kind is open or its id was used.

        Raises BrokenContract for a batch without units, or with one twice.
        """
        ...

    def reopen(self, batch: Batch) -> bool:
        """Open again, as the next attempt, a batch that closed with failed units.

        What failed is planned anew, as the batch now says; units and tasks that are done stay so. False, and nothing
        changes, when it is open, closed without a failed unit, or another of its date and kind is open. Raises
        NotFound, and BrokenContract as `open`.
        """
        ...

    def batch(self, batch_id: str) -> HeldBatch:
        """The batch as held. Raises NotFound."""
        ...

    def open_batches(self) -> list[HeldBatch]:
        """Every open batch, the oldest first."""
        ...

    def close(self, batch_id: str, *, failing_open_with: str = "") -> HeldBatch:
        """Close the batch and withdraw its unfinished tasks; its status follows from its units.

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
