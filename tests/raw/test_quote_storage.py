"""Quotes held with an index become quotes stored by date, and nothing else of them changes."""

from dataclasses import replace

import polars as pl
import pytest
from tests.raw.world import League, quote, quotes

from fairline.platform.warehouse import DuckWarehouse
from fairline.raw.quote_storage import repartition_prop_quotes
from fairline.raw.schema import PROP_QUOTES

INDEXED = replace(PROP_QUOTES, partition="")


@pytest.fixture
def indexed(league: League) -> DuckWarehouse:
    """Five quotes of two dates, the later first, in a table with its key as an index."""
    tonight = {"opponent": "NYK", "tipoff": "2024-11-13T00:30:00Z"}
    earlier = {"home_team": "LAL", "away_team": "GSW", "tipoff": "2024-11-05T03:00:00Z"}
    league.take(quotes(
        *(quote("Nikola Vucevic", "2024-11-12T22:00:00Z", book=book, **tonight) for book in ("fanduel", "betmgm")),
        *(quote("Draymond Green", "2024-11-04T22:00:00Z", line=line, **earlier) for line in (4.5, 5.5, 6.5)),
    ))  # fmt: skip
    rows = league.rows(PROP_QUOTES).sort("game_date", descending=True)
    league.warehouse.execute("DROP TABLE raw.prop_quotes")
    league.warehouse.ensure(INDEXED)
    league.warehouse.append_new(INDEXED, rows)
    return league.warehouse


def held(warehouse: DuckWarehouse) -> pl.DataFrame:
    return warehouse.query("SELECT * FROM raw.prop_quotes ORDER BY rowid")


def has_index(warehouse: DuckWarehouse) -> bool:
    (n,) = warehouse.query(
        "SELECT count(*) FROM duckdb_constraints() WHERE table_name = 'prop_quotes' AND constraint_type = 'PRIMARY KEY'"
    ).row(0)
    return bool(n)


def test_every_quote_keeps_its_words_and_hash_and_comes_to_stand_by_its_date(indexed: DuckWarehouse):
    before = held(indexed)
    assert before.height == 5
    assert has_index(indexed)
    repartition_prop_quotes(indexed)
    after = held(indexed)
    assert not has_index(indexed)
    assert after.columns == list(PROP_QUOTES.column_names)
    assert after.sort(PROP_QUOTES.key).equals(before.sort(PROP_QUOTES.key))
    assert not before["game_date"].is_sorted()
    assert after["game_date"].is_sorted()


def test_a_second_time_changes_nothing_and_a_home_without_quotes_has_nothing_to_do(indexed: DuckWarehouse):
    repartition_prop_quotes(indexed)
    once = held(indexed)
    repartition_prop_quotes(indexed)
    assert held(indexed).equals(once)
    repartition_prop_quotes(DuckWarehouse())


def test_the_same_quotes_imported_afterwards_are_known(indexed: DuckWarehouse):
    rows = held(indexed)
    repartition_prop_quotes(indexed)
    assert indexed.append_new(PROP_QUOTES, rows).written == 0


def test_a_step_broken_off_leaves_the_table_as_it_was(indexed: DuckWarehouse, monkeypatch: pytest.MonkeyPatch):
    before = held(indexed)
    execute = indexed.execute

    def broken(sql: str, params: tuple[object, ...] = ()) -> None:
        if sql.startswith("ALTER"):
            raise KeyboardInterrupt
        execute(sql, params)

    monkeypatch.setattr(indexed, "execute", broken)
    with pytest.raises(KeyboardInterrupt):
        repartition_prop_quotes(indexed)
    monkeypatch.undo()
    assert held(indexed).equals(before)
    assert has_index(indexed)
    repartition_prop_quotes(indexed)
    assert not has_index(indexed)


@pytest.mark.parametrize("write", ["append_new", "upsert"])
def test_an_older_home_can_be_written_before_its_step(indexed: DuckWarehouse, write: str):
    rows = held(indexed)
    more = rows.head(1).with_columns(book=pl.lit("caesars"))
    assert getattr(indexed, write)(PROP_QUOTES, pl.concat([rows, more])).written == 1
