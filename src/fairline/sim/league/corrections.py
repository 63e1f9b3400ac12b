"""Stat corrections: what box scores say on the night and what the league makes of it the next day."""

from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from fairline.sim.league.seasons import Stretch
from fairline.sim.league.streams import stream
from fairline.sim.league.tally import AT

SHARE = 0.08
"""Of games that are corrected."""
CORRECTED_AFTER = timedelta(hours=20)
"""After tip-off."""
CORRECTED = ("assists", "dreb", "steals", "blocks")


def counts_told(stretch: Stretch, seed: int, at: datetime | None = None) -> NDArray[np.int16]:
    """The counts of a stretch's games as they are told at a time; the final ones without a time.

    A correction takes one count from a player and gives it to another of his team, so that no score changes.
    """
    if at is None:
        return stretch.played.counts
    fresh = [row for row, tip in enumerate(stretch.calendar.tip_at) if at < tip + CORRECTED_AFTER]
    moved = {row: found for row in fresh if (found := correction_of(stretch, row, seed)) is not None}
    if not moved:
        return stretch.played.counts
    counts = stretch.played.counts.copy()
    for row, (name, side, his, told) in moved.items():
        counts[row, side, his, AT[name]] -= 1
        counts[row, side, told, AT[name]] += 1
    return counts


def correction_of(stretch: Stretch, row: int, seed: int) -> tuple[str, int, int, int] | None:
    """What was told wrongly at first: the count, the side, the slot of whose it is, and of whom it was told."""
    rng = stream(seed, "corrections", stretch.ids[row])
    wrong, which, side = rng.random() < SHARE, int(rng.integers(len(CORRECTED))), int(rng.integers(2))
    name = CORRECTED[which]
    counts = stretch.played.counts[row, side]
    his = np.flatnonzero(counts[:, AT[name]] > 0)
    if not wrong or not his.size:
        return None
    owner = int(rng.choice(his))
    others = np.flatnonzero((counts[:, AT["seconds"]] > 0) & (np.arange(len(counts)) != owner))
    return name, side, owner, int(rng.choice(others))
