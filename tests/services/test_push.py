"""Pushed messages: in an envelope or plain, whole or refused."""

import base64
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from fastapi import APIRouter
from hypothesis import given
from hypothesis import strategies as st
from tests.services.conftest import Serving, role

from fairline.domain.errors import BrokenContract
from fairline.platform.bus import Message
from fairline.platform.ledger.access import Scope
from fairline.services.guard import needs
from fairline.services.push import Pushed, envelope, message_of, plain

MESSAGE = Message(
    "m-1", "c-1", "raw-loaded", date(2025, 11, 28), "raw.games", "success", "schedule",
    datetime(2025, 11, 28, 17, tzinfo=UTC), {"rows": 15},
)  # fmt: skip

names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,40}", fullmatch=True)
messages = st.builds(
    Message, names, names, names, st.dates(date(1946, 1, 1), date(2100, 12, 31)),
    st.from_regex(r"[A-Za-z0-9._]{0,40}", fullmatch=True),
    st.sampled_from(["success", "partial", "no_data", "failed"]),
    st.sampled_from(["schedule", "message", "manual", "backfill"]),
    st.datetimes(datetime(1946, 1, 1), datetime(2100, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - given a zone
    st.dictionaries(st.text(max_size=20), st.integers(-(2**60), 2**60), max_size=5),
)  # fmt: skip


@given(messages)
def test_a_message_survives_its_envelope_and_its_plain_form(message: Message):
    assert message_of(plain(message)) == message
    assert message_of(json.loads(json.dumps(plain(message)))) == message
    assert message_of(json.loads(json.dumps(envelope(message, "projects/x/subscriptions/y")))) == message


def test_an_envelope_of_google_with_members_we_do_not_read_is_opened():
    pushed = envelope(MESSAGE)
    pushed["message"] |= {"message_id": "1", "publish_time": "2025-11-28T17:00:00Z", "orderingKey": ""}
    assert message_of(pushed | {"deliveryAttempt": 3}) == MESSAGE


@pytest.mark.parametrize(
    "changed",
    [{"game_date": "tonight"}, {"at": "2025-11-28T17:00:00"}, {"status": "completed"}, {"trigger": "cron"},
     {"phase": ""}, {"phase": "x'; DROP TABLE runs --"}, {"more": 1}, {"counts": {"rows": "many"}},
     {"message_id": None}],
    ids=str,
)  # fmt: skip
def test_a_message_that_breaks_its_contract_is_refused_plain_or_wrapped(changed: dict[str, Any]):
    broken = plain(MESSAGE) | changed
    wrapped = {"message": {"data": base64.b64encode(json.dumps(broken).encode()).decode()}}
    for body in (broken, wrapped):
        with pytest.raises(BrokenContract):
            message_of(body)


@pytest.mark.parametrize("data", ["", "not base64!", base64.b64encode(b"not json").decode(), "e30="])
def test_an_envelope_without_a_message_in_it_is_refused(data: str):
    with pytest.raises(BrokenContract):
        message_of({"message": {"data": data}})


def test_a_route_takes_both_forms_and_answers_422_to_any_other(served: Serving):
    router = APIRouter()
    heard: list[Message] = []

    @router.post("/process", dependencies=[needs(Scope.WRITE)])
    def process(pushed: Pushed) -> None:
        heard.append(message_of(pushed))

    house = served(role("pushed", router))
    bodies = [plain(MESSAGE), envelope(MESSAGE), {}, {"message": {}}, {"message": {"data": "%%"}}, [], "x"]
    answers = [house.ask("POST", "/process", Scope.WRITE, json=body).status_code for body in bodies]
    assert answers == [200, 200, 422, 422, 422, 422, 422]
    assert heard == [MESSAGE, MESSAGE]
