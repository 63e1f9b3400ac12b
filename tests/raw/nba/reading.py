"""What the tests of NBA.com's answers share: payloads, and how they read in a league that holds some games."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
from tests.raw.world import League, schedule

from fairline.domain.tables import Table
from fairline.domain.teams import team
from fairline.platform.captures import capture_of
from fairline.raw.capture_reading import Reading, read_capture
from fairline.raw.captured import CaptureKind
from fairline.raw.documents import Document
from fairline.raw.held import Held
from fairline.raw.nba import KINDS

# Game, Eastern date, Eastern tip-off, home, away: those of which a box score lies among the payloads.
GAMES = (
    ("0022500165", "2025-11-04", "19:30:00", "TOR", "MIL"),
    ("0022500148", "2025-11-02", "15:30:00", "OKC", "NOP"),
    ("0021700807", "2018-02-07", "20:00:00", "CLE", "MIN"),
    ("0022400561", "2025-01-15", "19:00:00", "PHI", "NYK"),
    ("0022400974", "2025-03-15", "20:30:00", "GSW", "NYK"),
)


def instant(text: str) -> datetime:
    """An instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def content(shared: Path, path: str) -> bytes:
    """A payload, unzipped."""
    came = (shared / "payloads" / path).read_bytes()
    return gzip.decompress(came) if came[:2] == b"\x1f\x8b" else came


def answer(shared: Path, path: str) -> Any:
    """A payload as JSON, to be changed and read again."""
    return json.loads(content(shared, path))


def kind_called(name: str) -> CaptureKind:
    """One of NBA.com's kinds."""
    return next(kind for kind in KINDS if kind.name == name)


def kinds_of(came: bytes) -> list[str]:
    """Every kind of NBA.com's that fits."""
    from fairline.raw.captured import _fits

    capture = capture_of(came, source="nba", kind="file", at=instant("2025-12-01"))
    return [kind.name for kind in KINDS if _fits(kind, Document(came, capture))]


def read(came: object, kind: str, at: str, league: League) -> Reading:
    """What an answer (bytes, or JSON) says when captured at that instant, in that league."""
    plain = came if isinstance(came, bytes) else json.dumps(came).encode()
    capture = capture_of(plain, source="nba", kind=kind, at=instant(at))
    return read_capture(plain, capture, Held(league.warehouse), kind_called(kind))


def holding_games(league: League) -> League:
    """The league with the schedule of `GAMES`."""
    listed = [(game, day, tip, team(home).team_id, team(away).team_id) for game, day, tip, home, away in GAMES]
    league.take(schedule(listed))
    return league


def reasons(reading: Reading) -> dict[str, int]:
    """How many records were set aside for which reason."""
    return dict(reading.parsed.aside.group_by("reason").len().iter_rows())


def row(reading: Reading, table: Table, **where: object) -> dict[str, Any]:
    """The one row of a table that has these values."""
    rows = reading.parsed.rows[table].filter(**where)
    assert rows.height == 1, rows
    return rows.row(0, named=True)


def accounted_for(reading: Reading) -> bool:
    """Every record came to something: a row, one set aside, one waiting; duplicates are counted alone."""
    parsed = reading.parsed
    frames = [*parsed.rows.values(), *parsed.waiting.values(), parsed.aside]
    seen = pl.concat([frame.select(pl.col("row_number").cast(pl.Int64)) for frame in frames])["row_number"].n_unique()
    return seen + parsed.duplicates >= reading.came.height
