"""Staging: a frame on its way into a table, cast to the declared types and checked against the contract.

The writes read the checked rows under the name `incoming`: as a common table expression over the frame itself, or as a
temporary table where a write takes several statements.
"""

# ruff: noqa: S608 - the SQL holds names from Table declarations, never values.

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from fairline.domain.errors import BrokenContract
from fairline.domain.tables import Column, Table
from fairline.platform.content import PROVENANCE, hash_expression
from fairline.platform.session import Session

if TYPE_CHECKING:
    import polars as pl

Schema = Mapping[str, "pl.DataType"]
"""The type of each column of a frame."""

BITS = {"TINYINT": 8, "SMALLINT": 16, "INTEGER": 32, "BIGINT": 64}
INTEGERS = {
    **{name: (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for name, bits in BITS.items()},
    **{f"U{name}": (0, 2**bits - 1) for name, bits in BITS.items()},
}
"""The least and the greatest value of each."""

FLOATS = frozenset({"DOUBLE", "FLOAT", "REAL"})
# Once the kind of type fits, every value of the frame is a value of these.
CAST_FREELY = FLOATS | {"VARCHAR", "BOOLEAN", "DATE", "TIMESTAMPTZ"}
# Values that differ in a frame still differ once cast to one of these; an instant of nanoseconds may not.
TOLD_APART = (CAST_FREELY - FLOATS) | INTEGERS.keys()


def quoted(names: tuple[str, ...], alias: str = "") -> str:
    """Names as an SQL list.

    >>> quoted(("game_id", "player_id"), "held")
    'held."game_id", held."player_id"'
    """
    prefix = f"{alias}." if alias else ""
    return ", ".join(f'{prefix}"{name}"' for name in names)


def first(session: Session, sql: str, params: Sequence[object] = ()) -> tuple[Any, ...] | None:
    """The first row of a SELECT that gives few, None when there is none."""
    rows = session.execute(sql, params).fetchall()
    return rows[0] if rows else None


@contextmanager
def seen_as(session: Session, name: str, frame: "pl.DataFrame") -> Iterator[None]:
    """Within the block, SQL sees the frame as a view of that name."""
    import duckdb

    session.connection.register(name, frame)
    try:
        yield
    finally:
        # A statement that failed inside a transaction leaves it aborted: the view goes when it is rolled back, and
        # the statement's own error is the one to tell.
        with suppress(duckdb.TransactionException):
            session.connection.unregister(name)


@contextmanager
def staged(session: Session, table: Table, frame: "pl.DataFrame") -> Iterator[str]:
    """Check the frame. Within the block, a statement that begins with the text given reads its rows as `incoming`.

    They are in the table's columns and types, with `content_hash` computed where not given.
    Raises BrokenContract, naming the column or an example key, for an unknown or absent column, another kind of type,
    an instant without a zone, a fraction in a whole number, NaN, a value out of the type's range, a null in a required
    column, and a natural key that occurs twice.
    """
    schema = check_shape(table, frame)
    _check_nulls(table, frame, schema)
    shown = _shown(table, frame, schema)
    with seen_as(session, "incoming_frame", frame):
        _check_values(session, table, schema, shown)
        incoming = f"WITH incoming AS ({_cast(table, schema)}) "
        if shown["keys"] < frame.height or not _told_apart(table, schema):
            _check_duplicates(session, table, incoming)
        yield incoming


@contextmanager
def standing(session: Session, incoming: str) -> Iterator[str]:
    """Within the block `incoming` is a temporary table, cast and hashed once for several statements, and needs no text.

    In a block within it stays the table it is.
    """
    if incoming:
        session.execute(f"CREATE OR REPLACE TEMP TABLE incoming AS {incoming} SELECT * FROM incoming")
    yield ""
    if incoming:
        session.execute("DROP TABLE incoming")


def check_shape(table: Table, frame: "pl.DataFrame") -> Schema:
    """The frame's types by column. Raises BrokenContract for an unknown or absent column, or another kind of type."""
    schema = frame.schema
    _check_columns(table, schema)
    for column in table.columns:
        if column.name in schema:
            _check_type(table, column, schema[column.name])
    return schema


def _broken(table: Table, problem: str, hint: str) -> BrokenContract:
    return BrokenContract(f"{table.full_name}: {problem}", hint=hint)


def _check_columns(table: Table, schema: Schema) -> None:
    declared, given = set(table.column_names), set(schema)
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


def _shown(table: Table, frame: "pl.DataFrame", schema: Schema) -> dict[str, Any]:
    """What one pass over the frame shows: NaN, the least and the greatest whole number, and how many keys there are."""
    import polars as pl

    facts = {"keys": pl.struct(table.key).n_unique() if table.key else pl.len()}
    for name, dtype in schema.items():
        if dtype.is_float():
            facts[f"{name} nan"] = pl.col(name).is_nan().any()
        elif dtype.is_integer():
            facts[f"{name} least"], facts[f"{name} greatest"] = pl.col(name).min(), pl.col(name).max()
    return frame.select(**facts).row(0, named=True)


def _check_values(session: Session, table: Table, schema: Schema, shown: dict[str, Any]) -> None:
    """One pass for NaN, for fractions where whole numbers are declared, and for values the type cannot hold."""
    wrong = {
        column.name: " OR ".join(conditions)
        for column in table.columns
        if column.name in schema and (conditions := _wrong_values(column, schema[column.name], shown))
    }
    if not wrong:
        return
    checks = ", ".join(f"bool_or({condition})" for condition in wrong.values())
    found = first(session, f"SELECT {checks} FROM incoming_frame") or ()
    for (name, condition), broken in zip(wrong.items(), found, strict=True):
        if broken:
            example = first(session, f'SELECT "{name}" FROM incoming_frame WHERE {condition} LIMIT 1') or ()
            problem = f"column {name} holds {example[0]}, which is no {table.column(name).type}"
            raise _broken(table, problem, "Missing is null, never NaN; a count is a whole number.")


def _wrong_values(column: Column, dtype: "pl.DataType", shown: dict[str, Any]) -> list[str]:
    """SQL conditions under which a value of the column is no value of its type; none where the frame shows it holds."""
    name, declared = f'"{column.name}"', column.type.upper()
    conditions = [f"isnan({name})"] if shown.get(f"{column.name} nan") else []
    if declared in INTEGERS and dtype.is_integer() and _within(column.name, shown, *INTEGERS[declared]):
        return conditions
    if declared in INTEGERS and dtype.is_numeric() and not dtype.is_integer():
        conditions.append(f"{name} <> trunc({name})")
    if declared not in CAST_FREELY:
        conditions.append(f"({name} IS NOT NULL AND TRY_CAST({name} AS {column.type}) IS NULL)")
    return conditions


def _within(name: str, shown: dict[str, Any], least: int, greatest: int) -> bool:
    """Whether all whole numbers of the column lie between the two."""
    lowest, highest = shown[f"{name} least"], shown[f"{name} greatest"]
    return lowest is None or (least <= lowest and highest <= greatest)


def _cast(table: Table, schema: Schema) -> str:
    """The SELECT of the frame's rows as the table declares them."""
    given = [column for column in table.columns if column.name in schema]
    casts = ", ".join(f'CAST("{column.name}" AS {column.type}) AS "{column.name}"' for column in given)
    names = table.column_names
    columns = ", ".join(f'"{name}"' if name in schema else f"{_hash(names)} AS {name}" for name in names)
    return f"SELECT {columns} FROM (SELECT {casts} FROM incoming_frame)"


def _hash(names: Iterable[str]) -> str:
    return hash_expression(name for name in names if name not in PROVENANCE)


def _check_nulls(table: Table, frame: "pl.DataFrame", schema: Schema) -> None:
    for column in table.columns:
        if not (column.required or column.name in table.key) or column.name not in schema:
            continue
        if nulls := frame[column.name].null_count():
            hint = "Set the rows aside with their reason before writing."
            raise _broken(table, f"column {column.name} is null in {nulls} rows and is required", hint)


def _told_apart(table: Table, schema: Schema) -> bool:
    """Whether keys that differ in the frame still do in the declared types."""
    types = [(table.column(name).type.upper(), schema[name]) for name in table.key]
    return all(declared in TOLD_APART and getattr(dtype, "time_unit", "") != "ns" for declared, dtype in types)


def _check_duplicates(session: Session, table: Table, incoming: str) -> None:
    key = quoted(table.key)
    twice = first(session, f"{incoming} SELECT {key} FROM incoming GROUP BY {key} HAVING count(*) > 1 LIMIT 1")
    if twice:
        example = ", ".join(f"{name}={value}" for name, value in zip(table.key, twice, strict=True))
        raise _broken(table, f"the frame holds a natural key twice: {example}", "Deduplicate it before writing.")
