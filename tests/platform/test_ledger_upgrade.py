"""A store of an older version is given what it lacks, loses nothing, and is given it once."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import create_engine, inspect
from tests.ledgers import DONE, LEASE, Store, at_once, batch, claimed
from tests.postgresql import Server

from fairline.domain.clock import FixedClock
from fairline.domain.errors import Missing
from fairline.platform.ledger.contract import BatchStatus, Ledger, RunStatus, TaskState
from fairline.platform.ledger.sqlite import open_sqlite

VERSION_2 = Path(__file__).parent / "ledgers" / "version-2.sql"


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A ledger as version 2 made it."""
    path = tmp_path / "ledger.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(VERSION_2.read_text())
    return path


def schema(path: Path) -> set[tuple[str, ...]]:
    """Every column with what is declared of it, and every index and trigger by name."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT m.type, m.name, c.name, c.type, c.\"notnull\", coalesce(c.dflt_value, '') "
            "FROM sqlite_master AS m LEFT JOIN pragma_table_info(m.name) AS c ON m.type = 'table'"
        )
        return {tuple(map(str, row)) for row in rows}


def test_a_ledger_of_version_2_has_the_same_tables_as_a_new_one(older: Path, tmp_path: Path, clock: FixedClock) -> None:
    open_sqlite(older, clock).close_connection()
    open_sqlite(tmp_path / "new.sqlite", clock).close_connection()
    assert schema(older) == schema(tmp_path / "new.sqlite")


def test_what_a_ledger_of_version_2_held_is_told_as_before_and_goes_on(older: Path, clock: FixedClock) -> None:
    ledger = open_sqlite(older, clock)
    assert [(held.batch_id, held.status) for held in ledger.batches()] == [("b2", "open"), ("b1", "done")]
    opened = ledger.batch("b2")
    assert (opened.progressed_at, opened.requeued) == (opened.opened_at, 0)
    (run,) = ledger.runs()
    assert (run.status, run.counts, run.due_at, run.attempt) == (RunStatus.SUCCESS, {"graded": 3}, None, 1)
    assert ledger.revisions("predictions/2025-11-27.json")[0].digest == "aa"
    assert ledger.providers.host("a").failures == 1
    clock.advance(LEASE)
    taken_over = claimed(ledger)
    assert (taken_over.fence, taken_over.attempt) == (2, 2)
    ledger.finish(taken_over, DONE)
    assert [(task.state, task.result) for task in ledger.tasks_of("b2")] == [(TaskState.DONE, "")]
    assert ledger.close("b2", failing_open_with="over").status == BatchStatus.FAILED
    assert ledger.start_due("grade", datetime(2025, 11, 28, 11, tzinfo=UTC), lasting=LEASE) is not None
    ledger.close_connection()


def test_a_reader_of_a_ledger_of_version_2_is_told_who_makes_it_current(older: Path, clock: FixedClock) -> None:
    reader = open_sqlite(older, clock, read_only=True)
    with pytest.raises(Missing, match="no such column") as caught:
        reader.batches()
    assert "any command that writes" in caught.value.hint
    reader.close_connection()


def test_what_was_published_by_version_2_still_cannot_be_changed(older: Path, clock: FixedClock) -> None:
    open_sqlite(older, clock).close_connection()
    with (
        closing(sqlite3.connect(older)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="stays as it was"),
    ):
        connection.execute("UPDATE published_revisions SET digest = 'bb'")


def test_of_many_that_open_an_older_ledger_at_once_each_finds_it_current(older: Path, clock: FixedClock) -> None:
    opened: list[Ledger] = []
    at_once(lambda _: opened.append(open_sqlite(older, clock)))
    for ledger in opened:
        assert len(ledger.batches(game_date=date(2025, 11, 28))) == 1
        ledger.close_connection()


def test_of_many_that_open_a_new_store_at_once_each_finds_its_tables(tmp_path: Path, clock: FixedClock) -> None:
    for round_ in range(5):
        store = Store(str(tmp_path / f"{round_}.sqlite"))
        opened: list[Ledger] = []
        at_once(lambda _, store=store, opened=opened: opened.append(store.open(clock)))
        assert [ledger.batches() for ledger in opened] == [[]] * 8
        store.close()


def test_of_many_that_open_an_empty_database_at_once_each_finds_its_tables(
    postgresql: Server, clock: FixedClock
) -> None:
    with postgresql.database(empty=True) as address, closing(Store(address.get_secret_value())) as store:
        opened: list[Ledger] = []
        at_once(lambda _: opened.append(store.open(clock)))
        assert [ledger.batches() for ledger in opened] == [[]] * 8


def test_a_database_that_lacks_columns_and_indexes_is_given_them_and_keeps_its_rows(
    postgresql: Server, clock: FixedClock
) -> None:
    with postgresql.database() as address, closing(Store(address.get_secret_value())) as store:
        before = tables(address)
        store.open(clock).open(batch())
        for lost in ("batches DROP COLUMN requeued", "batches DROP COLUMN progressed_at", "runs DROP COLUMN due_at"):
            store.execute(f"ALTER TABLE {lost}")
        store.execute("CREATE INDEX tasks_to_claim ON tasks (kind, state, task_id)")
        store.execute("DROP TABLE audit")
        assert tables(address) != before
        held = store.open(clock).batch("b1")
        assert (held.requeued, held.progressed_at) == (0, clock.now())
        assert tables(address) == before


def tables(address: SecretStr) -> dict[str, tuple[set[str], set[str | None]]]:
    """Columns and indexes of each table."""
    engine = create_engine(address.get_secret_value().replace("postgresql:", "postgresql+psycopg:"))
    try:
        inspector = inspect(engine)
        return {
            table: (
                {f"{column['name']} {column['type']} {column['nullable']}" for column in inspector.get_columns(table)},
                {index["name"] for index in inspector.get_indexes(table)},
            )
            for table in inspector.get_table_names()
        }
    finally:
        engine.dispose()


def test_opening_a_current_ledger_does_not_wait_for_one_who_writes(tmp_path: Path, clock: FixedClock) -> None:
    path = tmp_path / "ledger.sqlite"
    open_sqlite(path, clock).close_connection()
    with closing(sqlite3.connect(path, isolation_level=None)) as writing:
        writing.execute("BEGIN IMMEDIATE")
        ledger = open_sqlite(path, clock)
        assert ledger.batches() == []
        assert ledger.runs() == []
        ledger.close_connection()


def test_a_read_within_a_long_write_tells_what_was_before_it(store: Store, clock: FixedClock) -> None:
    ledger, reader = store.open(clock), store.open(clock)
    ledger.open(batch())
    with ledger._transactions.writing() as connection:
        connection.exec_driver_sql("UPDATE batches SET requeued = 7")
        assert reader.batch("b1").requeued == 0
        assert reader.tasks_of("b1")[0].attempts == 0
    assert reader.batch("b1").requeued == 7
