"""The tables of a store made those declared now: what is absent is added, nothing held is changed.

Every addition is one that an older Fairline can live with: a table, an index, a column that is null or has a default.
"""

from collections.abc import Callable, Iterator
from functools import partial

from sqlalchemy import Connection, inspect, text
from sqlalchemy.schema import CreateColumn

from fairline.platform.ledger.caller_tables import AUDIT, KEYS
from fairline.platform.ledger.provider_tables import HOSTS, QUOTAS, VALIDATORS
from fairline.platform.ledger.tables import BATCHES, DEAD_MESSAGES, REVISIONS, RUNS, TASKS, UNITS
from fairline.platform.ledger.transactions import Transactions

TABLES = (BATCHES, UNITS, TASKS, RUNS, REVISIONS, DEAD_MESSAGES, HOSTS, QUOTAS, VALIDATORS, KEYS, AUDIT)
"""Every table, each after those it refers to."""

RETIRED_INDEXES = frozenset({"tasks_to_claim"})
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(26220)")
"""PostgreSQL's way to let one process at a time make the tables; the number is ours alone. SQLite has one writer."""


def make_current(transactions: Transactions) -> None:
    """Make what the store lacks; of several processes one does. Doing it again does nothing."""
    with transactions.reading() as connection:
        if not list(_steps(connection)):
            return
    with transactions.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(ONE_AT_A_TIME)
        for step in list(_steps(connection)):
            step()


def _steps(connection: Connection) -> Iterator[Callable[[], object]]:
    """What is still to be done; looked for anew under the lock, when another may have done it."""
    inspector = inspect(connection)
    columns = {table: {column["name"] for column in held} for (_, table), held in inspector.get_multi_columns().items()}
    indexes = {index["name"] for held in inspector.get_multi_indexes().values() for index in held}
    for table in TABLES:
        if table.name not in columns:
            yield partial(table.create, connection)
            continue
        for column in table.columns:
            if column.name not in columns[table.name]:
                declared = CreateColumn(column).compile(dialect=connection.dialect)
                yield partial(connection.execute, text(f"ALTER TABLE {table.name} ADD COLUMN {declared}"))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            if index.name not in indexes:
                yield partial(index.create, connection)
    for name in sorted(RETIRED_INDEXES & indexes):
        yield partial(connection.execute, text(f"DROP INDEX {name}"))
