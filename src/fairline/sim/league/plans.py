"""The coach's plan: how many minutes are meant for whom tonight, given who is there."""

import numpy as np

from fairline.sim.league.lineups import ABSENT, WATCHING, starters
from fairline.sim.league.talents import Flags, Floats, Whole

TEAM_MINUTES, MOST_MINUTES = 240.0, 41.5
ROTATION, ROTATION_SHARES = np.array([8, 9, 10, 11, 12]), (0.12, 0.34, 0.34, 0.15, 0.05)
"""How many are meant to play."""
SPARE = 3
"""Beside them, how many may enter when a game is decided; the rest watch."""
PLAYOFF_SHARES = (0.45, 0.42, 0.13, 0.0, 0.0)
PLAYOFF_STARTERS = 1.12
NIGHT_SD = 0.09
"""SD of the logarithm of one night's minutes around the role's."""
SAME_POSITION = 0.3
"""Of a missing player's minutes, what goes to those of his position."""
UNSTEADY = 3.6


def meant_minutes(
    usual: Floats, there: Flags, position: Whole, well: Floats, rng: np.random.Generator, *, playoffs: bool = False
) -> Floats:
    """Minutes meant; shape as `usual` (games, 2, slots). 0: only when the game is decided; WATCHING, ABSENT.

    usual: of the role, whoever is there. there: whether he can play. position: of each, as in talents.POSITIONS.
    well: how well he seems to play tonight, a standard normal draw.
    """
    shape = usual.shape[:2]
    wanted = np.where(there, usual * np.exp(NIGHT_SD * unsteadiness(usual) * well), 0.0)
    wanted += _taken_over(usual, there, position)
    shares = PLAYOFF_SHARES if playoffs else ROTATION_SHARES
    size = ROTATION[np.searchsorted(np.cumsum(shares), rng.random(shape), side="right").clip(max=len(shares) - 1)]
    order = np.argsort(np.argsort(-wanted, axis=2, kind="stable"), axis=2, kind="stable")
    plan = np.where((order < size[..., None]) & there, wanted, 0.0)
    if playoffs:
        plan = np.where(starters(plan), plan * PLAYOFF_STARTERS, plan)
    for _ in range(3):
        plan = np.minimum(plan * (TEAM_MINUTES / plan.sum(axis=2, keepdims=True)), MOST_MINUTES)
    dressed = np.where(order < size[..., None] + SPARE, plan, WATCHING)
    meant: Floats = np.where(there, dressed, ABSENT)
    return meant


def unsteadiness(usual: Floats) -> Floats:
    """How much more nights differ for those who play less: 1 for a star, 4.6 at the end of the bench."""
    more: Floats = 1 + UNSTEADY * np.clip((28.0 - usual) / 20.0, 0.0, 1.0)
    return more


def _taken_over(usual: Floats, there: Flags, position: Whole) -> Floats:
    """What each takes over of the minutes of those missing: those of his position first, the rest by room to grow."""
    room = np.where(there, np.clip(39.0 - usual, 0, None) * (usual + 3.0), 0.0)
    missing = np.where(there, 0.0, usual)
    everyone = missing.sum(axis=2, keepdims=True)
    over: Floats = (1 - SAME_POSITION) * everyone * room / np.maximum(room.sum(axis=2, keepdims=True), 1e-9)
    for place in range(3):
        own = np.where(position == place, room, 0.0)
        lost = np.where(position == place, missing, 0.0).sum(axis=2, keepdims=True)
        over += SAME_POSITION * lost * own / np.maximum(own.sum(axis=2, keepdims=True), 1e-9)
    return over
