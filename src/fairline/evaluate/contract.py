"""Rows are checked once, where they enter an evaluation."""

from collections.abc import Sequence

import polars as pl

from fairline.domain.errors import BrokenContract
from fairline.domain.tables import Column
from fairline.evaluate.schema import KEY, OPTIONAL, ROWS, SCORES

_TYPES: dict[str, pl.DataType] = {
    "VARCHAR": pl.String(),
    "BIGINT": pl.Int64(),
    "DOUBLE": pl.Float64(),
    "BOOLEAN": pl.Boolean(),
    "DATE": pl.Date(),
    "TIMESTAMPTZ": pl.Datetime("us", "UTC"),
}


def checked_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with every column of ROWS and OPTIONAL, typed; NaN and absent optional columns are null.

    Columns beyond the contract are kept. Raises BrokenContract: a column is absent or named like a score, a required
    value missing, a value out of its range, a whole number not whole, or a row there twice.
    """
    _require_columns(rows, ROWS, hint="See fairline.evaluate.schema for what each row must hold.")
    _refuse_columns(rows, SCORES)
    absent = [pl.lit(None, _TYPES[column.type]).alias(column.name) for column in OPTIONAL if column.name not in rows]
    rows = rows.with_columns(absent)
    rows = rows.with_columns(_typed(rows.schema[column.name], column) for column in (*ROWS, *OPTIONAL))
    _require_values(rows)
    _require_one_row_each(rows)
    return rows


def checked_scores(scored: pl.DataFrame) -> pl.DataFrame:
    """Scored rows in the order of their key, so that sums do not depend on the order they came in.

    Raises BrokenContract for rows that were never scored, and for a row there twice.
    """
    _require_columns(scored, (*ROWS, *OPTIONAL, *SCORES), hint="Score the rows with fairline.evaluate.scores.score.")
    _require_one_row_each(scored)
    return scored.sort("game_date", *KEY)


def _require_columns(rows: pl.DataFrame, columns: Sequence[Column], *, hint: str) -> None:
    absent = [column.name for column in columns if column.name not in rows.columns]
    if absent:
        message = f"The rows to judge have no column {', '.join(absent)}."
        raise BrokenContract(message, hint=hint)


def _refuse_columns(rows: pl.DataFrame, columns: Sequence[Column]) -> None:
    present = [column.name for column in columns if column.name in rows.columns]
    if present:
        message = f"The rows to score already have a column {', '.join(present)}."
        raise BrokenContract(
            message, hint="Scores would overwrite it: score each row once, and rename what is not one."
        )


def _typed(given: pl.DataType, column: Column) -> pl.Expr:
    """The column as its type; a float is never cut to a whole number."""
    wanted = _TYPES[column.type]
    if wanted.is_integer() and not (given.is_integer() or given == pl.Null):
        message = f"{column.name} is held as whole numbers, not as {given}."
        raise BrokenContract(message, hint=f"It means: {column.means}.")
    typed = pl.col(column.name).cast(wanted)
    return typed.fill_nan(None) if wanted.is_float() else typed


def _require_values(rows: pl.DataFrame) -> None:
    """Count the broken values of every column in one pass, and name the columns that have any."""
    broken = rows.select(_is_broken(column).sum().alias(column.name) for column in (*ROWS, *OPTIONAL)).row(
        0, named=True
    )
    found = [f"{name} ({count})" for name, count in broken.items() if count]
    if found:
        message = f"Of {rows.height} rows to judge, some have a missing or impossible value: {', '.join(found)}."
        raise BrokenContract(message, hint="Leave out rows without a result; a quote from after tip-off has no age.")


def _is_broken(column: Column) -> pl.Expr:
    value = pl.col(column.name)
    if column.valid is None:
        possible = pl.lit(value=True)
    elif isinstance(column.valid, frozenset):
        possible = value.is_in([str(allowed) for allowed in column.valid])
    else:
        possible = value.is_between(*column.valid)
    return pl.when(value.is_null()).then(column.required).otherwise(~possible)


def _require_one_row_each(rows: pl.DataFrame) -> None:
    twice = rows.height - rows.n_unique(KEY)
    if twice:
        message = f"{twice} rows to judge repeat another's {', '.join(KEY)}."
        raise BrokenContract(message, hint="A system is judged once on an event, at one cutoff.")
