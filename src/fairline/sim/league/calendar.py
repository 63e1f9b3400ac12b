"""When the games are: dates with rest, trips and back-to-backs, and tip-offs on the home team's clocks."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from fairline.domain.dates import EASTERN
from fairline.sim.league.places import Place, distances
from fairline.sim.league.talents import Floats, Whole

REGULAR_DAYS = 174
"""From the first to the last day of a whole regular season."""

BY_WEEKDAY = np.array([7.0, 6.2, 10.4, 4.4, 10.2, 8.0, 6.8])
"""Games of thirty teams, from Monday."""

BACK_TO_BACK = 0.7
"""How much a game on the day after another is avoided."""

CHRISTMAS = (time(12), time(14, 30), time(17), time(20), time(22, 30))
EARLY = {5: (time(12, 30), time(15), time(17)), 6: (time(12), time(13), time(15, 30), time(18))}
"""Early tip-offs, Eastern, on Saturdays and Sundays."""
EARLY_SHARE = {5: 0.18, 6: 0.45}


@dataclass(frozen=True, slots=True)
class Calendar:
    """A row a game, by date and tip-off.

    day: days since the first of the season. rest: (games, 2) days since the side's last game, 9 for the first. miles:
    (games, 2) flown since then.
    """

    first: date
    home: Whole
    away: Whole
    day: Whole
    tip_at: list[datetime]
    rest: Whole
    miles: Floats

    def dates(self) -> list[date]:
        """The Eastern date of each game."""
        return [self.first + timedelta(days=int(day)) for day in self.day]


def opening_day(year: int) -> date:
    """The Tuesday from 20 to 26 October.

    >>> opening_day(2024).isoformat(), opening_day(2025).isoformat()
    ('2024-10-22', '2025-10-21')
    """
    start = date(year, 10, 20)
    return start + timedelta(days=(1 - start.weekday()) % 7)


def without_games(year: int) -> set[date]:
    """Thanksgiving, Christmas Eve, and the week of the all-star game."""
    november = date(year, 11, 1)
    thanksgiving = november + timedelta(days=(3 - november.weekday()) % 7 + 21)
    february = date(year + 1, 2, 1)
    third_friday = february + timedelta(days=(4 - february.weekday()) % 7 + 7)
    return {thanksgiving, date(year, 12, 24), *(third_friday + timedelta(days=more) for more in range(6))}


def scheduled(games: Whole, where: tuple[Place, ...], year: int, rng: np.random.Generator) -> Calendar:
    """Give each game (rows of home, away) a day and a tip-off."""
    first = opening_day(year)
    each = len(games) * 2 / len(where)
    span = max(round(REGULAR_DAYS * each / 82), 3)
    days = [day for day in range(span) if first + timedelta(days=day) not in without_games(year)]
    dealt = _dealt(games, len(where), days, first, distances(where), rng)
    order = np.lexsort((games[:, 0], dealt))
    home, away, day = games[order, 0], games[order, 1], dealt[order]
    tips = _tips(home, day, where, first, rng)
    later = np.lexsort((home, np.array([tip.timestamp() for tip in tips]), day))
    rest, miles = _journeys(home[later], away[later], day[later], distances(where))
    return Calendar(first, home[later], away[later], day[later], [tips[at] for at in later], rest, miles)


def _dealt(games: Whole, teams: int, days: list[int], first: date, miles: Floats, rng: np.random.Generator) -> Whole:
    """The day of each game: day by day the games whose teams are most behind, rested and near."""
    dealt = np.full(len(games), -1)
    left = np.bincount(games.ravel(), minlength=teams).astype(np.float64)
    played: list[set[int]] = [set(), set()]
    here = np.arange(teams)
    weights = np.array([BY_WEEKDAY[(first + timedelta(days=day)).weekday()] for day in days])
    weights[0] *= 0.35
    day = -1
    for place, day in enumerate(days):
        share = weights[place] / weights[place:].sum()
        size = min(round((dealt < 0).sum() * share + rng.normal(0, 0.6)), teams // 2)
        last_days = place >= len(days) - 8
        picked = _picked(games, dealt, left, played, here, miles, size, rng, hurry=last_days)
        played = [{int(team) for game in picked for team in games[game]}, played[0]]
        if place and day - days[place - 1] > 1:
            played[1] = set()
        dealt[picked] = day
        np.subtract.at(left, games[picked].ravel(), 1)
        for game in picked:
            here[games[game]] = games[game, 0]
    while (dealt < 0).any():
        day += 1
        picked = _picked(games, dealt, left, [set(), set()], here, miles, teams // 2, rng, hurry=True)
        dealt[picked] = day
    return dealt


def _picked(
    games: Whole, dealt: Whole, left: Floats, played: list[set[int]], here: Whole, miles: Floats, size: int,
    rng: np.random.Generator, *, hurry: bool,
) -> list[int]:  # fmt: skip
    """The games of one day, at most so many unless there is need to hurry."""
    teams = len(left)
    yesterday, before = (np.isin(np.arange(teams), list(each)) for each in played)
    free = ~(yesterday & before)
    need = 1.4 * (left - left.mean()) - BACK_TO_BACK * yesterday * (0.4 if hurry else 1.0)
    home, away = games[:, 0], games[:, 1]
    travel = miles[here[home], home] + miles[here[away], home]
    score = need[home] + need[away] - travel / 2000 + rng.normal(0, 0.8, len(games))
    score[dealt >= 0] = -np.inf
    picked: list[int] = []
    for _ in range(teams // 2 if hurry and left.max() > 5 else max(size, 1)):
        possible = np.where(free[home] & free[away], score, -np.inf)
        best = int(possible.argmax())
        if possible[best] == -np.inf:
            break
        picked.append(best)
        free[games[best]] = False
    return picked


def _tips(home: Whole, day: Whole, where: tuple[Place, ...], first: date, rng: np.random.Generator) -> list[datetime]:
    tips: list[datetime] = []
    christmas = iter(CHRISTMAS)
    for team, days in zip(home, day, strict=True):
        on = first + timedelta(days=int(days))
        chance, which = rng.random(2)
        early, weekday = EARLY.get(on.weekday(), ()), on.weekday()
        if (on.month, on.day) == (12, 25):
            clock = next(christmas, time(20))
        elif chance < EARLY_SHARE.get(weekday, 0.0):
            clock = early[int(which * len(early))]
        else:
            evening = datetime.combine(on, time(19, 30 if which < 0.45 else 0)) + timedelta(hours=where[team].behind)
            clock = min(evening, datetime.combine(on, time(22, 30))).time()
        tips.append(datetime.combine(on, clock, EASTERN).astimezone(UTC))
    return tips


def _journeys(home: Whole, away: Whole, day: Whole, miles: Floats) -> tuple[Whole, Floats]:
    rest, flown = np.full((len(home), 2), 9), np.zeros((len(home), 2))
    here: dict[int, int] = {}
    last: dict[int, int] = {}
    for game, (host, guest) in enumerate(zip(home, away, strict=True)):
        for side, team in enumerate((int(host), int(guest))):
            rest[game, side] = min(int(day[game]) - last.get(team, int(day[game]) - 9), 9)
            flown[game, side] = miles[here.get(team, team), host]
            last[team], here[team] = int(day[game]), int(host)
    return rest, flown
