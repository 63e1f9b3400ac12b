"""The content hash: one number for what a row states, the same on every machine and in every version.

The text hashed is `name=value` of each column that is not null, in order of names, so neither the order of columns nor
a column added later and still empty changes it. It is hashed with MD5, which unlike DuckDB's own hash() is a standard;
nothing here is a secret.
"""

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
    import polars as pl

# Who stated a row and when is not what it states: the same statement from another file is not a revision.
PROVENANCE = frozenset({"source", "valid_at", "known_at", "capture_id", "content_hash"})


def hash_expression(columns: Iterable[str]) -> str:
    r"""SQL for the content hash (UBIGINT) over the named columns; the session's time zone must be UTC.

    >>> hash_expression(["points"])
    'CAST(\'0x\' || left(md5(concat_ws(chr(31), \'points=\' || CAST("points" AS VARCHAR))), 16) AS UBIGINT)'
    """
    # concat_ws skips nulls, and chr(31), the unit separator, occurs in no provider's text.
    statement = ", ".join(f"'{name}=' || CAST(\"{name}\" AS VARCHAR)" for name in sorted(columns))
    return f"CAST('0x' || left(md5(concat_ws(chr(31), {statement})), 16) AS UBIGINT)"


def content_hash(frame: "pl.DataFrame", columns: Iterable[str]) -> "pl.Series":
    """The content hash of each row over the named columns, as unsigned 64-bit integers, in the frame's order.

    A whole number and the same number as a float are different statements here; the warehouse's writes hash after the
    cast to the declared types, so a frame written there is best left without the column.
    """
    columns = sorted(columns)
    with _hashing().cursor() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("statements", frame.select(columns))
        query = f"SELECT {hash_expression(columns)} AS content_hash FROM statements"  # noqa: S608 - names of columns
        hashes: pl.Series = connection.sql(query).pl()["content_hash"]
    return hashes


@cache
def _hashing() -> "duckdb.DuckDBPyConnection":
    """A database of nothing, opened once: opening one takes longer than hashing a slate."""
    import duckdb

    return duckdb.connect(":memory:")
