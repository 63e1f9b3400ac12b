"""Recordings: what a replay answers, read from a home's captures or from a folder of providers' answers."""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from fairline.domain.errors import BrokenContract, NotFound
from fairline.platform.captures import FOLDER, captures_in, content_of
from fairline.platform.objects import ObstoreObjects
from fairline.raw.reading import bytes_of
from fairline.sim.placing import placed
from fairline.sim.replay import Recorded

ROUTES = "routes.json"
OBJECTS = "objects"
GZIP = b"\x1f\x8b"


@dataclass(slots=True)
class Recordings:
    """What a folder holds: answers, and the files nothing is made of, with the reason."""

    answers: list[Recorded] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)


def recordings_in(folder: Path) -> Recordings:
    """What a folder can answer.

    A home, or its objects: every question as it was asked. A folder with `routes.json`: files as stated there. Any
    other: its files, at the addresses at which the scrapers ask for such an answer. Raises NotFound for no folder, or
    one without any answer.
    """
    if not folder.is_dir():
        message = f"There is no folder {folder}."
        raise NotFound(message, hint="Give a home, a folder of captures, or one of providers' answers.")
    for objects in (folder / OBJECTS, folder):
        if (objects / FOLDER).is_dir():
            found = _captured(objects)
            break
    else:
        found = _routed(folder) if (folder / ROUTES).is_file() else _recognised(folder)
    if not found.answers:
        message = f"{folder} holds no answer of a provider that Fairline knows."
        reasons = "; ".join(f"{name}: {why}" for name, why in list(found.left_out.items())[:3])
        raise NotFound(message, hint=reasons or f"Put files there, and their addresses into {ROUTES}.")
    return found


def _captured(folder: Path) -> Recordings:
    """Every answer of the captures; the sightings that failed are left out, for the replay has faults of its own."""
    objects = ObstoreObjects.local(folder)
    found = Recordings()
    for capture in captures_in(objects):
        if not capture.answered or not capture.url:
            found.left_out[capture.key] = f"status {capture.status}" if capture.url else "given by hand"
            continue
        content = content_of(capture, objects)
        kind = capture.headers.get("content-type", content_type_of(content))
        found.answers.append(
            Recorded(capture.url, content, kind, capture.params, 200, capture.headers, capture.captured_at, capture.key)
        )
    return found


def _routed(folder: Path) -> Recordings:
    """A list of objects: `file`, `url`, and at will `params`, `status`, `content_type`, `headers`."""
    found = Recordings()
    try:
        for told in json.loads((folder / ROUTES).read_text(encoding="utf-8")):
            content = _plain(folder / told["file"])
            kind = told.get("content_type", content_type_of(content))
            params = {name: str(value) for name, value in told.get("params", {}).items()}
            status, headers = int(told.get("status", 200)), told.get("headers", {})
            found.answers.append(Recorded(told["url"], content, kind, params, status, headers, file=told["file"]))
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        message = f"{folder / ROUTES} is no list of routes: {type(error).__name__} {error}"
        raise BrokenContract(message, hint='An example: [{"file": "games.json", "url": "https://..."}]') from error
    return found


def _recognised(folder: Path) -> Recordings:
    """The files of a folder, recognised by their content, at the addresses at which scrapers ask for them."""
    found = Recordings()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        name = path.relative_to(folder).as_posix()
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        try:
            content = _plain(path)
            questions = placed(content, at)
        except BrokenContract as error:
            found.left_out[name] = str(error)
            continue
        if not questions:
            found.left_out[name] = "no scraper asks for it"
        kind = content_type_of(content)
        found.answers += [
            Recorded(question.url, content, kind, question.params, file=name, at=at) for question in questions
        ]
    return found


def _plain(path: Path) -> bytes:
    """The file's content, unpacked. Raises BrokenContract when it cannot be."""
    content = bytes_of(path)
    if not content.startswith(GZIP):
        return content
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        message = f"{path.name} cannot be unpacked: {error}"
        raise BrokenContract(message, hint="Copy it again.") from error


def content_type_of(content: bytes) -> str:
    """By the first characters.

    >>> content_type_of(b"%PDF-1.7"), content_type_of(b" <!DOCTYPE html>"), content_type_of(b'{"games": []}')
    ('application/pdf', 'text/html', 'application/json')
    """
    start = content[:64].lstrip()
    if start.startswith(b"%PDF"):
        return "application/pdf"
    return "text/html" if start.startswith(b"<") else "application/json"
