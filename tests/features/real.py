"""The real data, as it is and as it was known by a cutoff, without copying it: raw as views over the imported home."""

from datetime import datetime
from functools import cache
from pathlib import Path

import polars as pl
from tests.features.league import HELD

from fairline.analytics import build
from fairline.evaluate.frames import training_rows
from fairline.platform.warehouse import DuckWarehouse


def world(home: Path, cutoff: datetime | None = None) -> DuckWarehouse:
    """A warehouse in memory whose raw tables are the home's, of which it sees what was known by the cutoff."""
    warehouse = DuckWarehouse()
    warehouse.execute(f"ATTACH '{home / 'warehouse.duckdb'}' AS home (READ_ONLY)")
    warehouse.execute("CREATE SCHEMA raw; CREATE SCHEMA analytics")
    known = f" WHERE known_at <= TIMESTAMPTZ '{cutoff.isoformat()}'" if cutoff else ""
    for table in HELD:
        warehouse.execute(f"CREATE VIEW {table.full_name} AS SELECT * FROM home.{table.full_name}{known}")
    build.rebuild(warehouse)
    return warehouse


@cache
def whole(home: Path) -> DuckWarehouse:
    """Everything held, built once per session."""
    return world(home)


@cache
def every_row(home: Path) -> pl.DataFrame:
    """The features of every player-game held, at tip-off, with outcomes."""
    return training_rows(whole(home))
