"""The routes of raw, analytics, precompute, grading and publishing: 2xx only after the write, told as it was."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.ops.players import landed
from tests.ops.slates import DAY, QUOTED_AT, keep_model, opened
from tests.ops.test_phases import everyone_is_forecast
from tests.services.conftest import Served
from tests.services.league import message, playing, pushed

from fairline.ops.slate import run_slate
from fairline.platform.ledger.access import Scope
from fairline.services.push import envelope

__all__ = ["everyone_is_forecast"]

RANGE = {"start_date": "2024-11-04", "end_date": "2024-11-12"}


@pytest.fixture
def served(home: Path) -> Iterator[Served]:
    """Every role on the small league, nothing forecast yet."""
    with playing(home) as one:
        yield one


def test_a_pushed_capture_is_loaded_and_loaded_once(served: Served):
    with served.station.turn() as at:
        landed(at)
    first = served.ask("POST", "/raw/process", Scope.WRITE, json=pushed("capture-landed"))
    second = served.ask("POST", "/raw/process", Scope.WRITE, json=envelope(message("capture-landed")))
    assert (first.status_code, first.json()["status"], first.json()["counts"]["written"]) == (200, "success", 2)
    assert (second.status_code, second.json()["status"], second.json()["counts"]["written"]) == (200, "no_data", 0)


def test_a_load_that_fails_is_no_success_and_tells_nothing_of_the_inside(served: Served):
    with served.station.turn() as at:
        landed(at)
        at.warehouse.execute("ALTER TABLE raw.players RENAME TO secret_name")
    answer = served.ask("POST", "/raw/process", Scope.WRITE, json=pushed("capture-landed"))
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert "players" not in answer.text
    assert served.station.ledger.runs("raw")[0].status == "failed"


def test_the_quarantine_is_replayed_by_an_admin_alone(served: Served):
    with served.station.turn() as at:
        landed(at, b"<html>Access denied</html>")
    loaded = served.ask("POST", "/raw/process", Scope.WRITE, json=pushed("capture-landed"))
    assert loaded.json()["status"] == "partial"
    assert served.ask("POST", "/raw/quarantine/replay", Scope.WRITE, json={}).status_code == 403
    answer = served.ask("POST", "/raw/quarantine/replay", Scope.ADMIN, json={"kind": "nba_players"})
    assert (answer.status_code, answer.json()["captures"], answer.json()["wait_still"]) == (200, 1, 1)


def test_a_range_of_dates_is_built_and_its_rows_counted(served: Served):
    answer = served.ask(
        "POST", "/analytics/process-date-range", Scope.WRITE, json=RANGE | {"processors": ["player_game_summary"]}
    )
    assert (answer.status_code, answer.json()["rows"]) == (200, {"player_game_summary": 20})
    day = served.ask("POST", "/analytics/process-date-range", Scope.WRITE, json=dict.fromkeys(RANGE, "TODAY"))
    assert (day.json()["start_date"], day.json()["rows"]["player_game_summary"]) == ("2024-11-12", 4)


def test_a_backfill_takes_an_admin(served: Served):
    body = RANGE | {"backfill": True}
    assert served.ask("POST", "/analytics/process-date-range", Scope.WRITE, json=body).status_code == 403
    for _ in range(2):
        answer = served.ask("POST", "/analytics/process-date-range", Scope.ADMIN, json=body)
        assert (answer.status_code, answer.json()["status"]) == (200, "success")
    assert served.station.ledger.runs("analytics")[0].trigger == "backfill"


@pytest.mark.parametrize(
    "body",
    [
        {"start_date": "2024-11-12", "end_date": "2024-11-04"}, {"start_date": "2024-11-12"},
        RANGE | {"processors": ["raw.games"]}, RANGE | {"processors": ["player_game_summary; DROP TABLE raw.games"]},
    ],
)  # fmt: skip
def test_a_range_that_is_none_is_refused(served: Served, body: dict[str, object]):
    assert served.ask("POST", "/analytics/process-date-range", Scope.WRITE, json=body).status_code == 422


@pytest.mark.parametrize(
    ("given", "status"), [("TODAY", "success"), ("2024-11-12", "success"), ("TOMORROW", "no_data")]
)
def test_the_feature_rows_of_a_date_are_kept(served: Served, given: str, status: str):
    answer = served.ask("POST", "/precompute/process-date", Scope.WRITE, json={"analysis_date": given})
    assert (answer.status_code, answer.json()["status"]) == (200, status)
    with served.station.turn() as at:
        held = at.warehouse.query("SELECT count(*) FROM precompute.ml_feature_store").item()
    assert held == answer.json()["counts"].get("rows", 0)


def test_nothing_predicted_is_nothing_to_grade_or_to_publish(served: Served):
    for path in ("/grading/grade-date", "/publishing/export"):
        answer = served.ask("POST", path, Scope.WRITE, json={"date": "2024-11-12"})
        assert (answer.status_code, "fairline run" in answer.json()["hint"]) == (404, True)


def test_a_date_is_graded_and_published_over_http(home: Path):
    with opened(home, now=QUOTED_AT) as at:
        keep_model(at)
        run_slate(at, DAY, ["points"])
        at.warehouse.execute("UPDATE raw.games SET status = 'final' WHERE game_date = ?", [DAY])
    with playing(home, now=QUOTED_AT + timedelta(days=2)) as served:
        body = {"date": "2024-11-12"}
        served.ask("POST", "/analytics/process-date-range", Scope.ADMIN, json=RANGE | {"backfill": True})
        graded = served.ask("POST", "/grading/grade-date", Scope.WRITE, json=body)
        assert (graded.status_code, graded.json()["status"]) == (200, "success")
        exported = served.ask("POST", "/publishing/export", Scope.WRITE, json=body)
        assert (exported.status_code, exported.json()["counts"]) == (200, {"documents": 3, "written": 0})
        for kind in ("predictions", "best-bets", "results"):
            told = served.ask("GET", f"/publishing/v1/{kind}/2024-11-12.json", Scope.READ)
            assert told.content == served.station.objects.get(f"v1/{kind}/2024-11-12.json")
            assert told.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    "path",
    [
        "predictions/2024-11-12.json", "../models/points/known-to/x.json", "..%2F..%2Fhome.json", "%2e%2e/home.json",
        "predictions//x.json", "./x.json", "/etc/passwd.json", "predictions/2024-11-12", "x\\..\\y.json", "%00.json",
    ],
)  # fmt: skip
def test_nothing_but_published_documents_can_be_had(served: Served, path: str):
    answer = served.ask("GET", f"/publishing/v1/{path}", Scope.READ)
    assert answer.status_code in {404, 422}
    assert answer.headers["content-type"] == "application/problem+json"


def test_every_route_refuses_who_has_no_key_and_who_has_too_little_of_one(served: Served):
    described = served.ask("GET", "/openapi.json", Scope.READ).json()["paths"]
    routes = [(method.upper(), path) for path, methods in described.items() for method in methods if path != "/health"]
    assert len(routes) > 20
    for method, path in routes:
        asked = path.replace("{path}", "x.json").replace("{name}", "morning").replace("{", "1").replace("}", "")
        assert served.ask(method, asked).status_code == 401, path
        if method == "POST":
            assert served.ask(method, asked, Scope.READ).status_code == 403, path
