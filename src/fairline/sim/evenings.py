"""An evening of the simulated league to show: when it is, and when on it each step of a day is done."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from fairline.domain.dates import EASTERN, utc
from fairline.domain.errors import NotFound

if TYPE_CHECKING:
    from fairline.sim.league.league import League

PLAYED = 0.55
"""Share of the season's games before the evening, so that there is a past to learn from."""
FEWEST_GAMES, MOST_GAMES = 7, 8
"""Of a full evening: more games only take longer."""
EARLIEST_TIP = time(16)
"""Eastern: an evening begins with it, so that the steps of the day come at their usual hours."""


@dataclass(frozen=True, slots=True)
class Evening:
    """A game date, and the moments (UTC) of what is done about it.

    dawn: the past is imported and learned from. morning, injuries, lines: providers are asked. priced: the slate is
    run. night: box scores are asked for. next_morning: it is graded.
    """

    day: date
    dawn: datetime
    morning: datetime
    injuries: datetime
    lines: datetime
    priced: datetime
    night: datetime
    next_morning: datetime


def evening_of(league: League) -> Evening:
    """The first full evening after PLAYED of the league's last season. Raises NotFound for a season too short."""
    calendar = league.season(league.years[-1]).regular.calendar
    days, tips = calendar.dates(), calendar.tip_at
    games, first_tip = Counter(days), dict(zip(reversed(days), reversed(tips), strict=True))
    late = [
        day
        for day in sorted(games)
        if day >= days[int(PLAYED * len(days))] and first_tip[day] >= _at(day, EARLIEST_TIP)
    ]
    if not late:
        message = f"The season that began in {league.years[-1]} has no evening to show"
        raise NotFound(message, hint="Take another seed, or a league of more games.")
    full = [day for day in late if FEWEST_GAMES <= games[day] <= MOST_GAMES]
    return _evening(full[0] if full else max(late, key=lambda day: min(games[day], MOST_GAMES)))


def _evening(day: date) -> Evening:
    after = day + timedelta(days=1)
    return Evening(
        day, dawn=_at(day, time(8)), morning=_at(day, time(10)), injuries=_at(day, time(11, 50)),
        lines=_at(day, time(12)), priced=_at(day, time(12, 5)), night=_at(after, time(4)),
        next_morning=_at(after, time(9)),
    )  # fmt: skip


def _at(day: date, clock: time) -> datetime:
    return utc(datetime.combine(day, clock, EASTERN))
