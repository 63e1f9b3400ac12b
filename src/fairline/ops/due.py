"""What is due: which jobs of the table, by what ran, by the slates known and the time now. All of it is pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from fairline.domain.dates import game_date
from fairline.ops.due_times import Rule, span

AROUND = timedelta(days=2)
"""Game dates looked at on both sides of today: tomorrow's steps are due today, yesterday's grades this morning."""


@dataclass(frozen=True, slots=True)
class Game:
    """A game of a slate as known now. status: scheduled, final, postponed or unknown."""

    game_id: str
    tip_at: datetime | None
    status: str


Slates: TypeAlias = Mapping[date, Sequence[Game]]
"""The games known by game date; a date without games may be absent."""


class Needs(StrEnum):
    """What a job needs of a game date: a game that was not postponed, any game however it ended, or nothing."""

    PLAYED = "played"
    GAMES = "games"
    NOTHING = "nothing"


class Kind(StrEnum):
    """What is made up after downtime: the latest due time of a game date, all of them, or none."""

    LATEST = "latest"
    ALL = "all"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class CatchUp:
    """What of a job is made up, and how late it may still begin. What is later than that is missed, and said so."""

    kind: Kind
    within: timedelta

    def in_words(self) -> str:
        """As the schedule's page says it.

        >>> CatchUp(Kind.ALL, timedelta(days=7)).in_words()
        'all within 7 days'
        """
        return f"{self.kind} within {span(self.within)}"


@dataclass(frozen=True, slots=True)
class Job:
    """One row of the schedule. once: one run answers a game date, also when the due time has moved since.

    lasting: a run still at work after it is overdue and gives way. until_last_tip: too late once the last game began.
    """

    name: str
    means: str
    when: tuple[Rule, ...]
    catch_up: CatchUp
    lasting: timedelta
    needs: Needs = Needs.PLAYED
    once: bool = False
    until_last_tip: bool = False


class Answer(NamedTuple):
    """A due time that needs nothing more: ended well, given up, or at work now. game_date: of which date it was."""

    due_at: datetime
    game_date: date | None


LastRuns: TypeAlias = Mapping[str, frozenset[Answer]]
"""By job, the due times answered lately."""


@dataclass(frozen=True, slots=True)
class Due:
    """A due time of a job. late_by: how long it has been due; negative while it is yet to come.

    too_late: the job may no longer begin for it.
    """

    job: Job
    due_at: datetime
    game_date: date
    late_by: timedelta
    too_late: bool


def due(table: Sequence[Job], last_runs: LastRuns, now: datetime, slates: Slates) -> list[Due]:
    """What is to run now, in the order of the table and, of one job, of due times.

    Of a job that makes up the latest only, or none, each game date's latest due time is looked at: those before it are
    superseded. Nothing is due before its time, and nothing later than its job may begin.
    """
    return [
        each
        for job in table
        for each in _open(job, last_runs.get(job.name, frozenset()), now, slates)
        if not each.too_late
    ]


def missed(table: Sequence[Job], last_runs: LastRuns, now: datetime, slates: Slates, since: datetime) -> list[Due]:
    """Due times from `since` on that are too late to begin, latest first.

    What was due before the schedule first ran was nobody's to do, and is not among them.
    """
    begun = min((each.due_at for answers in last_runs.values() for each in answers), default=now)
    lost = [
        each
        for job in table
        for each in _open(job, last_runs.get(job.name, frozenset()), now, slates)
        if each.too_late and each.due_at >= max(begun, since)
    ]
    return sorted(lost, key=lambda each: each.due_at, reverse=True)


def upcoming(table: Sequence[Job], last_runs: LastRuns, now: datetime, slates: Slates) -> list[Due]:
    """The next due time of each job within the dates looked at, the soonest first."""
    soonest = []
    for job in table:
        answers = last_runs.get(job.name, frozenset())
        ahead = [each for each in _due_times(job, now, slates) if each.due_at > now and not _answered(each, answers)]
        soonest += sorted(ahead, key=lambda each: each.due_at)[:1]
    return sorted(soonest, key=lambda each: each.due_at)


def _open(job: Job, answers: frozenset[Answer], now: datetime, slates: Slates) -> Iterator[Due]:
    """Due times gone by that were not answered; the latest of each date alone, unless all are made up or none is.

    Of a job that makes up none, an earlier due time of the date is too late and so missed, never superseded.
    """
    gone = sorted((each for each in _due_times(job, now, slates) if each.due_at <= now), key=lambda each: each.due_at)
    latest = {each.game_date: each.due_at for each in gone}
    for each in gone:
        newest = each.due_at == latest[each.game_date]
        lost = job.catch_up.kind is Kind.NONE and each.too_late
        if (newest or lost or job.catch_up.kind is Kind.ALL) and not _answered(each, answers):
            yield each


def _answered(each: Due, answers: frozenset[Answer]) -> bool:
    if each.job.once:
        return any(answer.game_date == each.game_date for answer in answers)
    return Answer(each.due_at, each.game_date) in answers


def _due_times(job: Job, now: datetime, slates: Slates) -> Iterator[Due]:
    """Every due time of the job, of each game date that may matter now, each once and in order.

    The ledger knows a due time by job and instant: where two dates share one, the later date's is a minute after.
    """
    today = game_date(now)
    back = job.catch_up.within.days + AROUND.days
    taken: set[datetime] = set()
    for offset in range(-back, AROUND.days + 1):
        day = today + timedelta(days=offset)
        games = slates.get(day, ())
        over = job.until_last_tip and bool(tips := tips_of(games)) and now >= tips[-1]
        for stated in times_of(job, day, games):
            due_at = stated
            while due_at in taken:
                due_at += timedelta(minutes=1)
            taken.add(due_at)
            late_by = now - due_at
            yield Due(job, due_at, day, late_by, over or late_by > job.catch_up.within)


def times_of(job: Job, day: date, games: Sequence[Game]) -> list[datetime]:
    """The job's due times of a game date (UTC), in order; none when the date lacks what the job needs."""
    wanted = {
        Needs.PLAYED: any(game.status != "postponed" for game in games), Needs.GAMES: bool(games), Needs.NOTHING: True,
    }  # fmt: skip
    if not wanted[job.needs]:
        return []
    tips = tips_of(games)
    times = {due_at for rule in job.when for due_at in rule.times(day, tips)}
    return sorted(due_at for due_at in times if not (job.until_last_tip and tips and due_at >= tips[-1]))


def tips_of(games: Sequence[Game]) -> list[datetime]:
    """The known tip-offs of the games that were not postponed, in order."""
    return sorted(game.tip_at for game in games if game.status != "postponed" and game.tip_at is not None)
