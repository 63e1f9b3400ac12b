"""Dates and instants as a person gives them: text or values, on the clock of his zone."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from fairline.domain.dates import game_date, parse_game_date, utc
from fairline.domain.errors import Refused

if TYPE_CHECKING:
    from datetime import tzinfo


def game_day(given: date | str, now: datetime) -> date:
    """The game date meant: a date, or text as `parse_game_date` takes it, today being US Eastern.

    >>> from zoneinfo import ZoneInfo
    >>> game_day("yesterday", datetime(2025, 11, 29, 3, 0, tzinfo=ZoneInfo("UTC")))
    datetime.date(2025, 11, 27)
    """
    return parse_game_date(given, game_date(now)) if isinstance(given, str) else given


def instant(given: datetime | str, day: date, zone: tzinfo) -> datetime:
    """The instant meant, in UTC: `18:30` on that day, `2025-11-28 18:30`, or with an offset. Without one, in `zone`.

    Raises Refused for other text, BrokenContract for a datetime without a zone.

    >>> from zoneinfo import ZoneInfo
    >>> instant("18:30", date(2025, 11, 28), ZoneInfo("America/New_York")).isoformat()
    '2025-11-28T23:30:00+00:00'
    >>> instant("2025-11-28T17:00:39Z", date(2025, 11, 28), ZoneInfo("America/New_York")).isoformat()
    '2025-11-28T17:00:39+00:00'
    """
    if not isinstance(given, str):
        return utc(given)
    text = given.strip()
    if re.fullmatch(r"\d{1,2}:\d{2}", text):
        text = f"{day}T{text.zfill(5)}"
    try:
        stated = datetime.fromisoformat(text)
    except ValueError as error:
        message = f"{given!r} is not a time."
        raise Refused(message, hint="Give HH:MM, YYYY-MM-DD HH:MM, or either with an offset such as Z.") from error
    if len(text) <= len("2025-11-28"):
        stated = datetime.combine(stated.date(), time.max)
    return utc(stated if stated.tzinfo else stated.replace(tzinfo=zone))
