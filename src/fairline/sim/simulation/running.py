"""One run, from a seed."""

from __future__ import annotations

import hashlib
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from fairline.sim.simulation.chaos import MOST_STEPS, Chaos, Endless
from fairline.sim.simulation.days import Days
from fairline.sim.simulation.league import League
from fairline.sim.simulation.machine import Learned, Machine, folder, learn
from fairline.sim.simulation.model import cheap_systems
from fairline.sim.simulation.promises import broken

if TYPE_CHECKING:
    from pathlib import Path

    from fairline.sim.simulation.machine import OpenLedger

FIRST_DAYS = (date(2025, 11, 12), date(2025, 11, 1), date(2026, 3, 7))
"""An ordinary day, and the days before the nights on which clocks change: an hour twice, an hour never."""


@dataclass(frozen=True)
class Outcome:
    """What became of a run. trace: a digest of all that was stored; of the same seed and code it is the same."""

    seed: int
    days: int
    broken: tuple[str, ...]
    did: Counter[str]
    steps: int
    trace: str

    @property
    def command(self) -> str:
        """The one command that runs it again."""
        return f"make soak SEEDS=1 START={self.seed} DAYS={self.days}"


@dataclass
class Runs:
    """Runs in one process that share what was learned of the past. Close it to give the memory back.

    opened: opens an empty ledger for each run; in SQLite when absent.
    """

    opened: OpenLedger | None = None
    learned: dict[date, Learned] = field(default_factory=dict)
    _opened: ExitStack = field(default_factory=ExitStack)
    _place: Path | None = None

    def __enter__(self) -> Runs:
        """Take a folder for what is learned."""
        self._place = self._opened.enter_context(folder())
        return self

    def __exit__(self, *_: object) -> None:
        """Give it back."""
        self._opened.close()

    def run(self, seed: int, days: int = 1) -> Outcome:
        """Live these days from the seed, each followed by a look at every promise; it ends at the first broken one."""
        first = FIRST_DAYS[seed % len(FIRST_DAYS)]
        league, chaos = League(seed, first, days), Chaos(seed)
        # Only while it runs: what else the process does has every system.
        with cheap_systems(), folder() as place:
            machine = Machine(league, chaos, place, self._learned(first), self.opened)
            try:
                told = _lived(machine, days)
                return Outcome(seed, days, tuple(told), chaos.did, chaos.steps, _trace(machine))
            finally:
                machine.close()

    def _learned(self, first: date) -> Learned:
        """The past is the same for every seed."""
        if self._place is None:
            raise RuntimeError
        if first not in self.learned:
            self.learned[first] = learn(League(0, first, 1), self._place)
        return self.learned[first]


def _lived(machine: Machine, days: int) -> list[str]:
    living = Days(machine)
    for offset in range(days):
        day = machine.league.first + timedelta(days=offset)
        machine.chaos.most_steps = machine.chaos.steps + MOST_STEPS
        try:
            living.live(day)
            living.settle(day)
        except Endless as error:
            return [str(error)]
        if told := [*machine.watch.broken, *broken(machine, day)]:
            return told
    return []


def _trace(machine: Machine) -> str:
    """All objects' names and bytes, but those whose names or contents bear an id that is drawn at random."""
    digest = hashlib.sha256()
    for key in machine.objects.list("v1"):
        digest.update(key.encode() + machine.objects.get(key))
    return digest.hexdigest()[:16]
