"""What else happens in a play: fouls, steals, passes that become assists, blocks, rebounds.

Each function draws who did it, counts it, and returns his slot (of his own side), -1 where nobody did.
"""

import numpy as np

from fairline.sim.league.floor import Floor
from fairline.sim.league.lineups import FOULED_OUT
from fairline.sim.league.talents import Flags, Floats, Whole

ASSISTED = np.array([0.60, 0.48, 0.44, 0.97, 0.85])
BLOCKED = np.array([0.310, 0.176, 0.070, 0.019, 0.014])
"""Of missed shots from each zone."""
REBOUND_ZONE = np.array([1.22, 1.06, 0.94, 0.98, 0.96, 0.55])
"""How the offence's part of the rebounds changes with where the shot came from; the last for free throws."""
FREE = 5
STOLEN, OFFENSIVE_FOUL = 0.577, 0.115
"""Of turnovers."""
USUAL_PASSES, USUAL_BLOCKS = 14.5, 3.9
"""Sums of the talents of a usual four, and of a usual five."""
NOBODYS_REBOUND, KEPT_THEN = 0.095, 0.35
"""Misses that go out of bounds, and how often the offence keeps the ball then."""


def picked(weights: Floats, chance: Floats) -> Whole:
    """One place in each row, drawn by the row's weights; chance: uniform draws.

    >>> picked(np.array([[1.0, 3.0]]), np.array([0.2])), picked(np.array([[1.0, 3.0]]), np.array([0.3]))
    (array([0]), array([1]))
    """
    upto = np.cumsum(weights, axis=1)
    found = (upto < (chance * upto[:, -1])[:, None]).sum(axis=1)
    place: Whole = np.minimum(found, weights.shape[1] - 1)
    return place


def fouls(floor: Floor, off: Whole, fouled: Flags, chance: Floats) -> Whole:
    """The defender who fouled."""
    rows = np.flatnonzero(fouled)
    return _did(floor, rows, "fouls", 1 - off[rows], floor.weights("foul", 1 - off)[rows], chance)


def turnovers(floor: Floor, off: Whole, slot: Whole, lost: Flags, chance: Floats, rng: np.random.Generator) -> Whole:
    """Who stole the ball; a turnover nobody stole may be the offence's foul."""
    rows = np.flatnonzero(lost)
    floor.count(rows, "turnovers", off[rows], slot[rows])
    kind = rng.random(rows.size)
    charged = rows[(kind >= STOLEN) & (kind < STOLEN + OFFENSIVE_FOUL)]
    floor.count(charged, "fouls", off[charged], slot[charged])
    _call_fouled_out(floor, charged, off[charged], slot[charged])
    stolen = rows[kind < STOLEN]
    return _did(floor, stolen, "steals", 1 - off[stolen], floor.weights("steal", 1 - off)[stolen], chance)


def assists(
    floor: Floor, off: Whole, at: Whole, use: Floats, zone: Whole, made: Flags, chance: Floats,
    rng: np.random.Generator,
) -> Whole:  # fmt: skip
    """Who passed. Those who end many plays make their own shots more often. at: the shooter's place among the five."""
    rows = np.flatnonzero(made)
    others = floor.weights("passing", off)[rows].copy()
    others[np.arange(rows.size), at[rows]] = 0
    passing = (others.sum(axis=1) / USUAL_PASSES) ** 0.3
    own = np.clip(1.205 - 0.0115 * use[rows], 0.6, 1.1)
    helped = rng.random(rows.size) < ASSISTED[zone[rows]] * own * passing
    return _did(floor, rows[helped], "assists", off[rows[helped]], others[helped], chance)


def blocks(floor: Floor, off: Whole, zone: Whole, missed: Flags, chance: Floats, rng: np.random.Generator) -> Whole:
    """Who blocked the shot."""
    rows = np.flatnonzero(missed)
    five = floor.weights("block", 1 - off)[rows]
    blocked = rng.random(rows.size) < BLOCKED[zone[rows]] * (five.sum(axis=1) / USUAL_BLOCKS) ** 0.8
    return _did(floor, rows[blocked], "blocks", 1 - off[rows[blocked]], five[blocked], chance)


def rebounds(
    floor: Floor, off: Whole, zone: Whole, missed: Flags, last_missed: Flags, chance: Floats,
    rng: np.random.Generator,
) -> tuple[Flags, Whole]:  # fmt: skip
    """Whether the offence keeps the ball, and who got the rebound: its own player if it does, else a defender."""
    rows = np.flatnonzero((missed | last_missed) & (floor.clock > 0))
    side = off[rows]
    ours, theirs = floor.weights("oreb", off)[rows], floor.weights("dreb", 1 - off)[rows]
    source = np.where(last_missed[rows], FREE, zone[rows])
    part = ours.sum(axis=1) * REBOUND_ZONE[source]
    part = part / (part + theirs.sum(axis=1))
    nobodys = rng.random(rows.size) < NOBODYS_REBOUND
    keep = rng.random(rows.size) < np.where(nobodys, KEPT_THEN, part)
    kept = np.zeros(off.size, bool)
    kept[rows] = keep
    won, lost = keep & ~nobodys, ~keep & ~nobodys
    who = np.full(off.size, -1)
    for name, some, weights, of in (("oreb", won, ours, side), ("dreb", lost, theirs, 1 - side)):
        found = _did(floor, rows[some], name, of[some], weights[some], chance)
        who = np.where(found >= 0, found, who)
    return kept, who


def _did(floor: Floor, rows: Whole, name: str, side: Whole, weights: Floats, chance: Floats) -> Whole:
    """Draw one of the five of a side in these rows and count it; the slots, -1 in all other rows."""
    who = np.full(floor.row.size, -1)
    who[rows] = floor.on[rows, side, picked(weights, chance[rows])]
    floor.count(rows, name, side, who[rows])
    if name == "fouls":
        _call_fouled_out(floor, rows, side, who[rows])
    return who


def _call_fouled_out(floor: Floor, rows: Whole, side: Whole, slot: Whole) -> None:
    floor.call(rows[floor.fouls_of(rows, side, slot) >= FOULED_OUT])
