"""Where each shot was taken: every attempt of the kept events, with a place on the floor drawn by its zone."""

import numpy as np
import polars as pl

from fairline.sim.league.seasons import Stretch
from fairline.sim.league.streams import stream
from fairline.sim.league.talents import THREES, Floats, Whole

NEAREST, FARTHEST = np.array([0.0, 5.0, 13.5, 22.0, 23.8]), np.array([4.2, 13.0, 22.0, 23.6, 28.5])
"""Feet from the rim, by zone."""
CORNER = 3
RIM_FROM_BASELINE = 5.25
HALF_WIDTH = 24.5


def shots(stretch: Stretch, seed: int) -> pl.DataFrame:
    """A row an attempt in order: `row`, `player` (row of the people), `team` (place among the teams), `period`,
    `clock` (seconds left in it), `made`, `zone`, `distance`, `x`, `y` (feet; from the rim across, from the baseline).
    """  # noqa: D205 - a list of columns
    events = stretch.played.events
    tried = np.flatnonzero(events["tried"] == 1)
    row, side, slot = (events[name][tried] for name in ("game", "side", "slot"))
    zone = events["zone"][tried]
    x, y = np.zeros(len(zone)), np.zeros(len(zone))
    for place, game in enumerate(stretch.ids):
        own = row == place
        x[own], y[own] = _places(zone[own], stream(seed, "shots", game))
    return pl.DataFrame({
        "row": row.astype(np.int64), "player": stretch.slate.slots[row, side, slot],
        "team": stretch.sides[row, side], "period": events["period"][tried].astype(np.int64),
        "clock": events["clock"][tried].astype(np.int64), "made": events["made"][tried] == 1,
        "zone": zone.astype(np.int64), "three": zone >= THREES[0],
        "distance": np.hypot(x, y - RIM_FROM_BASELINE).astype(np.int64), "x": x, "y": y,
    }).sort("row", maintain_order=True)  # fmt: skip


def _places(zone: Whole, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Across and along: between the nearest and the farthest of the zone, in front of the rim or beside it."""
    far = NEAREST[zone] + (FARTHEST - NEAREST)[zone] * rng.beta(1.1, 1.6, len(zone))
    angle = rng.uniform(0.06, np.pi - 0.06, len(zone))
    # Behind the arc but for the corners nobody stands near the baseline: there the line is nearer.
    angle = np.where(zone > CORNER, rng.uniform(0.42, np.pi - 0.42, len(zone)), angle)
    left = np.where(rng.random(len(zone)) < 0.5, -1.0, 1.0)
    x, y = far * np.cos(angle), far * np.sin(angle) + RIM_FROM_BASELINE
    corner = zone == CORNER
    beside = np.clip(far, 22.0, HALF_WIDTH)
    x = np.where(corner, left * beside, np.clip(x, -HALF_WIDTH, HALF_WIDTH))
    y = np.where(corner, rng.uniform(0.5, 9.0, len(zone)), y)
    return np.round(x, 1).astype(np.float64), np.round(y, 2).astype(np.float64)
