"""Answers of providers that name teams and players in their own way: payloads, and how they read in a small league."""

import gzip
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
from tests.raw.world import League, schedule

from fairline.domain.tables import Table
from fairline.domain.teams import team
from fairline.platform.captures import capture_of
from fairline.raw.capture_reading import Reading, read_capture
from fairline.raw.captured import capture_kind, capture_kinds
from fairline.raw.documents import Document
from fairline.raw.held import Held

Game = tuple[str, str, str, str, str]
"""NBA's id, Eastern date, Eastern tip-off, home, away."""

SAME_AFTERNOON = "2024-01-15T21:00:00"


def content(shared: Path, path: str) -> bytes:
    """A payload, unzipped."""
    came = (shared / "payloads" / path).read_bytes()
    return gzip.decompress(came) if came[:2] == b"\x1f\x8b" else came


def answer(shared: Path, path: str) -> Any:
    """A payload as JSON, to be changed and read again."""
    return json.loads(content(shared, path))


def instant(text: str) -> datetime:
    """An instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def read(came: object, kind: str, league: League, at: str = SAME_AFTERNOON, url: str = "") -> Reading:
    """What an answer (bytes, or JSON) says when captured at that instant, in that league."""
    plain = came if isinstance(came, bytes) else json.dumps(came).encode()
    known = capture_kind(kind)
    capture = capture_of(plain, source=known.source, kind=kind, at=instant(at), url=url)
    return read_capture(plain, capture, Held(league.warehouse), known)


def kinds_that_fit(came: bytes) -> list[str]:
    """Every kind of any provider that fits."""
    from fairline.raw.captured import _fits

    capture = capture_of(came, source="", kind="", at=instant(SAME_AFTERNOON))
    return [kind.name for kind in capture_kinds() if _fits(kind, Document(came, capture))]


def holding(league: League, games: Iterable[Game], people: Iterable[tuple[str, str]], last_played: date) -> League:
    """The league with these games on its schedule, and these (name, team) having played for their team on that day."""
    listed = [(game, day, tip, team(home).team_id, team(away).team_id) for game, day, tip, home, away in games]
    season, day = last_played.year % 100 - 1, last_played.isoformat()
    played = [
        (
            f"002{season}00{100 + team(club).team_id % 100}",
            day,
            9000 + person,
            name,
            team(club).team_id,
            20,
            0,
            "A vs. B",
        )
        for person, (name, club) in enumerate(people)
    ]
    columns = ["GAME_ID", "GAME_DATE", "PLAYER_ID", "PLAYER_NAME", "TEAM_ID", "MIN", "PTS", "MATCHUP"]
    frames = [schedule(listed)] if listed else []
    if played:
        frames.append(pl.DataFrame(played, schema=columns, orient="row"))
    reports = league.take(*frames)
    assert [(report.error, report.quarantined) for report in reports if report.error or report.quarantined] == []
    return league


def reasons(reading: Reading) -> dict[str, int]:
    """How many records were set aside for which reason."""
    return dict(reading.parsed.aside.group_by("reason").len().iter_rows())


def row(reading: Reading, table: Table, **where: object) -> dict[str, Any]:
    """The one row of a table that has these values."""
    rows = reading.parsed.rows[table].filter(**where)
    assert rows.height == 1, rows
    return rows.row(0, named=True)


def accounted_for(reading: Reading) -> set[int]:
    """The records that came to something: a row, one set aside, or one waiting."""
    parsed = reading.parsed
    frames = [*parsed.rows.values(), *parsed.waiting.values(), parsed.aside]
    return {number for frame in frames for number in frame["row_number"]}
