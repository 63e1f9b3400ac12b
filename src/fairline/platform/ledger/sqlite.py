"""The ledger in one SQLite file, in write-ahead mode: readers never wait, writers take turns."""

import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, QueuePool, create_engine, event

from fairline.domain.clock import Clock
from fairline.platform.ledger.sql import SqlLedger
from fairline.platform.ledger.tables import METADATA

WAIT_FOR_A_TURN_MS = 30_000


def open_sqlite(path: Path, clock: Clock, *, read_only: bool = False) -> SqlLedger:
    """The ledger in the file, which is made with its tables unless read_only."""
    address = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    # The pool hands a connection to one thread at a time, which is all that the driver's own check is for.
    connect = partial(sqlite3.connect, address, uri=True, check_same_thread=False)
    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool)
    _take_turns(engine, read_only=read_only)
    if not read_only:
        METADATA.create_all(engine)
    return SqlLedger(engine, clock)


def _take_turns(engine: Engine, *, read_only: bool) -> None:
    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:  # noqa: ANN401 - SQLAlchemy's own type here
        # None stops the driver from beginning transactions by itself, too late and too weakly.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {WAIT_FOR_A_TURN_MS}")
        connection.execute("PRAGMA foreign_keys = ON")
        if not read_only:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:  # noqa: ANN401
        # IMMEDIATE takes the write lock at once: a transaction that reads, decides and writes is never overtaken.
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
