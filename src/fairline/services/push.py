"""Pushed messages: the envelope of a Pub/Sub push subscription, or the message itself as JSON, and back again."""

from __future__ import annotations

import base64
import binascii
from dataclasses import asdict
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fairline.domain.errors import BrokenContract
from fairline.platform.bus import Message, Status, Trigger
from fairline.services.given import Moment, Played

_Name = Annotated[str, Field(max_length=128, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PlainMessage(_Strict):
    """A message of the bus as JSON."""

    message_id: _Name
    correlation_id: _Name
    phase: _Name
    game_date: Played
    table: Annotated[str, Field(max_length=128, pattern=r"^[A-Za-z0-9._]*$")] = ""
    status: Status
    trigger: Trigger
    at: Moment
    counts: Annotated[dict[str, int], Field(max_length=100)] = Field(default_factory=dict)


class PushedData(BaseModel):
    """What a push subscription delivers: the message as JSON in base64. Members of Google's we do not read pass."""

    model_config = ConfigDict(frozen=True)

    data: Annotated[str, Field(min_length=1, description="The message as JSON, in base64.")]
    messageId: Annotated[str, Field(max_length=128)] = ""  # noqa: N815 - Pub/Sub's own name
    publishTime: Annotated[str, Field(max_length=64)] = ""  # noqa: N815 - likewise
    attributes: Annotated[dict[str, str], Field(max_length=100)] = Field(default_factory=dict)


class Envelope(BaseModel):
    """A Pub/Sub push request."""

    model_config = ConfigDict(frozen=True)

    message: PushedData
    subscription: Annotated[str, Field(max_length=256)] = ""


Pushed: TypeAlias = Envelope | PlainMessage
"""What a route that takes pushed messages has as its body."""


def message_of(pushed: Pushed | dict[str, Any]) -> Message:
    """The message pushed, from a body that FastAPI has read or from plain JSON. Raises BrokenContract."""
    if isinstance(pushed, dict):
        pushed = _read(Envelope if "message" in pushed else PlainMessage, pushed)
    plain = pushed if isinstance(pushed, PlainMessage) else _opened(pushed)
    return Message(**dict(plain))


def plain(message: Message) -> dict[str, Any]:
    """The message as JSON, as `message_of` and `ledger.bury` take it."""
    told = asdict(message)
    return told | {
        "game_date": message.game_date.isoformat(), "at": message.at.isoformat(), "counts": dict(message.counts)
    }  # fmt: skip


def envelope(message: Message, subscription: str = "") -> dict[str, Any]:
    """The message as Pub/Sub would push it."""
    data = PlainMessage(**plain(message)).model_dump_json().encode()
    pushed = {"data": base64.b64encode(data).decode(), "messageId": message.message_id, "attributes": {}}
    return {"message": pushed | {"publishTime": message.at.isoformat()}, "subscription": subscription}


def _opened(pushed: Envelope) -> PlainMessage:
    try:
        content = base64.b64decode(pushed.message.data, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BrokenContract("The data pushed is no base64", hint="Push the message as JSON in base64.") from error
    try:
        return PlainMessage.model_validate_json(content)
    except ValidationError as error:
        raise _broken(error) from error


def _read(kind: type[Envelope] | type[PlainMessage], body: dict[str, Any]) -> Pushed:
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        raise _broken(error) from error


def _broken(error: ValidationError) -> BrokenContract:
    first = error.errors(include_input=False, include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    message = f"The message pushed breaks its contract at {where or 'its start'}: {first['msg']}"
    return BrokenContract(message, hint="A message has id, correlation id, phase, game date, status, trigger and time.")
