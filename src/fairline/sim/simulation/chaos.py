"""What goes wrong, and when: every choice of a run comes from one seed, in the order in which steps are taken."""

from __future__ import annotations

import errno
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

CRASHES = (0.0, 0.001, 0.003, 0.01)
"""Chance of a crash at a step, by run: the rarer let a day go on, the commoner end one at every turn."""

FULL_DISK = (0.0, 0.0, 0.002)
OVERTAKEN = (0.0, 0.01, 0.04)
BAD_ANSWER = (0.0, 0.1, 0.4)
SET_BACK = (0.0, 0.0, 0.2)
LOST, DOUBLED, LATE = 0.1, 0.15, 0.3


MOST_STEPS = 20_000
"""Steps of a day, beyond which it is going on without end: an eventful day takes two thousand."""


class Endless(BaseException):
    """Something is tried again and again without bound."""


class Crash(BaseException):
    """The process is gone. No error of the platform's, so nothing of it may catch it and go on."""


@dataclass
class Life:
    """One process: once it has crashed, nothing that it still tries to do reaches a store.

    slow: how much likelier than others it is to be overtaken between two steps.
    """

    name: str
    over: bool = False
    slow: int = 1


@dataclass
class Chaos:
    """The dice of one run, and what they did. meanwhile: what other processes do while one is between two steps.

    calm: nothing goes wrong any more, as when the day is over and its promises are looked at.
    """

    seed: int
    dice: Random = field(init=False)
    calm: bool = False
    steps: int = 0
    most_steps: int = MOST_STEPS
    did: Counter[str] = field(default_factory=Counter)
    meanwhile: Callable[[], None] | None = None

    def __post_init__(self) -> None:
        """Choose how bad a run it will be."""
        self.dice = Random(self.seed)  # noqa: S311 - it must be repeatable
        self.crash, self.full_disk = self.dice.choice(CRASHES), self.dice.choice(FULL_DISK)
        self.overtaken, self.bad_answer = self.dice.choice(OVERTAKEN), self.dice.choice(BAD_ANSWER)
        self.set_back = self.dice.choice(SET_BACK)

    def step(self, life: Life, what: str, *, writes: bool = False) -> None:
        """Between two steps of a process: it may crash here, find the disk full, or be overtaken by another.

        Raises Crash, now and whenever the process that crashed tries anything more; OSError for a full disk.
        """
        if life.over:
            raise Crash(life.name)
        self.steps += 1
        if self.steps > self.most_steps:
            raise Endless(f"{life.name} still at {what} after {self.steps} steps")
        if self.calm:
            return
        if self.dice.random() < self.crash:
            life.over = True
            self.did[f"crash of {life.name} at {what}"] += 1
            raise Crash(life.name)
        if writes and self.dice.random() < self.full_disk:
            self.did[f"full disk at {what}"] += 1
            raise OSError(errno.ENOSPC, "No space left on device")
        if self.meanwhile is not None and self.dice.random() < self.overtaken * life.slow:
            self.meanwhile()

    def happens(self, chance: float) -> bool:
        """Whether something of that chance happens now; never in the calm."""
        return not self.calm and self.dice.random() < chance
