"""The station: what the roles of one process share. The ledger and the objects are always there; the home by turns."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from threading import RLock
from typing import TYPE_CHECKING

from fairline.domain.errors import Busy
from fairline.ops.catalogue import open_home
from fairline.platform.bus import InProcessBus
from fairline.platform.home import open_workplace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from fairline.domain.clock import Clock
    from fairline.platform.bus import Bus
    from fairline.platform.home import Home
    from fairline.platform.ledger.contract import Ledger
    from fairline.platform.objects import Objects
    from fairline.platform.settings import Settings

TURN_S = 20.0
"""How long a caller waits for the home before he is told to come again."""

LENT_FOR = timedelta(seconds=3)
"""How long the home stays free for the command it was lent to, until that command has taken it."""


@dataclass
class Station:
    """Stores, clock and bus of a process, and whose turn it is with the home.

    The home is opened for the first turn and kept: one process owns the DuckDB file. `lend` gives it up between two
    turns to a command in another terminal; the next turn waits for that command to end. endings: called first when the
    station closes, so that what works on it in other threads can end its work while the ledger is open.
    """

    command: str
    settings: Settings
    clock: Clock
    ledger: Ledger
    objects: Objects
    bus: Bus = field(default_factory=InProcessBus)
    stopping: bool = False
    endings: list[Callable[[], None]] = field(default_factory=list)
    _turns: RLock = field(default_factory=RLock)
    _held: ExitStack = field(default_factory=ExitStack)
    _home: Home | None = None
    _free_until: datetime | None = None

    @contextmanager
    def turn(self, wait_s: float = TURN_S) -> Iterator[Home]:
        """The home, for the block and this thread alone. Raises Busy when others have it for longer than `wait_s`."""
        if not self._turns.acquire(timeout=wait_s):
            message = "Other work of this process has the home"
            raise Busy(message, hint="Ask again in a few seconds.")
        try:
            yield self._opened(wait_s)
        finally:
            self._turns.release()

    def lend(self) -> datetime:
        """Give up the home once nobody works in it, for a command in another terminal; until when it is kept free.

        Raises Busy when the work at hand takes too long.
        """
        if not self._turns.acquire(timeout=TURN_S):
            message = "This process is at work in the home"
            raise Busy(message, hint="Try again when its work is done; `fairline status` shows it.")
        try:
            if self._home is not None:
                self._home.release_warehouse()
            self._free_until = self.clock.now() + LENT_FOR
            return self._free_until
        finally:
            self._turns.release()

    def close(self) -> None:
        """Let the work at hand end, then release the home and the ledger."""
        self.stopping = True
        for end in self.endings:
            end()
        with self._turns:
            self._home = None
            self._held.close()
        self.ledger.close_connection()

    @contextmanager
    def _elsewhere(self) -> Iterator[None]:
        """Other threads have their turns, and commands the home, while this one waits for the network."""
        self._turns.release()
        try:
            yield
        finally:
            self._turns.acquire()
            if self._home is not None:
                self._home.retake_warehouse()

    def _opened(self, wait_s: float) -> Home:
        if self._free_until is not None and self.clock.now() < self._free_until:
            message = "The home was just lent to a command in another terminal"
            raise Busy(message, hint="Ask again in a few seconds.")
        if self._home is None:
            self._home = self._held.enter_context(
                open_home(self.command, settings=self.settings, clock=self.clock, wait_s=wait_s)
            )
            self._home.bus, self._home.elsewhere = self.bus, self._elsewhere
        self._home.retake_warehouse(wait_s)
        return self._home


def station(command: str, settings: Settings, clock: Clock) -> Station:
    """A station on the settings' stores. The home is not opened before it is needed."""
    ledger, objects = open_workplace(settings, clock)
    return Station(command, settings, clock, ledger, objects)
