"""A season of the simulated league, 1,230 games possession by possession, and the truth of one evening."""

from __future__ import annotations

import time
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING

from bench.measuring import Number

if TYPE_CHECKING:
    from collections.abc import Iterator

DRAWS = 2000


def numbers(runs: int) -> Iterator[Number]:
    """Seconds in this process, imports left out: the demo simulates in its own."""
    from fairline.sim.league.league import League
    from fairline.sim.league.truth import truth

    taken = []
    for seed in range(runs):
        begun = time.perf_counter()
        league = League(seed, years=(2025,))
        regular = league.season(2025).regular
        taken.append(time.perf_counter() - begun)
    yield Number(f"simulated season, {len(regular.ids):,} games by possession", median(taken), most=25)
    tips = regular.calendar.tip_at
    begun = time.perf_counter()
    truth(league, [regular.ids[600]], tips[600] - timedelta(hours=1), draws=DRAWS)
    yield Number(f"the truth of one game, {DRAWS:,} nights", time.perf_counter() - begun)
