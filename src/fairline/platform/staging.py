"""Staging: a frame on its way into a table, cast to the declared types and checked against the contract.

The checked rows stand in the temporary table `incoming`, which the writes then read.
"""

# ruff: noqa: S608 - the SQL holds names from Table declarations, never values.

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, cast

from fairline.domain.errors import BrokenContract
from fairline.domain.tables import Column, Table
from fairline.platform.content import PROVENANCE, hash_expression

if TYPE_CHECKING:
    import duckdb
    import polars as pl

BITS = {"TINYINT": 8, "SMALLINT": 16, "INTEGER": 32, "BIGINT": 64}
INTEGERS = {
    **{name: (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for name, bits in BITS.items()},
    **{f"U{name}": (0, 2**bits - 1) for name, bits in BITS.items()},
}
"""The least and the greatest value of each."""

FLOATS = frozenset({"DOUBLE", "FLOAT", "REAL"})
# Once the kind of type fits, every value of the frame is a value of these.
CAST_FREELY = FLOATS | {"VARCHAR", "BOOLEAN", "DATE", "TIMESTAMPTZ"}


def quoted(names: tuple[str, ...], alias: str = "") -> str:
    """Names as an SQL list.

    >>> quoted(("game_id", "player_id"), "held")
    'held."game_id", held."player_id"'
    """
    prefix = f"{alias}." if alias else ""
    return ", ".join(f'{prefix}"{name}"' for name in names)


def first(connection: "duckdb.DuckDBPyConnection", sql: str, params: Sequence[object] = ()) -> tuple[Any, ...] | None:
    """The first row of a SELECT that gives few, None when there is none."""
    rows = connection.execute(sql, list(params)).fetchall()
    return rows[0] if rows else None


@contextmanager
def seen_as(connection: "duckdb.DuckDBPyConnection", name: str, frame: "pl.DataFrame") -> Iterator[None]:
    """Within the block, SQL sees the frame as a view of that name."""
    import duckdb

    connection.register(name, frame)
    try:
        yield
    finally:
        # A statement that failed inside a transaction leaves it aborted: the view goes when it is rolled back, and
        # the statement's own error is the one to tell.
        with suppress(duckdb.TransactionException):
            connection.unregister(name)


def stage(connection: "duckdb.DuckDBPyConnection", table: Table, frame: "pl.DataFrame") -> None:
    """Put the frame into `incoming`, in the table's columns and types, with `content_hash` computed where not given.

    Raises BrokenContract, naming the column or an example key, for an unknown or absent column, another kind of type,
    an instant without a zone, a fraction in a whole number, NaN, a value out of the type's range, a null in a required
    column, and a natural key that occurs twice.
    """
    check_shape(table, frame)
    _check_nulls(table, frame)
    with seen_as(connection, "incoming_frame", frame):
        _check_values(connection, table, frame)
        _cast(connection, table, frame)
    _check_duplicates(connection, table)


def check_shape(table: Table, frame: "pl.DataFrame") -> None:
    """Raise BrokenContract for an unknown or absent column, or another kind of type than declared."""
    _check_columns(table, frame)
    for column in table.columns:
        if column.name in frame.columns:
            _check_type(table, column, frame[column.name].dtype)


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
    elif declared in INTEGERS or declared in FLOATS or declared.startswith("DECIMAL"):
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


def _check_values(connection: "duckdb.DuckDBPyConnection", table: Table, frame: "pl.DataFrame") -> None:
    """One pass for NaN, for fractions where whole numbers are declared, and for values the type cannot hold."""
    wrong = {
        column.name: " OR ".join(conditions)
        for column in table.columns
        if column.name in frame.columns and (conditions := _wrong_values(column, frame[column.name]))
    }
    if not wrong:
        return
    checks = ", ".join(f"bool_or({condition})" for condition in wrong.values())
    found = first(connection, f"SELECT {checks} FROM incoming_frame") or ()
    for (name, condition), broken in zip(wrong.items(), found, strict=True):
        if broken:
            example = first(connection, f'SELECT "{name}" FROM incoming_frame WHERE {condition} LIMIT 1') or ()
            problem = f"column {name} holds {example[0]}, which is no {table.column(name).type}"
            raise _broken(table, problem, "Missing is null, never NaN; a count is a whole number.")


def _wrong_values(column: Column, values: "pl.Series") -> list[str]:
    """SQL conditions under which a value of the column is no value of its type; none where the frame shows it holds."""
    name, declared, dtype = f'"{column.name}"', column.type.upper(), values.dtype
    conditions = [f"isnan({name})"] if dtype.is_float() and values.is_nan().any() else []
    if declared in INTEGERS and dtype.is_integer() and _within(values, *INTEGERS[declared]):
        return conditions
    if declared in INTEGERS and dtype.is_numeric() and not dtype.is_integer():
        conditions.append(f"{name} <> trunc({name})")
    if declared not in CAST_FREELY:
        conditions.append(f"({name} IS NOT NULL AND TRY_CAST({name} AS {column.type}) IS NULL)")
    return conditions


def _within(values: "pl.Series", least: int, greatest: int) -> bool:
    """Whether all whole numbers of the column lie between the two."""
    lowest, highest = cast("int | None", values.min()), cast("int | None", values.max())
    return lowest is None or highest is None or (least <= lowest and highest <= greatest)


def _cast(connection: "duckdb.DuckDBPyConnection", table: Table, frame: "pl.DataFrame") -> None:
    given = [column for column in table.columns if column.name in frame.columns]
    casts = ", ".join(f'CAST("{column.name}" AS {column.type}) AS "{column.name}"' for column in given)
    hashed = "content_hash" in table.column_names and "content_hash" not in frame.columns
    statement = [name for name in table.column_names if name not in PROVENANCE]
    extra = f", {hash_expression(statement)} AS content_hash" if hashed else ""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE incoming AS SELECT {quoted(table.column_names)} "
        f"FROM (SELECT *{extra} FROM (SELECT {casts} FROM incoming_frame))"
    )


def _check_nulls(table: Table, frame: "pl.DataFrame") -> None:
    for column in table.columns:
        if column.name not in frame.columns or not (column.required or column.name in table.key):
            continue
        if nulls := frame[column.name].null_count():
            hint = "Set the rows aside with their reason before writing."
            raise _broken(table, f"column {column.name} is null in {nulls} rows and is required", hint)


def _check_duplicates(connection: "duckdb.DuckDBPyConnection", table: Table) -> None:
    if not table.key:
        return
    key = quoted(table.key)
    twice = first(connection, f"SELECT {key} FROM incoming GROUP BY {key} HAVING count(*) > 1 LIMIT 1")
    if twice:
        example = ", ".join(f"{name}={value}" for name, value in zip(table.key, twice, strict=True))
        raise _broken(table, f"the frame holds a natural key twice: {example}", "Deduplicate it before writing.")
