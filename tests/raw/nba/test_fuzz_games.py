"""Whatever comes in place of a schedule or box score, nothing is raised and every record is accounted for."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.raw.mutations import mutated
from tests.raw.nba.reading import accounted_for, content, holding_games, kind_called, read
from tests.raw.nba.test_box_score import DETAILS, LOG, PHILADELPHIA, TORONTO
from tests.raw.nba.test_schedule import HEADER, SCOREBOARD, SEASON, scoreboard_v2
from tests.raw.world import BOS, NYK, League

ANSWERS = {
    "nba_schedule": SEASON, "nba_scoreboard": SCOREBOARD, "leaguegamelog_players": LOG, "nba_box_score": TORONTO,
    "nba_box_score_v2": PHILADELPHIA, "nba_box_score_misc": DETAILS["nba_box_score_misc"],
}  # fmt: skip


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> League:
    """A home that holds the games of the payloads, for every example."""
    return holding_games(League.empty(tmp_path_factory.mktemp("files")))


@pytest.mark.parametrize("kind", ANSWERS)
def test_no_answer_however_broken_raises_or_loses_a_record(kind: str, shared: Path, known: League) -> None:
    @settings(max_examples=40, suppress_health_check=list(HealthCheck))
    @given(mutated(content(shared, ANSWERS[kind]), most_records=4))
    def every(came: bytes) -> None:
        reading = read(came, kind, "2025-11-05T14:00:00", known)
        assert accounted_for(reading) or kind == "nba_box_score_misc"
        assert set(reading.parsed.rows) <= set(kind_called(kind).tables)

    every()


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_scoreboard_of_the_second_version_however_broken_raises(data: st.DataObject, known: League) -> None:
    whole = scoreboard_v2(HEADER, ("0022400101", BOS, None), ("0022400101", NYK, None))
    came = data.draw(mutated(json.dumps(whole).encode()))
    read(came, "nba_scoreboard_v2", "2024-11-04T12:00:00", known)
