"""The bus: messages that ring doorbells. The ledger and the tables are the truth; a lost message loses nothing."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

Status = Literal["success", "partial", "no_data", "failed"]
Trigger = Literal["schedule", "message", "manual", "backfill"]


@dataclass(frozen=True, slots=True)
class Message:
    """What a step tells those after it. `correlation_id` is that of the first message of the chain."""

    message_id: str
    correlation_id: str
    phase: str
    game_date: date
    table: str
    status: Status
    trigger: Trigger
    at: datetime
    counts: Mapping[str, int] = field(default_factory=dict)


Handler = Callable[[Message], None]


class Bus(Protocol):
    """Delivers each message to the subscribers of its phase, at least once, in any order."""

    def publish(self, message: Message) -> None:
        """Ring the doorbells of the message's phase."""
        ...

    def subscribe(self, phase: str, handler: Handler) -> None:
        """Call the handler for every later message of the phase; it must bear the same message twice."""
        ...


class InProcessBus:
    """A bus within one process: publishing calls the handlers, in the order they subscribed, and then returns."""

    def __init__(self) -> None:
        """Begin without subscribers."""
        self._handlers: defaultdict[str, list[Handler]] = defaultdict(list)

    def subscribe(self, phase: str, handler: Handler) -> None:
        """Call the handler for every later message of the phase."""
        self._handlers[phase].append(handler)

    def publish(self, message: Message) -> None:
        """Call every handler of the phase; one that fails keeps no other from hearing.

        Raises ExceptionGroup with the errors of those that failed.
        """
        errors: list[Exception] = []
        for handler in tuple(self._handlers[message.phase]):
            try:
                handler(message)
            except Exception as error:  # noqa: BLE001 - raised together below
                errors.append(error)
        if errors:
            told = f"{len(errors)} handlers of {message.phase} failed on message {message.message_id}"
            raise ExceptionGroup(told, errors)
