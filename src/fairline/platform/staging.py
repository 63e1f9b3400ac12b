"""Staging: a frame on its way into a table, cast to the declared types and checked against the contract.

The checked rows stand in the temporary table `incoming`, which the writes then read.
"""

# ruff: noqa: S608 - the SQL holds names from Table declarations, never values.

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from fairline.domain.errors import BrokenContract
from fairline.domain.tables import Column, Table
from fairline.platform.content import PROVENANCE, hash_expression

if TYPE_CHECKING:
    import duckdb
    import polars as pl

INTEGERS = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"})
FLOATS = frozenset({"DOUBLE", "FLOAT", "REAL"})


def quoted(names: tuple[str, ...], alias: str = "") -> str:
    """Names as an SQL list.

    >>> quoted(("game_id", "player_id"), "held")
    'held."game_id", held."player_id"'
    """
    prefix = f"{alias}." if alias else ""
    return ", ".join(f'{prefix}"{name}"' for name in names)


def first(connection: "duckdb.DuckDBPyConnection", sql: str, params: Sequence[object] = ()) -> tuple[Any, ...] | None:
    """The first row of a SELECT that gives few, None when there is none."""
    rows = connection.sql(sql, params=list(params)).fetchall()
    return rows[0] if rows else None


def stage(connection: "duckdb.DuckDBPyConnection", table: Table, frame: "pl.DataFrame") -> None:
    """Put the frame into `incoming`, in the table's columns and types, with `content_hash` computed where not given.

    Raises BrokenContract, naming the column or an example key, for an unknown or absent column, another kind of type,
    an instant without a zone, a fraction in a whole number, NaN, a value out of the type's range, a null in a required
    column, and a natural key that occurs twice.
    """
    _check_columns(table, frame)
    for column in table.columns:
        if column.name in frame.columns:
            _check_type(table, column, frame[column.name].dtype)
    connection.register("incoming_frame", frame)
    try:
        _cast(connection, table, frame)
    finally:
        connection.unregister("incoming_frame")
    _check_nulls(connection, table)
    _check_duplicates(connection, table)


def _broken(table: Table, problem: str, hint: str) -> BrokenContract:
    return BrokenContract(f"{table.full_name}: {problem}", hint=hint)


def _check_columns(table: Table, frame: "pl.DataFrame") -> None:
    declared, given = set(table.column_names), set(frame.columns)
    if unknown := sorted(given - declared):
        raise _broken(table, f"no column {', '.join(unknown)} is declared", "Drop or rename it, or declare it.")
    if absent := sorted(declared - given - {"content_hash"}):
        raise _broken(table, f"the frame lacks column {', '.join(absent)}", "Add it; null where a source has none.")


def _check_type(table: Table, column: Column, dtype: "pl.DataType") -> None:
    """Refuse the casts that would quietly change the meaning of a value."""
    import polars as pl

    declared = column.type.upper()
    if declared.startswith("VARCHAR"):
        fits = isinstance(dtype, pl.String | pl.Categorical | pl.Enum) or declared.endswith("]")
    elif declared in INTEGERS | FLOATS or declared.startswith("DECIMAL"):
        fits = dtype.is_numeric()
    elif declared == "TIMESTAMPTZ":
        fits = isinstance(dtype, pl.Datetime) and dtype.time_zone is not None
    elif declared == "DATE":
        fits = isinstance(dtype, pl.Date)
    elif declared == "BOOLEAN":
        fits = isinstance(dtype, pl.Boolean)
    else:
        fits = True
    if not fits and not isinstance(dtype, pl.Null):
        problem = f"column {column.name} is {declared}, the frame's is {dtype}"
        raise _broken(table, problem, "Cast it, with a zone where it is an instant.")


def _cast(connection: "duckdb.DuckDBPyConnection", table: Table, frame: "pl.DataFrame") -> None:
    import duckdb

    _check_numbers(connection, table, frame)
    hashed = "content_hash" in table.column_names and "content_hash" not in frame.columns
    given = [column for column in table.columns if column.name in frame.columns]
    casts = ", ".join(f'CAST("{column.name}" AS {column.type}) AS "{column.name}"' for column in given)
    statement = [name for name in table.column_names if name not in PROVENANCE]
    extra = f", {hash_expression(statement)} AS content_hash" if hashed else ""
    try:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE incoming AS SELECT {quoted(table.column_names)} "
            f"FROM (SELECT *{extra} FROM (SELECT {casts} FROM incoming_frame))"
        )
    except (duckdb.ConversionException, duckdb.OutOfRangeException) as error:
        raise _broken(table, f"a value does not fit its type: {error}", "Check the ranges of the columns.") from error


def _check_numbers(connection: "duckdb.DuckDBPyConnection", table: Table, frame: "pl.DataFrame") -> None:
    """One pass for NaN, for fractions where whole numbers are declared, and for numbers beyond the type."""
    wrong: dict[str, str] = {}
    for column in table.columns:
        if column.name not in frame.columns:
            continue
        name, dtype = f'"{column.name}"', frame[column.name].dtype
        conditions = [f"isnan({name})"] if dtype.is_float() else []
        if column.type.upper() in INTEGERS:
            conditions += [f"{name} <> trunc({name})"] if not dtype.is_integer() and dtype.is_numeric() else []
            conditions += [f"({name} IS NOT NULL AND TRY_CAST({name} AS {column.type}) IS NULL)"]
        if conditions:
            wrong[column.name] = " OR ".join(conditions)
    if not wrong:
        return
    checks = ", ".join(f"bool_or({condition})" for condition in wrong.values())
    found = first(connection, f"SELECT {checks} FROM incoming_frame") or ()
    for (name, condition), broken in zip(wrong.items(), found, strict=True):
        if broken:
            example = first(connection, f'SELECT "{name}" FROM incoming_frame WHERE {condition} LIMIT 1')
            problem = f"column {name} holds {example[0] if example else None}, which is no {table.column(name).type}"
            raise _broken(table, problem, "Missing is null, never NaN; a count is a whole number.")


def _check_nulls(connection: "duckdb.DuckDBPyConnection", table: Table) -> None:
    needed = tuple(column.name for column in table.columns if column.required or column.name in table.key)
    if not needed:
        return
    counts = ", ".join(f'count(*) - count("{name}")' for name in needed)
    found = first(connection, f"SELECT {counts} FROM incoming") or ()
    for name, nulls in zip(needed, found, strict=True):
        if nulls:
            hint = "Set the rows aside with their reason before writing."
            raise _broken(table, f"column {name} is null in {nulls} rows and is required", hint)


def _check_duplicates(connection: "duckdb.DuckDBPyConnection", table: Table) -> None:
    if not table.key:
        return
    key = quoted(table.key)
    twice = first(connection, f"SELECT {key} FROM incoming GROUP BY {key} HAVING count(*) > 1 LIMIT 1")
    if twice:
        example = ", ".join(f"{name}={value}" for name, value in zip(table.key, twice, strict=True))
        raise _broken(table, f"the frame holds a natural key twice: {example}", "Deduplicate it before writing.")
