"""What every service answers: alive, ready, which version, its counts, its contract and the page that lists it."""

import re
import threading
from typing import Any

import pytest
from fastapi import APIRouter
from pydantic import BaseModel
from tests.services.conftest import Served, Serving, role

from fairline.domain.errors import Busy, NotFound
from fairline.ops.versions import commit, config_hash, versions
from fairline.platform.ledger.access import Scope
from fairline.platform.settings import load_settings
from fairline.services.app import roles_named
from fairline.services.common import READY_FOR_S, Readiness
from fairline.services.contract import Check, Role
from fairline.services.guard import needs
from fairline.services.station import Station

GOOD, BAD = Check("ledger", ok=True, detail="answers"), Check("model", ok=False, detail="none", hint="fairline train")


def told_by(*checks: Check) -> Role:
    return role("patient", APIRouter(), lambda _: list(checks))


def raising(error: Exception) -> Role:
    def ready(_: Station) -> list[Check]:
        raise error

    return role("broken", APIRouter(), ready)


def test_ready_is_200_only_when_every_check_of_every_role_is_well(served: Serving):
    answer = served(told_by(GOOD), told_by(GOOD)).ask("GET", "/ready", Scope.READ)
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")
    assert [check["name"] for check in answer.json()["checks"]] == ["ledger", "ledger"]


def test_ready_is_503_with_what_is_wrong_and_the_next_step(served: Serving):
    house = served(told_by(GOOD, BAD))
    answer = house.ask("GET", "/ready", Scope.READ)
    told = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert (told["hint"], [check["ok"] for check in told["checks"]]) == ("fairline train", [True, False])
    assert "patient (model)" in told["detail"]
    assert house.ask("GET", "/health").status_code == 200


def test_a_check_that_fails_unforeseen_is_no_readiness_and_tells_no_secret(place: Station):
    known = Readiness([raising(NotFound("no model", hint="fairline train"))], place).checks()
    unknown = Readiness([raising(RuntimeError("password swordfish"))], place).checks()
    assert known[0].check == Check("broken", ok=False, detail="no model", hint="fairline train")
    assert (unknown[0].check.ok, unknown[0].check.detail) == (False, "RuntimeError")


def test_the_real_path_is_walked_once_for_many_callers_and_again_later(place: Station):
    walked: list[int] = []
    now = [0.0]

    def ready(_: Station) -> list[Check]:
        walked.append(1)
        return [GOOD]

    readiness = Readiness([role("walker", APIRouter(), ready)], place, seconds=lambda: now[0])
    threads = [threading.Thread(target=readiness.checks) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(walked) == 1
    now[0] = READY_FOR_S
    readiness.checks()
    assert len(walked) == 2


def test_a_walk_that_does_not_end_keeps_nobody_waiting_for_ever(place: Station, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("fairline.services.common.WAIT_FOR_CHECK_S", 0.01)
    entered, gate = threading.Event(), threading.Event()

    def ready(_: Station) -> list[Check]:
        entered.set()
        assert gate.wait(30)
        return [GOOD]

    readiness = Readiness([role("slow", APIRouter(), ready)], place)
    walking = threading.Thread(target=readiness.checks)
    walking.start()
    assert entered.wait(30)
    with pytest.raises(Busy):
        readiness.checks()
    gate.set()
    walking.join()


def test_version_tells_what_runs_and_on_which_settings_and_models(served: Serving, place: Station):
    place.objects.put("models/points/known-to/20251127T060000000000Z", b"old")
    place.objects.put("models/points/known-to/20251128T060000000000Z", b"new")
    told = served(told_by(GOOD)).ask("GET", "/version", Scope.READ).json()
    assert told["models"] == {"points": "new"}
    assert told["config_hash"] == config_hash(place.settings)
    assert (told["home_schema"], told["roles"]) == (None, ["patient"])
    assert told["commit"] == commit()


def test_the_hash_of_settings_sees_a_changed_bankroll_and_neither_folder_nor_secret(tmp_path: Any):
    plain = config_hash(load_settings(home=tmp_path / "a"))
    assert config_hash(load_settings(home=tmp_path / "b", odds_api_key="x", threads=1)) == plain
    assert config_hash(load_settings(home=tmp_path / "a", bankroll=1000)) != plain


def test_the_commit_is_read_from_the_checkout_without_asking_git(tmp_path: Any):
    from fairline.ops.versions import _of_checkout

    git = tmp_path / ".git"
    (git / "refs" / "heads").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    assert _of_checkout(git) is None
    (git / "packed-refs").write_text("# pack-refs\n1111 refs/heads/main\n2222 refs/heads/other\n")
    assert _of_checkout(git) == "1111"
    (git / "refs" / "heads" / "main").write_text("3333\n")
    assert _of_checkout(git) == "3333"
    (git / "HEAD").write_text("4444\n")
    assert _of_checkout(git) == "4444"
    assert _of_checkout(tmp_path / "nowhere") is None


def test_versions_of_a_home_that_is_there_tell_its_schema(home: Any):
    from fairline.platform.objects import ObstoreObjects

    told = versions(ObstoreObjects.local(home / "objects"), load_settings(home=home))
    assert told.home_schema == told.schema_version


def test_metrics_count_by_route_template_and_never_by_a_callers_text(served: Serving):
    router = APIRouter()

    @router.get("/of/{name}", dependencies=[needs(Scope.READ)])
    def of(name: str) -> str:
        return name

    house = served(role("counted", router))
    for path in ("/of/a", "/of/b", "/no/such/path"):
        house.ask("GET", path, Scope.READ)
    house.ask("GET", "/of/c")
    house.ask("BREW", "/of/d", Scope.READ)
    text = house.ask("GET", "/metrics", Scope.READ).text
    assert 'fairline_requests_total{method="GET",route="/of/{name}",status="200"} 2.0' in text
    assert 'fairline_requests_total{method="GET",route="/of/{name}",status="401"} 1.0' in text
    assert 'fairline_requests_total{method="other",route="/of/{name}",status="405"} 1.0' in text
    assert 'fairline_requests_total{method="GET",route="(none)",status="404"} 1.0' in text
    assert "fairline_requests_in_flight 1.0" in text
    assert "/no/such/path" not in text


def test_metrics_tell_batches_and_tasks_as_the_ledger_has_them(served: Serving, place: Station):
    from datetime import date

    from fairline.platform.ledger.contract import Batch, Task, Unit

    units = (Unit("0022500301", 203999, "points"),)
    place.ledger.open(Batch("b-1", date(2025, 11, 28), "slate", units, (Task("predict", "points/ridge"),)))
    text = served(told_by(GOOD)).ask("GET", "/metrics", Scope.READ).text
    assert 'fairline_batches{status="open"} 1.0' in text
    assert 'fairline_tasks{state="free"} 1.0' in text
    assert "fairline_ledger_reached 1.0" in text


class Wanted(BaseModel):
    word: str


@pytest.fixture
def described(served: Serving) -> Served:
    router = APIRouter()

    @router.post("/do/{name}", dependencies=[needs(Scope.WRITE)])
    def do(name: str, wanted: Wanted, often: int = 1) -> Wanted:
        """Do it <b>boldly</b>."""
        del name, often
        return wanted

    return served(role("described", router))


def test_every_route_documents_its_key_and_every_problem_it_may_answer(described: Served):
    told = described.ask("GET", "/openapi.json", Scope.READ).json()
    assert told["components"]["securitySchemes"]["key"] | {"description": ""} == {
        "type": "apiKey", "in": "header", "name": "X-API-Key", "description": "",
    }  # fmt: skip
    for path, operations in told["paths"].items():
        for method, operation in operations.items():
            assert bool(operation.get("security")) == (path != "/health"), path
            assert {"400", "401", "403", "404", "409", "413", "422", "429", "503"} <= operation["responses"].keys()
            problem = operation["responses"]["422"]["content"]
            assert list(problem) == ["application/problem+json"], (method, path)
    assert "Problem" in told["components"]["schemas"]
    assert {"/health", "/ready", "/version", "/metrics", "/lend"} <= told["paths"].keys()


def test_the_page_of_routes_runs_no_script_and_loads_nothing(described: Served):
    answer = described.ask("GET", "/docs", Scope.READ)
    page = answer.text
    assert "<script" not in page
    assert "src=" not in page
    assert "http://" not in page
    assert "https://" not in page
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "/described/do/{name}" in page
    assert "Do it &lt;b&gt;boldly&lt;/b&gt;." in page
    assert "name, often?, body: Wanted" in page


def test_the_page_of_routes_tells_once_with_which_problems_all_may_answer(described: Served):
    page = described.ask("GET", "/docs", Scope.READ).text
    assert page.count("422") == 1
    assert re.search(r"may also answer with a problem: 400, 401, .*422", page)
    assert re.search(r"<code>/described/do/\{name\}</code></td>.*?<td>200</td></tr>", page)


def test_roles_are_named_once_and_an_unknown_one_is_told_with_those_there_are():
    known = [Role(name, 1, name, lambda _: APIRouter(), lambda _: []) for name in ("raw", "worker")]
    assert [each.name for each in roles_named("worker, raw,worker", known)] == ["raw", "worker"]
    for roles, named in (("raw,wroker", "wroker"), ("", "No role"), (",", "No role")):
        with pytest.raises(NotFound, match=named) as unknown:
            roles_named(roles, known)
        assert "raw, worker" in unknown.value.hint
