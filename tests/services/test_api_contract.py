"""Schemathesis on every operation: whatever is sent, the answer is one that the OpenAPI promised, and never a 500.

FAIRLINE_API_EXAMPLES: requests per operation, half of them as the contract wants and half not. FAIRLINE_API_SEED: a
seed; without one they are the same every time.
"""

import json
import os
from base64 import b64encode
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode, Response
from schemathesis.specs.openapi import checks
from tests.ops.slates import DAY, QUOTED_AT, keep_model, opened
from tests.services.besieged import ONE_WORKER, besieged
from tests.services.conftest import Served
from tests.services.league import pushed, stationed

from fairline.domain.clock import FixedClock
from fairline.ops.slate import run_slate
from fairline.platform.ledger.access import Scope
from fairline.services.app import application
from fairline.services.chain import LISTENERS
from fairline.services.contract import Role
from fairline.services.roles import ROLES
from fairline.services.station import LENT_FOR

pytestmark = ONE_WORKER

EXAMPLES = int(os.environ.get("FAIRLINE_API_EXAMPLES", "50"))
SEED = os.environ.get("FAIRLINE_API_SEED")
HEARD = {listener.role: listener.phases[0] for listener in LISTENERS}
CHECKS = (
    checks.status_code_conformance, checks.content_type_conformance, checks.response_headers_conformance,
    checks.response_schema_conformance,
)  # fmt: skip


@pytest.fixture(scope="module")
def league(small_league: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = Path(copytree(small_league, tmp_path_factory.mktemp("contract") / "home"))
    with besieged(folder) as served:
        served.station.ledger.bury("raw", pushed("capture-landed"), "a test's")
        yield served


def described(served: Served) -> dict[str, Any]:
    """The OpenAPI, without the key: that every operation asks for one is tested elsewhere, and all are sent with it."""
    contract = deepcopy(served.app.openapi())
    for methods in contract["paths"].values():
        for operation in methods.values():
            operation.pop("security", None)
    return contract


def there(served: Served, role: str) -> dict[str, Any]:
    """What there really is of what a request may name, by the name it is given under."""
    message = pushed(HEARD.get(role, "raw-loaded"))
    return {
        "game_date": DAY.isoformat(), "date": DAY.isoformat(), "start_date": DAY.isoformat(),
        "end_date": DAY.isoformat(), "analysis_date": DAY.isoformat(), "day": DAY.isoformat(),
        "now": QUOTED_AT.isoformat(), "markets": ["points"],
        "phase": message["phase"], "status": "success", "data": b64encode(json.dumps(message).encode()).decode(),
        "batch_id": served.station.ledger.batches(limit=1)[0].batch_id, "path": f"predictions/{DAY}.json",
        "letter_id": 1, "canary_id": "aaaaaaaaaaaa",
    }  # fmt: skip


def named(given: Any, real: dict[str, Any]) -> Any:
    """The same request, but of what is there."""
    if isinstance(given, dict):
        return {name: real.get(name, named(value, real)) for name, value in given.items()}
    return [named(each, real) for each in given] if isinstance(given, list) else given


def searched(run: Callable[[Case, bool], None], cases: st.SearchStrategy[Case]) -> None:
    """Run half of the examples, at the seed if there is one."""
    checked = given(cases, st.booleans())(run)
    checked = settings(
        max_examples=max(1, EXAMPLES // 2), deadline=None, database=None, derandomize=SEED is None,
        suppress_health_check=list(HealthCheck),
    )(checked)  # fmt: skip
    (seed(int(SEED))(checked) if SEED else checked)()


def takes_anything(operation: APIOperation) -> bool:
    """Whether there is anything in it that could break its contract."""
    return bool(operation.definition.raw.get("parameters") or operation.definition.raw.get("requestBody"))


def operations_of(served: Served) -> list[APIOperation]:
    """Every operation of the application's OpenAPI."""
    return [each.ok() for each in schemathesis.openapi.from_dict(described(served)).get_all_operations()]


def answered(case: Case, served: Served) -> Response:
    """What an administrator is answered, once it is found to be as the contract says."""
    told = case.call(base_url=served.url, headers={"X-API-Key": served.keys[Scope.ADMIN]})
    case.validate_response(told, checks=list(CHECKS))
    return told


@pytest.mark.parametrize("role", ["common", *(role.name for role in ROLES)])
def test_whatever_is_sent_the_answer_is_one_the_contract_promised(league: Served, role: str):
    print(f"{EXAMPLES} examples per operation, FAIRLINE_API_SEED={SEED}")  # noqa: T201 - shown when it fails
    real = there(league, role)
    operations = [each for each in operations_of(league) if role in each.definition.raw["tags"]]
    assert operations

    def run(case: Case, of_what_is_there: bool) -> None:
        if of_what_is_there:
            case.body, case.query = named(case.body, real), named(case.query, real)
            case.path_parameters = named(case.path_parameters, real)
        told = answered(case, league)
        assert told.status_code < 500, told.text
        if case.path == "/lend":
            # Until the command it was lent to has had the time to take it.
            clock = league.station.clock
            assert isinstance(clock, FixedClock)
            clock.advance(LENT_FOR)

    for operation in operations:
        searched(run, operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
        if takes_anything(operation):
            searched(run, operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_a_role_alone_promises_what_it_promises_among_the_others(league: Served, role: Role):
    alone = application([role], league.station).openapi()
    together = league.app.openapi()
    assert any(path.startswith(f"/{role.name}/") for path in alone["paths"])
    assert alone["paths"] == {path: together["paths"][path] for path in alone["paths"]}
    assert alone["components"]["schemas"].items() <= together["components"]["schemas"].items()


def test_a_scrape_that_comes_to_nothing_is_told_as_the_contract_says(league: Served):
    """Slow, as the provider is asked again and again: so the search above names no scraper there is."""
    label, body = "POST /scrapers/scrape", {"scraper": "nba_players", "params": {"date": DAY.isoformat()}}
    [operation] = [each for each in operations_of(league) if each.label == label]
    assert answered(operation.Case(body=body, media_type="application/json"), league).status_code == 503


def test_a_home_whose_latest_slate_had_nobody_to_forecast_is_ready(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("fairline.ops.units.LEAST_QUALITY", 70)
    with opened(home, now=QUOTED_AT) as at:
        keep_model(at)
        assert run_slate(at, DAY, ["points"]).skipped
    with stationed(home) as place:
        grading = next(role for role in ROLES if role.name == "grading")
        assert [check.detail for check in grading.ready(place) if not check.ok] == []
