"""One season: its people, their form and health, its calendar, and how every game of the regular season went."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from fairline.sim.league.calendar import Calendar, scheduled
from fairline.sim.league.form import DAYS, Form, drawn_form
from fairline.sim.league.health import STAGES, Health
from fairline.sim.league.matchups import matchups
from fairline.sim.league.people import People
from fairline.sim.league.places import Place
from fairline.sim.league.possessions import play
from fairline.sim.league.slates import Coaching, Slate, drawn_coaching, slate_of
from fairline.sim.league.streams import stream
from fairline.sim.league.talents import Flags, Floats, Whole
from fairline.sim.league.tally import Played

FRAILTY_SD = 0.35


@dataclass(frozen=True, slots=True)
class Bodies:
    """By day and player, shapes (DAYS, players): words (with an axis of stages), plays, leaves, part (see `health`).

    frailty: by player. health: their state after the last day seen.
    """

    words: Whole
    plays: Flags
    leaves: Floats
    part: Whole
    frailty: Floats
    health: Health


@dataclass(frozen=True, slots=True)
class Stretch:
    """Games in a row, by tip-off: the regular season, or one evening of the play-offs. ids: NBA's, ten digits."""

    ids: tuple[str, ...]
    calendar: Calendar
    slate: Slate
    played: Played

    @property
    def sides(self) -> Whole:
        """(games, 2): home and away, places among the teams."""
        return np.stack([self.calendar.home, self.calendar.away], axis=1)

    def only(self, rows: Whole) -> "Stretch":
        """The games in these rows alone."""
        calendar, slate, played, events = self.calendar, self.slate, self.played, self.played.events
        place = np.full(len(self.ids), -1)
        place[rows] = np.arange(len(rows))
        kept = np.isin(events["game"], rows)
        return Stretch(
            tuple(self.ids[row] for row in rows),
            replace(
                calendar, home=calendar.home[rows], away=calendar.away[rows], day=calendar.day[rows],
                tip_at=[calendar.tip_at[row] for row in rows], rest=calendar.rest[rows], miles=calendar.miles[rows],
            ),
            slate.only(rows),
            Played(
                played.counts[rows], played.overtimes[rows], played.started[rows],
                {name: place[column[kept]] if name == "game" else column[kept] for name, column in events.items()},
            ),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Season:
    """A season. year: in which it began. regular: its regular season, whole."""

    year: int
    where: tuple[Place, ...]
    people: People
    form: Form
    coaching: Coaching
    bodies: Bodies
    regular: Stretch

    @property
    def first(self) -> date:
        """Its first day."""
        return self.regular.calendar.first

    def day_of(self, on: date) -> int:
        """Days since the first; the nearest of the season's days for one outside it."""
        return min(max((on - self.first).days, 0), DAYS - 1)

    def slate(self, calendar: Calendar, *, playoffs: bool = False) -> Slate:
        """Games of a calendar as they stand before tip-off."""
        return _slate(self.people, self.form, self.coaching, self.bodies, calendar, playoffs=playoffs)


def season_of(seed: int, year: int, where: tuple[Place, ...], people: People, games_each: int) -> Season:
    """Simulate a season up to its play-offs."""
    teams = len(where)
    form = drawn_form(people, teams, stream(seed, "form", year))
    coaching = drawn_coaching(teams, stream(seed, "coaching", year))
    calendar = scheduled(matchups(where, games_each, year), where, year, stream(seed, "calendar", year))
    bodies = _bodies(people, form, calendar, stream(seed, "health", year))
    slate = _slate(people, form, coaching, bodies, calendar, playoffs=False)
    rng = stream(seed, "games", year)
    ids = tuple(game_id(year, place) for place in range(len(calendar.day)))
    regular = Stretch(ids, calendar, slate, play(slate.pregame(rng), rng, keep=True))
    return Season(year, where, people, form, coaching, bodies, regular)


def game_id(year: int, place: int) -> str:
    """The id of the game of that place in the regular season, from 0.

    >>> game_id(2024, 0)
    '0022400001'
    """
    return f"002{year % 100:02d}{place + 1:05d}"


def see_health(bodies: Bodies, form: Form, day: int, rest: Whole) -> None:
    """Write the health of those who have a game on a day. rest: by team, days since its last game; 0 without a game."""
    who = np.flatnonzero(rest[form.team[day]] > 0)
    reports = bodies.health.next_game(who, rest[form.team[day, who]])
    bodies.words[day, who], bodies.plays[day, who] = reports.words, reports.plays
    bodies.leaves[day, who], bodies.part[day, who] = reports.leaves, reports.part


def _slate(
    people: People, form: Form, coaching: Coaching, bodies: Bodies, calendar: Calendar, *, playoffs: bool
) -> Slate:
    sides = np.stack([calendar.home, calendar.away], axis=1)
    health = bodies.words, bodies.plays, bodies.leaves
    return slate_of(
        people, form, coaching, sides, calendar.day, calendar.rest, calendar.miles, health, bodies.frailty,
        playoffs=playoffs,
    )  # fmt: skip


def _bodies(people: People, form: Form, calendar: Calendar, rng: np.random.Generator) -> Bodies:
    """The health of everyone on every day his team plays."""
    count = len(people.ids)
    ages = people.ages(calendar.first)
    frailty = np.exp(rng.normal(0, FRAILTY_SD, count)) * np.clip(1 + 0.03 * (ages - 27), 0.8, 1.4)
    bodies = Bodies(
        words=np.zeros((DAYS, count, len(STAGES)), np.int64), plays=np.ones((DAYS, count), bool),
        leaves=np.full((DAYS, count), 99.0), part=np.zeros((DAYS, count), np.int64), frailty=frailty,
        health=Health(count, frailty, rng),
    )  # fmt: skip
    for day in np.unique(calendar.day):
        today = calendar.day == day
        rest = np.zeros(int(form.team.max()) + 1, np.int64)
        rest[calendar.home[today]] = calendar.rest[today, 0]
        rest[calendar.away[today]] = calendar.rest[today, 1]
        see_health(bodies, form, int(day), rest)
    return bodies
