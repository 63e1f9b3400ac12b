"""The ledger in one SQLite file, in write-ahead mode: readers never wait, writers take turns."""

import sqlite3
import time
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event

from fairline.domain.clock import Clock
from fairline.platform.ledger.sql import SqlLedger
from fairline.platform.ledger.transactions import Transactions
from fairline.platform.ledger.upgrade import make_current

WAIT_FOR_A_TURN_MS = 30_000
READS = "reads"
TELL_AGAIN, BETWEEN_S = 100, 0.05


def open_sqlite(path: Path, clock: Clock, *, read_only: bool = False) -> SqlLedger:
    """The ledger in the file, which is made, or given what it lacks, unless read_only."""
    address = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    # The pool hands a connection to one thread at a time, which is all that the driver's own check is for.
    connect = partial(sqlite3.connect, address, uri=True, check_same_thread=False, timeout=WAIT_FOR_A_TURN_MS / 1000)
    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, hide_parameters=True)
    _take_turns(engine, read_only=read_only)
    reader = engine.execution_options(**{READS: True})
    # SQLite gives the interpreter away at every row, for microseconds: threads that read at once would pass it to and
    # fro, at twice the cost of one after the other.
    transactions = Transactions(f"The ledger {path.name}", engine, reader, read_only=read_only, reads_in_turn=True)
    if not read_only:
        make_current(transactions)
    return SqlLedger(transactions, clock)


def _take_turns(engine: Engine, *, read_only: bool) -> None:
    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:  # noqa: ANN401 - SQLAlchemy's own type here
        # None stops the driver from beginning transactions by itself, too late and too weakly.
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        if not read_only:
            _write_ahead(connection)
            connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # IMMEDIATE takes the write lock at once: a transaction that reads, decides and writes is never overtaken. One
        # that only reads takes none, and sees the store as it was at its first question.
        reads = read_only or connection.get_execution_options().get(READS)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Write ahead. Of several that tell a new file so at once, some fail and are not made to wait: they tell again."""
    for _ in range(TELL_AGAIN):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            time.sleep(BETWEEN_S)
        else:
            return
    connection.execute("PRAGMA journal_mode = WAL")
