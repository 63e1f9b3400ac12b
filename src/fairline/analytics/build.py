"""Rebuild the summaries from raw: set-based, in one transaction, about two seconds for ten seasons."""

from __future__ import annotations

import hashlib
import re
from importlib.resources import files
from typing import TYPE_CHECKING

from fairline.analytics.schema import BUILT, NEUTRAL_ARENAS
from fairline.raw.schema import (
    EXACT_MINUTES,
    GAMES,
    INACTIVES,
    INJURIES_IN_PAGES,
    INJURY_REPORT_TEAMS,
    INJURY_REPORTS,
    INJURY_SNAPSHOTS,
    LATER_INJURY_REPORTS,
    PLAYER_BOX_SCORES,
    PLAYER_MOVEMENTS,
    PLAYERS,
    PROJECTED_LINEUPS,
    REPORTS_BY_TEAM,
    ROSTERS,
    ROSTERS_WITH_INJURIES,
    SHOTS,
    SOURCE_PRECEDENCE,
    USER_NEWS,
)

if TYPE_CHECKING:
    from fairline.platform.warehouse import Warehouse


READ = (
    GAMES, PLAYER_BOX_SCORES, EXACT_MINUTES, SHOTS, PROJECTED_LINEUPS, ROSTERS, PLAYERS, PLAYER_MOVEMENTS,
    INJURY_REPORTS, INJURY_SNAPSHOTS, INJURY_REPORT_TEAMS, LATER_INJURY_REPORTS, INACTIVES, USER_NEWS,
)  # fmt: skip
"""The raw tables the summaries are made of."""


NAMED = {
    "neutral_arenas": NEUTRAL_ARENAS,
    "reports_by_team": REPORTS_BY_TEAM,
    "rosters_with_injuries": ROSTERS_WITH_INJURIES,
    "injuries_in_pages": INJURIES_IN_PAGES,
}
"""Lists of names that the statements refer to."""


def statement(name: str) -> str:
    """The SELECT behind one of the analytics tables, sources ranked by their declared precedence."""
    text = files("fairline.analytics").joinpath(f"{name}.sql").read_text()
    for name, values in NAMED.items():
        text = text.replace(f"{{{name}}}", ", ".join(f"'{value}'" for value in values))
    return re.sub(r"\{source_rank:(\w+)\}", lambda match: _source_rank(match.group(1)), text)


def refresh(warehouse: Warehouse) -> bool:
    """Rebuild when raw says something else than at the last rebuild. Returns whether it did."""
    now = _fingerprint(warehouse)
    if now == _built_from(warehouse):
        return False
    with warehouse.transaction():
        rebuild(warehouse)
        warehouse.execute("CREATE OR REPLACE TABLE analytics.built_from (fingerprint VARCHAR)")
        warehouse.execute("INSERT INTO analytics.built_from VALUES (?)", [now])
    return True


def rebuild(warehouse: Warehouse) -> dict[str, int]:
    """Make every built table say what raw says now. Returns rows by table; nothing changes if any of it fails."""
    rows = {}
    with warehouse.transaction():
        for table in BUILT:
            warehouse.execute(f"DROP TABLE IF EXISTS {table.full_name}")
            warehouse.execute(table.ddl())
            columns = ", ".join(table.column_names)
            warehouse.execute(
                f"INSERT INTO {table.full_name} ({columns}) SELECT {columns} FROM ({statement(table.name)})"  # noqa: S608 - names of our own
            )
            rows[table.name] = warehouse.query(f"SELECT count(*) FROM {table.full_name}").item()  # noqa: S608 - likewise
    return rows


def _fingerprint(warehouse: Warehouse) -> str:
    """What raw says and how the tables are made: another SQL text rebuilds too."""
    sums = [
        "SELECT count(*) || '/' || coalesce(sum(content_hash::HUGEINT), 0) || '/' ||"  # noqa: S608 - names of our own
        f" coalesce(max(known_at)::VARCHAR, '') AS said FROM {table.full_name}"
        for table in READ
    ]
    said = warehouse.query(" UNION ALL ".join(sums))["said"].to_list()
    made = "".join(statement(table.name) + table.ddl() for table in BUILT)
    return hashlib.sha256("|".join([*said, made]).encode()).hexdigest()[:16]


def _built_from(warehouse: Warehouse) -> str:
    exists = "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'analytics' AND table_name = 'built_from'"
    if not warehouse.query(exists).item():
        return ""
    return str(warehouse.query("SELECT max(fingerprint) FROM analytics.built_from").item())


def _source_rank(alias: str) -> str:
    ranks = " ".join(f"WHEN '{source}' THEN {rank}" for source, rank in SOURCE_PRECEDENCE.items())
    return f"(CASE {alias}.source {ranks} ELSE 99 END)"
