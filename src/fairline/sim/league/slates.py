"""Slates: games as they stand before tip-off, and the nights that may come of them."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from fairline.sim.league.form import Form, talents_on
from fairline.sim.league.health import PLAYS, leaving_minutes
from fairline.sim.league.people import MOST, People
from fairline.sim.league.plans import meant_minutes, unsteadiness
from fairline.sim.league.talents import Flags, Floats, Talents, Whole
from fairline.sim.league.tally import Pregame

HOME, PLAYOFF_HOME = 0.0073, 0.0075
"""Added to the chances of the home side's shots, and taken from the visitors'."""
RUSHED = 0.028
"""Taken from both sides' chances for each second by which their plays are shorter than usual."""
TIRED, FAR, FAR_MILES = 0.0055, 0.0025, 1200.0
"""Taken on a back-to-back, and after a long flight."""
SECONDS, SECONDS_SD, NIGHT_SECONDS_SD = 14.17, 0.26, 0.49
"""Of an ordinary play; how teams differ, and nights."""
STRENGTH_SD, LEANING_SD = 0.0138, 0.006
"""How teams differ in what they add to their own chances and take from others': in both alike, and in each."""
USE_NIGHT_SD, SHOOTING_NIGHT_SD = 0.052, 0.006
"""What a night does to a player's part of the plays, and to his chances."""
USE_WITH_MINUTES = 0.98
"""Correlation of a night's part of the plays with its minutes: who plays well stays in."""


OF_GAMES = ("slots", "position", "usual", "words", "frailty", "shift", "seconds", "plays", "leaves")
"""The columns of a slate with a row a game."""


@dataclass(frozen=True, slots=True)
class Coaching:
    """What teams have beside their players: added to own chances, taken from the opponents', seconds of a play."""

    offence: Floats
    defence: Floats
    seconds: Floats


@dataclass(frozen=True, slots=True)
class Slate:
    """Games before tip-off; shapes (games, 2, slots), side 0 is at home.

    slots: rows among the season's people, -1 where nobody sits. words: what each report says, by health.STAGES.
    usual: minutes of the role. frailty: see `health`. plays, leaves: what will come of it, which nobody knows before.
    """

    slots: Whole
    position: Whole
    talents: Talents
    usual: Floats
    words: Whole
    frailty: Floats
    shift: Floats
    seconds: Floats
    plays: Flags
    leaves: Floats
    playoffs: bool = False

    def only(self, rows: Whole) -> Self:
        """The games in these rows alone."""
        taken = {name: getattr(self, name)[rows] for name in OF_GAMES}
        return type(self)(talents=self.talents.take(rows), playoffs=self.playoffs, **taken)

    def pregame(self, rng: np.random.Generator) -> Pregame:
        """The one night that comes."""
        return _night(self, np.arange(len(self.slots)), self.plays, self.leaves, rng)

    def nights(self, stage: int, draws: int, rng: np.random.Generator) -> Pregame:
        """As many nights as asked of each game, as they may come by what is reported at that stage (health.STAGES).

        Games are repeated whole: the first `draws` rows are nights of the first game.
        """
        origin = np.repeat(np.arange(len(self.slots)), draws)
        likely = np.where(self.slots >= 0, PLAYS[stage, self.words[..., stage]], 0.0)
        plays = rng.random((len(origin), *likely.shape[1:])) < likely[origin]
        return _night(self, origin, plays, leaving_minutes(rng, self.frailty[origin]), rng)


def slate_of(
    people: People, form: Form, coaching: Coaching, sides: Whole, day: Whole, rest: Whole, miles: Floats,
    health: tuple[Whole, Flags, Floats], frailty: Floats, *, playoffs: bool = False,
) -> Slate:  # fmt: skip
    """Games (rows of home, away) as they stand. health: by day and player: words, plays, leaves."""
    slots = _slots(form, sides, day)
    there, on = np.maximum(slots, 0), day[:, None, None]
    talents = talents_on(people, form, day, there)
    words, plays, leaves = health[0][on, there], health[1][on, there], health[2][on, there]
    home = np.array([1.0, -1.0]) * (PLAYOFF_HOME if playoffs else HOME)
    own, other = coaching.offence[sides], coaching.defence[sides[:, ::-1]]
    shift = own - other + home - TIRED * (rest == 1) - FAR * (miles > FAR_MILES)
    return Slate(
        slots=slots, position=people.position[there], talents=talents,
        usual=np.where(slots >= 0, talents.minutes, 0.0), words=words, frailty=frailty[there], shift=shift,
        seconds=SECONDS + coaching.seconds[sides].sum(axis=1), plays=plays & (slots >= 0), leaves=leaves,
        playoffs=playoffs,
    )  # fmt: skip


def drawn_coaching(teams: int, rng: np.random.Generator) -> Coaching:
    """What each team has beside its players."""
    strength, lean_offence, lean_defence, seconds = (
        drawn - drawn.mean()
        for drawn in (rng.normal(0, spread, teams) for spread in (STRENGTH_SD, LEANING_SD, LEANING_SD, SECONDS_SD))
    )
    return Coaching(strength + lean_offence, strength + lean_defence, seconds)


def _slots(form: Form, sides: Whole, day: Whole) -> Whole:
    """Each side's players on the day; their order is that of the people."""
    slots = np.full((*sides.shape, MOST), -1)
    for game, on in enumerate(day):
        team = form.team[on]
        for side in (0, 1):
            members = np.flatnonzero(team == sides[game, side])
            slots[game, side, : len(members)] = members
    return slots


def _night(slate: Slate, origin: Whole, plays: Flags, leaves: Floats, rng: np.random.Generator) -> Pregame:
    usual, position = slate.usual[origin], slate.position[origin]
    well, else_ = rng.standard_normal((2, *usual.shape))
    plan = meant_minutes(usual, plays, position, well, rng, playoffs=slate.playoffs)
    tonight = USE_WITH_MINUTES * well + np.sqrt(1 - USE_WITH_MINUTES**2) * else_
    use = slate.talents.use[origin] * np.exp(USE_NIGHT_SD * unsteadiness(usual) * tonight)
    shooting = rng.normal(0, SHOOTING_NIGHT_SD, usual.shape)
    seconds = slate.seconds[origin] + rng.normal(0, NIGHT_SECONDS_SD, len(origin))
    shift = slate.shift[origin] + RUSHED * (seconds - SECONDS)[:, None]
    return Pregame(slate.talents, origin, plan, use, shooting, leaves, shift, seconds)
