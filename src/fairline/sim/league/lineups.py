"""Line-ups: which five of each side are on the floor, by the coach's plan, fouls, the clock and the score."""

import numpy as np

from fairline.sim.league.talents import Flags, Floats, Whole

REGULATION = 48.0
FOULED_OUT = 6
WATCHING, ABSENT = -0.5, -1.0
"""In place of minutes meant: there, but only for want of anybody else; not there."""
NEVER = -1e6
STAY = 1.2
"""Minutes by which somebody resting must be more due than somebody playing before they change."""


def starters(plan: Floats) -> Flags:
    """The five of each side for whom most minutes are meant; shape of `plan`."""
    order = np.argsort(np.argsort(-plan, axis=-1, kind="stable"), axis=-1, kind="stable")
    five: Flags = order < 5
    return five


def chosen(
    plan: Floats, first: Flags, played: Floats, fouls: Whole, on: Flags, elapsed: Floats, lead: Floats, gone: Flags
) -> Whole:
    """The slots of the five on the floor; shape (games, 2, 5).

    plan: minutes meant, (games, 2, slots); 0 for those who enter only when a game is decided, WATCHING, ABSENT.
    first: who starts. played: minutes so far. fouls: so far. on: who is on the floor now. elapsed: minutes of the game.
    lead: of side 0. gone: hurt and not coming back.
    """
    since, ahead = elapsed[:, None, None], np.abs(lead)[:, None, None]
    left = REGULATION - since
    due = plan * ((since + 1.0) / REGULATION) - played + STAY * on
    opening = 6.0 * (since < 0.5) + 1.6 * ((since > 24) & (since < 28))
    closing = 4.0 * ((ahead <= 12) & (left < 5.5))
    due += first * (opening + closing)
    decided = (left < 11) & (left > 0) & (ahead > 13 + 1.2 * left)
    due = np.where(decided, 6 - plan / 2 - played / 8 + STAY * on, due)
    trouble = (fouls >= np.minimum(since // 12, 3) + 2) & (left > 5) & ~decided
    due -= 4.0 * trouble
    due[plan < 0] = NEVER / 2
    due[plan <= ABSENT] = 2 * NEVER
    out = (fouls >= FOULED_OUT) | gone
    due[out] = NEVER - fouls[out]
    five: Whole = np.argpartition(-due, 5, axis=2)[:, :, :5]
    return five
