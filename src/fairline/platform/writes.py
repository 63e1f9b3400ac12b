"""The four writes of the warehouse, each set-based SQL over the staged rows, inside the caller's transaction."""

# ruff: noqa: S608 - the SQL holds names from Table declarations, never values.

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from fairline.domain.errors import BrokenContract, LookAhead
from fairline.domain.tables import Table
from fairline.platform.session import Session
from fairline.platform.staging import first, quoted, standing

Write = Callable[[Session, Table, str], int]
"""Puts the staged rows into their table and returns how many it wrote.

The text is what a statement begins with to read them as `incoming`.
"""


@dataclass(frozen=True, slots=True)
class WriteCount:
    """What a write did: rows given, rows written, and rows that said nothing new. The last two sum to the first."""

    rows_in: int
    written: int
    unchanged: int

    def __add__(self, other: "WriteCount") -> "WriteCount":
        """Both writes together.

        >>> WriteCount(3, 1, 2) + WriteCount(1, 1, 0)
        WriteCount(rows_in=4, written=2, unchanged=2)
        """
        return WriteCount(self.rows_in + other.rows_in, self.written + other.written, self.unchanged + other.unchanged)


def _run(session: Session, sql: str, params: tuple[object, ...] = ()) -> int:
    """Run an INSERT or DELETE and return the rows it touched."""
    row = session.execute(sql, params).fetchall()
    return int(row[0][0])


def _same_key(table: Table) -> str:
    """SQL condition: the incoming and the held row have one key."""
    return " AND ".join(f'incoming."{name}" = held."{name}"' for name in table.key)


def _same_words(table: Table) -> str:
    """SQL condition: the incoming and the held row of one key say the same."""
    told = ("content_hash",) if "content_hash" in table.column_names else table.column_names
    rest = [f'incoming."{name}" IS NOT DISTINCT FROM held."{name}"' for name in told if name not in table.key]
    return " AND ".join(rest) or "TRUE"


def insert_new(session: Session, table: Table, incoming: str) -> int:
    """Insert the incoming rows whose natural key is not held, in the order of the table's partitions.

    The held rows of those keys are found first, by a semi join: it skips the row groups outside the range of any key
    column, so a day's rows are compared with a day's and not with all. An anti join with the table would read it whole.
    """
    key = quoted(table.key)
    order = f" ORDER BY {quoted((table.partition, *table.key))}" if table.partition else ""
    return _run(
        session,
        f"{incoming} INSERT INTO {table.full_name} SELECT incoming.* FROM incoming ANTI JOIN ("
        f"SELECT {key} FROM {table.full_name} AS held SEMI JOIN incoming USING ({key})) AS held USING ({key}){order}",
    )


def insert_or_replace(session: Session, table: Table, incoming: str) -> int:
    """Insert the incoming rows that are not held as they are; one held otherwise gives way."""
    if table.partition:
        # Without an index there is no conflict to replace by: what says something else goes first.
        condition = f"{_same_key(table)} AND NOT ({_same_words(table)})"
        with standing(session, incoming) as incoming:
            _run(session, f"DELETE FROM {table.full_name} AS held USING incoming WHERE {condition}")
            return insert_new(session, table, incoming)
    said = ", ".join(f'"{name}" = incoming."{name}"' for name in table.column_names if name not in table.key)
    otherwise = f"WHEN MATCHED AND NOT ({_same_words(table)}) THEN UPDATE SET {said} " if said else ""
    return _run(
        session,
        f"{incoming} MERGE INTO {table.full_name} AS held USING incoming ON {_same_key(table)} "
        f"{otherwise}WHEN NOT MATCHED THEN INSERT",
    )


def replace_all(session: Session, table: Table, incoming: str) -> int:
    """Make the table hold exactly the incoming rows; rows already held as they are stay untouched."""
    name = table.full_name
    if not table.key:
        _run(session, f"DELETE FROM {name}")
        return _run(session, f"{incoming} INSERT INTO {name} SELECT * FROM incoming")
    # Only keys that go are deleted: deleting a key and inserting it again in one transaction is ten times slower.
    gone = f"NOT EXISTS (SELECT 1 FROM incoming WHERE {_same_key(table)})"
    with standing(session, incoming) as incoming:
        _run(session, f"DELETE FROM {name} AS held WHERE {gone}")
        return insert_or_replace(session, table, incoming)


def insert_revisions(session: Session, table: Table, incoming: str, now: datetime) -> int:
    """Insert new facts as given, and as of `now` the facts that say something other than their latest revision.

    A fact is the natural key without `known_at`. Where the frame holds several statements of one held fact, only the
    last can revise it: what was known earlier cannot be rewritten. A statement that some revision already holds word
    for word, with the same `known_at`, is old news, so that importing the same files again changes nothing.
    Raises LookAhead when a fact is held with a revision at or after `now`.
    """
    fact = tuple(name for name in table.key if name != "known_at")
    if len(fact) == len(table.key) or "content_hash" not in table.column_names:
        message = f"{table.full_name} keeps no revisions: it needs known_at in its key and a content_hash"
        raise BrokenContract(message, hint="Use append_new or upsert, or declare both.")
    names = ", ".join("?::TIMESTAMPTZ" if name == "known_at" else f'"{name}"' for name in table.column_names)
    with standing(session, incoming):
        revised = _find_revised(session, table.full_name, quoted(fact))
        if revised:
            _check_later(session, table, fact, now)
        new = _run(
            session,
            f"INSERT INTO {table.full_name} SELECT incoming.* FROM incoming "
            f"ANTI JOIN {table.full_name} AS held USING ({quoted(fact)})",
        )
        if revised:
            _run(session, f"INSERT INTO {table.full_name} SELECT {names} FROM revised", (now,))
        session.execute("DROP TABLE revised")
    return new + revised


def _find_revised(session: Session, name: str, fact: str) -> int:
    """Put the incoming statements that revise a held fact into the temporary table `revised`; returns how many."""
    return _run(
        session,
        f"""
        CREATE OR REPLACE TEMP TABLE revised AS
        WITH latest AS (
            SELECT {fact}, max(known_at) AS last_known_at, arg_max(content_hash, known_at) AS last_hash
            FROM {name} AS held SEMI JOIN incoming USING ({fact})
            GROUP BY {fact}
        ),
        differing AS (
            SELECT incoming.*, last_known_at FROM incoming JOIN latest USING ({fact}) WHERE content_hash <> last_hash
        ),
        unheard AS (
            SELECT differing.* FROM differing ANTI JOIN {name} AS held USING ({fact}, known_at, content_hash)
        ),
        final AS (
            SELECT {fact}, max(known_at) AS known_at FROM incoming SEMI JOIN unheard USING ({fact}) GROUP BY {fact}
        )
        SELECT unheard.* FROM unheard SEMI JOIN final USING ({fact}, known_at)
        """,
    )


def _check_later(session: Session, table: Table, fact: tuple[str, ...], now: datetime) -> None:
    query = f"SELECT {quoted(fact)}, last_known_at FROM revised WHERE last_known_at >= ? LIMIT 1"
    held = first(session, query, [now])
    if held:
        example = ", ".join(f"{name}={value}" for name, value in zip(fact, held, strict=False))
        message = f"{table.full_name}: {example} is held as known at {held[-1]}, so it cannot be revised as of {now}"
        raise LookAhead(message, hint="A revision must be later than what it revises; check the clock.")
