"""Many runs, each core its share of the seeds, told as they end."""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING

from fairline.sim.simulation.running import Runs

if TYPE_CHECKING:
    from fairline.sim.simulation.running import Outcome

TOLD_EVERY = 25
WHERE = re.compile(r"( \d+)? at .*")
"""In what happened, which of the processes of a name it was, and at which step."""


def soak(seeds: range, days: int) -> tuple[int, Counter[str]]:
    """Run all seeds, telling of some and of each that broke a promise; how many did, and what happened in all."""
    at_once = max(1, min(len(seeds), os.cpu_count() or 1))
    # Each process has engines with threads, which do not live through a fork.
    with ProcessPoolExecutor(at_once, mp_context=get_context("spawn")) as processes:
        shares = [seeds[place::at_once] for place in range(at_once)]
        lived = list(processes.map(partial(_live, days=days), shares))
    return sum(failed for failed, _ in lived), sum((did for _, did in lived), Counter())


def _live(seeds: range, days: int) -> tuple[int, Counter[str]]:
    failed, did = 0, Counter[str]()
    with Runs() as runs:
        for seed in seeds:
            outcome = runs.run(seed, days)
            failed += bool(outcome.broken)
            for what, times in outcome.did.items():
                did[WHERE.sub("", what)] += times
            _tell(outcome)
    return failed, did


def _tell(outcome: Outcome) -> None:
    if outcome.broken:
        lines = "".join(f"    {line}\n" for line in outcome.broken[:5])
        text = f"seed {outcome.seed} broke a promise; again by: {outcome.command}\n{lines}"
    elif outcome.seed % TOLD_EVERY == 0:
        text = f"seed {outcome.seed} lived through\n"
    else:
        return
    # In one piece, for others write too.
    sys.stdout.write(text)
    sys.stdout.flush()
