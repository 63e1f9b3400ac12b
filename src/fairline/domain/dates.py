"""Game dates and seasons. A game's date is the US Eastern date of its tip-off, never the UTC date."""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from fairline.domain.errors import BrokenContract, Refused

EASTERN = ZoneInfo("America/New_York")

GameDate = date
"""The US Eastern date of a game. An alias: dates travel as plain dates."""

SEASON_TURNS_IN_MONTH = 7
# Two seasons ended after the turn: the bubble's Finals on 11 Oct 2020, and those after the late start of
# 22 Dec 2020 on 20 Jul 2021.
LATE_LAST_GAMES = {2019: date(2020, 10, 11), 2020: date(2021, 7, 20)}

WORDS_FOR_DATES = {"yesterday": -1, "today": 0, "tomorrow": 1}


def utc(instant: datetime) -> datetime:
    """The same instant in UTC. Raises BrokenContract when it has no zone.

    >>> utc(datetime(2025, 11, 28, 19, 0, tzinfo=EASTERN)).isoformat()
    '2025-11-29T00:00:00+00:00'
    """
    if instant.utcoffset() is None:
        message = f"The instant {instant.isoformat()} has no time zone."
        raise BrokenContract(message, hint="Attach the zone it was stated in, e.g. tzinfo=UTC or EASTERN.")
    return instant.astimezone(UTC)


def game_date(instant: datetime) -> GameDate:
    """US Eastern date of an instant. Raises BrokenContract when it has no zone.

    Half past ten in Los Angeles is the next day in UTC and still the same slate:

    >>> game_date(datetime(2025, 11, 29, 3, 30, tzinfo=UTC))
    datetime.date(2025, 11, 28)
    """
    return utc(instant).astimezone(EASTERN).date()


def parse_game_date(text: str, today: GameDate) -> GameDate:
    """The game date meant by `YYYY-MM-DD`, yesterday, today or tomorrow (any case); `today` is the Eastern date now.

    Raises Refused when it is none of these.

    >>> parse_game_date("tomorrow", date(2024, 2, 28))
    datetime.date(2024, 2, 29)
    """
    word = text.strip().lower()
    if word in WORDS_FOR_DATES:
        return today + timedelta(days=WORDS_FOR_DATES[word])
    # date.fromisoformat also takes week dates and digits without dashes: a mistyped id must not become a date.
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", word):
        try:
            return date.fromisoformat(word)
        except ValueError as error:
            message = f"There is no date {text}: {error}."
            raise Refused(message, hint="Give an existing day as YYYY-MM-DD.") from error
    message = f"{text!r} is not a game date."
    raise Refused(message, hint="Give YYYY-MM-DD, yesterday, today or tomorrow (US Eastern).")


def season_of(day: GameDate) -> int:
    """The year in which the season of a day began: seasons turn on 1 July, but for the two of the pandemic.

    >>> season_of(date(2024, 10, 22)), season_of(date(2025, 6, 22)), season_of(date(2020, 9, 30))
    (2024, 2024, 2019)
    """
    season = day.year if day.month >= SEASON_TURNS_IN_MONTH else day.year - 1
    last_game_before = LATE_LAST_GAMES.get(season - 1)
    return season - 1 if last_game_before is not None and day <= last_game_before else season


def season_label(season: int) -> str:
    """The season as people write it.

    >>> season_label(2024), season_label(1999)
    ('2024-25', '1999-00')
    """
    return f"{season}-{(season + 1) % 100:02d}"


def describe_instant(instant: datetime, now: datetime, zone: tzinfo = EASTERN) -> str:
    """An instant on the clock of a zone, with its distance from now; its date too when that is not today's.

    >>> now = datetime(2025, 11, 28, 11, 0, tzinfo=EASTERN)
    >>> describe_instant(now - timedelta(minutes=30), now)
    '10:30 ET, 30 min ago'
    >>> describe_instant(now + timedelta(days=2), now)
    '30 Nov 11:00 ET, in 2 days'
    """
    local, today = utc(instant).astimezone(zone), utc(now).astimezone(zone).date()
    day = "" if local.date() == today else f"{local.day} {local:%b} "
    year = "" if local.year == today.year else f"{local.year} "
    return f"{day}{year}{local:%H:%M} {_zone_name(local)}, {_distance(instant - now)}"


def _zone_name(local: datetime) -> str:
    """EST and EDT are both called ET by those who keep the time; so for the other American zones."""
    return re.sub(r"^([ECMP])[SD]T$", r"\1T", f"{local:%Z}")


def _distance(ahead: timedelta) -> str:
    """How far ahead (positive) or ago, in the unit a reader would use."""
    minutes = round(abs(ahead) / timedelta(minutes=1))
    if minutes == 0:
        return "now"
    if minutes < 120:
        length = f"{minutes} min"
    elif minutes < 48 * 60:
        length = f"{round(minutes / 60)} h"
    else:
        length = f"{round(minutes / (24 * 60))} days"
    return f"in {length}" if ahead > timedelta() else f"{length} ago"
