"""Talents: what a player does with his minutes, drawn by position and place in his team.

Rates are per 36 minutes unless said otherwise. The tables were set to the spread of the real league's seasons 2022-23
to 2024-25, rounded; no player is copied.
"""

from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

ZONES = ("rim", "paint", "mid", "corner_three", "arc_three")
THREES = (3, 4)
POSITIONS = ("G", "F", "C")

USE_BY_RANK = np.array([29.8, 24.1, 19.1, 15.9, 14.7, 15.5, 15.7, 15.1, 13.4, 11.6])
"""Plays ended by a shot, free throws or a turnover, by place among the team's best; the last for all after."""

USE_SD = np.array([0.11, 0.12, 0.13, 0.14, 0.14, 0.24])
"""Of the logarithm, by place; the last for all after."""
MOST_USE = 35.0
SHY_SHARE, SHY_FROM, SHY = 0.08, 3, 0.70
"""How many leave the shooting to others, from what place on, and what remains of their use."""

MINUTES_BY_RANK = np.array(
    [34.4, 32.1, 29.6, 27.1, 24.8, 22.6, 20.4, 18.2, 16.2, 13.8, 10.8, 7.6, 5.8, 4.2, 3.2, 2.6, 2.4]
)
"""Minutes of a team with nobody missing."""

BY_POSITION = {
    "turnover": ([0.129, 0.112, 0.131], 0.16), "passing": ([5.5, 2.65, 2.05], 0.59), "oreb": ([0.78, 1.32, 3.25], 0.36),
    "dreb": ([3.35, 4.5, 7.7], 0.30), "steal": ([1.30, 1.15, 0.95], 0.28), "block": ([0.38, 0.62, 1.6], 0.40),
    "foul": ([2.5, 2.75, 3.7], 0.18), "drawn": ([0.98, 0.90, 1.18], 0.26),
}  # fmt: skip
"""Talent to its mean by position and the SD of its logarithm."""

ZONE_MIX = np.array([[0.25, 0.20, 0.13, 0.09, 0.33], [0.30, 0.17, 0.10, 0.14, 0.29], [0.47, 0.29, 0.10, 0.03, 0.11]])
ZONE_SPREAD = np.array([5.0, 7.0, 2.6])
"""How alike the mixes of a position are: the sum of a Dirichlet's parameters, times three."""

STARS_THREES, OTHERS_THREES = 0.86, 1.12
"""The best three of a team live less on threes."""

MAKES = np.array([0.645, 0.434, 0.415, 0.386, 0.354])
MAKES_SD = np.array([0.030, 0.026, 0.024, 0.020, 0.018])
FREE_THROWS = ([0.826, 0.796, 0.725], 0.065)


@dataclass(frozen=True, slots=True)
class Talents:
    """One row a player. zones, make: a column for each of ZONES; free_throw, turnover: probabilities.

    use, passing ... foul: weights in rates per 36 minutes. drawn: how often he is fouled, 1 is usual. guard: by how
    much his defence lowers a shot's chance. minutes: of a team with nobody missing.
    """

    minutes: Floats
    use: Floats
    turnover: Floats
    zones: Floats
    make: Floats
    free_throw: Floats
    drawn: Floats
    passing: Floats
    oreb: Floats
    dreb: Floats
    steal: Floats
    block: Floats
    foul: Floats
    guard: Floats

    def take(self, rows: Whole) -> Self:
        """The talents of these players, in any shape of rows."""
        return type(self)(*(getattr(self, each.name)[rows] for each in fields(self)))

    def over(self, rows: Whole, others: Self) -> Self:
        """These, with the rows given replaced."""
        whole = {}
        for each in fields(self):
            column = getattr(self, each.name).copy()
            column[rows] = getattr(others, each.name)
            whole[each.name] = column
        return replace(self, **whole)


def drawn_talents(rng: np.random.Generator, position: Whole, rank: Whole) -> Talents:
    """Talents of players by position (place in POSITIONS) and rank in their team (0 is the best)."""
    count = len(position)
    named = {}
    for name, (by_position, log_sd) in BY_POSITION.items():
        named[name] = np.array(by_position)[position] * np.exp(rng.normal(-(log_sd**2) / 2, log_sd, count))
    spread = USE_SD[np.minimum(rank, len(USE_SD) - 1)]
    use = USE_BY_RANK[np.minimum(rank, len(USE_BY_RANK) - 1)] * np.exp(rng.normal(0, 1, count) * spread)
    use *= np.where((rank >= SHY_FROM) & (rng.random(count) < SHY_SHARE), SHY, 1.0)
    use = np.minimum(use, MOST_USE)
    alike = ZONE_SPREAD[position][:, None] * 3
    zones = rng.standard_gamma(np.maximum(ZONE_MIX[position] * alike, 0.05))
    zones[:, 3:] *= np.where(rank < 3, STARS_THREES, OTHERS_THREES)[:, None]
    zones /= zones.sum(axis=1, keepdims=True)
    better = 0.008 - 0.0022 * np.minimum(rank, 12)
    make = MAKES + better[:, None] + rng.normal(0, 0.008, count)[:, None] + rng.normal(0, 1, (count, 5)) * MAKES_SD
    # A shot taken seldom is not one taken well: those who shoot few threes make fewer.
    make[:, 3:] += 0.05 * np.clip(zones[:, 3:].sum(axis=1) - 0.4, -0.35, 0.15)[:, None]
    means, apart = FREE_THROWS
    free_throw = np.clip(np.array(means)[position] - 0.003 * rank + rng.normal(0.012, apart, count), 0.45, 0.94)
    minutes = MINUTES_BY_RANK[np.minimum(rank, len(MINUTES_BY_RANK) - 1)] * np.exp(rng.normal(0, 0.05, count))
    # Those who pass much lose the ball more often, those who score much are fouled more.
    named["turnover"] *= (named["passing"] / np.array(BY_POSITION["passing"][0])[position]) ** 0.3
    named["passing"] *= (use / 15.5) ** 0.6
    named["drawn"] *= (use / 16.5) ** 0.25
    named["turnover"] *= (use / 16.5) ** -0.10
    return Talents(
        minutes=minutes, use=use, zones=zones, make=np.clip(make, 0.05, 0.85), free_throw=free_throw,
        guard=rng.normal(0.0, 0.010, count), **named,
    )  # fmt: skip
