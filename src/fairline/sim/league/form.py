"""Form: how roles, scoring and shooting drift from day to day, and which team a player is with, day by day."""

from dataclasses import dataclass

import numpy as np

from fairline.sim.league.people import People
from fairline.sim.league.talents import Floats, Talents, Whole

DAYS = 250
"""From the first day of a season, its play-offs included."""

ROLE_SD, ROLE_DAYS = 4.2, 45.0
"""Minutes by which a role drifts, and the days in which a drift loses most of itself."""
USE_SD, USE_DAYS = 0.108, 45.0
USE_WITH_ROLE = 0.6
"""Correlation of the drift of a player's plays with that of his minutes: who earns one is given the other."""
SHOOTING_SD, SHOOTING_DAYS = 0.007, 30.0
TREND_SD = 2.0
"""Minutes a role changes from the middle of a season to its end."""

TRADES, DEADLINE = 26, 107
"""Swaps of a thirty-team season, and the day by which they are made."""


@dataclass(frozen=True, slots=True)
class Form:
    """Shapes (DAYS, players). minutes: usual minutes of the role. use: factor. shooting: added to every chance.

    team: place among the teams that day. moved: rows of day, player, team left, team joined.
    """

    minutes: Floats
    use: Floats
    shooting: Floats
    team: Whole
    moved: Whole


def drawn_form(people: People, teams: int, rng: np.random.Generator) -> Form:
    """The season's drift of everyone, and its trades."""
    count = len(people.ids)
    role = _drift(rng, count, ROLE_SD, ROLE_DAYS)
    trend = (np.arange(DAYS) / 87 - 1)[:, None] * rng.normal(0, TREND_SD, count)
    base = people.talents.minutes
    wide = np.clip(base / 8, 0.3, 1.0) * np.clip((38 - base) / 12, 0.33, 1.5)
    minutes = np.clip(base + (role + trend) * wide, 1.0, 38.0)
    team, moved = _trades(people, teams, rng)
    own = _drift(rng, count, USE_SD, USE_DAYS)
    use = USE_WITH_ROLE * USE_SD / ROLE_SD * role + np.sqrt(1 - USE_WITH_ROLE**2) * own
    return Form(
        minutes, np.exp(use), _drift(rng, count, SHOOTING_SD, SHOOTING_DAYS),
        team, moved,
    )  # fmt: skip


def talents_on(people: People, form: Form, day: Whole, slots: Whole) -> Talents:
    """The talents of the players in these slots (games, 2, slots) as they are on each game's day."""
    own = people.talents.take(slots)
    on = day[:, None, None]
    columns = {name: getattr(own, name) for name in Talents.__slots__}
    columns["minutes"] = form.minutes[on, slots]
    columns["use"] = own.use * form.use[on, slots]
    columns["make"] = own.make + form.shooting[on, slots][..., None]
    return Talents(**columns)


def _drift(rng: np.random.Generator, count: int, spread: float, days: float) -> Floats:
    """A stationary drift that keeps exp(-1/days) of itself each day; shape (DAYS, count)."""
    kept = float(np.exp(-1 / days))
    steps = rng.normal(0, spread * np.sqrt(1 - kept**2), (DAYS, count))
    steps[0] = rng.normal(0, spread, count)
    for day in range(1, DAYS):
        steps[day] += kept * steps[day - 1]
    return steps


def _trades(people: People, teams: int, rng: np.random.Generator) -> tuple[Whole, Whole]:
    """One player for another of about the same place, so that every team keeps its size."""
    team, moved = np.tile(people.team, (DAYS, 1)), []
    taken: set[int] = set()
    for day in np.sort(np.minimum(rng.integers(30, DEADLINE + 25, round(TRADES * teams / 30)), DEADLINE)):
        one = int(rng.integers(len(people.ids)))
        alike = np.abs(people.talents.minutes - people.talents.minutes[one])
        alike[team[day] == team[day, one]] = np.inf
        other = int(np.argsort(alike, kind="stable")[rng.integers(4)])
        if {one, other} & taken or not np.isfinite(alike[other]):
            continue
        taken |= {one, other}
        here, there = int(team[day, one]), int(team[day, other])
        team[day:, one], team[day:, other] = there, here
        moved += [(day, one, here, there), (day, other, there, here)]
    return team, np.array(moved, np.int64).reshape(-1, 4)
