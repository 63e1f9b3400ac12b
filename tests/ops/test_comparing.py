"""Rows compared as they were stored and as they came again: by their values, to the last bit, and by nothing else."""

import polars as pl
import pytest

from fairline.domain.tables import Table
from fairline.features.schema import ML_FEATURE_STORE
from fairline.ops.comparing import rows_compared
from fairline.predict.schema import FORECASTS

TABLES = pytest.mark.parametrize("table", [ML_FEATURE_STORE, FORECASTS], ids=lambda table: table.full_name)


def rows(table: Table, values: pl.Series) -> pl.DataFrame:
    """Rows with a key, and a column of these values."""
    return pl.DataFrame({name: range(len(values)) for name in table.key}).with_columns(said=values)


@TABLES
def test_what_memory_holds_under_a_null_makes_no_difference(table: Table):
    plain = pl.Series([1.0, None, 3.0])
    hidden = pl.select(pl.when(pl.Series([True, False, True])).then(pl.Series([1.0, 2.0, 3.0]))).to_series()
    found = rows_compared("a", table, rows(table, plain), rows(table, hidden))
    assert (found.rows, found.different, found.first) == (3, 0, "")
    assert found.stored == found.replayed


@TABLES
@pytest.mark.parametrize("other", [0.1 + 1e-17 + 2e-17, None, float("nan"), 0.2])
def test_a_value_that_differs_is_found_and_named(table: Table, other: float | None):
    told = rows(table, pl.Series([0.1, 7.0])), rows(table, pl.Series([other, 7.0], dtype=pl.Float64))
    found = rows_compared("a", table, *told)
    assert found.different == 1
    assert found.first.endswith(f"said 0.1 is stored, {other} came")


@TABLES
def test_nothing_is_told_from_not_a_number(table: Table):
    found = rows_compared("a", table, rows(table, pl.Series([1.0, None])), rows(table, pl.Series([1.0, float("nan")])))
    assert found.different == 1


@TABLES
def test_rows_that_did_not_come_again_are_counted(table: Table):
    three, two = rows(table, pl.Series([1.0, 2.0, 3.0])), rows(table, pl.Series([1.0, 2.0]))
    assert rows_compared("a", table, three, two).different == 1
