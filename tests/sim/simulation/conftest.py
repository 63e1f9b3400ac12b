"""Runs that share what was learned of the past."""

from collections.abc import Iterator

import pytest

from fairline.sim.simulation.running import Runs


@pytest.fixture(scope="package")
def runs() -> Iterator[Runs]:
    """Simulations in this process."""
    with Runs() as opened:
        yield opened
