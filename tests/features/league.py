"""A small league as raw rows, each with its two clocks, and the features of it at any cutoff."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from fairline.analytics import build
from fairline.analytics.schema import TABLES as ANALYTICS
from fairline.domain.tables import Table
from fairline.features import assemble
from fairline.platform.warehouse import DuckWarehouse
from fairline.raw.schema import TABLES as RAW

BOS, NYK, LAL, GSW = 1610612738, 1610612752, 1610612747, 1610612744

TYPES = {
    "VARCHAR": pl.String(), "BIGINT": pl.Int64(), "INTEGER": pl.Int32(), "DOUBLE": pl.Float64(),
    "BOOLEAN": pl.Boolean(), "DATE": pl.Date(), "TIMESTAMPTZ": pl.Datetime("us", "UTC"), "UBIGINT": pl.UInt64(),
}  # fmt: skip
HELD = tuple(table for table in RAW if table.zone == "raw")
PUBLISHED = datetime(2022, 9, 1, 4, tzinfo=UTC)
DELAY = timedelta(hours=4)


def evening(day: date, hour: int = 19) -> datetime:
    """An hour of an Eastern winter's day."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour + 5)


def frame_of(table: Table, rows: Iterable[dict[str, Any]]) -> pl.DataFrame:
    """Rows as the table's columns; what a row leaves out is null."""
    columns = {column.name: TYPES[column.type] for column in table.columns if column.name != "content_hash"}
    return pl.DataFrame([{name: row.get(name) for name in columns} for row in rows], schema=columns, orient="row")


@dataclass
class League:
    """Raw rows by table name."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {table.name: [] for table in HELD})

    def add(self, table: str, known_at: datetime, valid_at: datetime | None = None, **row: Any) -> None:
        """One fact, from the source `league` unless another is given."""
        clocks = {"known_at": known_at, "valid_at": valid_at or known_at, "capture_id": "capture"}
        usual = {"book": "consensus"} if table == "game_line_quotes" else {}
        self.rows[table].append({"source": "league", **usual, **clocks, **row})

    def game(
        self, game_id: str, day: date, home: int, away: int, *, known_at: datetime = PUBLISHED,
        tip_at: datetime | None = None, **told: Any,
    ) -> None:  # fmt: skip
        """A game on the schedule."""
        tip = tip_at or evening(day)
        usual = {
            "season": 2000 + int(game_id[3:5]), "game_type": "regular", "statement": "schedule", "status": "scheduled",
        }  # fmt: skip
        self.add(
            "games", known_at, tip, game_id=game_id, game_date=day, tip_at=tip, home_team_id=home, away_team_id=away,
            **usual | told,
        )  # fmt: skip

    def box(
        self, game_id: str, day: date, player: int, team: int, *, known_at: datetime | None = None,
        tip_at: datetime | None = None, **counts: Any,
    ) -> None:  # fmt: skip
        """One player's box score: ten points of a tidy game in thirty minutes, unless told otherwise."""
        usual = {
            "player_name": f"Player {player}", "won": True, "minutes": 30.0, "points": 10, "field_goals_made": 4,
            "field_goals_attempted": 9, "threes_made": 1, "threes_attempted": 3, "free_throws_made": 1,
            "free_throws_attempted": 2, "offensive_rebounds": 1, "defensive_rebounds": 3, "rebounds": 4, "assists": 3,
            "steals": 1, "blocks": 0, "turnovers": 2, "fouls": 2, "plus_minus": 0,
        }  # fmt: skip
        tip = tip_at or evening(day)
        self.add(
            "player_box_scores", known_at or tip + DELAY, tip, game_id=game_id, game_date=day, player_id=player,
            team_id=team, **usual | counts,
        )  # fmt: skip

    def report(self, at: datetime, statuses: dict[int, str], *, source: str = "league") -> None:
        """An injury report with its listed players."""
        self.add("injury_snapshots", at, source=source, reported_at=at, players_listed=len(statuses))
        for player, status in statuses.items():
            self.add(
                "injury_reports", at, source=source, reported_at=at, player_id=player, player_name=f"Player {player}",
                status=status,
            )  # fmt: skip

    def quote(self, game_id: str, day: date, player: int, at: datetime, half_points: int, **told: Any) -> None:
        """A two-sided quote on points."""
        usual = {"market": "points", "book": "draftkings", "over_decimal": 1.9, "under_decimal": 1.9}
        self.add(
            "prop_quotes", at, game_id=game_id, game_date=day, player_id=player, captured_at=at,
            half_points=half_points, player_name=f"Player {player}", **usual | told,
        )  # fmt: skip

    def shot(
        self,
        game_id: str,
        day: date,
        player: int,
        team: int,
        ordinal: int,
        *,
        known_at: datetime | None = None,
        **told: Any,
    ) -> None:
        """A shot from four feet, missed, unless told otherwise."""
        usual = {"period": 1, "seconds_left": 600, "made": False, "three": False, "distance": 4}
        self.add(
            "shots", known_at or evening(day) + DELAY, evening(day), game_id=game_id, game_date=day, player_id=player,
            team_id=team, ordinal=ordinal, **usual | told,
        )  # fmt: skip

    def frames(self) -> dict[str, pl.DataFrame]:
        """Every raw table."""
        return {table.name: frame_of(table, self.rows[table.name]) for table in HELD}

    def warehouse(self) -> DuckWarehouse:
        """A warehouse of these rows, summaries built."""
        return warehouse_of(self.frames())


def empty_warehouse() -> DuckWarehouse:
    """A warehouse in memory with every table and no row."""
    warehouse = DuckWarehouse(threads=1)
    warehouse.ensure(*RAW, *ANALYTICS)
    return warehouse


def warehouse_of(frames: dict[str, pl.DataFrame], into: DuckWarehouse | None = None) -> DuckWarehouse:
    """A warehouse that holds these raw tables and no other row, summaries built; `into` one that may be used again."""
    warehouse = into or empty_warehouse()
    for table in HELD:
        if into is not None:
            warehouse.execute(f"DELETE FROM {table.full_name}")
        if frames[table.name].height:
            warehouse.append_new(table, frames[table.name])
    build.rebuild(warehouse)
    return warehouse


def asking(
    *asked: tuple[str, datetime, int] | tuple[str, datetime, int, int | None],
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The cutoffs and the asked of (game, cutoff, player[, stated team])."""
    schema = {
        "game_id": pl.String(),
        "cutoff": pl.Datetime("us", "UTC"),
        "player_id": pl.Int64(),
        "team_id": pl.Int64(),
    }
    rows = [(*one, None) if len(one) == 3 else one for one in asked]
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.select("game_id", "cutoff").unique(maintain_order=True), frame


def row(warehouse: DuckWarehouse, game_id: str, cutoff: datetime, player: int, **options: Any) -> dict[str, Any]:
    """One player's feature row."""
    rows = assemble.build(warehouse, *asking((game_id, cutoff, player)), rosters=False, **options)
    return rows.row(0, named=True)
