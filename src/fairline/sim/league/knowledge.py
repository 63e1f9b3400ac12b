"""What the books know of players: a share of the true talent, and roles and form as they were some days ago.

Fitted to the real books of autumn 2025, whose points lines of ten and more beat the mean of a player's last ten games
by 0.26 points of absolute error.
"""

from dataclasses import dataclass, replace

import numpy as np

from fairline.sim.league.form import talents_on
from fairline.sim.league.people import People
from fairline.sim.league.seasons import Season, Stretch
from fairline.sim.league.slates import Slate
from fairline.sim.league.streams import stream
from fairline.sim.league.talents import BY_POSITION, MINUTES_BY_RANK, USE_BY_RANK, Floats, Talents, Whole


@dataclass(frozen=True, slots=True)
class Knowledge:
    """How much is known.

    sees: of the variance of true talents within a place and position, the share the books see, from 0 to 1; what they
    believe is the mean of what may be. late_days: how old the minutes, plays and shooting are that they go by.
    """

    sees: float
    late_days: int


EVERYTHING = Knowledge(1.0, 0)
OF_BOOKS = Knowledge(0.5, 7)

SEEN = ("use", "passing", "oreb", "dreb")
"""Talents that are known in part; the books see shots and free throws go in as well as anybody."""


def slate_as_known(season: Season, stretch: Stretch, rows: Whole, seed: int, knowledge: Knowledge = OF_BOOKS) -> Slate:
    """The games in these rows as the books believe them to stand; reports and teams they know as everybody does."""
    slate = stretch.slate.only(rows)
    there = np.maximum(slate.slots, 0)
    believed = replace(season.people, talents=_believed(season.people, stream(seed, "known", season.year), knowledge))
    day = np.maximum(stretch.calendar.day[rows] - knowledge.late_days, 0)
    talents = talents_on(believed, season.form, day, there)
    return replace(slate, talents=talents, usual=np.where(slate.slots >= 0, talents.minutes, 0.0))


def _believed(people: People, rng: np.random.Generator, knowledge: Knowledge) -> Talents:
    """The mean of what each talent may be by a signal that is the truth and noise: never surer than it is right."""
    columns: dict[str, Floats] = {}
    for name in SEEN:
        usual, true = np.log(_usual(people, name)), np.log(getattr(people.talents, name))
        apart = true - usual
        noise = rng.standard_normal(len(true)) * apart.std() * np.sqrt(knowledge.sees * (1 - knowledge.sees))
        columns[name] = np.exp(usual + knowledge.sees * apart + noise)
    return replace(people.talents, **columns)


def _usual(people: People, name: str) -> Floats:
    """What is usual of a player's place in his team, or of his position."""
    if name == "use":
        usual: Floats = np.interp(people.talents.minutes, MINUTES_BY_RANK[9::-1], USE_BY_RANK[::-1])
        return usual
    of_position: Floats = np.array(BY_POSITION[name][0])[people.position]
    return of_position
