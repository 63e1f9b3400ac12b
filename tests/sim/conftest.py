"""What the tests of the simulated league share: a season of it."""

import pytest
from tests.sim.leagues import whole_league

from fairline.sim.league.seasons import Season, Stretch


@pytest.fixture(scope="module")
def season() -> Season:
    """The league's season of 2025."""
    return whole_league().season(2025)


@pytest.fixture(scope="module")
def regular(season: Season) -> Stretch:
    """Its regular season."""
    return season.regular
