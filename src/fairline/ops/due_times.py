"""When things are due: rules that give the due times of one game date, on the Eastern clock or by its tip-offs. Pure.

A time that a night in spring leaves out is due at the next that exists; one that a night in autumn has twice, the first
time. What repeats all hour long keeps its real distance on both nights.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import takewhile
from typing import Protocol

from cronsim import CronSim

from fairline.domain.dates import EASTERN


class Rule(Protocol):
    """Gives the due times of a game date."""

    def times(self, day: date, tips: Sequence[datetime]) -> Iterator[datetime]:
        """Due times of the game date (UTC), in any order. tips: its known tip-offs in order, of games to be played."""
        ...

    def in_words(self) -> str:
        """As the schedule's page says it."""
        ...


@dataclass(frozen=True, slots=True)
class At:
    """Times of the Eastern clock, as cron writes them, on the game date or so many days after.

    ahead: run so long before the first tip-off where that is earlier. words: as people say it.
    """

    cron: str
    words: str
    days_after: int = 0
    ahead: timedelta | None = None

    def times(self, day: date, tips: Sequence[datetime]) -> Iterator[datetime]:
        """Each time of the day that cron gives, none later than `ahead` of the first tip-off."""
        for due in clock_times(day + timedelta(days=self.days_after), self.cron):
            yield min(due, tips[0] - self.ahead) if tips and self.ahead is not None else due

    def in_words(self) -> str:
        """The words, and what an early tip-off does to them."""
        early = "" if self.ahead is None else f", or {span(self.ahead)} before the first tip-off if that is earlier"
        return f"{self.words}{_WHICH_DAY[self.days_after]}{early}"


_WHICH_DAY = {-1: " the day before", 0: "", 1: " the day after"}


@dataclass(frozen=True, slots=True)
class FromFirstTip:
    """Every so often, from some time before the first tip-off to the last one."""

    before: timedelta
    every: timedelta

    def times(self, day: date, tips: Sequence[datetime]) -> Iterator[datetime]:
        """Steps from the start to the last tip-off, which is not among them; none without tip-offs."""
        del day
        if tips:
            yield from _steps(tips[0] - self.before, tips[-1], self.every)

    def in_words(self) -> str:
        """From when and how often."""
        return f"every {span(self.every)} from {span(self.before)} before the first tip-off"


@dataclass(frozen=True, slots=True)
class NearTips:
    """Every so often in the last while before any tip-off. Whiles that meet are one, so that no step comes twice."""

    within: timedelta
    every: timedelta

    def times(self, day: date, tips: Sequence[datetime]) -> Iterator[datetime]:
        """Steps through each while, without the tip-offs themselves."""
        del day
        begun: datetime | None = None
        for tip, following in zip(tips, [*tips[1:], None], strict=True):
            begun = begun or tip - self.within
            if following is None or following - self.within > tip:
                yield from _steps(begun, tip, self.every)
                begun = None

    def in_words(self) -> str:
        """How often and how near."""
        return f"every {span(self.every)} in the last {span(self.within)} before each tip-off"


@dataclass(frozen=True, slots=True)
class ByEachTip:
    """Once for each tip-off: so long before it, or after it where `before` is negative."""

    before: timedelta

    def times(self, day: date, tips: Sequence[datetime]) -> Iterator[datetime]:
        """One time a tip-off."""
        del day
        for tip in tips:
            yield tip - self.before

    def in_words(self) -> str:
        """How far from each tip-off."""
        return f"{span(abs(self.before))} {'before' if self.before > timedelta() else 'after'} each tip-off"


@lru_cache(maxsize=4096)
def clock_times(day: date, cron: str) -> tuple[datetime, ...]:
    """The instants (UTC) of an Eastern day that a cron expression of minutes, hours and weekdays gives.

    Half past two does not exist on 8 March 2026, and half past one comes twice on 1 November:

    >>> [due.isoformat() for due in clock_times(date(2026, 3, 8), "30 2 * * *")]
    ['2026-03-08T07:00:00+00:00']
    >>> [due.isoformat() for due in clock_times(date(2026, 11, 1), "30 1 * * *")]
    ['2026-11-01T05:30:00+00:00']
    """
    after = datetime.combine(day, time(), EASTERN) - timedelta(seconds=1)
    return tuple(due.astimezone(UTC) for due in takewhile(lambda due: due.date() == day, CronSim(cron, after)))


def _steps(start: datetime, end: datetime, every: timedelta) -> Iterator[datetime]:
    """From the start on in equal steps, as long as it is before the end."""
    while start < end:
        yield start
        start += every


def span(length: timedelta) -> str:
    """A length of time in the unit people would use.

    >>> span(timedelta(minutes=30)), span(timedelta(hours=3)), span(timedelta(minutes=150)), span(timedelta(days=7))
    ('30 min', '3 h', '2 h 30 min', '7 days')
    """
    minutes = round(length / timedelta(minutes=1))
    if minutes >= 48 * 60:
        return f"{round(minutes / (24 * 60))} days"
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)
