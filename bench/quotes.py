"""Quotes as of a cutoff for a season's quoted players, and the `market` contract they make: ours beside pandas."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import homes
from bench.measuring import OUT, Number, called, middle

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from fairline.platform.warehouse import Warehouse

MARKET, SEASON = "points", 2023
RELATIVE, ABSOLUTE = 1e-6, 1e-9
QUOTES = "game_id, player_id, book, half_points, over_decimal, under_decimal, captured_at, commence_at, source, market"


def numbers(runs: int) -> Iterator[Number]:
    """Seconds of both, and the share of cells that are equal."""
    home = homes.imported()
    asked = called("quotes.export", home).json()
    ours, theirs = [], []
    for _ in range(runs):
        ours.append(called("quotes.ours", home).json())
        theirs.append(called("quotes.theirs").json())
    for step in ours[0]:
        yield Number(
            f"{step} of {asked:,} players", middle([one[step] for one in ours]),
            alternative=middle([one[step] for one in theirs]), alternative_is="pandas",
        )  # fmt: skip
    result = called("quotes.compared").json()
    differing = "".join(f", {name} differs in {cells:,}" for name, cells in result["different"].items())
    yield Number(
        "equal cells of quotes and consensus", 100 * (1 - sum(result["different"].values()) / result["cells"]), "%",
        least=100, note=f"{result['rows']:,} quotes, {result['cells']:,} cells{differing}",
    )  # fmt: skip


def export(home: str) -> int:
    """What pandas starts from, and who is asked for: every player quoted in the market, at his game's tip-off."""
    from fairline.platform.warehouse import DuckWarehouse

    homes.raw_tables(Path(home), {"games": "*", "prop_quotes": QUOTES})
    (OUT / "raw" / "prop_quotes.parquet").rename(OUT / "raw" / "quotes.parquet")
    warehouse = DuckWarehouse(Path(home) / "warehouse.duckdb", read_only=True)
    asked = _asked(warehouse)
    warehouse.close()
    asked.write_parquet(OUT / "asked.parquet")
    return asked.height


def _asked(warehouse: Warehouse) -> pl.DataFrame:
    return warehouse.query(
        """
        SELECT DISTINCT quote.game_id, quote.player_id, game.tip_at AS cutoff
        FROM raw.prop_quotes AS quote
        JOIN analytics.game_versions AS game
            ON game.game_id = quote.game_id AND game.superseded_at = TIMESTAMPTZ '9999-01-01 00:00:00+00'
        WHERE quote.market = $market AND game.season = $season
        """,
        {"market": MARKET, "season": SEASON},
    )


def ours(home: str) -> dict[str, float]:
    """Seconds by step; the results are kept."""
    import polars as pl

    from fairline.features.market import consensus, quotes_as_of
    from fairline.platform.warehouse import DuckWarehouse

    warehouse = DuckWarehouse(Path(home) / "warehouse.duckdb", read_only=True)
    asked = pl.read_parquet(OUT / "asked.parquet")
    started = time.perf_counter()
    quotes = quotes_as_of(warehouse, asked, MARKET)
    found = time.perf_counter()
    together = consensus(quotes)
    done = time.perf_counter()
    quotes.write_parquet(OUT / "quotes-ours.parquet")
    together.write_parquet(OUT / "consensus-ours.parquet")
    return {"quotes as of the cutoff": found - started, "consensus": done - found}


def theirs() -> dict[str, float]:
    """The same in pandas, from frames in memory."""
    import pandas as pd

    from bench import pandas_quotes, pandas_summaries

    quotes = pd.read_parquet(OUT / "raw" / "quotes.parquet")
    versions = pandas_summaries.game_versions(pandas_summaries.dated(pd.read_parquet(OUT / "raw" / "games.parquet")))
    asked = pd.read_parquet(OUT / "asked.parquet")
    started = time.perf_counter()
    standing = pandas_quotes.standing(quotes[quotes["market"] == MARKET], versions, asked)
    found = time.perf_counter()
    together = pandas_quotes.consensus(standing)
    done = time.perf_counter()
    standing.to_parquet(OUT / "quotes-pandas.parquet")
    together.to_parquet(OUT / "consensus-pandas.parquet")
    return {"quotes as of the cutoff": found - started, "consensus": done - found}


def compared() -> dict[str, Any]:
    """Cells of both, and by column those that differ."""
    import polars as pl

    from fairline.features.contract import market_features
    from fairline.features.market import PLAYER

    renamed = {"line": "market_line", "p_over": "market_p_over"}
    of_market = [one.name for one in market_features()]
    of_quote = ["over_decimal", "under_decimal", "latest", "opening"]
    pairs = (
        ("quotes", [*PLAYER, "book", "half_points", "captured_at"], of_quote),
        ("consensus", PLAYER, of_market),
    )
    cells, different, rows = 0, {}, 0
    for name, keys, columns in pairs:
        mine = pl.read_parquet(OUT / f"{name}-ours.parquet").rename(renamed, strict=False).sort(keys)
        other = pl.read_parquet(OUT / f"{name}-pandas.parquet").cast({key: mine.schema[key] for key in keys}).sort(keys)
        rows = max(rows, mine.height)
        cells += mine.height * len(columns)
        different |= _different(mine, other, keys, columns)
    return {"rows": rows, "cells": cells, "different": different}


def _different(mine: pl.DataFrame, other: pl.DataFrame, keys: list[str], columns: list[str]) -> dict[str, int]:
    """Cells that differ by column, a row that only one holds differing in all."""
    import numpy as np
    import polars as pl

    both = mine.select(*keys, *columns).join(other.select(*keys, *columns), on=keys, how="inner", suffix="_other")
    alone = mine.height + other.height - 2 * both.height
    equal = {
        name: np.isclose(both[name].cast(pl.Float64).to_numpy(), both[f"{name}_other"].cast(pl.Float64).to_numpy(),
                         RELATIVE, ABSOLUTE, equal_nan=True)
        for name in columns
    }  # fmt: skip
    counts = {name: alone + int((~same).sum()) for name, same in equal.items()}
    return {name: cells for name, cells in counts.items() if cells}
