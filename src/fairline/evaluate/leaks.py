"""The leak check of a backtest: feature rows rebuilt in a world where nothing after the cutoff has happened yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairline.analytics import build
from fairline.analytics.schema import TABLES as ANALYTICS
from fairline.features import assemble, market
from fairline.features.contract import model_features, names
from fairline.platform.warehouse import DuckWarehouse
from fairline.raw.schema import TABLES as RAW

if TYPE_CHECKING:
    import polars as pl

    from fairline.features.availability import Knowledge
    from fairline.platform.warehouse import Warehouse

MARKET = ("half_points", "p_over")
"""What is read off the quotes of a row, compared beside its features."""
SHOWN = 20
"""Differences told of one check, at most."""


def leak_check(
    warehouse: Warehouse, judged: pl.DataFrame, name: str, *, knowledge: Knowledge = "reports", samples: int = 3
) -> dict[str, Any]:
    """Rebuild the rows of a few cutoffs from raw rows known by then alone, and compare them number by number.

    judged: quoted rows of the market, as they were judged. samples: cutoffs, spread evenly over the period. Returns
    what was compared and the differences; `passed` is false for any, and where there was nothing to compare.
    """
    moments = judged["cutoff"].unique().sort()
    places = [round(place * (len(moments) - 1) / max(samples - 1, 1)) for place in range(min(samples, len(moments)))]
    chosen = moments.gather(places).to_list()
    rows, differences = 0, []
    for cutoff in chosen:
        told = judged.filter(judged["cutoff"] == cutoff)
        rows += told.height
        differences += _differences(told, _rebuilt(warehouse, told, name, knowledge))
    return {
        "cutoffs": [moment.isoformat() for moment in chosen],
        "rows": rows,
        "features": len(model_features()),
        "differences": differences[:SHOWN],
        "passed": rows > 0 and not differences,
    }


def _rebuilt(warehouse: Warehouse, told: pl.DataFrame, name: str, knowledge: Knowledge) -> pl.DataFrame:
    """The same rows from a warehouse that holds only what was known by their cutoff."""
    cutoff = told["cutoff"][0]
    past = DuckWarehouse(":memory:")
    try:
        raw = [table for table in RAW if table.zone == "raw"]
        past.ensure(*raw, *ANALYTICS)
        for table in raw:
            query = f"SELECT * FROM {table.full_name} WHERE known_at <= ?"  # noqa: S608 - a declared name
            known = warehouse.query(query, [cutoff], many=True)
            # Rows held once are unique already: without the key's index the copy takes a tenth of the time.
            with past.frame("known", known):
                past.execute(f"CREATE OR REPLACE TABLE {table.full_name} AS SELECT * FROM known")  # noqa: S608 - a declared name
        build.rebuild(past)
        asked = told.select("game_id", "cutoff", "player_id", "stated_team_id").rename({"stated_team_id": "team_id"})
        games = told.select("game_id", "cutoff").unique()
        rows = assemble.build(past, games, asked, rosters=False, knowledge=knowledge)
        lined = market.consensus(market.quotes_as_of(past, asked.drop("team_id"), name)).select(*market.PLAYER, *MARKET)
        return rows.join(lined, on=market.PLAYER, how="left")
    finally:
        past.close()


def _differences(told: pl.DataFrame, rebuilt: pl.DataFrame) -> list[str]:
    """Each value that is not the same to the last of its nine digits, as "game player feature: then, now"."""
    import polars as pl

    exact = pl.col("p_over").round_sig_figs(assemble.SIGNIFICANT_DIGITS)
    both = told.with_columns(exact).join(rebuilt.with_columns(exact), on=market.PLAYER, how="left", suffix="_rebuilt")
    found = []
    for name in [*names(model_features()), *MARKET]:
        differing = both.filter(both[name].ne_missing(both[f"{name}_rebuilt"]))
        found += [
            f"{row['game_id']} {row['player_id']} {name}: {row[name]}, rebuilt {row[f'{name}_rebuilt']}"
            for row in differing.head(3).iter_rows(named=True)
        ]
    return found
