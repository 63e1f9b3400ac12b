"""Statements of captures: read in any order and any number of times, they leave the same rows."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairline.domain.errors import BrokenContract
from fairline.domain.tables import Column, Table
from fairline.platform.warehouse import DuckWarehouse

FACTS = Table(
    "raw", "facts", ("source", "game", "known_at"),
    (
        Column("source", "VARCHAR", "Who"), Column("game", "INTEGER", "Which"), Column("points", "INTEGER", "What"),
        Column("known_at", "TIMESTAMPTZ", "When", required=True),
        Column("content_hash", "UBIGINT", "Hash", required=True),
    ),
    means="Facts.", source="Tests.", known_at="Then.",
)  # fmt: skip
START = datetime(2025, 11, 28, tzinfo=UTC)


def stated(points, at, known_at=None):
    instant = START + timedelta(hours=at)
    rows = pl.DataFrame(
        {"source": ["espn"], "game": [1], "points": [points], "known_at": [known_at or instant]},
        schema_overrides={"known_at": pl.Datetime("us", "UTC")},
    )
    return rows, instant


def kept(statements):
    warehouse = DuckWarehouse()
    warehouse.ensure(FACTS)
    for points, at in statements:
        warehouse.append_statements(FACTS, *stated(points, at))
    found = warehouse.query("SELECT points, known_at FROM raw.facts ORDER BY known_at")
    warehouse.close()
    return found


def said_at(found, instant):
    before = found.filter(pl.col("known_at") <= instant)
    return before["points"][-1] if before.height else None


def test_a_correction_is_known_from_its_capture_and_the_first_statement_stays():
    found = kept([(20, 0), (20, 1), (22, 2), (22, 3)])
    assert found.rows() == [(20, START), (22, START + timedelta(hours=2))]


def test_a_fact_captured_late_may_be_known_by_the_rule_for_history():
    warehouse = DuckWarehouse()
    warehouse.ensure(FACTS)
    rows, at = stated(20, 500, START)
    warehouse.append_statements(FACTS, rows, at)
    later, at = stated(21, 600, START)
    warehouse.append_statements(FACTS, later, at)
    found = warehouse.query("SELECT points, known_at FROM raw.facts ORDER BY known_at")
    assert found.rows() == [(20, START), (21, START + timedelta(hours=600))]


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5)), max_size=6, unique_by=lambda each: each[1]),
    st.randoms(use_true_random=False),
)
def test_captures_read_out_of_order_tell_the_same_once_the_later_ones_are_read_again(statements, chance):
    in_order = kept(sorted(statements, key=lambda each: each[1]))
    shuffled = list(statements)
    chance.shuffle(shuffled)
    read = []
    for place, late in enumerate(shuffled):
        again = sorted((each for each in shuffled[:place] if each[1] > late[1]), key=lambda each: each[1])
        read += [late, *again]
    found = kept(read)
    for hour in range(7):
        instant = START + timedelta(hours=hour)
        assert said_at(found, instant) == said_at(in_order, instant)


def test_a_table_without_revisions_is_refused():
    warehouse = DuckWarehouse()
    plain = Table("raw", "plain", ("game",), (Column("game", "INTEGER", "Which"),), means="x", source="x", known_at="x")
    warehouse.ensure(plain)
    with pytest.raises(BrokenContract, match="no revisions"):
        warehouse.append_statements(plain, pl.DataFrame({"game": [1]}), START)
