"""Errors as answers."""

import json

from fastapi import APIRouter
from tests.services.conftest import Serving, role

from fairline.domain import errors
from fairline.domain.errors import FairlineError
from fairline.platform.ledger.access import Scope
from fairline.services.guard import needs
from fairline.services.problems import PROBLEMS, STATUSES, answer, problem_of

EXPECTED = {
    "Transient": 503, "Busy": 503, "TooMany": 429, "Permanent": 500, "BrokenContract": 422, "NotFound": 404,
    "Missing": 503, "Refused": 409, "LookAhead": 409, "StaleLease": 409, "ImpossiblePrice": 409,
    "ContractMismatch": 409, "Stranger": 401, "Forbidden": 403, "AlreadyOpen": 409, "FairlineError": 500,
}  # fmt: skip


def kinds() -> list[type[FairlineError]]:
    return [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, FairlineError)]


def test_every_error_of_the_tree_has_its_status():
    assert {kind.__name__: problem_of(kind("x")).status for kind in kinds()} == EXPECTED


def test_every_status_answered_is_documented():
    assert {status for _, status in STATUSES} <= PROBLEMS.keys()


def test_what_may_be_tried_again_says_when():
    for kind in kinds():
        assert ("Retry-After" in problem_of(kind("x")).headers) == issubclass(kind, errors.Transient)


def test_a_problem_says_what_was_wrong_and_what_to_do():
    problem = problem_of(errors.NotFound("no slate on 2025-11-27", hint="choose a day with games"))
    told = json.loads(answer(problem, "c-1").body)
    assert told == {
        "type": "urn:fairline:NotFound", "title": "Not Found", "status": 404, "detail": "no slate on 2025-11-27",
        "hint": "choose a day with games", "correlation_id": "c-1",
    }  # fmt: skip


def test_what_a_stage_raises_comes_out_as_its_problem(served: Serving):
    router = APIRouter()
    tree = {kind.__name__: kind for kind in kinds()}

    @router.get("/raise/{kind}", dependencies=[needs(Scope.READ)])
    def raising(kind: str) -> None:
        raise tree[kind]("as it was said", hint="as it was hinted")

    house = served(role("raising", router))
    with house.client(Scope.READ) as client:
        answers = {kind: client.get(f"/raise/{kind}") for kind in tree}
    assert {kind: answer.status_code for kind, answer in answers.items()} == EXPECTED
    assert {answer.headers["content-type"] for answer in answers.values()} == {"application/problem+json"}
    told = [answer.json() for answer in answers.values()]
    assert {(each["detail"], each["hint"]) for each in told} == {("as it was said", "as it was hinted")}
