"""Whatever comes in place of ESPN's answers, nothing is raised and no record is lost."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from tests.raw.answers import accounted_for, content, holding, read
from tests.raw.espn.conftest import BOX_SCORE, GAMES, ROSTER, ROSTER_PAGE, SCOREBOARD, as_page, everyone, page_content
from tests.raw.mutations import mutated
from tests.raw.world import League

from fairline.raw.captured import capture_kind


@pytest.fixture(scope="module")
def known(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> League:
    league = League.empty(tmp_path_factory.mktemp("files"))
    return holding(league, GAMES, everyone(shared), date(2024, 1, 10))


@pytest.mark.parametrize(("kind", "path"), [("espn_scoreboard", SCOREBOARD), ("espn_roster", ROSTER)])
def test_no_answer_however_broken_raises_or_loses_a_record(kind: str, path: str, shared: Path, known: League) -> None:
    @settings(max_examples=40, suppress_health_check=list(HealthCheck))
    @given(mutated(content(shared, path), most_records=3))
    def every(came: bytes) -> None:
        reading = read(came, kind, known)
        assert len(accounted_for(reading)) + reading.parsed.duplicates >= reading.came.height
        assert set(reading.parsed.rows) <= set(capture_kind(kind).tables)

    every()


@pytest.mark.parametrize(("kind", "path"), [("espn_box_score", BOX_SCORE), ("espn_roster_page", ROSTER_PAGE)])
def test_no_page_however_broken_raises(kind: str, path: str, shared: Path, known: League) -> None:
    part = "gamepackage" if kind == "espn_box_score" else "roster"
    inside = page_content(shared, path)["page"]["content"][part]
    kept = {key: inside[key] for key in ("gmStrp", "bxscr", "team", "athletes") if key in inside}
    if "gmStrp" in kept:
        kept["gmStrp"].pop("tmsOrdrd")

    @settings(max_examples=20, suppress_health_check=list(HealthCheck))
    @given(mutated(json.dumps(kept).encode(), most_records=20))
    def every(came: bytes) -> None:
        try:
            page = as_page({"page": {"content": {part: json.loads(came)}}})
        except (ValueError, RecursionError):
            page = came
        reading = read(page, kind, known)
        idle = reading.came.filter(~reading.came["row_number"].is_in(list(accounted_for(reading))))
        # The one record that may come to nothing: a player without minutes, counts and reason.
        assert len(idle) <= reading.parsed.duplicates or '"stats"' not in "".join(idle["row_json"])
        assert set(reading.parsed.rows) <= set(capture_kind(kind).tables)

    every()
