"""Every step of the schema since version 1: how the tables of an older home become those declared now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairline.platform.content import PROVENANCE, hash_expression
from fairline.platform.migrations import Migration
from fairline.raw.quote_storage import repartition_prop_quotes
from fairline.raw.schema import GAME_LINE_QUOTES, PLAYER_BOX_SCORES

if TYPE_CHECKING:
    from fairline.domain.tables import Table
    from fairline.platform.ledger.contract import Ledger
    from fairline.platform.warehouse import Warehouse


def _for_captures(warehouse: Warehouse, ledger: Ledger) -> None:
    """Box scores tell who started; game lines tell book and moneylines; quotes lie by game date, without an index."""
    del ledger
    repartition_prop_quotes(warehouse)
    _rebuild(warehouse, PLAYER_BOX_SCORES, {"started": "CAST(NULL AS BOOLEAN)"})
    nothing = "CAST(NULL AS DOUBLE)"
    added = {"book": "'consensus'", "home_moneyline": nothing, "away_moneyline": nothing}
    _rebuild(warehouse, GAME_LINE_QUOTES, added)


def _for_services(warehouse: Warehouse, ledger: Ledger) -> None:
    """Tasks tell their results, runs the due times they answer; the ledger took its new columns when it was opened.

    Asked for one of each, it fails here, with the backup at hand, and not in the midst of a slate.
    """
    del warehouse
    ledger.batches(limit=1)
    ledger.runs(limit=1)
    ledger.dead_letters(limit=1)
    ledger.access.audited(limit=1)


MIGRATIONS = (
    Migration(2, "starters, game lines by book, quotes by date", _for_captures),
    Migration(3, "due times, results of tasks, dead letters, keys and audit", _for_services),
)
"""In order; each bears to be run again after a crash."""


def _rebuild(warehouse: Warehouse, table: Table, added: dict[str, str]) -> None:
    """Give a held table its declared columns, those it lacked from SQL expressions, and hash its rows anew."""
    columns = warehouse.query(
        "SELECT column_name FROM duckdb_columns() WHERE schema_name || '.' || table_name = ?", [table.full_name]
    )["column_name"].to_list()
    if not columns or set(columns) == set(table.column_names):
        return
    told = ", ".join(f"{added.get(name, name)} AS {name}" for name in table.column_names if name != "content_hash")
    statement = [name for name in table.column_names if name not in PROVENANCE]
    names = ", ".join(table.column_names[:-1])
    with warehouse.transaction():
        warehouse.execute(f"CREATE OR REPLACE TEMP TABLE rebuilt AS SELECT {told} FROM {table.full_name}")  # noqa: S608 - our own names
        warehouse.execute(f"DROP TABLE {table.full_name}")
        warehouse.execute(table.ddl())
        warehouse.execute(
            f"INSERT INTO {table.full_name} ({names}, content_hash) "  # noqa: S608 - likewise
            f"SELECT {names}, {hash_expression(statement)} FROM rebuilt"
        )
        warehouse.execute("DROP TABLE rebuilt")
