"""The coordinator's routes: what 202, 404 and 409 mean, also after a restart; nothing told but from the ledger."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from tests.ops.slates import DAY, LATER, QUOTED_AT, keep_model, opened
from tests.ops.test_phases import everyone_is_forecast
from tests.services.conftest import Served
from tests.services.league import learned, message, playing, pushed

from fairline.platform.ledger.access import Scope
from fairline.platform.ledger.contract import TaskEnd, TaskOutcome, TaskState
from fairline.services.batch_canary import batch_there_and_back
from fairline.services.push import envelope

__all__ = ["everyone_is_forecast"]

START = {"game_date": "2024-11-12", "markets": ["points"]}


@pytest.fixture
def alone(home: Path) -> Iterator[Served]:
    """A coordinator without workers: what it opens stays open."""
    with playing(learned(home), "coordinator") as served:
        yield served


def test_a_started_batch_is_worked_at_completed_and_published_by_the_process_alone(home: Path):
    with playing(learned(home)) as served:
        answer = served.ask("POST", "/coordinator/start", Scope.WRITE, json=START)
        assert answer.status_code == 202
        batch = answer.json()
        assert (batch["expected"], batch["tasks"], batch["skipped"]) == (4, 6, {})
        status = _when_closed(served, batch["batch_id"])
        assert (status["status"], status["units"]["done"], status["percent_done"]) == ("done", 4, 100)
        assert {task["state"] for task in status["tasks"]} == {"done"}
        document = served.ask("GET", f"/publishing/v1/predictions/{DAY}.json", Scope.READ)
        assert document.json()["generated_from"]["batch"] == batch["batch_id"]
        again = served.ask("POST", "/coordinator/complete", Scope.WRITE, json=pushed("task-done"))
        assert (again.status_code, again.json()["status"]) == (200, "no_data")


def _when_closed(served: Served, batch_id: str) -> dict[str, object]:
    """The batch's status once its background work is through: each question waits for the one before."""
    for _ in range(600):
        status: dict[str, object] = served.ask(
            "GET", "/coordinator/status", Scope.READ, params={"batch_id": batch_id}
        ).json()
        if status["status"] != "open":
            return status
    pytest.fail(f"{batch_id} stayed open: {status}")


def test_a_second_start_is_refused_while_a_batch_is_open_also_after_a_restart(home: Path):
    with playing(learned(home), "coordinator") as served:
        first = served.ask("POST", "/start", Scope.WRITE, json=START)
        assert (first.status_code, served.ask("POST", "/start", Scope.WRITE, json=START).status_code) == (202, 409)
    with playing(home, "coordinator", now=QUOTED_AT + timedelta(minutes=1)) as served:
        refused = served.ask("POST", "/coordinator/start", Scope.WRITE, json=START)
        assert (refused.status_code, refused.headers["content-type"]) == (409, "application/problem+json")
        assert refused.json()["hint"]


def test_of_many_who_start_at_once_one_opens_the_batch(alone: Served):
    with ThreadPoolExecutor(12) as callers:
        asked = [callers.submit(alone.ask, "POST", "/start", Scope.WRITE, json=START) for _ in range(12)]
        statuses = sorted(each.result().status_code for each in asked)
    assert statuses == [202] + [409] * 11
    assert len(alone.station.ledger.open_batches()) == 1


def test_who_waited_while_another_start_was_served_and_completed_opens_no_second_batch(home: Path):
    with playing(learned(home)) as served, ThreadPoolExecutor(12) as callers:
        asked = [callers.submit(served.ask, "POST", "/coordinator/start", Scope.WRITE, json=START) for _ in range(12)]
        statuses = sorted(each.result().status_code for each in asked)
        batches = served.station.ledger.batches()
    assert (statuses, len(batches)) == ([202] + [409] * 11, 1)


def test_a_date_without_a_slate_is_not_found(alone: Served):
    answer = alone.ask("POST", "/start", Scope.WRITE, json={"game_date": "2024-07-04"})
    assert (answer.status_code, alone.station.ledger.batches()) == (404, [])


def test_without_a_model_nothing_is_opened(home: Path):
    with playing(home, "coordinator") as served:
        answer = served.ask("POST", "/start", Scope.WRITE, json=START)
        assert (answer.status_code, served.station.ledger.batches()) == (404, [])
        assert "fairline train" in answer.json()["hint"]


def test_today_is_the_eastern_date(home: Path):
    with playing(learned(home), "coordinator", now=QUOTED_AT + timedelta(hours=4)) as served:
        answer = served.ask("POST", "/start", Scope.WRITE, json=START | {"game_date": "TODAY"})
        assert answer.json()["game_date"] == "2024-11-12"


@pytest.mark.parametrize(
    "body",
    [
        {}, {"game_date": "tonight"}, {"game_date": "2024-02-30"}, {"game_date": "0001-01-01"},
        START | {"markets": ["home_runs"]}, START | {"markets": ["double_double"]}, START | {"systems": ["oracle"]},
        START | {"dry_run": True}, START | {"markets": ["points"] * 1000}, START | {"force": "perhaps"},
        START | {"game_date": "2024-11-12'; DROP TABLE raw.games; --"}, START | {"markets": ["points'--"]}, [],
    ],
)  # fmt: skip
def test_what_breaks_the_contract_of_a_start_is_told_and_opens_nothing(alone: Served, body: object):
    answer = alone.ask("POST", "/start", Scope.WRITE, json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert alone.station.ledger.batches() == []


def test_to_force_a_start_takes_an_admin_and_ends_the_open_batch(alone: Served):
    first = alone.ask("POST", "/start", Scope.WRITE, json=START).json()
    assert alone.ask("POST", "/start", Scope.WRITE, json=START | {"force": True}).status_code == 403
    second = alone.ask("POST", "/start", Scope.ADMIN, json=START | {"force": True, "systems": ["moving_average"]})
    assert (second.status_code, second.json()["tasks"]) == (202, 1)
    [open_batch] = alone.station.ledger.open_batches()
    assert open_batch.batch_id == second.json()["batch_id"] != first["batch_id"]
    told = alone.ask("GET", "/batches", Scope.READ, params={"game_date": "2024-11-12"}).json()
    assert {batch["batch_id"] for batch in told} == {first["batch_id"], second.json()["batch_id"]}


def test_the_canary_of_readiness_is_in_no_list_of_batches(alone: Served):
    batch_there_and_back(alone.station.ledger)
    assert alone.ask("GET", "/batches", Scope.READ).json() == []


@pytest.mark.parametrize(
    ("batch_id", "status"), [("2024-11-12/slate/none", 404), ("", 422), ("a' OR '1'='1", 422), ("x" * 500, 422)]
)
def test_a_batch_nobody_opened_is_not_found_and_no_statement(alone: Served, batch_id: str, status: int):
    assert alone.ask("GET", "/status", Scope.READ, params={"batch_id": batch_id}).status_code == status


def test_a_push_is_heard_as_the_envelope_of_pub_sub_and_plain(alone: Served):
    for body in (pushed("task-done"), envelope(message("task-done"))):
        assert alone.ask("POST", "/complete", Scope.WRITE, json=body).json()["status"] == "no_data"


@pytest.mark.parametrize("body", [{}, {"message": {"data": "%%%"}}, {"message": {"data": "e30="}}, "task-done"])
def test_a_push_that_is_no_message_is_refused(alone: Served, body: object):
    assert alone.ask("POST", "/complete", Scope.WRITE, json=body).status_code == 422


def test_a_message_for_another_role_is_refused_with_what_to_look_at(alone: Served):
    answer = alone.ask("POST", "/complete", Scope.WRITE, json=pushed("raw-loaded"))
    assert (answer.status_code, "subscription" in answer.json()["hint"]) == (422, True)


def test_a_batch_without_progress_is_requeued_and_said_so(home: Path):
    with playing(learned(home), "coordinator") as served:
        batch_id = served.ask("POST", "/start", Scope.WRITE, json=START).json()["batch_id"]
    with playing(home, "coordinator", now=QUOTED_AT + timedelta(minutes=11)) as served:
        [verdict] = served.ask("POST", "/check-stalled", Scope.WRITE).json()
        assert (verdict["batch_id"], verdict["action"]) == (batch_id, "requeued")
        status = served.ask("GET", "/status", Scope.READ, params={"batch_id": batch_id}).json()
        assert status["requeued"] == 1


def test_a_buried_message_is_listed_and_replayed_by_an_admin_alone(alone: Served):
    alone.station.ledger.bury("coordinator", pushed("task-done"), "ConnectionError: gone")
    [letter] = alone.ask("GET", "/dead-letters", Scope.READ).json()["messages"]
    assert (letter["subscriber"], letter["error"]) == ("coordinator", "ConnectionError: gone")
    path = f"/dead-messages/{letter['letter_id']}/replay"
    assert alone.ask("POST", path, Scope.WRITE).status_code == 403
    assert alone.ask("POST", path, Scope.ADMIN).json()["status"] == "no_data"
    assert alone.ask("GET", "/dead-letters", Scope.READ).json()["messages"] == []
    assert alone.ask("POST", path, Scope.ADMIN).status_code == 404


def test_a_task_that_failed_is_listed_and_freed_by_an_admin_alone(alone: Served):
    ledger = alone.station.ledger
    batch_id = alone.ask("POST", "/start", Scope.WRITE, json=START).json()["batch_id"]
    claim = ledger.claim("predict", "a worker", timedelta(minutes=1))
    assert claim is not None
    ledger.finish(claim, TaskOutcome(TaskEnd.FAILED, "ValueError: no luck"))
    [task] = alone.ask("GET", "/dead-letters", Scope.READ).json()["tasks"]
    assert (task["batch_id"], task["state"], task["reason"]) == (batch_id, "failed", "ValueError: no luck")
    path = f"/dead-letters/{task['task_id']}/replay"
    assert alone.ask("POST", path, Scope.WRITE).status_code == 403
    assert alone.ask("POST", path, Scope.ADMIN).json() == {"task_id": task["task_id"]}
    assert {held.state for held in ledger.tasks_of(batch_id)} == {TaskState.FREE}
    assert alone.ask("POST", path, Scope.ADMIN).status_code == 409
    assert alone.ask("POST", "/dead-letters/4711/replay", Scope.ADMIN).status_code == 404


def test_a_day_gone_by_of_which_every_model_knows_more_is_refused_and_not_fitted_in_the_request(home: Path):
    with opened(home) as at:
        keep_model(at, known_to=LATER)
    with playing(home, "coordinator", now=LATER) as served:
        answer = served.ask("POST", "/start", Scope.WRITE, json=START)
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:fairline:LookAhead")
        assert served.station.ledger.runs("train") == []
