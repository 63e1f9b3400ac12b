"""The warehouse: the tables of every stage, read in SQL and written by natural key."""

import threading
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from fairline.domain.errors import BrokenContract, Busy, Missing, Refused
from fairline.domain.tables import Table
from fairline.platform import questions, staging, writes
from fairline.platform.content import content_hash
from fairline.platform.session import Params, Session, bound
from fairline.platform.statements import insert_statements
from fairline.platform.writes import WriteCount

if TYPE_CHECKING:
    import duckdb
    import polars as pl

__all__ = ["DuckWarehouse", "Params", "Warehouse", "WriteCount", "content_hash"]

T = TypeVar("T")
ANY_TABLE = ""
"""In place of a table's name: what changes whatever was read."""


class Warehouse(Protocol):
    """Tables in SQL. Instants come and go as aware UTC, dates as dates.

    A frame given to a write has exactly the table's columns in any order; `content_hash` may be left out and is then
    computed over all columns but the provenance. Every write is one transaction, or part of the one that is open.
    Writes raise BrokenContract for a frame that breaks the table's contract, naming the column or an example key.
    """

    def query(self, sql: str, params: Params = (), *, many: bool = False) -> "pl.DataFrame":
        """The rows of a SELECT. Sums of whole numbers come as Decimal unless the SQL casts them.

        many: a hundred thousand rows or more, which then take longer to begin and less time and memory to come.
        """
        ...

    def ask(self, sql: str, *, limit: int | None = None) -> "pl.DataFrame":
        """The rows, at most `limit`, of a person's own SQL: one SELECT, WITH, DESCRIBE, SHOW or EXPLAIN.

        Only of a warehouse opened read-only, which from then on reaches nothing outside itself. Raises Refused for
        anything else, and for SQL that cannot be answered, with the names that come nearest.
        """
        ...

    def remembered(self, name: str, tables: Iterable[Table], make: Callable[[], T]) -> T:
        """What `make` gave when last called by that name, as long as nothing was written to the tables since.

        make reads of the database these tables alone, and what it gives is not to be changed by who asks.
        """
        ...

    def execute(self, sql: str, params: Params = ()) -> None:
        """Run a statement for its effect. It names the tables that it changes with their schema."""
        ...

    def ensure(self, *tables: Table) -> None:
        """Create the schemas and tables that are absent. Raises BrokenContract where one is held with other columns."""
        ...

    def remake(self, *tables: Table) -> None:
        """Create absent tables, and drop and create those held with other columns: for tables that can be rebuilt."""
        ...

    def frame(self, name: str, frame: "pl.DataFrame") -> AbstractContextManager[None]:
        """Within the block, SQL sees the frame as a view of that name."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """All statements within the block or none. An inner transaction joins the outer."""
        ...

    def append_new(self, table: Table, frame: "pl.DataFrame") -> WriteCount:
        """Insert the rows whose natural key is not held; the others are unchanged."""
        ...

    def append_revisions(self, table: Table, frame: "pl.DataFrame", now: datetime) -> WriteCount:
        """Insert new facts as given; a held fact that now says something else becomes a revision known at `now`.

        A fact is the natural key without known_at. Raises LookAhead when one is held as known at or after `now`.
        """
        ...

    def append_statements(self, table: Table, frame: "pl.DataFrame", at: datetime) -> WriteCount:
        """Insert what a source said at the instant `at` and had not said before: new facts as given, others as of `at`.

        A fact is the natural key without known_at. What was read after `at` is to be read again, in order.
        """
        ...

    def replace(self, table: Table, frame: "pl.DataFrame") -> WriteCount:
        """Make the table hold exactly these rows. `written` counts those not held before as they are."""
        ...

    def upsert(self, table: Table, frame: "pl.DataFrame") -> WriteCount:
        """Insert rows, replacing the held one of the same natural key when it says something else."""
        ...

    def export(self, sql: str, path: Path, params: Params = ()) -> None:
        """Write the rows of a SELECT to a Parquet file."""
        ...

    def close(self) -> None:
        """Release the database; nothing may be asked of it after."""
        ...


class DuckWarehouse:
    """The warehouse in one DuckDB file, or in memory. Threads may share it; their statements take turns."""

    def __init__(self, path: Path | str = ":memory:", *, read_only: bool = False, threads: int = 2) -> None:
        """Open the file, making it unless read_only.

        Raises Busy when another process has it open for writing, Missing when there is no file to read.
        """
        self._connection = _connect(str(path), read_only=read_only, threads=threads)
        self._session = Session(self._connection)
        self._changes: Counter[str] = Counter()
        self._remembered: dict[str, tuple[int, Any]] = {}
        self._made: set[Table] = set()
        self._turn = threading.RLock()
        self._depth = 0
        self._read_only = read_only
        self._sealed = False

    def query(self, sql: str, params: Params = (), *, many: bool = False) -> "pl.DataFrame":
        """The rows of a SELECT."""
        import polars as pl

        with self._turn:
            if many:
                rows: pl.DataFrame = self._connection.sql(sql, params=bound(params)).pl()
                return rows
            # A relation is parsed and bound twice, which for few rows takes longer than the run; this copies the rows.
            return pl.DataFrame(self._session.execute(sql, params).to_arrow_table())

    def ask(self, sql: str, *, limit: int | None = None) -> "pl.DataFrame":
        """The rows of a person's own SQL, from a warehouse opened read-only."""
        if not self._read_only:
            message = "This warehouse is open for writing"
            raise Refused(message, hint="Open the home read_only to ask it questions.")
        with self._turn:
            if not self._sealed:
                questions.seal(self._connection)
                self._sealed = True
            return questions.answer(self._connection, sql, limit)

    def remembered(self, name: str, tables: Iterable[Table], make: Callable[[], T]) -> T:
        """What `make` gave when it was last called by that name, as long as none of the tables has changed since."""
        with self._turn:
            changes = sum(self._changes[table] for table in (ANY_TABLE, *(table.full_name for table in tables)))
            held = self._remembered.get(name)
            if held is None or held[0] != changes:
                held = self._remembered[name] = (changes, make())
            made: T = held[1]
        return made

    def execute(self, sql: str, params: Params = ()) -> None:
        """Run a statement for its effect."""
        with self._turn:
            self._changes.update(self._session.changes(sql))
            self._session.execute(sql, params).complete()

    def ensure(self, *tables: Table) -> None:
        """Create the schemas and tables that are absent."""
        with self.transaction():
            for zone in sorted({table.zone for table in tables}):
                self.execute(f'CREATE SCHEMA IF NOT EXISTS "{zone}"')
            for table in tables:
                self.execute(table.ddl())
            columns = self._columns()
            for table in tables:
                _check_held(table, columns[table.full_name])

    def remake(self, *tables: Table) -> None:
        """Create absent tables, and drop and create those held with other columns."""
        if self._made.issuperset(tables):
            return
        with self.transaction():
            columns = self._columns()
            for table in tables:
                if columns.get(table.full_name, set(table.column_names)) != set(table.column_names):
                    self.execute(f"DROP TABLE {table.full_name}")
            self.ensure(*tables)
            self._made.update(tables)

    def _columns(self) -> dict[str, set[str]]:
        """Column names of every table held, by the table's full name."""
        held = self.query(
            "SELECT schema_name || '.' || table_name, list(column_name) "
            "FROM duckdb_columns() WHERE NOT internal GROUP BY ALL"
        )
        return {name: set(columns) for name, columns in held.iter_rows()}

    @contextmanager
    def frame(self, name: str, frame: "pl.DataFrame") -> Iterator[None]:
        """Within the block, SQL sees the frame as a view of that name."""
        with self._turn, staging.seen_as(self._session, name, frame):
            yield

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All statements within the block or none. An inner transaction joins the outer."""
        with self._turn:
            if self._depth == 0:
                self._connection.begin()
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._connection.rollback()
                    # What was read in between is no longer so.
                    self._changes[ANY_TABLE] += 1
                    self._made.clear()
                raise
            self._depth -= 1
            if self._depth == 0:
                self._connection.commit()

    def append_new(self, table: Table, frame: "pl.DataFrame") -> WriteCount:
        """Insert the rows whose natural key is not held; the others are unchanged."""
        return self._write(table, frame, writes.insert_new)

    def append_revisions(self, table: Table, frame: "pl.DataFrame", now: datetime) -> WriteCount:
        """Insert new facts as given; a held fact that now says something else becomes a revision known at `now`."""
        return self._write(table, frame, partial(writes.insert_revisions, now=now))

    def append_statements(self, table: Table, frame: "pl.DataFrame", at: datetime) -> WriteCount:
        """Insert what a source said at the instant `at` and had not said before."""
        return self._write(table, frame, partial(insert_statements, at=at))

    def replace(self, table: Table, frame: "pl.DataFrame") -> WriteCount:
        """Make the table hold exactly these rows."""
        return self._write(table, frame, writes.replace_all, empty_changes=True)

    def upsert(self, table: Table, frame: "pl.DataFrame") -> WriteCount:
        """Insert rows, replacing the held one of the same natural key when it says something else."""
        return self._write(table, frame, writes.insert_or_replace)

    def export(self, sql: str, path: Path, params: Params = ()) -> None:
        """Write the rows of a SELECT to a Parquet file."""
        with self._turn:
            self._connection.sql(sql, params=bound(params)).write_parquet(str(path), compression="zstd")

    def close(self) -> None:
        """Release the database."""
        with self._turn:
            self._connection.close()

    def _write(
        self, table: Table, frame: "pl.DataFrame", write: writes.Write, *, empty_changes: bool = False
    ) -> WriteCount:
        """Check the frame, then write its rows. Without a row there is nothing to do, unless the others have to go."""
        if frame.is_empty() and not empty_changes:
            staging.check_shape(table, frame)
            return WriteCount(0, 0, 0)
        with self.transaction(), staging.staged(self._session, table, frame) as incoming:
            written = write(self._session, table, incoming)
            # Rows that say nothing new leave the table as it was, and what is remembered of it stands.
            self._changes[table.full_name] += bool(written or empty_changes)
        return WriteCount(frame.height, written, frame.height - written)


def _connect(path: str, *, read_only: bool, threads: int) -> "duckdb.DuckDBPyConnection":
    import duckdb

    # Extensions come from the network: what is needed is built in, and a query must not start a download.
    offline = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    try:
        connection = duckdb.connect(path, read_only=read_only, config={"threads": threads, **offline})
    except duckdb.IOException as error:
        if "lock" in str(error):
            message = f"Another process has {path} open"
            raise Busy(message, hint="Wait for it to end, or ask it through its own commands.") from error
        message = f"{path} cannot be opened: {error}"
        raise Missing(message, hint="`fairline import PATH...` makes the warehouse and fills it.") from error
    # `query` copies where rows are few.
    warnings.filterwarnings("ignore", "Arrow output on a DB-API result makes an extra copy", UserWarning)
    connection.execute("SET TimeZone = 'UTC'")
    if not read_only:
        # A slate's rows are more than the default, and each slate would wait until they are in the file. What waits in
        # the log is written when the database is closed, and read again after a crash (230 MB in 1.4 s).
        connection.execute("SET checkpoint_threshold = '256MB'")
    # What a command prints is its own: a bar of the engine's would end up in the middle of JSON.
    # In a notebook without ipywidgets there is none, and DuckDB refuses to hear of it.
    if connection.sql("SELECT current_setting('enable_progress_bar')").fetchall() == [(True,)]:
        connection.execute("SET enable_progress_bar = false")
    return connection


def _check_held(table: Table, held: set[str]) -> None:
    declared = set(table.column_names)
    if held != declared:
        names = ", ".join(sorted(held ^ declared))
        message = f"{table.full_name} is held with other columns than declared: {names}"
        raise BrokenContract(message, hint="The home is of another version; it needs a migration or a fresh import.")
