"""The warehouse on a real DuckDB file: contracts, keys, revisions."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from fairline.domain.errors import BrokenContract, Busy, LookAhead, Missing
from fairline.domain.tables import Column, Table
from fairline.platform.warehouse import DuckWarehouse, WriteCount, content_hash

TIP = datetime(2025, 11, 28, 0, 30, tzinfo=UTC)
KNOWN = TIP + timedelta(hours=4)
TOMORROW = KNOWN + timedelta(days=1)

BOX = Table(
    "raw", "box", ("source", "game_id", "player_id", "known_at"),
    (
        Column("game_id", "VARCHAR", "Game", required=True),
        Column("player_id", "BIGINT", "Player", required=True),
        Column("points", "INTEGER", "Points", required=True),
        Column("minutes", "DOUBLE", "Minutes"),
        Column("source", "VARCHAR", "Source", required=True),
        Column("known_at", "TIMESTAMPTZ", "Known", required=True),
        Column("content_hash", "UBIGINT", "Hash", required=True),
    ),
    means="Box scores.", source="tests", known_at="As stated.",
)  # fmt: skip

ALIASES = Table(
    "ops", "aliases", ("name",),
    (Column("name", "VARCHAR", "Name"), Column("player_id", "BIGINT", "Player"), Column("since", "DATE", "Since")),
    means="Aliases.", source="tests", known_at="When added.",
)  # fmt: skip

OFFERS = Table(
    "raw", "offers", ("game_id", "book"),
    (
        Column("game_id", "VARCHAR", "Game", required=True),
        Column("game_date", "DATE", "Its date", required=True),
        Column("book", "VARCHAR", "Book", required=True),
        Column("half_points", "INTEGER", "Line", required=True),
        Column("content_hash", "UBIGINT", "Hash", required=True),
    ),
    means="Offers.", source="tests", known_at="When seen.", partition="game_date",
)  # fmt: skip

COUNTED = "SELECT count(*) FROM ops.aliases"

NOTES = Table(
    "ops", "notes", (), (Column("note", "VARCHAR", "Note"),), means="Notes.", source="tests", known_at="When added."
)


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[DuckWarehouse]:
    warehouse = DuckWarehouse(tmp_path / "warehouse.duckdb")
    warehouse.ensure(BOX, ALIASES, OFFERS, NOTES)
    yield warehouse
    warehouse.close()


def box(
    points: int = 24, *, player: int = 203999, known_at: datetime = KNOWN, minutes: float | None = 33.5
) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "game_id": ["0022500301"], "player_id": [player], "points": [points], "minutes": [minutes],
            "source": ["nba"], "known_at": [known_at],
        },
        schema_overrides={"minutes": pl.Float64},
    )  # fmt: skip


def points_by_time(warehouse: DuckWarehouse) -> list[tuple[datetime, int]]:
    return warehouse.query("SELECT known_at, points FROM raw.box ORDER BY ALL").rows()


def aliases(**names: int) -> pl.DataFrame:
    return pl.DataFrame(
        {"name": list(names), "player_id": list(names.values()), "since": [date(2025, 1, 1)] * len(names)}
    )


# Revisions


def test_a_new_fact_is_written_with_the_time_it_was_given(warehouse: DuckWarehouse) -> None:
    assert warehouse.append_revisions(BOX, box(), TOMORROW) == WriteCount(1, 1, 0)
    assert points_by_time(warehouse) == [(KNOWN, 24)]


def test_the_same_file_imported_twice_changes_nothing(warehouse: DuckWarehouse) -> None:
    warehouse.append_revisions(BOX, box(), TOMORROW)
    assert warehouse.append_revisions(BOX, box(), TOMORROW) == WriteCount(1, 0, 1)


def test_a_correction_is_one_more_row_known_from_now(warehouse: DuckWarehouse) -> None:
    warehouse.append_revisions(BOX, box(24), KNOWN)
    assert warehouse.append_revisions(BOX, box(26), TOMORROW) == WriteCount(1, 1, 0)
    assert points_by_time(warehouse) == [(KNOWN, 24), (TOMORROW, 26)]
    assert warehouse.append_revisions(BOX, box(26), TOMORROW + timedelta(days=1)) == WriteCount(1, 0, 1)


def test_a_folder_whose_files_disagree_still_imports_twice_without_change(warehouse: DuckWarehouse) -> None:
    for points, now in ((24, KNOWN), (26, TOMORROW)):
        warehouse.append_revisions(BOX, box(points), now)
    later = TOMORROW + timedelta(days=1)
    assert [warehouse.append_revisions(BOX, box(points), later).written for points in (24, 26)] == [0, 0]


def test_a_correction_cannot_be_dated_before_what_it_corrects(warehouse: DuckWarehouse) -> None:
    warehouse.append_revisions(BOX, box(24), KNOWN)
    with pytest.raises(LookAhead, match="player_id=203999"):
        warehouse.append_revisions(BOX, box(26), KNOWN)
    assert points_by_time(warehouse) == [(KNOWN, 24)]


def test_a_file_may_tell_a_schedule_and_its_result_as_two_times_of_one_fact(warehouse: DuckWarehouse) -> None:
    september = datetime(2025, 9, 1, tzinfo=UTC)
    both = pl.concat([box(0, known_at=september), box(24)])
    assert warehouse.append_revisions(BOX, both, TOMORROW) == WriteCount(2, 2, 0)
    assert warehouse.append_revisions(BOX, both, TOMORROW) == WriteCount(2, 0, 2)


def test_only_the_last_statement_of_a_held_fact_revises_it(warehouse: DuckWarehouse) -> None:
    september = datetime(2025, 9, 1, tzinfo=UTC)
    warehouse.append_revisions(BOX, pl.concat([box(0, known_at=september), box(24)]), TOMORROW)
    changed = pl.concat([box(1, known_at=september), box(25)])
    assert warehouse.append_revisions(BOX, changed, TOMORROW) == WriteCount(2, 1, 1)
    assert points_by_time(warehouse) == [(september, 0), (KNOWN, 24), (TOMORROW, 25)]


def test_a_table_without_known_at_in_its_key_has_no_revisions(warehouse: DuckWarehouse) -> None:
    with pytest.raises(BrokenContract, match="keeps no revisions"):
        warehouse.append_revisions(ALIASES, aliases(Joker=203999), TOMORROW)


# The other writes


def test_rows_whose_key_is_held_stay_as_they_are(warehouse: DuckWarehouse) -> None:
    warehouse.append_new(ALIASES, aliases(Joker=203999))
    assert warehouse.append_new(ALIASES, aliases(Joker=1, Greek=203507)) == WriteCount(2, 1, 1)
    assert warehouse.query("SELECT player_id FROM ops.aliases ORDER BY 1")["player_id"].to_list() == [203507, 203999]


def test_an_upsert_replaces_only_what_says_something_else(warehouse: DuckWarehouse) -> None:
    warehouse.upsert(ALIASES, aliases(Joker=1, Greek=203507))
    assert warehouse.upsert(ALIASES, aliases(Joker=203999, Greek=203507)) == WriteCount(2, 1, 1)
    assert warehouse.query("SELECT player_id FROM ops.aliases ORDER BY name")["player_id"].to_list() == [203507, 203999]


def test_an_upsert_with_the_same_statement_keeps_the_time_it_was_known(warehouse: DuckWarehouse) -> None:
    warehouse.upsert(BOX, box(24))
    assert warehouse.upsert(BOX, box(24)).unchanged == 1
    assert warehouse.upsert(BOX, box(24, minutes=None)).written == 1


def test_a_replaced_table_holds_exactly_the_new_rows(warehouse: DuckWarehouse) -> None:
    warehouse.replace(ALIASES, aliases(Joker=1, Greek=203507, Beard=201935))
    assert warehouse.replace(ALIASES, aliases(Joker=203999, Greek=203507)) == WriteCount(2, 1, 1)
    assert warehouse.query("SELECT name, player_id FROM ops.aliases ORDER BY name").rows() == [
        ("Greek", 203507),
        ("Joker", 203999),
    ]


def test_a_table_without_a_key_can_be_replaced_too(warehouse: DuckWarehouse) -> None:
    for notes in (["a", "b"], ["c", "c"]):
        assert warehouse.replace(NOTES, pl.DataFrame({"note": notes})).written == 2
    assert warehouse.query("SELECT note FROM ops.notes")["note"].to_list() == ["c", "c"]


def test_an_empty_frame_writes_nothing(warehouse: DuckWarehouse) -> None:
    assert warehouse.append_revisions(BOX, box().clear(), TOMORROW) == WriteCount(0, 0, 0)


def test_a_broken_write_leaves_everything_of_its_transaction_as_it_was(warehouse: DuckWarehouse) -> None:
    def both() -> None:
        with warehouse.transaction():
            warehouse.append_new(ALIASES, aliases(Joker=203999))
            warehouse.append_new(BOX, box().drop("points"))

    with pytest.raises(BrokenContract):
        both()
    assert warehouse.query("SELECT * FROM ops.aliases").is_empty()


def test_threads_that_share_the_warehouse_take_turns(warehouse: DuckWarehouse) -> None:
    def write(first: int) -> None:
        for player in range(first, first + 5):
            warehouse.append_new(ALIASES, aliases(**{f"player {player}": player}))

    threads = [threading.Thread(target=write, args=(first,)) for first in (0, 100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert warehouse.query("SELECT count(*) AS n FROM ops.aliases").item() == 10


# Partitioned tables, which have no index


def offers(*books: str, day: date = date(2025, 11, 28), line: int = 49, game: str = "0022500301") -> pl.DataFrame:
    return pl.DataFrame({"book": books}).with_columns(
        game_id=pl.lit(game), game_date=pl.lit(day), half_points=pl.lit(line)
    )


def lines_held(warehouse: DuckWarehouse) -> dict[str, int]:
    return dict(warehouse.query("SELECT book, half_points FROM raw.offers ORDER BY ALL").rows())


def test_a_partitioned_table_has_no_index_and_still_holds_each_key_once(warehouse: DuckWarehouse) -> None:
    assert "PRIMARY KEY" not in OFFERS.ddl()
    assert warehouse.append_new(OFFERS, offers("fanduel", "betmgm")) == WriteCount(2, 2, 0)
    assert warehouse.append_new(OFFERS, offers("fanduel", "betmgm", "caesars", line=51)) == WriteCount(3, 1, 2)
    assert lines_held(warehouse) == {"betmgm": 49, "caesars": 51, "fanduel": 49}
    with pytest.raises(BrokenContract, match="twice: game_id=0022500301, book=fanduel"):
        warehouse.append_new(OFFERS, offers("fanduel", "fanduel"))


def test_a_row_that_comes_again_under_another_date_is_not_held_twice(warehouse: DuckWarehouse) -> None:
    warehouse.append_new(OFFERS, offers("fanduel"))
    moved = offers("fanduel", day=date(2026, 2, 3))
    assert warehouse.append_new(OFFERS, moved) == WriteCount(1, 0, 1)


def test_threads_that_append_the_same_day_at_once_never_double_a_row(warehouse: DuckWarehouse) -> None:
    books = [f"book{number}" for number in range(300)]
    written: list[int] = []

    def append() -> None:
        parts = (offers(*books[first : first + 100]) for first in range(0, 300, 50))
        written.extend(warehouse.append_new(OFFERS, part).written for part in parts)

    threads = [threading.Thread(target=append) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(written) == 300
    assert sorted(lines_held(warehouse)) == sorted(books)
    assert warehouse.query("SELECT count(*) AS n FROM raw.offers").item() == 300


def test_a_partitioned_table_can_be_upserted_and_replaced_too(warehouse: DuckWarehouse) -> None:
    warehouse.upsert(OFFERS, offers("fanduel", "betmgm"))
    assert warehouse.upsert(OFFERS, pl.concat([offers("fanduel"), offers("betmgm", line=51)])) == WriteCount(2, 1, 1)
    assert warehouse.replace(OFFERS, offers("betmgm", "caesars", line=51)) == WriteCount(2, 1, 1)
    assert lines_held(warehouse) == {"betmgm": 51, "caesars": 51}


def test_a_partitioned_table_is_stored_in_order_of_its_partitions(warehouse: DuckWarehouse) -> None:
    late, early = (offers("fanduel", day=date(2025, 11, day), game=f"g{day}") for day in (29, 28))
    warehouse.append_new(OFFERS, pl.concat([late, early]))
    assert warehouse.query("SELECT game_id FROM raw.offers ORDER BY rowid")["game_id"].to_list() == ["g28", "g29"]


# Contracts


@pytest.mark.parametrize(
    ("frame", "named"),
    [
        (box().drop("points"), "lacks column points"),
        (box().with_columns(pts=pl.lit(1)), "no column pts"),
        (box().with_columns(game_id=pl.lit(22500301)), "column game_id is VARCHAR"),
        (box().with_columns(points=pl.lit("24")), "column points is INTEGER"),
        (box().with_columns(points=pl.lit(24.5)), "column points holds 24.5"),
        (box().with_columns(points=pl.lit(3_000_000_000)), "column points holds 3000000000"),
        (box().with_columns(points=pl.lit(float("nan"))), "column points holds nan"),
        (box().with_columns(minutes=pl.lit(float("nan"))), "column minutes holds nan"),
        (box().with_columns(known_at=pl.lit(datetime(2025, 11, 28))), "column known_at is TIMESTAMPTZ"),  # noqa: DTZ001
        (box().with_columns(points=pl.lit(None, dtype=pl.Int64)), "column points is null in 1 rows"),
        (pl.concat([box(24), box(26)]), "twice: source=nba, game_id=0022500301, player_id=203999"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_frame_that_breaks_the_contract_is_refused_by_name(
    warehouse: DuckWarehouse, frame: pl.DataFrame, named: str
) -> None:
    with pytest.raises(BrokenContract, match=named):
        warehouse.append_new(BOX, frame)
    assert warehouse.query("SELECT * FROM raw.box").is_empty()


def test_instants_that_are_one_once_cast_are_a_key_held_twice(warehouse: DuckWarehouse) -> None:
    both = pl.concat([box(), box()]).with_columns(pl.col("known_at").dt.cast_time_unit("ns"))
    later = pl.Series([0, 1]).cast(pl.Duration("ns"))
    with pytest.raises(BrokenContract, match="twice: source=nba"):
        warehouse.append_new(BOX, both.with_columns(pl.col("known_at") + later))


@pytest.mark.parametrize(
    ("type_name", "value", "named"),
    [
        ("BOOLEAN", 1, "column stated is BOOLEAN"),
        ("DATE", "2025-11-28", "column stated is DATE"),
        ("DECIMAL(4, 2)", 1000, "column stated holds 1000"),
        ("UUID", "no uuid", "column stated holds no uuid"),
    ],
)
def test_no_cast_changes_quietly_what_was_meant(
    warehouse: DuckWarehouse, type_name: str, value: object, named: str
) -> None:
    table = Table("ops", "typed", (), (Column("stated", type_name, "Stated"),), "", "", "")
    warehouse.ensure(table)
    with pytest.raises(BrokenContract, match=named):
        warehouse.append_new(table, pl.DataFrame({"stated": [value]}))


def test_whole_floats_and_sums_are_whole_numbers(warehouse: DuckWarehouse) -> None:
    summed = warehouse.query("SELECT sum(x) AS points FROM (VALUES (20), (4)) AS t(x)")["points"]
    warehouse.append_new(BOX, box().with_columns(points=summed))
    warehouse.append_new(BOX, box(player=2).with_columns(points=pl.lit(24.0)))
    assert warehouse.query("SELECT points FROM raw.box")["points"].to_list() == [24, 24]


def test_keys_hold_in_the_database_itself(warehouse: DuckWarehouse) -> None:
    import duckdb

    warehouse.execute("INSERT INTO ops.aliases VALUES (?, 1, NULL)", ["Joker"])
    with pytest.raises(duckdb.ConstraintException):
        warehouse.execute("INSERT INTO ops.aliases VALUES (?, 2, NULL)", ["Joker"])


def test_a_table_held_with_other_columns_is_noticed_when_the_home_opens(warehouse: DuckWarehouse) -> None:
    wider = Table("ops", "notes", (), (*NOTES.columns, Column("since", "DATE", "When")), "", "", "")
    with pytest.raises(BrokenContract, match=r"ops\.notes .* since"):
        warehouse.ensure(wider)


# The content hash


def test_the_content_hash_is_the_same_on_every_machine_and_in_every_version() -> None:
    stated = pl.DataFrame({"points": [24, None], "name": ["Luka Dončić", "x"], "tip": [TIP, TIP], "share": [0.1, 1e-9]})
    texts = [
        "name=Luka Dončić\x1fpoints=24\x1fshare=0.1\x1ftip=2025-11-28 00:30:00+00",
        "name=x\x1fshare=1e-09\x1ftip=2025-11-28 00:30:00+00",
    ]
    by_the_standard = [int(hashlib.md5(text.encode()).hexdigest()[:16], 16) for text in texts]
    assert content_hash(stated, stated.columns).to_list() == by_the_standard


def test_the_content_hash_heeds_neither_the_order_of_columns_nor_one_that_is_empty() -> None:
    stated = pl.DataFrame({"points": [24], "rebounds": [9], "fouls": pl.Series([None], dtype=pl.Int64)})
    hashes = [
        content_hash(stated, columns).item() for columns in (["points", "rebounds"], ["rebounds", "points", "fouls"])
    ]
    assert hashes[0] == hashes[1]
    assert content_hash(stated, iter(["rebounds"])).item() != hashes[0]


# Reading


def test_values_reach_sql_by_position_or_by_name(warehouse: DuckWarehouse) -> None:
    assert warehouse.query("SELECT ? AS name", ["x'; DROP TABLE raw.box; --"]).item() == "x'; DROP TABLE raw.box; --"
    assert warehouse.query("SELECT $tip AS tip", {"tip": TIP}).item() == TIP


def test_a_text_asked_again_reads_the_table_as_it_has_become(warehouse: DuckWarehouse) -> None:
    for columns in (["note"], ["note", "since"], ["since"]):
        assert warehouse.query("SELECT * FROM ops.notes").columns == columns
        change = "DROP COLUMN note" if "since" in columns else "ADD COLUMN since DATE"
        if columns != ["since"]:
            warehouse.execute(f"ALTER TABLE ops.notes {change}")


def test_a_text_of_several_statements_runs_them_all(warehouse: DuckWarehouse) -> None:
    warehouse.execute("INSERT INTO ops.notes VALUES ('a'); INSERT INTO ops.notes VALUES ('b')")
    assert warehouse.query("SELECT note FROM ops.notes ORDER BY ALL")["note"].to_list() == ["a", "b"]


def test_a_frame_is_a_view_within_its_block_alone(warehouse: DuckWarehouse) -> None:
    import duckdb

    with warehouse.frame("tonight", pl.DataFrame({"n": [1, 2]})):
        assert warehouse.query("SELECT sum(n)::BIGINT AS n FROM tonight").item() == 3
    with pytest.raises(duckdb.CatalogException):
        warehouse.query("SELECT * FROM tonight")


def test_the_error_told_is_that_of_the_statement_that_failed(warehouse: DuckWarehouse) -> None:
    import duckdb

    def convert() -> None:
        with warehouse.transaction(), warehouse.frame("tonight", pl.DataFrame({"n": ["many"]})):
            warehouse.query("SELECT CAST(n AS INTEGER) FROM tonight")

    with pytest.raises(duckdb.ConversionException):
        convert()
    assert warehouse.query("SELECT 1 AS n").item() == 1


def test_an_export_is_parquet_of_what_the_query_says(warehouse: DuckWarehouse, tmp_path: Path) -> None:
    warehouse.append_new(ALIASES, aliases(Joker=203999, Greek=203507))
    warehouse.export("SELECT player_id FROM ops.aliases WHERE name = ?", tmp_path / "out.parquet", ["Joker"])
    assert pl.read_parquet(tmp_path / "out.parquet")["player_id"].to_list() == [203999]


def test_a_reader_cannot_write_and_needs_a_file(tmp_path: Path) -> None:
    import duckdb

    with pytest.raises(Missing, match="cannot be opened"):
        DuckWarehouse(tmp_path / "none.duckdb", read_only=True)
    DuckWarehouse(tmp_path / "w.duckdb").close()
    reader = DuckWarehouse(tmp_path / "w.duckdb", read_only=True)
    with pytest.raises(duckdb.InvalidInputException):
        reader.execute("CREATE TABLE t (a INTEGER)")
    reader.close()


def test_a_file_opened_by_another_process_is_busy(tmp_path: Path) -> None:
    import subprocess
    import sys

    path = tmp_path / "w.duckdb"
    script = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(Busy, match="Another process"):
            DuckWarehouse(path)
        other.communicate()


def test_what_is_remembered_is_asked_again_once_its_table_has_changed(warehouse: DuckWarehouse) -> None:
    def names() -> int:
        return int(warehouse.remembered("names", (ALIASES,), lambda: warehouse.query(COUNTED).item()))

    assert names() == 0
    warehouse.append_new(ALIASES, aliases(Joker=203999))
    assert names() == 1
    warehouse.execute("DELETE FROM ops.aliases")
    assert names() == 0
    with suppress(RuntimeError), warehouse.transaction():
        warehouse.append_new(ALIASES, aliases(Joker=203999))
        assert names() == 1
        raise RuntimeError
    assert names() == 0, "what was taken back is still remembered"


def test_what_is_remembered_is_not_asked_for_twice(warehouse: DuckWarehouse) -> None:
    asked = []
    warehouse.append_new(ALIASES, aliases(Joker=203999))
    for _ in range(2):
        warehouse.remembered("names", (ALIASES,), lambda: asked.append(1))
        warehouse.execute("INSERT INTO ops.notes VALUES ('of another table')")
        warehouse.execute("CREATE OR REPLACE TEMP TABLE read AS SELECT * FROM ops.aliases")
        warehouse.append_new(ALIASES, aliases(Joker=203999))
    assert asked == [1]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM ops.aliases",
        "DELETE\n    FROM\n    ops.aliases AS held WHERE TRUE",
        "UPDATE ops.aliases SET player_id = 1",
        "INSERT INTO ops.aliases SELECT * FROM ops.aliases WHERE FALSE",
    ],
)
def test_a_statement_that_changes_a_table_makes_it_asked_again(warehouse: DuckWarehouse, statement: str) -> None:
    asked = []
    warehouse.append_new(ALIASES, aliases(Joker=203999))
    for _ in range(2):
        warehouse.remembered("names", (ALIASES,), lambda: asked.append(1))
        warehouse.execute(statement)
    assert asked == [1, 1]


def test_a_frame_without_rows_is_checked_and_writes_nothing(warehouse: DuckWarehouse) -> None:
    none = aliases(Joker=203999).clear()
    assert warehouse.append_new(ALIASES, none) == WriteCount(0, 0, 0)
    with pytest.raises(BrokenContract, match="lacks column"):
        warehouse.append_new(ALIASES, none.drop("player_id"))
    warehouse.append_new(ALIASES, aliases(Joker=203999))
    assert warehouse.replace(ALIASES, none) == WriteCount(0, 0, 0)
    assert warehouse.query(COUNTED).item() == 0


def test_few_rows_and_many_come_in_the_same_types(warehouse: DuckWarehouse) -> None:
    told = """
        SELECT i, i / 3 AS third, CAST(i AS DECIMAL(12, 4)) AS exact, sum(i) OVER (ORDER BY i) AS total,
            CASE WHEN i > 1 THEN 'it''s ' || i END AS words, TIMESTAMPTZ '2025-11-28 16:30:00+00' AS at,
            DATE '2025-11-28' AS day, [i, NULL] AS listed, {'of': i} AS held, i = $odd AS odd
        FROM range(5) AS rows(i) ORDER BY i
    """
    assert_frame_equal(warehouse.query(told, {"odd": 1}), warehouse.query(told, {"odd": 1}, many=True))
