"""Who is fit: injuries, how long they last, and what is reported of them before each game, three times.

What is reported is honest by construction: of those called questionable half play, of those called probable 87 %. From
one report to the next the word may change, but what it means stays true.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from fairline.sim.league.talents import Flags, Floats, Whole


class Word(IntEnum):
    """What a report says of a player for his next game."""

    UNLISTED = 0
    AVAILABLE = 1
    PROBABLE = 2
    QUESTIONABLE = 3
    DOUBTFUL = 4
    OUT = 5


STAGES = ("evening", "morning", "final")
"""The evening before, at half past eleven on the day, three quarters of an hour before tip-off."""

PLAYS = np.array([[0.994, 1.0, 0.87, 0.5, 0.05, 0.0], [1.0, 1.0, 0.87, 0.5, 0.05, 0.0], [1.0, 1.0, 1.0, 1.0, 0.0, 0.0]])
"""How likely he plays by stage and word."""

FROM_EVENING = np.array([
    [0.988, 0, 0, 0.012, 0, 0], [0, 1, 0, 0, 0, 0], [0, 0.111, 0.85, 0.039, 0, 0],
    [0, 0, 0.2874, 0.5, 0, 0.2126], [0, 0, 0, 0.06, 0.40, 0.54], [0, 0, 0, 0, 0, 1],
])  # fmt: skip
"""How the morning's word follows from the evening's: every row keeps the chance that he plays."""

RETURNING = np.array([0, 0, 0.22, 0.50, 0.28, 0])
"""The evening's word on the first game after an injury's own time."""

HURT, KNOCK = 0.0290, 0.026
"""Chance per game played of an injury, and per game of a knock that puts him on the report."""
LEAVES = 0.35
"""Of injuries, those after which he does not come back into the game."""
LENGTHS = ((0, 2, 0.55), (3, 9, 0.28), (10, 40, 0.17))
"""Games missed for certain: from, to, share."""
HURT_AT_START = 0.07

PARTS = (
    "Left Ankle; Sprain", "Right Ankle; Sprain", "Left Knee; Soreness", "Right Knee; Contusion", "Low Back; Spasms",
    "Left Hamstring; Strain", "Right Hamstring; Tightness", "Left Calf; Strain", "Right Groin; Soreness",
    "Left Shoulder; Sprain", "Right Wrist; Sprain", "Left Foot; Soreness", "N/A; Illness", "Right Quad; Contusion",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reports:
    """Of players before a game, one row each.

    words: (players, stages). plays: what came of it. leaves: the minute at which he is hurt for good in this game,
    else 99. part: place in PARTS.
    """

    words: Whole
    plays: Flags
    leaves: Floats
    part: Whole


class Health:
    """The state of everyone, moved on game by game."""

    def __init__(self, players: int, frailty: Floats, rng: np.random.Generator) -> None:
        """frailty: how often each is hurt, 1 is usual."""
        self._rng, self._frailty = rng, frailty
        hurt = rng.random(players) < HURT_AT_START
        self._misses = np.where(hurt, rng.integers(3, 45, players), 0)
        self._returning = hurt.copy()
        self._part = rng.integers(0, len(PARTS), players)

    def next_game(self, who: Whole, rest: Whole) -> Reports:
        """What happens with these players, who all have a game. rest: days since their team's last."""
        rng, count = self._rng, len(who)
        out = self._misses[who] > 0
        knocked = (rng.random(count) < KNOCK * self._frailty[who] * np.where(rest == 1, 1.5, 1.0)) & ~out
        back = self._returning[who] & ~out
        new = knocked & ~back
        self._part[who[new]] = rng.integers(0, len(PARTS), int(new.sum()))
        evening = np.where(out, int(Word.OUT), np.where(back | knocked, _drawn(rng, RETURNING, count), 0))
        evening = np.where(knocked & ~back & (evening == Word.DOUBTFUL), int(Word.PROBABLE), evening)
        morning = _drawn_rows(rng, FROM_EVENING[evening])
        plays = rng.random(count) < PLAYS[1, morning]
        listed = morning != Word.UNLISTED
        final = np.where(listed, np.where(plays, int(Word.AVAILABLE), int(Word.OUT)), int(Word.UNLISTED))
        self._returning[who] = (out | back | knocked) & ~plays
        self._misses[who] = np.maximum(self._misses[who] - out, 0)
        leaves = self._injuries(who, plays)
        return Reports(np.stack([evening, morning, final], axis=1), plays, leaves, self._part[who])

    def _injuries(self, who: Whole, plays: Flags) -> Floats:
        rng, count = self._rng, len(who)
        part = self._part[who].copy()
        hurt = plays & (rng.random(count) < HURT * self._frailty[who])
        kind = rng.choice(len(LENGTHS), count, p=[share for *_, share in LENGTHS])
        lengths = np.array([each[:2] for each in LENGTHS])[kind]
        self._misses[who] += np.where(hurt, rng.integers(lengths[:, 0], lengths[:, 1] + 1), 0)
        self._returning[who] |= hurt
        self._part[who] = np.where(hurt, rng.integers(0, len(PARTS), count), part)
        return np.where(hurt & (rng.random(count) < LEAVES), rng.uniform(2, 46, count), 99.0)


def leaving_minutes(rng: np.random.Generator, frailty: Floats) -> Floats:
    """Minutes at which players would be hurt for good in a game, as `Health` draws them; 99 for most."""
    hurt = rng.random(frailty.shape) < HURT * LEAVES * frailty
    return np.where(hurt, rng.uniform(2, 46, frailty.shape), 99.0)


def _drawn(rng: np.random.Generator, shares: Floats, count: int) -> Whole:
    return rng.choice(len(shares), count, p=shares)


def _drawn_rows(rng: np.random.Generator, shares: Floats) -> Whole:
    upto = np.cumsum(shares, axis=1)
    drawn: Whole = (rng.random(len(shares))[:, None] >= upto[:, :-1]).sum(axis=1)
    return drawn
