"""Whatever comes in place of BallDontLie's answers, nothing is raised and no record is lost."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from tests.raw.answers import accounted_for, content, read
from tests.raw.balldontlie.conftest import (
    ADVANCED,
    BOX_SCORES,
    GAMES_OF_A_DAY,
    INJURIES,
    PLAYERS_ACTIVE,
    STATISTICS,
    TEAMS_EVER,
    with_finals,
)  # fmt: skip
from tests.raw.mutations import mutated
from tests.raw.world import League

from fairline.raw.captured import capture_kind

ANSWERS = {
    "balldontlie_games": GAMES_OF_A_DAY, "balldontlie_injuries": INJURIES, "balldontlie_players": PLAYERS_ACTIVE,
    "balldontlie_teams": TEAMS_EVER, "balldontlie_box_scores": BOX_SCORES, "balldontlie_stats": STATISTICS,
    "balldontlie_advanced_stats": ADVANCED,
}  # fmt: skip


@pytest.fixture(scope="module")
def known(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> League:
    return with_finals(League.empty(tmp_path_factory.mktemp("files")), shared)


@pytest.mark.parametrize("kind", ANSWERS)
def test_no_answer_however_broken_raises_or_loses_a_record(kind: str, shared: Path, known: League) -> None:
    # Box scores of two games, the lines of four players each; of other answers the first records.
    most = 4 if kind == "balldontlie_box_scores" else 8

    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(mutated(content(shared, ANSWERS[kind]), most_records=most))
    def every(came: bytes) -> None:
        reading = read(came, kind, known)
        lost = reading.came.filter(~reading.came["row_number"].is_in(list(accounted_for(reading))))
        if kind != "balldontlie_teams":
            assert sum(not _of_no_account(record) for record in lost["row_json"]) <= reading.parsed.duplicates
        assert set(reading.parsed.rows) <= set(capture_kind(kind).tables)

    every()


def _of_no_account(record: str) -> bool:
    """A player who did not play: no minutes, no points, nothing but zeros."""
    told = json.loads(record)
    line = told.get("line", told)
    figures = [cell for name, cell in line.items() if isinstance(cell, int | float) and name not in ("id", "period")]
    return ("pts" in line or "pie" in line) and not any(figures) and float(line.get("min") or 0) == 0
