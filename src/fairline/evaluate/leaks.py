"""The leak check of a backtest: feature rows rebuilt in a world where nothing after the cutoff has happened yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairline.analytics import build
from fairline.analytics.schema import TABLES as ANALYTICS
from fairline.features import assemble
from fairline.features.contract import model_features, names
from fairline.platform.warehouse import DuckWarehouse
from fairline.raw.schema import TABLES as RAW

if TYPE_CHECKING:
    import polars as pl

    from fairline.platform.warehouse import Warehouse


def leak_check(warehouse: Warehouse, judged: pl.DataFrame, *, samples: int = 3) -> dict[str, Any]:
    """Rebuild the rows of a few cutoffs from raw rows known by then alone, and compare them number by number.

    judged: rows with game_id, player_id, cutoff, team_id and the features they were judged with. samples: cutoffs,
    spread evenly over the period. Returns what was compared and every difference; `passed` is false for any.
    """
    moments = judged["cutoff"].unique().sort()
    chosen = moments.gather([round(place * (len(moments) - 1) / max(samples - 1, 1)) for place in range(samples)]).unique()
    rows, differences = 0, []
    for cutoff in chosen.to_list():
        told = judged.filter(judged["cutoff"] == cutoff)
        rebuilt = _rebuilt(warehouse, told)
        rows += told.height
        differences += _differences(told, rebuilt)
    return {
        "cutoffs": [moment.isoformat() for moment in chosen.to_list()],
        "rows": rows,
        "features": len(model_features()),
        "differences": differences[:20],
        "passed": not differences,
    }


def _rebuilt(warehouse: Warehouse, told: pl.DataFrame) -> pl.DataFrame:
    """The same rows from a warehouse that holds only what was known by their cutoff."""
    cutoff = told["cutoff"][0]
    past = DuckWarehouse(":memory:")
    try:
        raw = [table for table in RAW if table.zone == "raw"]
        past.ensure(*raw, *ANALYTICS)
        for table in raw:
            known = warehouse.query(f"SELECT * FROM {table.full_name} WHERE known_at <= ?", [cutoff])  # noqa: S608 - a declared name
            past.append_new(table, known.drop("content_hash") if "content_hash" in known.columns else known)
        build.rebuild(past)
        asked = told.select("game_id", "cutoff", "player_id", "stated_team_id").rename({"stated_team_id": "team_id"})
        return assemble.build(past, told.select("game_id", "cutoff").unique(), asked, rosters=False)
    finally:
        past.close()


def _differences(told: pl.DataFrame, rebuilt: pl.DataFrame) -> list[str]:
    """Each value that is not the same to the last of its nine digits, as "game player feature: then, now"."""
    both = told.join(rebuilt, on=["game_id", "player_id", "cutoff"], how="left", suffix="_rebuilt")
    found = []
    for name in names(model_features()):
        differing = both.filter(both[name].ne_missing(both[f"{name}_rebuilt"]))
        found += [
            f"{row['game_id']} {row['player_id']} {name}: {row[name]}, rebuilt {row[f'{name}_rebuilt']}"
            for row in differing.head(3).iter_rows(named=True)
        ]
    return found
