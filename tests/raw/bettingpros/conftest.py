"""What the tests of BettingPros' answers share."""

import pytest
from tests.raw.answers import read
from tests.raw.bettingpros.made_up import event, events
from tests.raw.world import League

from fairline.raw.capture_loading import write_reading

EVENTS = "bettingpros/bp_events_raw_75470647.json.gz"


@pytest.fixture
def listed(league: League) -> League:
    """The small league, with BettingPros' event of Boston at New York."""
    reading = read(events(event()), "bettingpros_events", league, at="2024-11-12T15:00:00")
    assert write_reading(league.warehouse, reading, league.clock.now()).written == 1
    return league
