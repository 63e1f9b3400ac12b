"""The simulation finds things: bugs planted in the platform are found within a stated number of seeds."""

import os

import pytest
from tests.sim.simulation.planted import PLANTED, planted

from fairline.sim.simulation.running import Runs

IN_EVERY_RUN = ("published_before_kept", "doubled_write", "absent_graded_as_none", "news_unheeded")
"""Four that the first seed finds; all of them when FAIRLINE_PLANTED is set, as `make soak` does."""

LOOKED_FOR = tuple(PLANTED) if os.environ.get("FAIRLINE_PLANTED") else IN_EVERY_RUN


@pytest.mark.parametrize("name", LOOKED_FOR)
def test_a_planted_bug_is_found(runs: Runs, name: str) -> None:
    with planted(name) as bug:
        assert any(runs.run(seed).broken for seed in range(bug.within)), f"not found: {bug.means}"
