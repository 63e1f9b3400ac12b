"""Whatever comes in place of BettingPros' answers, nothing is raised and every record is accounted for."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.raw.answers import accounted_for, content, read
from tests.raw.bettingpros.conftest import EVENTS
from tests.raw.bettingpros.made_up import event, events, line, offer, page, selection
from tests.raw.mutations import mutated
from tests.raw.world import League

from fairline.raw.capture_loading import write_reading

OFFERS = page(
    offer(
        "Herb Jones",
        selection("over", {12: [line(10.5, -115)], 10: [line(10.5, -110), line(11.5, 120)], 0: [line(10.5, -112)]}),
        selection("under", {12: [line(10.5, -105)], 10: [line(10.5, -110, active=False)]}),
    ),
    offer("Nobody Known", selection("over", {19: [line(3.5, 100)]}), market_id=151),
)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> League:
    """The small league with the event of the offers, for every example."""
    league = League.playing(tmp_path_factory.mktemp("files"))
    write_reading(league.warehouse, read(events(event()), "bettingpros_events", league), league.clock.now())
    return league


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_page_of_offers_however_broken_raises_or_loses_a_record(data: st.DataObject, known: League) -> None:
    came = data.draw(mutated(json.dumps(OFFERS).encode()))
    reading = read(came, "bettingpros_offers", known, at="2024-11-12T22:00:00")
    assert len(accounted_for(reading)) + reading.parsed.duplicates >= reading.came.height


def test_no_list_of_events_however_broken_raises_or_loses_a_record(shared: Path, known: League) -> None:
    @settings(max_examples=60, suppress_health_check=list(HealthCheck))
    @given(mutated(content(shared, EVENTS), most_records=3))
    def every(came: bytes) -> None:
        reading = read(came, "bettingpros_events", known)
        assert len(accounted_for(reading)) + reading.parsed.duplicates >= reading.came.height

    every()
