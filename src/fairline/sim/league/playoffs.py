"""The play-offs: eight teams of each conference, best of seven, four rounds; a game of each series at a time."""

from datetime import UTC, datetime, time, timedelta

import numpy as np

from fairline.domain.dates import EASTERN
from fairline.sim.league.calendar import Calendar
from fairline.sim.league.possessions import play
from fairline.sim.league.seasons import Season, Stretch, see_health
from fairline.sim.league.streams import stream
from fairline.sim.league.talents import Floats, Whole
from fairline.sim.league.tally import AT

SEEDED, TO_WIN = 8, 4
PAIRS = ((0, 7), (3, 4), (2, 5), (1, 6))
"""Places of the conference that meet; winners of neighbouring pairs meet next."""
AT_HOME = (True, True, False, False, True, False, True)
"""In which games the better seeded is at home."""
AFTER, BETWEEN_ROUNDS, BETWEEN_GAMES = 6, 3, 2
"""Days."""
TIPS = (time(19), time(19, 30), time(21), time(21, 30))

Series = tuple[int, int]
"""Teams, the better seeded first."""


def playoffs_of(season: Season, seed: int) -> tuple[Stretch, ...]:
    """The games of the play-offs, in order; none for a league with fewer than eight teams a conference."""
    standing = wins(season.regular)
    sides = _seeded(season, standing)
    if any(len(side) < SEEDED for side in sides):
        return ()
    rng = stream(seed, "playoffs", season.year)
    series: list[Series] = [(side[one], side[other]) for side in sides for one, other in PAIRS]
    begins = int(season.regular.calendar.day.max()) + AFTER
    evenings: list[Stretch] = []
    for number in range(1, 5):
        winners, played = _round(season, series, number, begins, rng)
        evenings += played
        begins = int(played[-1].calendar.day.max()) + BETWEEN_ROUNDS
        series = [_better_first(one, other, standing) for one, other in zip(winners[::2], winners[1::2], strict=False)]
    return tuple(evenings)


def wins(stretch: Stretch) -> Floats:
    """Games won, by place among the teams."""
    points = stretch.played.counts[..., AT["points"]].sum(axis=2)
    winner = np.where(points[:, 0] > points[:, 1], stretch.calendar.home, stretch.calendar.away)
    return np.bincount(winner, minlength=int(stretch.sides.max()) + 1).astype(np.float64)


def _seeded(season: Season, standing: Floats) -> list[list[int]]:
    sides = []
    for conference in ("East", "West"):
        members = [at for at, place in enumerate(season.where) if place.team.conference == conference]
        sides.append(sorted(members, key=lambda team: (-standing[team], team))[:SEEDED])
    return sides


def _better_first(one: int, other: int, standing: Floats) -> Series:
    return (one, other) if (-standing[one], one) < (-standing[other], other) else (other, one)


def _round(
    season: Season, series: list[Series], number: int, begins: int, rng: np.random.Generator
) -> tuple[list[int], list[Stretch]]:
    """The winners in the order of the series, and their games."""
    won = np.zeros((len(series), 2), np.int64)
    evenings = []
    for game in range(len(AT_HOME)):
        going = [at for at in range(len(series)) if won[at].max() < TO_WIN]
        if not going:
            break
        # The first conference plays one evening, the other the next.
        days = np.array([begins + BETWEEN_GAMES * game + int(2 * at >= len(series) > 1) for at in going])
        stretch = _games_of(season, [series[at] for at in going], going, number, game, days, rng)
        evenings.append(stretch)
        points = stretch.played.counts[..., AT["points"]].sum(axis=2)
        better = (points[:, 0] > points[:, 1]) == AT_HOME[game]
        won[going, np.where(better, 0, 1)] += 1
    return [pair[int(tally[1] > tally[0])] for pair, tally in zip(series, won, strict=True)], evenings


def _games_of(
    season: Season, series: list[Series], places: list[int], number: int, game: int, days: Whole,
    rng: np.random.Generator,
) -> Stretch:  # fmt: skip
    home = np.array([pair[0] if AT_HOME[game] else pair[1] for pair in series])
    away = np.array([pair[1] if AT_HOME[game] else pair[0] for pair in series])
    tips = [
        datetime.combine(season.first + timedelta(days=int(day)), TIPS[place % len(TIPS)], EASTERN).astimezone(UTC)
        for place, day in enumerate(days)
    ]
    for day in np.unique(days):
        rest = np.zeros(len(season.where), np.int64)
        rest[np.concatenate([home[days == day], away[days == day]])] = BETWEEN_GAMES
        see_health(season.bodies, season.form, int(day), rest)
    two: Whole = np.full((len(series), 2), BETWEEN_GAMES)
    calendar = Calendar(season.first, home, away, days, tips, two, np.zeros((len(series), 2)))
    slate = season.slate(calendar, playoffs=True)
    ids = tuple(f"004{season.year % 100:02d}00{number}{place}{game + 1}" for place in places)
    return Stretch(ids, calendar, slate, play(slate.pregame(rng), rng, keep=True))
