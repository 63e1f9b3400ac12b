"""Writing what is published: validated, atomic, immutable by revision."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from fairline.domain.errors import BrokenContract, Refused

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator

    from fairline.platform.ledger.contract import Ledger
    from fairline.platform.objects import Objects

KINDS = ("predictions", "best-bets", "results")

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Published:
    """Where a document stands, its revision, and whether this call wrote it or found it there."""

    key: str
    revision: int
    written: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that keeps its schema, each part encoded, before it has a revision. digest: of what it says."""

    kind: str
    day: date
    parts: Mapping[str, bytes]
    digest: str


def prepared(kind: str, day: date, content: Document) -> Prepared:
    """Check and encode a document, writing nothing. content: everything but `revision`. Raises BrokenContract."""
    check(kind, {**content, "revision": 1})
    # The revision is no part of what the document says: only that decides whether it is a new one.
    parts = {name: encoded(value) for name, value in content.items()}
    return Prepared(kind, day, parts, hashlib.sha256(_joined(parts)).hexdigest())


def publish(objects: Objects, ledger: Ledger, said: Prepared) -> Published:
    """Publish a document of a game date as its next revision, or find that the last one already says this."""
    folder = f"v1/{said.kind}/{said.day.isoformat()}"
    revision = ledger.publish_revision(folder, said.digest).number
    document = _joined({**said.parts, "revision": encoded(revision)})
    written = _freeze(objects, f"{folder}/r{revision}.json", document)
    for key, text in ((f"v1/schemas/{said.kind}.json", schema_text(said.kind)), (f"{folder}.json", document)):
        written |= _put_changed(objects, key, text)
    return Published(f"{folder}.json", revision, written)


def encoded(document: Any) -> bytes:  # noqa: ANN401 - a document, or a part of one
    """JSON of one spelling: sorted keys, no spaces, UTF-8. Raises ValueError for NaN and infinities.

    >>> encoded({"b": 1.5, "a": None})
    b'{"a":null,"b":1.5}'
    """
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def _joined(parts: Mapping[str, bytes]) -> bytes:
    """The document whose parts are encoded already, as `encoded` writes it."""
    return b"{" + b",".join(encoded(name) + b":" + parts[name] for name in sorted(parts)) + b"}"


def check(kind: str, document: Document) -> None:
    """Raise BrokenContract, naming the place, unless the document keeps the schema of its kind."""
    # The first error is enough to refuse all of it.
    error = next(iter(_validator(kind).iter_errors(document)), None)
    if error is not None:
        place = "/".join(str(part) for part in error.instance_path)
        message = f"The {kind} document breaks its schema at {place or 'its root'}: {error.message}"
        raise BrokenContract(message, hint=f"See fairline/publish/schemas/{kind}.json; nothing was published.")


def schema_text(kind: str) -> bytes:
    """The JSON Schema of a kind of document, as shipped and as published."""
    return files("fairline.publish").joinpath("schemas", f"{kind}.json").read_bytes()


@lru_cache(maxsize=len(KINDS))
def _validator(kind: str) -> Draft202012Validator:
    from jsonschema_rs import Draft202012Validator

    return Draft202012Validator(json.loads(schema_text(kind)))


def _freeze(objects: Objects, key: str, document: bytes) -> bool:
    """Write a revision once; True when it was not there. Raises Refused when another text holds its number."""
    if objects.put_new(key, document):
        return True
    if objects.get(key) != document:
        message = f"{key} is published with another text."
        raise Refused(message, hint="What was published stays; is the ledger of another home in use?")
    return False


def _put_changed(objects: Objects, key: str, content: bytes) -> bool:
    if objects.exists(key) and objects.get(key) == content:
        return False
    objects.put(key, content)
    return True
