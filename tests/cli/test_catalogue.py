"""`fairline describe` and `fairline sql`, and the dictionary made of them."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlglot

from fairline.domain.errors import NotFound
from fairline.features.contract import features
from fairline.ops.catalogue import tables
from fairline.ops.dictionary import ZONES, find, markdown
from fairline.ops.table_sql import sql_behind

Told = Callable[..., str]


def test_the_dictionary_in_the_documents_is_up_to_date(repository: Path):
    written = (repository / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert written == markdown(), "run: fairline describe --markdown > docs/data-dictionary.md"


def test_every_table_column_and_feature_is_in_the_dictionary():
    text = markdown()
    assert {table.zone for table in tables()} <= ZONES.keys()
    for table in tables():
        assert f"### {table.full_name}" in text
    assert [one.name for one in features() if one.name not in text] == []


def test_without_a_name_every_table_is_listed(told: Told):
    text = told("describe")
    assert [table.full_name for table in tables() if table.full_name not in text] == []


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.full_name)
def test_every_table_tells_its_source_and_when_its_rows_are_known(told: Told, table: Any):
    text = told("describe", table.name)
    assert re.sub(r"\s+", " ", table.known_at) in re.sub(r"\s+", " ", text)
    assert [column.name for column in table.columns if column.name not in text] == []


def test_a_feature_is_described_with_its_expression_and_when_it_is_null(told: Told):
    text = told("describe", "ml_feature_store.points_avg_last_5")
    assert "sum(points) OVER last_5_of_season / count(points) OVER last_5_of_season" in text
    assert "fewer than 3 games" in text
    assert text == told("describe", "points_avg_last_5")


def test_a_column_of_many_tables_lists_them(answered: Callable[..., Any]):
    found = answered("describe", "game_id")
    assert len(found) > 10
    assert {one["column"] for one in found} == {"game_id"}


def test_a_mistyped_name_is_answered_with_the_nearest():
    with pytest.raises(NotFound) as unknown:
        find("player_game_sumary")
    assert "player_game_summary" in unknown.value.hint


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.full_name)
def test_the_sql_of_every_table_can_be_read_and_translated(table: Any):
    assert sqlglot.parse(sql_behind(table), read="duckdb")
    translated = sql_behind(table, "bigquery")
    assert translated
    assert sqlglot.parse(translated, read="bigquery")


def test_the_sql_printed_is_the_sql_that_runs(told: Told):
    from fairline.analytics.build import statement

    assert told("sql", "player_game_summary").strip() == statement("player_game_summary").strip()
    assert "people" in told("sql", "ml_feature_store")
    assert "CREATE TABLE" in told("sql", "raw.games")


def test_an_unknown_dialect_lists_those_there_are():
    with pytest.raises(NotFound) as unknown:
        sql_behind(find("raw.games")[0].table, "foxpro")
    assert "bigquery" in unknown.value.hint
