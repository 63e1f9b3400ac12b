"""What the tests of NBA.com's answers share."""

import pytest
from tests.raw.nba.reading import holding_games
from tests.raw.world import League


@pytest.fixture
def held(nothing: League) -> League:
    """A home that holds the games whose box scores lie among the payloads."""
    return holding_games(nothing)
