"""Rebuild the summaries whose raw rows changed: set-based, in one transaction; all take two seconds for ten seasons."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from fairline.analytics.schema import BUILT, BUILT_FROM, NEUTRAL_ARENAS
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
    from collections.abc import Iterable

    import polars as pl

    from fairline.domain.tables import Table
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

SOURCES = re.compile(r"\b(?:raw|analytics)\.\w+")
"""Names of tables in a statement."""


def statement(name: str) -> str:
    """The SELECT behind one of the analytics tables, sources ranked by their declared precedence."""
    text = files("fairline.analytics").joinpath(f"{name}.sql").read_text()
    for name, values in NAMED.items():
        text = text.replace(f"{{{name}}}", ", ".join(f"'{value}'" for value in values))
    return re.sub(r"\{source_rank:(\w+)\}", lambda match: _source_rank(match.group(1)), text)


def refresh(warehouse: Warehouse) -> bool:
    """Rebuild the tables whose sources say something else than when they were built. Returns whether any was."""
    now, held = _fingerprints(warehouse), _built_from(warehouse)
    stale = [table for table in BUILT if held.get(table.full_name) != now[table.full_name]]
    if not stale:
        return False
    with warehouse.transaction():
        rebuild(warehouse, stale)
        warehouse.replace(BUILT_FROM, _rows({table.full_name: now[table.full_name] for table in BUILT}))
    return True


def rebuild(warehouse: Warehouse, built: Iterable[Table] = BUILT) -> None:
    """Make these tables say what raw says now, each after those it reads. Nothing changes if any of it fails."""
    with warehouse.transaction():
        for table in built:
            warehouse.execute(f"DROP TABLE IF EXISTS {table.full_name}")
            warehouse.execute(table.ddl())
            columns = ", ".join(table.column_names)
            warehouse.execute(
                f"INSERT INTO {table.full_name} ({columns}) SELECT {columns} FROM ({statement(table.name)})"  # noqa: S608 - names of our own
            )


def state(warehouse: Warehouse) -> str:
    """What the tables were built from, in one word: another word is news. Empty before they were."""
    held = _built_from(warehouse)
    return _digest(f"{name}={held[name]}" for name in sorted(held)) if held else ""


def _fingerprints(warehouse: Warehouse) -> dict[str, str]:
    """By table, raw and built, what its rows are made from; for a built one its statement counts, and all it reads."""
    said = {table.full_name: _said_by(warehouse, table) for table in READ}
    for table in BUILT:
        made, reads = _making(table)
        said[table.full_name] = _digest([made, *(said[name] for name in reads)])
    return said


@cache
def _making(table: Table) -> tuple[str, list[str]]:
    """How the table is made, and of which tables."""
    made = statement(table.name)
    return made + table.ddl(), sorted(set(SOURCES.findall(made)))


def _said_by(warehouse: Warehouse, table: Table) -> str:
    """What a raw table says: its rows, their contents, and when the last was known."""
    asked = (
        "SELECT count(*) || '/' || coalesce(sum(content_hash::HUGEINT), 0) || '/' ||"  # noqa: S608 - names of our own
        f" coalesce(max(known_at)::VARCHAR, '') AS said FROM {table.full_name}"
    )
    return warehouse.remembered(f"said by {table.full_name}", (table,), lambda: str(warehouse.query(asked).item()))


def _built_from(warehouse: Warehouse) -> dict[str, str]:
    """By table, what it was last built from."""
    asked = f"SELECT table_name, fingerprint FROM {BUILT_FROM.full_name}"  # noqa: S608 - names of our own
    return warehouse.remembered("built from", (BUILT_FROM,), lambda: dict(warehouse.query(asked).iter_rows()))


def _rows(fingerprints: dict[str, str]) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame({"table_name": list(fingerprints), "fingerprint": list(fingerprints.values())})


def _digest(texts: Iterable[str]) -> str:
    return hashlib.sha256("|".join(texts).encode()).hexdigest()[:16]


def _source_rank(alias: str) -> str:
    ranks = " ".join(f"WHEN '{source}' THEN {rank}" for source, rank in SOURCE_PRECEDENCE.items())
    return f"(CASE {alias}.source {ranks} ELSE 99 END)"
