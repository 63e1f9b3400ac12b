"""The league's level: who comes and goes, gets better or worse, the league as a whole shoots and fouls as it did.

Rules and referees hold it, and the talents of five hundred people drawn anew do not: without this a league of a lucky
seed would make more free throws in every season than the real one ever differed by.
"""

from dataclasses import fields

import numpy as np

from fairline.sim.league.talents import THREES, Floats, Talents

BY_MINUTES = {"passing": 3.76, "oreb": 1.52, "dreb": 4.72, "steal": 1.17, "block": 0.74, "foul": 2.87}
"""Talent to its mean over the league's minutes."""
BY_PLAYS = {"turnover": 0.120, "drawn": 1.03}
"""Over the plays ended."""
MADE = np.array([0.6444, 0.4334, 0.4144, 0.3854, 0.3535])
"""Chances by zone, over the shots from there."""
FREE_THROW, THREE_SHARE = 0.789, 0.368


def levelled(talents: Talents) -> Talents:
    """These talents with the means of the league, everyone moved alike."""
    columns: dict[str, Floats] = {each.name: getattr(talents, each.name).copy() for each in fields(Talents)}
    plays = talents.minutes * talents.use
    for means, weight in ((BY_MINUTES, talents.minutes), (BY_PLAYS, plays)):
        for name, mean in means.items():
            columns[name] *= mean / np.average(columns[name], weights=weight)
    columns["zones"] = _zones(talents.zones, plays)
    for zone, made in enumerate(MADE):
        own = columns["make"][:, zone]
        own += made - np.average(own, weights=plays * columns["zones"][:, zone])
    throws = plays * columns["drawn"]
    columns["free_throw"] += FREE_THROW - np.average(columns["free_throw"], weights=throws)
    columns["free_throw"] = np.clip(columns["free_throw"], 0.42, 0.95)
    columns["make"] = np.clip(columns["make"], 0.05, 0.85)
    columns["guard"] -= np.average(columns["guard"], weights=talents.minutes)
    return Talents(**columns)


def _zones(zones: Floats, plays: Floats) -> Floats:
    """Mixes of shots with the league's part of threes."""
    three = list(THREES)
    part = np.average(zones[:, three].sum(axis=1), weights=plays)
    moved = zones.copy()
    moved[:, three] *= THREE_SHARE / part * (1 - part) / (1 - THREE_SHARE)
    mixes: Floats = moved / moved.sum(axis=1, keepdims=True)
    return mixes
