"""A small league to import: four teams, a week of games, a few players, as the files a person would give."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from fairline.domain.clock import FixedClock
from fairline.domain.tables import Table
from fairline.platform.objects import ObstoreObjects
from fairline.platform.warehouse import DuckWarehouse
from fairline.raw.kinds import kind_named
from fairline.raw.loading import FileReport, import_files
from fairline.raw.schema import TABLES

BOS, NYK, LAL, GSW = 1610612738, 1610612752, 1610612747, 1610612744
NOW = datetime(2025, 12, 31, tzinfo=UTC)

# Game, Eastern date, Eastern tip-off, home, away. NYK are at home on both days around midnight of 12 November.
GAMES = (
    ("0022400101", "2024-11-04", "19:30:00", BOS, NYK),
    ("0022400102", "2024-11-04", "22:00:00", LAL, GSW),
    ("0022400103", "2024-11-08", "19:30:00", BOS, LAL),
    ("0022400104", "2024-11-11", "22:00:00", NYK, GSW),
    ("0022400105", "2024-11-12", "19:30:00", NYK, BOS),
    ("0022400106", "2024-11-14", "22:30:00", GSW, BOS),
)

# Person, name, team, and the games he played in (all of his team's when empty).
PLAYERS = (
    (901, "Nikola Vučević", BOS, ()),
    (902, "Jalen Johnson", BOS, ()),
    (903, "Herbert Jones", NYK, ()),
    (904, "Jaren Jackson Jr.", NYK, ()),
    (905, "Jalen Green", LAL, ()),
    (906, "Jeff Green", LAL, ()),
    (907, "Draymond Green", GSW, ()),
    (908, "Karl-Anthony Towns", GSW, ()),
)


def box_scores(players: Sequence[tuple[int, str, int, tuple[str, ...]]] = PLAYERS) -> pl.DataFrame:
    """LeagueGameLog rows of the players: ten points in thirty minutes, in every game of their team."""
    rows = [
        (game, day, person, name, team, 30, 10, f"{'AAA vs. BBB' if team == home else 'BBB @ AAA'}")
        for game, day, _, home, away in GAMES
        for person, name, team, only in players
        if team in (home, away) and (not only or game in only)
    ]
    columns = ["GAME_ID", "GAME_DATE", "PLAYER_ID", "PLAYER_NAME", "TEAM_ID", "MIN", "PTS", "MATCHUP"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def schedule(games: Sequence[tuple[str, str, str, int, int]] = GAMES) -> pl.DataFrame:
    """A schedule in Eastern times, without results."""
    columns = ["GAME_ID", "GAME_DATE_ET", "TIP_ET", "HOME_ID", "AWAY_ID"]
    return pl.DataFrame(games, schema=columns, orient="row")


def quote(player: str, captured_at: str, **given: object) -> dict[str, object]:
    """One quote at 10.5 points; `given` sets or replaces columns."""
    return {
        "captured_at": captured_at, "tipoff": None, "home_team": None, "away_team": None, "opponent": None,
        "player_name": player, "market": "points", "book": "draftkings", "line": 10.5, "over_american": -110.0,
        "under_american": -110.0,
    } | given  # fmt: skip


def quotes(*rows: dict[str, object]) -> pl.DataFrame:
    """A quote file."""
    columns = kind_named("quotes").columns
    texts = {"captured_at", "tipoff", "home_team", "away_team", "opponent", "player_name", "market", "book"}
    schema = {column: pl.String if column in texts else pl.Float64 for column in columns}
    return pl.DataFrame(list(rows), schema=schema)


@dataclass
class League:
    """A home for imports, in memory, with a clock that stands still."""

    folder: Path
    warehouse: DuckWarehouse
    clock: FixedClock

    @classmethod
    def empty(cls, folder: Path) -> "League":
        """Nothing imported yet."""
        warehouse = DuckWarehouse()
        warehouse.ensure(*TABLES)
        return cls(folder, warehouse, FixedClock(NOW))

    @classmethod
    def playing(cls, folder: Path) -> "League":
        """Schedule and box scores of the small league imported."""
        league = cls.empty(folder)
        league.take(schedule(), box_scores())
        return league

    def file(self, frame: pl.DataFrame, name: str = "") -> Path:
        """The frame as a Parquet file."""
        path = self.folder / (name or f"file_{len(list(self.folder.iterdir()))}.parquet")
        frame.write_parquet(path)
        return path

    def take(self, *frames: pl.DataFrame) -> list[FileReport]:
        """Import the frames as files, together."""
        return self.take_files(*(self.file(frame) for frame in frames))

    def take_files(self, *paths: Path) -> list[FileReport]:
        """Import files."""
        objects = ObstoreObjects.local(self.folder.with_name(f"{self.folder.name}-objects"))
        return import_files(paths, warehouse=self.warehouse, objects=objects, clock=self.clock)

    def rows(self, table: Table) -> pl.DataFrame:
        """Every row of a table, in the order of its key."""
        return self.warehouse.query(f"SELECT * FROM {table.full_name} ORDER BY {', '.join(table.key)}")

    def snapshot(self) -> list[list[tuple[object, ...]]]:
        """Every row of every table."""
        return [self.rows(table).rows() for table in TABLES]
