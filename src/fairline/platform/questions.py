"""Questions people ask of the warehouse in their own SQL: one statement that reads, closed off from all outside it."""

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from fairline.domain.errors import Refused

if TYPE_CHECKING:
    import duckdb
    import polars as pl

# A read-only database still lets SQL read and write files (COPY, read_csv, ATTACH) and Python variables.
SEAL = ("SET enable_external_access = false", "SET python_enable_replacements = false", "SET lock_configuration = true")

ALLOWED = "one SELECT, WITH, DESCRIBE, SHOW or EXPLAIN"


def seal(connection: "duckdb.DuckDBPyConnection") -> None:
    """From now on the connection reaches nothing outside its database, and cannot be told otherwise."""
    for statement in SEAL:
        connection.execute(statement)


def answer(connection: "duckdb.DuckDBPyConnection", sql: str, limit: int | None) -> "pl.DataFrame":
    """The rows, at most `limit`, of one statement that reads; the connection must be read-only and sealed.

    Raises Refused for other statements, and for SQL that cannot be answered, with the names that come nearest.
    """
    import duckdb
    import polars as pl

    try:
        relation = connection.sql(_only_statement(connection, sql))
        rows: pl.DataFrame = (relation if limit is None else relation.limit(limit)).pl()
    except duckdb.Error as error:
        raise _refusal(connection, sql, error) from error
    except pl.exceptions.PolarsError as error:
        message = f"The answer holds a type that no frame can: {error}"
        raise Refused(message, hint="Cast the column, e.g. CAST(rest AS VARCHAR) for an interval.") from error
    return rows


def _only_statement(connection: "duckdb.DuckDBPyConnection", sql: str) -> "duckdb.Statement":
    import duckdb

    statements = connection.extract_statements(sql)
    kinds = [statement.type for statement in statements]
    if len(kinds) != 1 or kinds[0] not in (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN):
        given = ", ".join(kind.name for kind in kinds) or "nothing"
        message = f"A query is {ALLOWED}; this is {given}."
        raise Refused(message, hint="The home is only read here; `fairline import` brings rows in.")
    return statements[0]


def _refusal(connection: "duckdb.DuckDBPyConnection", sql: str, error: Exception) -> Refused:
    """What was wrong in one line, and the nearest names of tables or columns when a name was."""
    text = str(error)
    problem, _, rest = re.sub(r"^[A-Z]\w+ Error: ", "", text).partition("\n")
    if table := re.search(r"Table with name (\S+) does not exist", text):
        near = _nearest(table[1], _tables(connection))
        return Refused(problem, hint=f"{_did_you_mean(near)}`fairline describe` lists the tables.")
    if column := re.search(r'column "([^"]+)" not found|have a column named "([^"]+)"', text):
        near = _nearest(column[1] or column[2], _columns(connection, sql))
        return Refused(problem, hint=f"{_did_you_mean(near)}`fairline describe TABLE` lists its columns.")
    return Refused(problem, hint=rest.strip())


def _did_you_mean(near: list[str]) -> str:
    return f"Did you mean {' or '.join(near)}? " if near else ""


def _nearest(name: str, held: dict[str, str]) -> list[str]:
    """Up to three full names whose bare or full name is like this one, the likest first."""
    near = get_close_matches(name.lower(), held, n=5, cutoff=0.6)
    return list(dict.fromkeys(held[one] for one in near))[:3]


def _tables(connection: "duckdb.DuckDBPyConnection") -> dict[str, str]:
    """Every table's full name, under that and under its bare name."""
    names = connection.sql("SELECT table_name, schema_name || '.' || table_name FROM duckdb_tables()").fetchall()
    return {name: full for bare, full in names for name in (full, bare)}


def _columns(connection: "duckdb.DuckDBPyConnection", sql: str) -> dict[str, str]:
    """The columns of every table whose name stands in the question."""
    words = sorted(set(re.findall(r"\w+", sql.lower())))
    found = connection.sql(
        "SELECT DISTINCT column_name FROM duckdb_columns() WHERE NOT internal AND list_contains($words, table_name)",
        params={"words": words},
    ).fetchall()
    return {name: name for (name,) in found}
