"""What a person may ask of the warehouse in SQL, and what a question can never do."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from fairline.domain.errors import Refused
from fairline.domain.tables import Column, Table
from fairline.platform.warehouse import DuckWarehouse

BOX = Table(
    "raw", "player_box_scores", ("player_id",),
    (Column("player_id", "BIGINT", "Player", required=True), Column("points", "INTEGER", "Points")),
    means="Box scores.", source="tests", known_at="Always.",
)  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    warehouse = DuckWarehouse(path)
    warehouse.ensure(BOX)
    warehouse.append_new(BOX, pl.DataFrame({"player_id": [1, 2, 3], "points": [30, 20, 10]}))
    warehouse.close()
    return path


@pytest.fixture
def warehouse(file: Path) -> Iterator[DuckWarehouse]:
    warehouse = DuckWarehouse(file, read_only=True)
    yield warehouse
    warehouse.close()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT points FROM raw.player_box_scores",
        "WITH high AS (SELECT * FROM raw.player_box_scores) SELECT * FROM high;",
        "FROM raw.player_box_scores",
        "DESCRIBE raw.player_box_scores",
        "SHOW ALL TABLES",
        "EXPLAIN SELECT 1",
    ],
)
def test_a_question_is_answered(warehouse: DuckWarehouse, sql: str):
    assert warehouse.ask(sql).height


def test_no_more_rows_come_than_were_asked_for(warehouse: DuckWarehouse):
    sql = "SELECT points FROM raw.player_box_scores ORDER BY points DESC"
    assert warehouse.ask(sql, limit=2)["points"].to_list() == [30, 20]


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM raw.player_box_scores",
        "CREATE TEMP TABLE mine AS SELECT 1",
        "SET threads = 1",
        "ATTACH ':memory:' AS other",
        "COPY raw.player_box_scores TO '{file}'",
        "INSTALL httpfs",
        "PRAGMA version",
        "SELECT 1; SELECT 2",
        "-- nothing",
    ],
)
def test_what_is_no_question_is_refused(warehouse: DuckWarehouse, sql: str, tmp_path: Path):
    with pytest.raises(Refused, match="one SELECT, WITH, DESCRIBE, SHOW or EXPLAIN"):
        warehouse.ask(sql.format(file=tmp_path / "out.csv"))
    assert warehouse.ask("SELECT count(*) FROM raw.player_box_scores").item() == 3


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('{file}')",
        "SELECT * FROM read_csv('{file}')",
        "SELECT * FROM '{file}'",
        "SELECT * FROM glob('{file}')",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '{file}.out'",
        "WITH gone AS (DELETE FROM raw.player_box_scores RETURNING 1) SELECT * FROM gone",
    ],
)
def test_a_question_reaches_nothing_outside_the_warehouse_and_changes_nothing(
    warehouse: DuckWarehouse, sql: str, tmp_path: Path
):
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    with pytest.raises(Refused):
        warehouse.ask(sql.format(file=secret))
    assert not secret.with_name("secret.csv.out").exists()
    assert warehouse.ask("SELECT count(*) FROM raw.player_box_scores").item() == 3


def test_a_variable_of_the_program_is_not_a_table(warehouse: DuckWarehouse):
    secret = pl.DataFrame({"key": ["hunter2"]})
    with pytest.raises(Refused, match="secret"):
        warehouse.ask("SELECT * FROM secret")
    assert secret.height


def test_a_mistyped_table_is_answered_with_the_nearest(warehouse: DuckWarehouse):
    with pytest.raises(Refused) as refused:
        warehouse.ask("SELECT * FROM raw.player_boxscores")
    assert "raw.player_box_scores" in refused.value.hint


def test_a_mistyped_column_is_answered_with_the_nearest(warehouse: DuckWarehouse):
    with pytest.raises(Refused) as refused:
        warehouse.ask("SELECT box.pointz FROM raw.player_box_scores AS box")
    assert "points?" in refused.value.hint
    with pytest.raises(Refused) as refused:
        warehouse.ask("SELECT player FROM raw.player_box_scores")
    assert "player_id" in refused.value.hint


def test_a_type_no_frame_can_hold_says_to_cast_it(warehouse: DuckWarehouse):
    with pytest.raises(Refused) as refused:
        warehouse.ask("SELECT INTERVAL 3 DAY AS rest")
    assert "CAST" in refused.value.hint


def test_an_owner_is_not_asked(file: Path):
    warehouse = DuckWarehouse(file)
    with pytest.raises(Refused, match="open for writing"):
        warehouse.ask("SELECT 1")
    warehouse.close()
