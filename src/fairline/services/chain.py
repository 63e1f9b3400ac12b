"""The chain of a day in one process: each message calls the next step. What a step cannot bear is buried, not lost.

    capture-landed → raw → raw-loaded → analytics → analytics-ready → precompute → features-ready
    batch-open → worker → task-done → coordinator → batch-complete

Messages are doorbells. A step looks at the tables and the ledger, never at what a message says was done, so one that
comes twice, late or before its time changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from fairline.domain.dates import game_date
from fairline.domain.errors import BrokenContract, FairlineError, NotFound
from fairline.ops.announcing import PhaseResult
from fairline.ops.phases import build_analytics, load_raw, precompute_date
from fairline.services.completing import complete_ended
from fairline.services.push import message_of, plain
from fairline.services.working import work

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from fairline.platform.bus import Message
    from fairline.platform.ledger.contract import DeadMessage
    from fairline.services.station import Station

AT_REST = frozenset({"no_data", "failed"})
"""Statuses at which the next step rests: nothing new was written."""


@dataclass(frozen=True, slots=True)
class Listener:
    """Which messages a role hears, and the step they ring."""

    role: str
    phases: tuple[str, ...]
    step: Callable[[Station, Message], PhaseResult]


def _load(station: Station, message: Message) -> PhaseResult:
    with station.turn() as home:
        return load_raw(home, message.game_date, trigger="message", correlation_id=message.correlation_id)


def _build(station: Station, message: Message) -> PhaseResult:
    with station.turn() as home:
        return build_analytics(home, message.game_date, trigger="message", correlation_id=message.correlation_id)


def _precompute(station: Station, message: Message) -> PhaseResult:
    """Yesterday's box scores make news for today's slate; yesterday's own is over."""
    day = max(message.game_date, game_date(station.clock.now()))
    with station.turn() as home:
        return precompute_date(home, day, trigger="message", correlation_id=message.correlation_id)


def _predict(station: Station, message: Message) -> PhaseResult:
    return PhaseResult("predict", message.game_date, *work(station, message.correlation_id))


def _complete(station: Station, message: Message) -> PhaseResult:
    return PhaseResult("complete", message.game_date, *complete_ended(station, message.correlation_id))


LISTENERS = (
    Listener("raw", ("capture-landed",), _load),
    Listener("analytics", ("raw-loaded",), _build),
    Listener("precompute", ("analytics-ready",), _precompute),
    Listener("worker", ("batch-open",), _predict),
    Listener("coordinator", ("task-done",), _complete),
)


def subscribe(station: Station, roles: Collection[str] | None = None) -> None:
    """Let each message on the station's bus call the next step, of these roles or of all."""
    for listener in LISTENERS:
        if roles is None or listener.role in roles:
            for phase in listener.phases:
                station.bus.subscribe(phase, partial(_heard, station, listener))


def deliver(station: Station, role: str, message: Message) -> PhaseResult:
    """Do what the message asks of the role. Raises BrokenContract for one it does not hear, and as the step."""
    listener = _listener(role)
    if message.phase not in listener.phases:
        told = f"The {role} service does not hear {message.phase}"
        raise BrokenContract(told, hint=f"Send it {' or '.join(listener.phases)}; look at the subscription.")
    if message.status in AT_REST:
        return PhaseResult(role, message.game_date, "no_data")
    return listener.step(station, message)


def _heard(station: Station, listener: Listener, message: Message) -> None:
    """Deliver, and bury what fails: who rang the bell has done his own work, and cannot do this."""
    try:
        deliver(station, listener.role, message)
    except Exception as error:  # noqa: BLE001 - kept in the ledger with its type
        hint = f" ({error.hint})" if isinstance(error, FairlineError) and error.hint else ""
        station.ledger.bury(listener.role, plain(message), f"{type(error).__name__}: {error}{hint}")


def replay_dead(station: Station, letter_id: int) -> PhaseResult:
    """Deliver a buried message again, to the role that could not bear it. Raises NotFound, and what the step raises.

    It stays buried unless the step ends well.
    """
    letter = _letter(station, letter_id)
    result = deliver(station, letter.subscriber, message_of(dict(letter.message)))
    station.ledger.replayed(letter_id)
    return result


MOST_LETTERS = 10_000


def _letter(station: Station, letter_id: int) -> DeadMessage:
    for letter in station.ledger.dead_messages(MOST_LETTERS):
        if letter.letter_id == letter_id:
            return letter
    message = f"No message {letter_id} is buried"
    raise NotFound(message, hint="GET /dead-letters lists those that are; one replayed is buried no more.")


def _listener(role: str) -> Listener:
    for listener in LISTENERS:
        if listener.role == role:
            return listener
    message = f"No role {role!r} hears messages"
    raise NotFound(message, hint=f"Those that do are {', '.join(each.role for each in LISTENERS)}.")
