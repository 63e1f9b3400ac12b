"""Days of the whole platform in one process, from a seed, with everything that can go wrong."""

import os
import subprocess
import sys

import pytest

from fairline.sim.simulation.running import Runs

SEEDS = int(os.environ.get("FAIRLINE_SEEDS", "30"))
WEEK = int(os.environ.get("FAIRLINE_SIMULATED_WEEK", "7"))
"""Days of the longer run."""

ONE_RUN = """
from fairline.sim.simulation.running import Runs
with Runs() as runs:
    outcome = runs.run(5)
print(outcome.steps, outcome.trace)
"""


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_day_of_crashes_and_lost_messages_breaks_no_promise(runs: Runs, seed: int) -> None:
    outcome = runs.run(seed)
    assert not outcome.broken, f"again by: {outcome.command}\n" + "\n".join(outcome.broken)
    assert outcome.steps > 100


def test_days_on_end_break_no_promise(runs: Runs) -> None:
    outcome = runs.run(1_000, WEEK)
    assert not outcome.broken, f"again by: {outcome.command}\n" + "\n".join(outcome.broken)


def test_a_seed_does_the_same_whatever_the_process_hashes_by(runs: Runs) -> None:
    here = runs.run(5)
    again = subprocess.run(
        [sys.executable, "-c", ONE_RUN], env=os.environ | {"PYTHONHASHSEED": "77"}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert again.stdout.split() == [str(here.steps), here.trace]
