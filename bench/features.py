"""Features of every player-game at tip-off, from the raw tables on: ours beside the same in pandas, cell by cell."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import homes
from bench.measuring import OUT, Number, called, middle

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.measuring import Finished

OURS, THEIRS = OUT / "features-ours.parquet", OUT / "features-pandas.parquet"
RELATIVE, ABSOLUTE = 1e-6, 1e-9
"""Two values are equal within either, both being rounded to nine digits."""


def numbers(runs: int) -> Iterator[Number]:
    """Seconds and memory of both, and the share of cells that are equal."""
    home = homes.imported()
    called("features.export", home)
    pairs = [(called("features.ours", home), called("features.theirs")) for _ in range(runs)]
    ours, theirs = zip(*pairs, strict=True)
    result = called("features.compared").json()
    yield Number(
        f"features of {result['rows']:,} player-games", _step(ours, "features"), most=15,
        alternative=_step(theirs, "features"), alternative_is="pandas",
        note="from the summaries on; the processor's seconds of the whole process: "
        f"{middle([one.cpu_seconds for one in ours]):.1f}, pandas {middle([one.cpu_seconds for one in theirs]):.1f}",
    )  # fmt: skip
    yield Number("times faster than pandas", _step(theirs, "features") / _step(ours, "features"), "times", least=3)
    yield Number("summaries they are made of", _step(ours, "summaries"), alternative=_step(theirs, "summaries"),
                 alternative_is="pandas")  # fmt: skip
    yield Number("raw tables to feature rows", _whole(ours), alternative=_whole(theirs), alternative_is="pandas",
                 note="the two together; pandas reads Parquet files of just the columns it needs")  # fmt: skip
    yield Number(
        "peak memory of all that", middle([one.peak_gib for one in ours]), "GiB", most=3,
        alternative=middle([one.peak_gib for one in theirs]), alternative_is="pandas",
    )  # fmt: skip
    equal = 100 * (1 - sum(result["different"].values()) / result["cells"])
    yield Number("equal cells", equal, "%", least=100, note=_told(result))


def _step(runs: Sequence[Finished], step: str) -> float:
    return middle([one.json()[step] for one in runs])


def _whole(runs: Sequence[Finished]) -> float:
    return middle([sum(one.json().values()) for one in runs])


def _told(compared: dict[str, Any]) -> str:
    if compared["different"]:
        return ", ".join(f"{name} differs in {cells:,}" for name, cells in compared["different"].items())
    return f"{compared['features']} features, {compared['cells']:,} cells, {compared['held']:,} of them not null"


def export(home: str) -> None:
    """What pandas starts from."""
    from bench.pandas_summaries import RAW

    homes.raw_tables(Path(home), RAW)


def ours(home: str) -> dict[str, float]:
    """Seconds of our summaries and features; the rows are kept."""
    from fairline.analytics.build import rebuild
    from fairline.features import assemble
    from fairline.platform.warehouse import DuckWarehouse

    warehouse = DuckWarehouse(Path(home) / "warehouse.duckdb")
    started = time.perf_counter()
    rebuild(warehouse)
    summarised = time.perf_counter()
    asked = warehouse.query(
        "SELECT game_id, valid_at AS cutoff, player_id, NULL::BIGINT AS team_id FROM analytics.player_game_summary"
    )
    rows = assemble.build(warehouse, asked.select("game_id", "cutoff").unique(), asked, rosters=False)
    done = time.perf_counter()
    rows.write_parquet(OURS)
    warehouse.close()
    return {"summaries": summarised - started, "features": done - summarised}


def theirs() -> dict[str, float]:
    """Seconds of pandas' summaries and features, the reading of the files among the former; the rows are kept."""
    from bench import pandas_features, pandas_summaries

    started = time.perf_counter()
    summaries = pandas_summaries.summarised(pandas_summaries.read(OUT / "raw"))
    summarised = time.perf_counter()
    rows = pandas_features.build(summaries)
    done = time.perf_counter()
    rows.to_parquet(THEIRS)
    return {"summaries": summarised - started, "features": done - summarised}


def compared() -> dict[str, Any]:
    """Cells of both, and by feature those that differ; a feature that pandas lacks differs in all."""
    import numpy as np
    import polars as pl

    from fairline.features.assemble import rounded
    from fairline.features.contract import model_features, names

    mine, other = (pl.read_parquet(file).sort("game_id", "player_id") for file in (OURS, THEIRS))
    keys = ["game_id", "player_id"]
    if not mine.select(keys).equals(other.select(keys).cast(dict(mine.select(keys).schema))):
        message = f"{mine.height:,} rows of ours are not of the {other.height:,} player-games of pandas"
        raise AssertionError(message)
    asked = names(model_features())
    lacking = [name for name in asked if name not in other.columns]
    other = rounded(other.with_columns(cutoff=mine["cutoff"])).sort(keys)
    different = dict.fromkeys(lacking, mine.height)
    held = 0
    for name in asked:
        left = mine[name].to_numpy()
        held += int((~np.isnan(left)).sum())
        if name not in lacking:
            equal = np.isclose(left, other[name].cast(pl.Float64).to_numpy(), RELATIVE, ABSOLUTE, equal_nan=True)
            different[name] = int((~equal).sum())
    different = {name: cells for name, cells in different.items() if cells}
    return {
        "rows": mine.height, "features": len(asked), "cells": mine.height * len(asked), "held": held,
        "different": different,
    }  # fmt: skip
