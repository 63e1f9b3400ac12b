"""`fairline query` as a person runs it."""

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from fairline.domain.errors import Refused

Told = Callable[..., str]

BEST = "SELECT player_name, points FROM raw.player_box_scores ORDER BY ALL"


def test_rows_come_as_a_table_with_what_was_left_out_said(told: Told):
    text = told("query", "SELECT range AS n FROM range(100)")
    assert "39" in text
    assert " 40 " not in text
    assert "99" in told("query", "SELECT range AS n FROM range(100)", "--limit", "100")


def test_files_and_json_hold_every_row(told: Told, tmp_path: Path):
    sql = "SELECT range AS n, TIMESTAMPTZ '2025-11-28 17:00:00+00' AS at FROM range(100)"
    rows = json.loads(told("query", sql, "--json"))
    assert len(rows) == 100
    assert rows[0] == {"n": 0, "at": "2025-11-28T17:00:00+00:00"}
    assert told("query", sql, "--csv", "--limit", "1").splitlines()[0] == "n,at"
    told("query", sql, "--parquet", str(tmp_path / "rows.parquet"))
    assert pl.read_parquet(tmp_path / "rows.parquet").height == 100


def test_columns_that_do_not_fit_are_named(told: Told):
    text = told("query", "FROM raw.player_box_scores", "--limit", "1")
    assert "Not shown for want of width" in text
    assert "content_hash" in text.rpartition("Not shown")[2]
    assert max(len(line) for line in text.splitlines()) <= 140


def test_a_plan_is_printed_as_it_is_drawn(told: Told):
    assert "─" in told("query", "EXPLAIN SELECT 1")


def test_a_list_cannot_be_csv_and_says_so(told: Told):
    with pytest.raises(Refused, match="CSV cannot hold pmf"):
        told("query", "SELECT [0.5, 0.5] AS pmf", "--csv")


def test_a_query_changes_nothing(told: Told):
    before = told("query", BEST, "--csv")
    for sql in ("DELETE FROM raw.player_box_scores", "COPY raw.games TO 'games.csv'", "SELECT 1; DROP TABLE raw.games"):
        with pytest.raises(Refused):
            told("query", sql)
    assert told("query", BEST, "--csv") == before
    assert not Path("games.csv").exists()
