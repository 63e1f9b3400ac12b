"""Whatever comes in place of The Odds API's answers, nothing is raised and every record is accounted for."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from tests.raw.answers import accounted_for, content, holding, read
from tests.raw.mutations import mutated
from tests.raw.odds_api.conftest import EVENTS, GAMES, SLATE, SPREADS
from tests.raw.world import League

from fairline.raw.captured import capture_kind

ANSWERS = {
    "odds_api_historical_events": EVENTS, "odds_api_historical_event_odds": SPREADS, "odds_api_event_odds": SLATE,
}  # fmt: skip


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> League:
    """A home that holds the games of the payloads, for every example."""
    return holding(League.empty(tmp_path_factory.mktemp("files")), GAMES, (), date(2024, 1, 20))


@pytest.mark.parametrize("kind", ANSWERS)
def test_no_answer_however_broken_raises_or_loses_a_record(kind: str, shared: Path, known: League) -> None:
    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(mutated(content(shared, ANSWERS[kind]), most_records=4))
    def every(came: bytes) -> None:
        reading = read(came, kind, known)
        assert len(accounted_for(reading)) + reading.parsed.duplicates >= reading.came.height
        assert set(reading.parsed.rows) <= set(capture_kind(kind).tables)

    every()
