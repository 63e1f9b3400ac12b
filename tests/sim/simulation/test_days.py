"""Days of the whole platform in one process, from a seed, with everything that can go wrong."""

import os
import subprocess
import sys

import pytest
from tests.postgresql import Server

from fairline.platform.ledger.postgresql import open_postgresql
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


@pytest.mark.parametrize("seed", [3, 6, 15])
def test_a_day_on_postgresql_is_the_day_on_sqlite(runs: Runs, postgresql: Server, seed: int) -> None:
    on_sqlite = runs.run(seed)
    with postgresql.database() as address, Runs(opened=lambda clock: open_postgresql(address, clock)) as on_postgresql:
        assert on_postgresql.run(seed) == on_sqlite
    assert not on_sqlite.broken


def test_a_seed_does_the_same_whatever_the_process_hashes_by(runs: Runs) -> None:
    here = runs.run(5)
    again = subprocess.run(
        [sys.executable, "-c", ONE_RUN], env=os.environ | {"PYTHONHASHSEED": "77"}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert again.stdout.split() == [str(here.steps), here.trace]


def test_a_soak_lives_every_seed_once_and_says_how_it_went() -> None:
    soak = [sys.executable, "-m", "fairline.sim.simulation", "--seeds", "3", "--start", "24"]
    said = subprocess.run(soak, capture_output=True, text=True, check=True).stdout.splitlines()
    assert said[0] == "seed 25 lived through"
    assert said[1] == "3 runs of 1 days, 0 broke a promise"
    assert any(line.strip().endswith("x message late") for line in said[2:])
