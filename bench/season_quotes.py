"""A season of 20 million quotes: a day more of them, and the latest before tip-off, openings and closes of all games.

Beside them the same with the key as an index, and with every row ranked in a window.
"""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from bench.measuring import OUT, REPOSITORY, Finished, Number, called, middle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fairline.platform.warehouse import DuckWarehouse

FOLDER = OUT / "season-quotes"
STORED, INDEXED = "stored", "indexed"
DAYS, STEP = 222, 10
FIRST, LAST = date(2024, 10, 22), date(2025, 12, 31)
MOST_SECONDS, MOST_INGEST, MOST_GIB = 15, 5, 4

RANKED = """
    SELECT quote.game_id, player_id, market, book, half_points, captured_at
    FROM raw.prop_quotes AS quote JOIN moments ON moments.game_id = quote.game_id AND quote.captured_at < moments.before
    WHERE over_decimal IS NOT NULL AND under_decimal IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY quote.game_id, player_id, market, book
        ORDER BY captured_at DESC, abs(1 / over_decimal - 1 / under_decimal), half_points, source
    ) = 1
"""
"""The latest main lines in one query: what a person would write first."""


def numbers(runs: int) -> Iterator[Number]:
    """Ingest, latest, opening, closing; sizes; and the most memory any of it held."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    try:
        yield from _measured(runs)
    finally:
        shutil.rmtree(FOLDER)


def _measured(runs: int) -> Iterator[Number]:
    rows = called("season_quotes.make", STORED).json()
    called("season_quotes.make", INDEXED)
    peaks: list[float] = []

    def each(function: str, *arguments: str) -> list[Any]:
        done: list[Finished] = [called(f"season_quotes.{function}", *arguments) for _ in range(runs)]
        peaks.append(max(one.peak_gib for one in done))
        return [one.json() for one in done]

    stored, indexed = each("ingest", STORED), called("season_quotes.ingest", INDEXED).json()
    for step, target in (("new", MOST_INGEST), ("held already", None)):
        yield Number(
            f"ingest of a day of {stored[0]['rows']:,} quotes, {step}, into {rows:,}",
            middle([one[step] for one in stored]), most=target, alternative=indexed[step],
            alternative_is="with an index",
        )  # fmt: skip
    sizes = [(FOLDER / f"{name}.duckdb").stat().st_size / 2**20 for name in (STORED, INDEXED)]
    yield Number("size of the season", sizes[0], "MiB", alternative=sizes[1], alternative_is="with an index")
    ranked = called("season_quotes.latest", "ranked")
    yield Number(
        "latest before tip-off of the season", middle(each("latest", "ours")), most=MOST_SECONDS,
        alternative=ranked.json(), alternative_is="ranked in a window",
    )  # fmt: skip
    for name in ("opening", "closing"):
        yield Number(f"{name} lines of the season", middle(each("edge", name)), most=MOST_SECONDS)
    yield Number("history of a player's line on a date", middle(each("one_history")))
    same = called("season_quotes.compared").json()
    yield Number(
        "equal rows of both", 100 * same["equal"] / same["rows"], "%", least=100, note=f"{same['rows']:,} rows"
    )
    yield Number(
        "peak memory of these", max(peaks), "GiB", most=MOST_GIB, alternative=ranked.peak_gib,
        alternative_is="ranked in a window",
    )  # fmt: skip


def make(name: str) -> int:
    """The season's quotes in a warehouse of its own, with its schedule; their number. The indexed one is a copy."""
    from fairline.raw.schema import GAMES, PROP_QUOTES

    table = PROP_QUOTES if name == STORED else replace(PROP_QUOTES, partition="")
    warehouse = _opened(name)
    warehouse.ensure(table, GAMES)
    if name == STORED:
        _generate(warehouse)
    else:
        warehouse.execute(f"ATTACH '{FOLDER / STORED}.duckdb' AS season (READ_ONLY)")
        warehouse.execute("INSERT INTO raw.prop_quotes SELECT * FROM season.raw.prop_quotes")
        warehouse.execute("DETACH season")
    rows: int = warehouse.query("SELECT count(*) FROM raw.prop_quotes").item()
    warehouse.close()
    return rows


def _generate(warehouse: DuckWarehouse) -> None:
    from fairline.platform.content import PROVENANCE, hash_expression
    from fairline.raw.schema import PROP_QUOTES

    hashed = hash_expression([name for name in PROP_QUOTES.column_names if name not in PROVENANCE])
    for first in range(0, DAYS, STEP):
        warehouse.execute(
            f"INSERT INTO raw.prop_quotes BY NAME SELECT *, {hashed} AS content_hash FROM ({_statement()})",
            {"first": first, "last": min(first + STEP, DAYS) - 1},
        )
    warehouse.execute(
        "INSERT INTO raw.games BY NAME SELECT game_id, game_date, 'schedule' AS statement, 2024 AS season,"
        " 'regular' AS game_type, any_value(commence_at) AS tip_at, 'scheduled' AS status,"
        " 'schedule_published' AS source, any_value(commence_at) AS valid_at, any_value(commence_at) AS known_at,"
        " '' AS capture_id, 0 AS content_hash FROM raw.prop_quotes GROUP BY game_id, game_date"
    )


def ingest(name: str) -> dict[str, float]:
    """Seconds from a frame in memory to a committed day, and to none when the same day comes again."""
    from fairline.raw.schema import PROP_QUOTES

    warehouse = _opened(name)
    held: int = warehouse.query("SELECT count(DISTINCT game_date) FROM raw.prop_quotes").item()
    day = warehouse.query(_statement(), {"first": held, "last": held})
    # What the index is kept for is in the file alone; the writes are those of the stored table in both.
    seconds: dict[str, float] = {"rows": day.height}
    for step, written in (("new", day.height), ("held already", 0)):
        started = time.perf_counter()
        count = warehouse.append_new(PROP_QUOTES, day)
        seconds[step] = time.perf_counter() - started
        assert count.written == written, count
    warehouse.close()
    return seconds


def latest(way: str) -> float:
    """Seconds to the latest main line of every player, market and book before each tip-off; the rows are kept."""
    from fairline.raw import quote_history

    warehouse = _opened(STORED)
    moments = quote_history.tips(warehouse, FIRST, LAST).select("game_id", at="tipped_at")
    started = time.perf_counter()
    if way == "ours":
        rows = quote_history.latest_before(warehouse, moments)
    else:
        with warehouse.frame("moments", moments.rename({"at": "before"})):
            rows = warehouse.query(RANKED)
    seconds = time.perf_counter() - started
    rows.write_parquet(FOLDER / f"{way}.parquet")
    warehouse.close()
    return seconds


def edge(name: str) -> float:
    """Seconds to the opening or closing lines, tip-offs included."""
    from fairline.raw import quote_history

    warehouse = _opened(STORED)
    started = time.perf_counter()
    getattr(quote_history, name)(warehouse, FIRST, LAST)
    seconds = time.perf_counter() - started
    warehouse.close()
    return seconds


def one_history() -> float:
    """Seconds to the quotes of one player's points on the last date."""
    from fairline.raw import quote_history

    warehouse = _opened(STORED)
    player, day = warehouse.query(
        "SELECT player_id, game_date FROM raw.prop_quotes WHERE market = 'points'"
        " ORDER BY game_date DESC, player_id LIMIT 1"
    ).row(0)
    started = time.perf_counter()
    rows = quote_history.history(warehouse, player, "points", first=day, last=day)
    seconds = time.perf_counter() - started
    assert rows.height, (player, day)
    warehouse.close()
    return seconds


def compared() -> dict[str, int]:
    """Rows that both ways to the latest lines have, word for word, of all that either has."""
    import polars as pl

    ours, ranked = (pl.read_parquet(FOLDER / f"{way}.parquet") for way in ("ours", "ranked"))
    both = ours.join(ranked, on=ranked.columns, how="inner").height
    return {"equal": both, "rows": ours.height + ranked.height - both}


def _opened(name: str) -> DuckWarehouse:
    from fairline.platform.warehouse import DuckWarehouse

    return DuckWarehouse(FOLDER / f"{name}.duckdb", threads=2)


def _statement() -> str:
    return (REPOSITORY / "bench" / "season_quotes.sql").read_text(encoding="utf-8")
