"""A bus that loses, doubles, delays and reorders: messages wait in it until they are delivered, if they are."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from fairline.sim.simulation.chaos import DOUBLED, LATE, LOST

if TYPE_CHECKING:
    from datetime import datetime

    from fairline.domain.clock import Clock
    from fairline.platform.bus import Handler, Message
    from fairline.sim.simulation.chaos import Chaos


class FaultyBus:
    """The bus of a simulated machine. Subscriptions end with the process; messages under way outlive it."""

    def __init__(self, clock: Clock, chaos: Chaos) -> None:
        """Begin without subscribers and messages."""
        self._clock, self._chaos = clock, chaos
        self._handlers: defaultdict[str, list[Handler]] = defaultdict(list)
        self._waiting: list[tuple[datetime, int, Message]] = []
        self._count = 0

    def subscribe(self, phase: str, handler: Handler) -> None:
        """Call the handler for every later message of the phase."""
        self._handlers[phase].append(handler)

    def forget(self) -> None:
        """The subscribers are gone with their process."""
        self._handlers.clear()

    def publish(self, message: Message) -> None:
        """Take the message, or lose it; deliver it once or twice, soon or hours later."""
        if self._chaos.happens(LOST):
            self._chaos.did["message lost"] += 1
            return
        copies = 2 if self._chaos.happens(DOUBLED) else 1
        self._chaos.did["message doubled"] += copies - 1
        for _ in range(copies):
            late = self._chaos.happens(LATE)
            self._chaos.did["message late"] += late
            seconds = self._chaos.dice.randrange(3 * 3600) if late else 0
            self._count += 1
            self._waiting.append((self._clock.now() + timedelta(seconds=seconds), self._count, message))

    def deliver(self) -> bool:
        """Deliver one message that is due, any of them; False when there is none."""
        now = self._clock.now()
        due = [each for each in self._waiting if each[0] <= now]
        if not due:
            return False
        chosen = due[0] if self._chaos.calm else self._chaos.dice.choice(due)
        self._waiting.remove(chosen)
        for handler in tuple(self._handlers[chosen[2].phase]):
            handler(chosen[2])
        return True
