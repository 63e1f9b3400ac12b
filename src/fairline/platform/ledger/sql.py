"""The ledger on any SQL database of SQLAlchemy Core: each method is one transaction at the clock's time."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from fairline.domain.clock import Clock
from fairline.platform.ledger import batches, dead_messages, letters, revisions, runs, tasks, units
from fairline.platform.ledger.access import Access
from fairline.platform.ledger.callers import SqlAccess
from fairline.platform.ledger.contract import (
    Batch,
    Claim,
    DeadMessage,
    HeldBatch,
    HeldTask,
    Revision,
    Run,
    RunStatus,
    Standing,
    TaskOutcome,
    Unit,
    UnitState,
)
from fairline.platform.ledger.provider_states import ProviderStates
from fairline.platform.ledger.providers import SqlProviderStates
from fairline.platform.ledger.transactions import Transactions


class SqlLedger:
    """The ledger contract over one store. The times are read after the transaction has its turn."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        """Keep the ledger in the store of the transactions, whose tables are there."""
        self._transactions = transactions
        self._clock = clock
        self.providers: ProviderStates = SqlProviderStates(transactions, clock)
        self.access: Access = SqlAccess(transactions, clock)

    def open(self, batch: Batch) -> bool:
        """Open the batch; False when one of its date and kind is open or its id was used."""
        batches.check_plan(batch)
        with self._transactions.writing() as connection:
            return batches.open_batch(connection, batch, self._clock.now())

    def reopen(self, batch: Batch) -> bool:
        """Open again, as the next attempt, a batch that closed with failed units; False when it did not."""
        batches.check_plan(batch)
        with self._transactions.writing() as connection:
            return batches.reopen_batch(connection, batch, self._clock.now())

    def batch(self, batch_id: str) -> HeldBatch:
        """The batch as held. Raises NotFound."""
        with self._transactions.reading() as connection:
            return batches.held_batch(connection, batch_id)

    def standing(self, batch_id: str) -> Standing:
        """The batch with its units by state and its tasks, asked for at once. Raises NotFound."""
        with self._transactions.reading() as connection:
            held = batches.held_batch(connection, batch_id)
            return Standing(held, units.tally(connection, batch_id), letters.tasks_of(connection, batch_id))

    def open_batches(self) -> list[HeldBatch]:
        """Every open batch, the oldest first."""
        with self._transactions.reading() as connection:
            return batches.open_batches(connection)

    def batches(self, *, game_date: date | None = None, limit: int = 50) -> list[HeldBatch]:
        """The latest batches, of one game date or all, the latest opened first."""
        with self._transactions.reading() as connection:
            return batches.latest_batches(connection, game_date, limit)

    def requeue(self, batch_id: str) -> int:
        """Free every claimed task of an open batch, whoever holds it; the tasks freed. Raises Refused when closed."""
        with self._transactions.writing() as connection:
            return letters.requeue_batch(connection, batch_id, self._clock.now())

    def withdraw(self, batch_id: str) -> int:
        """Withdraw the tasks that have not ended, so that no result comes any more; how many."""
        with self._transactions.writing() as connection:
            return batches.withdraw_tasks(connection, batch_id)

    def close(self, batch_id: str, *, failing_open_with: str = "") -> HeldBatch:
        """Close the batch and withdraw its unfinished tasks; its status follows from its units and tasks."""
        with self._transactions.writing() as connection:
            return batches.close_batch(connection, batch_id, failing_open_with, self._clock.now())

    def open_units_of(self, batch_id: str) -> list[Unit]:
        """Units without a terminal state, in the order of their keys."""
        with self._transactions.reading() as connection:
            return units.open_units(connection, batch_id)

    def end_units(self, batch_id: str, ended: Iterable[Unit]) -> int:
        """Give open units the terminal states stated and return how many changed."""
        with self._transactions.writing() as connection:
            return units.end_units(connection, batch_id, ended, self._clock.now())

    def tally(self, batch_id: str) -> dict[UnitState, int]:
        """Units of the batch by state."""
        with self._transactions.reading() as connection:
            return units.tally(connection, batch_id)

    def claim(self, kind: str, owner: str, lease_for: timedelta) -> Claim | None:
        """Lease the oldest task of the kind that is free or whose lease ran out; None when there is none."""
        with self._transactions.writing() as connection:
            return tasks.claim_task(connection, kind, owner, lease_for, self._clock.now())

    def renew(self, claim: Claim, lease_for: timedelta) -> Claim:
        """The claim with a later deadline. Raises StaleLease when the task has another owner or has ended."""
        with self._transactions.writing() as connection:
            return tasks.renew_claim(connection, claim, self._clock.now() + lease_for)

    def finish(self, claim: Claim, outcome: TaskOutcome) -> None:
        """End the task or give it back. Raises StaleLease when it has another owner or end."""
        with self._transactions.writing() as connection:
            tasks.finish_task(connection, claim, outcome, self._clock.now())

    def tasks_of(self, batch_id: str) -> list[HeldTask]:
        """Every task of the batch, in the order planned."""
        with self._transactions.reading() as connection:
            return letters.tasks_of(connection, batch_id)

    def dead_letters(self, limit: int = 50) -> list[HeldTask]:
        """Failed tasks of open batches and closed ones, the latest planned first."""
        with self._transactions.reading() as connection:
            return letters.dead_letters(connection, limit)

    def replay(self, task_id: int) -> None:
        """Free a failed task of an open batch for another round of attempts. Raises NotFound and Refused."""
        with self._transactions.writing() as connection:
            letters.replay_task(connection, task_id, self._clock.now())

    def bury(self, subscriber: str, message: Mapping[str, object], error: str) -> DeadMessage:
        """Keep a message that its subscriber could not bear."""
        with self._transactions.writing() as connection:
            return dead_messages.bury(connection, subscriber, message, error, self._clock.now())

    def dead_messages(self, limit: int = 50) -> list[DeadMessage]:
        """Messages buried and not yet replayed, the latest first."""
        with self._transactions.reading() as connection:
            return dead_messages.dead_messages(connection, limit)

    def replayed(self, letter_id: int) -> None:
        """Note that a buried message was delivered after all. Raises NotFound."""
        with self._transactions.writing() as connection:
            dead_messages.replayed(connection, letter_id, self._clock.now())

    def start_due(
        self, name: str, due_at: datetime, *, lasting: timedelta, game_date: date | None = None
    ) -> Run | None:
        """Begin a step for a due time, for one caller of however many; None when it is not to be begun, or not now."""
        with self._transactions.writing() as connection:
            return runs.start_due(connection, name, due_at, lasting, game_date, self._clock.now())

    def start_run(
        self, name: str, *, lasting: timedelta, trigger: str = "manual", game_date: date | None = None
    ) -> Run:
        """Note that a step begins; after `lasting` it is overdue."""
        with self._transactions.writing() as connection:
            return runs.start_run(connection, name, lasting, trigger, game_date, self._clock.now())

    def finish_run(self, run: Run, status: RunStatus, counts: Mapping[str, int], error: str = "") -> Run:
        """Note how the run ended. Raises Refused for a success that counts nothing, and for a run already ended."""
        with self._transactions.writing() as connection:
            return runs.finish_run(connection, run, status, counts, error, self._clock.now())

    def runs(self, name: str = "", limit: int = 50) -> list[Run]:
        """The latest runs, of one step or all, the latest first."""
        with self._transactions.reading() as connection:
            return runs.latest_runs(connection, name, limit, self._clock.now())

    def publish_revision(self, key: str, digest: str) -> Revision:
        """The latest revision when it has this digest, else the next one, now published."""
        with self._transactions.writing() as connection:
            return revisions.publish_revision(connection, key, digest, self._clock.now())

    def revisions(self, key: str) -> list[Revision]:
        """Every revision published under the key, the first first."""
        with self._transactions.reading() as connection:
            return revisions.revisions(connection, key)

    def close_connection(self) -> None:
        """Release the store."""
        self._transactions.close()
