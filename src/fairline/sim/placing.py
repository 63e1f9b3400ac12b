"""Placing: at which addresses a provider's answer would have come, judged by what it says.

The scrapers know the addresses; the answer says which days and games it is about. So they are asked what they would
ask for those, and of several questions the one is meant whose own words stand in the answer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache

import polars as pl

from fairline.domain.dates import EASTERN, game_date, utc
from fairline.domain.teams import find_team
from fairline.ops.frames import DEFAULT_MARKETS
from fairline.platform.captures import capture_of
from fairline.platform.warehouse import DuckWarehouse
from fairline.raw.capture_reading import read_capture
from fairline.raw.captured import CaptureKind, capture_kinds, recognised
from fairline.raw.documents import Document
from fairline.raw.held import Held
from fairline.raw.schema import TABLES
from fairline.scrape.contract import GameWanted, Question, Scraper, Wanted
from fairline.scrape.scrapers import scrapers

UNKNOWN_GAME, NO_DAY = "0020000000", date.min


def placed(content: bytes, at: datetime) -> list[Question]:
    """The questions that this answer answers; none when no scraper asks for its kind.

    Raises BrokenContract for content that is no answer known.
    """
    document = Document(content, capture_of(content, source="", kind="file", at=at))
    kind = recognised(document)
    capture = capture_of(document.content, source=kind.source, kind=kind.name, at=at)
    parsed = read_capture(document.content, capture, _nothing_held(), kind).parsed
    frames = [frame for tables in (parsed.rows, parsed.waiting) for frame in tables.values()]
    text = document.content.decode("utf-8", "replace").lower()
    wanted = _wanted(frames, kind, text, at)
    likeliest = _Likeliest(text, _team(frames))
    return [question for each in scrapers() if each.kind == kind.name for question in _asked(each, wanted, likeliest)]


@cache
def _nothing_held() -> Held:
    warehouse = DuckWarehouse()
    warehouse.ensure(*TABLES)
    return Held(warehouse)


def _asked(scraper: Scraper, wanted: Sequence[Wanted], likeliest: _Likeliest) -> list[Question]:
    """Of each day's questions the likeliest; the same question of several days once."""
    found: dict[str, Question] = {}
    for each in wanted:
        if questions := list(scraper.questions(each)):
            question = likeliest.of(questions)
            found.setdefault(f"{question.url} {sorted(question.params.items())}", question)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Likeliest:
    """Of several questions the one that an answer answers: the one about its only team, or about what it says most."""

    text: str
    team: str

    def of(self, questions: list[Question]) -> Question:
        """The first of those that are equally likely."""
        words = [_words(question) for question in questions]
        shared = frozenset.intersection(*words)
        return max(questions, key=lambda question: self._likelihood(question, _words(question) - shared))

    def _likelihood(self, question: Question, own: frozenset[str]) -> tuple[bool, float]:
        about = bool(self.team) and self.team in question.what.split()
        return about, sum(word in self.text for word in own) / max(len(own), 1)


def _words(question: Question) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9]{2,}", f"{question.url} {' '.join(question.params.values())}".lower()))


def _team(frames: list[pl.DataFrame]) -> str:
    """The abbreviation of the only team the rows are of, if there is one."""
    ids = {team for frame in frames if "team_id" in frame.columns for team in frame["team_id"].drop_nulls().unique()}
    found = find_team(ids.pop()) if len(ids) == 1 else None
    return found.abbreviation if found else ""


def _wanted(frames: list[pl.DataFrame], kind: CaptureKind, text: str, at: datetime) -> list[Wanted]:
    """What one would have had to want, for each day the answer is about: by its rows, else the date it names most."""
    games = [game for frame in frames for game in _games(frame, kind)]
    stated = [frame["game_date"].drop_nulls() for frame in frames if "game_date" in frame.columns]
    reports = {moment for frame in frames for moment in _reported(frame, at)}
    days = {game.game_date for game in games} - {NO_DAY} | {day for column in stated for day in column.unique()}
    days = days or {game_date(moment) for moment in reports} or {_commonest_date(text) or game_date(at)}
    return [
        Wanted(day, now, tuple(_on(day, games)), DEFAULT_MARKETS) for day in sorted(days) for now in _when(reports, day)
    ]


def _on(day: date, games: list[GameWanted]) -> Iterator[GameWanted]:
    """The games of that day, and those of which no day is known, as if they were."""
    for game in games:
        if game.game_date in {day, NO_DAY}:
            yield replace(game, game_date=day)


def _reported(frame: pl.DataFrame, at: datetime) -> set[datetime]:
    """When the reports were made, where the answer itself says so."""
    if "reported_at" not in frame.columns:
        return set()
    return {utc(moment) for moment in frame["reported_at"].drop_nulls().unique()} - {at}


def _when(reports: set[datetime], day: date) -> list[datetime]:
    """Just after the report; without one, before the day's games and when they were over."""
    if reports:
        return [max(reports) + timedelta(minutes=1)]
    return [utc(datetime.combine(day + timedelta(days=later), time(10), EASTERN)) for later in (0, 1)]


def _commonest_date(text: str) -> date | None:
    """The Eastern date of most of the times and dates in a text.

    >>> _commonest_date('"2025-02-15t00:30z", "2025-02-14", "2024-10-22"')
    datetime.date(2025, 2, 14)
    """
    found: Counter[date] = Counter()
    for day, clock in re.findall(r"(20\d\d-[01]\d-[0-3]\d)(t[012]\d:[0-5]\d(?::\d\d(?:\.\d+)?)?z)?", text):
        try:
            found[game_date(datetime.fromisoformat(f"{day}{clock}".upper())) if clock else date.fromisoformat(day)] += 1
        except ValueError:
            # Digits that only look like a date.
            continue
    return found.most_common(1)[0][0] if found else None


def _games(frame: pl.DataFrame, kind: CaptureKind) -> Iterator[GameWanted]:
    """Each game of a frame once, under NBA's id where it gives one, and under the provider's own."""
    columns = {
        "game_id": pl.lit(UNKNOWN_GAME), "game_date": pl.lit(NO_DAY), "home_team_id": pl.lit(0),
        "away_team_id": pl.lit(0), "tip_at": pl.lit(None, pl.Datetime("us", "UTC")), "provider_game_id": pl.lit(""),
    }  # fmt: skip
    held = {name: pl.col(name).fill_null(other) for name, other in columns.items() if name in frame.columns}
    if "commence_at" in frame.columns:
        local = pl.col("commence_at").dt.convert_time_zone(str(EASTERN)).dt.date()
        held |= {"tip_at": pl.col("commence_at"), "game_date": pl.coalesce("game_date", local).fill_null(NO_DAY)}
    games = frame.select(**(columns | held)).unique(maintain_order=True)
    for game_id, day, home, away, tip_at, own in games.iter_rows():
        if game_id != UNKNOWN_GAME or own:
            ids = {each.states: own for each in capture_kinds() if own and each.source == kind.source}
            yield GameWanted(game_id, day, home, away, tip_at, ids=ids)
