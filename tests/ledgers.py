"""What tests of the ledger share: small plans, callers at once, a store opened by as many as they like, processes."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import psycopg
from pydantic import SecretStr

from fairline.domain.clock import Clock
from fairline.platform.ledger.contract import Batch, Claim, Ledger, Task, TaskEnd, TaskOutcome, Unit, UnitState
from fairline.platform.ledger.postgresql import open_postgresql
from fairline.platform.ledger.sql import SqlLedger
from fairline.platform.ledger.sqlite import open_sqlite

TONIGHT = date(2025, 11, 28)
LEASE = timedelta(minutes=10)
DONE = TaskOutcome(TaskEnd.DONE)

Reopen = Callable[[], Ledger]


def unit(player: int, state: UnitState = UnitState.OPEN, reason: str = "") -> Unit:
    return Unit("0022500301", player, "points", state, reason)


def batch(batch_id: str = "b1", *, units: int = 2, tasks: int = 1, kind: str = "tonight") -> Batch:
    expected = tuple(unit(player) for player in range(1, units + 1))
    work = tuple(Task("predict", f"points/system {number}") for number in range(1, tasks + 1))
    return Batch(batch_id, TONIGHT, kind, expected, work)


def claimed(ledger: Ledger, owner: str = "worker 1") -> Claim:
    claim = ledger.claim("predict", owner, LEASE)
    assert claim is not None
    return claim


def at_once(work: Callable[[int], object], threads: int = 8) -> None:
    """Run the work in threads that start together; an error in one is an error here."""
    start, errors = threading.Barrier(threads), []

    def one(number: int) -> None:
        start.wait()
        try:
            work(number)
        except Exception as error:  # noqa: BLE001 - told by the assertion below
            errors.append(error)

    running = [threading.Thread(target=one, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    assert not errors


def open_at(address: str, clock: Clock, *, read_only: bool = False) -> SqlLedger:
    """The ledger at a file's path or a PostgreSQL address."""
    if address.startswith("postgresql:"):
        return open_postgresql(SecretStr(address), clock, read_only=read_only)
    return open_sqlite(Path(address), clock, read_only=read_only)


class Store:
    """Where one ledger is kept."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._opened: list[SqlLedger] = []

    @property
    def is_postgresql(self) -> bool:
        return self.address.startswith("postgresql:")

    def open(self, clock: Clock, *, read_only: bool = False) -> SqlLedger:
        """The ledger, with connections of its own; closed with the store."""
        self._opened.append(open_at(self.address, clock, read_only=read_only))
        return self._opened[-1]

    def execute(self, statement: str) -> None:
        """Change the store past the ledger. Raises what the driver raises."""
        with closing(psycopg.connect(self.address) if self.is_postgresql else sqlite3.connect(self.address)) as direct:
            direct.execute(statement)
            direct.commit()

    def close(self) -> None:
        for ledger in self._opened:
            ledger.close_connection()


class Process:
    """Another Python process that runs a script: its lines are read, and it is told to go on by a line."""

    def __init__(self, script: str, arguments: Sequence[str]) -> None:
        self._running = subprocess.Popen(
            [sys.executable, "-c", script, *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            cwd=Path(__file__).parents[1],
        )  # fmt: skip

    @property
    def pid(self) -> int:
        return self._running.pid

    def says(self) -> str:
        """Its next line; its error, when it died."""
        assert self._running.stdout is not None
        if line := self._running.stdout.readline():
            return line.strip()
        raise AssertionError(self._running.communicate()[1])

    def go_on(self) -> None:
        assert self._running.stdin is not None
        self._running.stdin.write("\n")
        self._running.stdin.flush()

    def send(self, signal: int) -> None:
        self._running.send_signal(signal)

    def wait(self) -> None:
        self._running.wait()

    def close(self) -> None:
        """End it, if it has not ended."""
        self._running.kill()
        self._running.communicate()
