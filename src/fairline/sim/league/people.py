"""The people of a season: who they are, what they can, and for which team they begin; and the same a year later."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from fairline.sim.league.levels import levelled
from fairline.sim.league.names import FIRST_ID, fictional_names
from fairline.sim.league.streams import stream
from fairline.sim.league.talents import MINUTES_BY_RANK, POSITIONS, USE_BY_RANK, Floats, Talents, Whole, drawn_talents

SIZES, SIZE_SHARES = (15, 16, 17), (0.3, 0.4, 0.3)
"""Players of a team, and how many teams have so many."""
MOST = max(SIZES)

POSITION_BY_RANK = np.array([0, 1, 2, 0, 1, 0, 1, 2, 0, 1, 2, 0, 1, 0, 2, 1, 0])
"""Before it is shuffled within the first five, the next five and the rest."""

MOVERS = 0.13
"""Share of players who change teams in a summer."""

OLDEST, ROOKIE_AGE = 39, (19.2, 23.5)
CONVERSION = np.array([75.5, 79.5, 82.8])
"""Inches by position."""


@dataclass(frozen=True, slots=True)
class People:
    """A row a player.

    ids: person ids, all of the simulated league. position: place in POSITIONS. team: place among the teams at the
    start of the season. since: the year of his first season.
    """

    ids: Whole
    first_names: tuple[str, ...]
    family_names: tuple[str, ...]
    position: Whole
    born: tuple[date, ...]
    height: Whole
    weight: Whole
    jersey: Whole
    team: Whole
    since: Whole
    talents: Talents

    @property
    def names(self) -> list[str]:
        """As NBA.com would write them."""
        return [f"{first} {family}" for first, family in zip(self.first_names, self.family_names, strict=True)]

    def ages(self, on: date) -> Floats:
        """In years."""
        return np.array([(on - born).days / 365.25 for born in self.born])


class Registry:
    """Gives out names and ids, each once, over all seasons."""

    def __init__(self, seed: int) -> None:
        """Begin with the first person."""
        self._names: Iterator[tuple[str, str]] = fictional_names(stream(seed, "names"))
        self._next = FIRST_ID + 1

    def people(self, count: int) -> tuple[Whole, list[tuple[str, str]]]:
        """Ids and names of so many new persons."""
        ids = np.arange(self._next, self._next + count)
        self._next += count
        return ids, [next(self._names) for _ in range(count)]


def first_people(teams: int, year: int, registry: Registry, rng: np.random.Generator) -> People:
    """The people of the league's first season."""
    sizes = rng.choice(SIZES, teams, p=SIZE_SHARES)
    team = np.repeat(np.arange(teams), sizes)
    rank = np.concatenate([np.arange(size) for size in sizes])
    position = np.concatenate([_positions(size, rng) for size in sizes])
    ages = np.clip(rng.normal(26.6, 4.0, len(team)) + np.where(rank < 5, 0.8, 0), 19.2, OLDEST - 1)
    return _new(registry, team, position, levelled(drawn_talents(rng, position, rank)), ages, year, rng)


def next_people(people: People, year: int, registry: Registry, rng: np.random.Generator) -> People:
    """A year later: a year older, some gone, rookies in their places, some with another team."""
    ages = people.ages(date(year, 10, 1))
    leaving = rng.random(len(ages)) < np.clip((ages - 33) / 10, 0.02, 1) + 0.12 * (people.talents.minutes < 6)
    leaving |= ages > OLDEST
    team = _moved(people, rng, ~leaving)
    talents = _grown(people.talents, ages, rng)
    gone = np.flatnonzero(leaving)
    rank = np.clip(rng.integers(5, MOST, gone.size) - 5 * (rng.random(gone.size) < 0.12), 0, MOST)
    rookies = _new(
        registry, team[gone], people.position[gone], drawn_talents(rng, people.position[gone], rank),
        rng.uniform(*ROOKIE_AGE, gone.size), year, rng,
    )  # fmt: skip
    return _in_order(_replaced(people, gone, rookies, talents, team), rng)


def _new(
    registry: Registry, team: Whole, position: Whole, talents: Talents, ages: Floats, year: int,
    rng: np.random.Generator,
) -> People:  # fmt: skip
    count = len(team)
    ids, names = registry.people(count)
    height = np.rint(CONVERSION[position] + rng.normal(0, 1.7, count)).astype(np.int64)
    start = date(year, 10, 1)
    return People(
        ids=ids, first_names=tuple(first for first, _ in names), family_names=tuple(family for _, family in names),
        position=position, born=tuple(start - timedelta(days=int(age * 365.25)) for age in ages), height=height,
        weight=np.rint(height * 5.2 - 200 + rng.normal(0, 12, count)).astype(np.int64), jersey=_jerseys(team, rng),
        team=team, since=year - np.maximum(ages - 20.5, 0).astype(np.int64), talents=talents,
    )  # fmt: skip


def _positions(size: int, rng: np.random.Generator) -> Whole:
    parts = [POSITION_BY_RANK[:5], POSITION_BY_RANK[5:10], POSITION_BY_RANK[10:size]]
    return np.concatenate([rng.permutation(part) for part in parts])


def _jerseys(team: Whole, rng: np.random.Generator) -> Whole:
    jersey = np.zeros(len(team), np.int64)
    for each in np.unique(team):
        on = team == each
        jersey[on] = rng.permutation(56)[: on.sum()]
    return jersey


def _moved(people: People, rng: np.random.Generator, staying: np.ndarray) -> Whole:
    """The teams after the summer: the movers swap places among themselves, so that no team grows."""
    movers = np.flatnonzero(staying & (rng.random(len(staying)) < MOVERS))
    team = people.team.copy()
    team[movers] = team[rng.permutation(movers)]
    return team


def _grown(talents: Talents, ages: Floats, rng: np.random.Generator) -> Talents:
    """The young get better and play more, the old less."""
    count, growing = len(ages), np.clip((27.0 - ages) / 6, -1.2, 1.2)
    columns = {name: getattr(talents, name).copy() for name in Talents.__slots__}
    columns["minutes"] = np.clip(columns["minutes"] + 1.6 * growing + rng.normal(0, 1.8, count), 1.5, 36)
    columns["use"] *= np.exp(0.02 * growing + rng.normal(0, 0.07, count))
    columns["make"] += 0.003 * growing[:, None] + rng.normal(0, 0.008, columns["make"].shape)
    for name in ("passing", "oreb", "dreb", "steal", "block", "foul", "drawn", "turnover"):
        columns[name] *= np.exp(rng.normal(0, 0.08, count))
    columns["free_throw"] = np.clip(columns["free_throw"] + rng.normal(0, 0.015, count), 0.42, 0.95)
    return Talents(**columns)


def _replaced(people: People, gone: Whole, rookies: People, talents: Talents, team: Whole) -> People:
    """The people with the rookies in the rows of those gone, grown and in their new teams."""
    new = dict(zip(gone.tolist(), range(len(gone)), strict=True))

    def numbers(name: str) -> Whole:
        column: Whole = getattr(people, name).copy()
        column[gone] = getattr(rookies, name)
        return column

    def words(old: tuple[str, ...], young: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(young[new[row]] if row in new else each for row, each in enumerate(old))

    return People(
        ids=numbers("ids"), first_names=words(people.first_names, rookies.first_names),
        family_names=words(people.family_names, rookies.family_names), position=numbers("position"),
        born=tuple(rookies.born[new[row]] if row in new else each for row, each in enumerate(people.born)),
        height=numbers("height"), weight=numbers("weight"), jersey=numbers("jersey"), team=team,
        since=numbers("since"), talents=talents.over(gone, rookies.talents),
    )  # fmt: skip


def _in_order(people: People, rng: np.random.Generator) -> People:
    """Minutes and plays drawn towards those a team has to give, by rank; jerseys given anew."""
    minutes, use = people.talents.minutes.copy(), people.talents.use.copy()
    for team in np.unique(people.team):
        on = np.flatnonzero(people.team == team)
        ranked = on[np.argsort(-minutes[on], kind="stable")]
        minutes[ranked] = 0.45 * minutes[ranked] + 0.55 * MINUTES_BY_RANK[: len(ranked)]
        usual = USE_BY_RANK[np.minimum(np.arange(len(ranked)), len(USE_BY_RANK) - 1)]
        use[ranked] = use[ranked] ** 0.65 * usual**0.35
    talents = levelled(replace(people.talents, minutes=minutes, use=use))
    return replace(people, talents=talents, jersey=_jerseys(people.team, rng))


def position_of(place: int) -> str:
    """As NBA.com writes it."""
    return POSITIONS[place]
