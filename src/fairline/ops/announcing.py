"""Doorbells after a write: what each step last told those after it, so that nothing is told twice and no news is lost.

A step announces the state its tables are in. It notes what it announced after the bell has rung: a process that dies in
between rings again, and a step that finds nothing new rings `no_data`, at which the next one rests.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fairline.domain.errors import BrokenContract
from fairline.platform.bus import Message

if TYPE_CHECKING:
    from datetime import date

    from fairline.domain.clock import Clock
    from fairline.platform.bus import Status, Trigger
    from fairline.platform.home import Home


@dataclass(frozen=True, slots=True)
class PhaseResult:
    """How a step of the day ended, in the words of its run and of its message. An error is raised, not returned."""

    phase: str
    game_date: date
    status: Status
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bell:
    """What a step rings when it is done. subject: whose state it tells, where that is less than all of it."""

    phase: str
    table: str
    trigger: Trigger
    correlation_id: str = ""
    subject: str = ""

    @property
    def key(self) -> str:
        """The object that holds what was announced last."""
        return "/".join(filter(None, ("announced", self.phase, self.subject)))


def is_news(home: Home, bell: Bell, state: str) -> bool:
    """Whether the state of the tables is another than the one announced last."""
    return not home.objects.exists(bell.key) or home.objects.get(bell.key) != state.encode()


def announce(home: Home, bell: Bell, result: PhaseResult, state: str) -> PhaseResult:
    """Ring the bell with the result, and note the state as announced unless it was not news. Returns the result."""
    home.bus.publish(message_of(home.clock, bell, result, state))
    if result.status in {"success", "partial"}:
        home.objects.put(bell.key, state.encode())
    return result


def message_of(clock: Clock, bell: Bell, result: PhaseResult, state: str) -> Message:
    """The message of a result; its id follows from what it says and when, and begins a chain where none is given."""
    at = clock.now()
    told = f"{bell.phase}|{bell.subject}|{result.game_date}|{result.status}|{state}|{at.isoformat()}"
    message_id = f"{bell.phase}-{hashlib.sha256(told.encode()).hexdigest()[:16]}"
    return Message(
        message_id=message_id, correlation_id=bell.correlation_id or message_id, phase=bell.phase,
        game_date=result.game_date, table=bell.table, status=result.status, trigger=bell.trigger, at=at,
        counts=dict(result.counts),
    )  # fmt: skip


def verified(what: str, written: int, held: int) -> None:
    """Raise BrokenContract unless as many rows are held as were written: success is said of what can be read back."""
    if held < written:
        message = f"{written:,} rows of {what} were written and {held:,} can be read back"
        raise BrokenContract(
            message, hint="Nothing was announced; do the step again, and look at the disk if it fails again."
        )
