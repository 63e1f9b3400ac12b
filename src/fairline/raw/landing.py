"""Landing: the bytes of an import, kept under their own hash before anything reads their rows."""

import hashlib
import json
from datetime import datetime

from fairline.domain.errors import NotFound
from fairline.platform.captures import packed, unpacked
from fairline.platform.objects import Objects

FOLDER = "captures/import"


def land(content: bytes, *, kind: str, file: str, at: datetime, objects: Objects) -> str:
    """Keep the bytes as a capture, unless they are held already, and give their id: the SHA-256 in hex.

    Beside them stand the file's name, its size and the time (UTC) at which it first came.
    """
    capture_id = hashlib.sha256(content).hexdigest()
    key = f"{FOLDER}/{kind}/{capture_id}"
    if not objects.exists(f"{key}.zst"):
        note = {"file": file, "kind": kind, "bytes": len(content), "landed_at": at.isoformat()}
        objects.put_new(f"{key}.json", json.dumps(note).encode())
        objects.put_new(f"{key}.zst", packed(content))
    return capture_id


def is_landed(kind: str, capture_id: str, objects: Objects) -> bool:
    """Whether these bytes came by an import, as a file of that kind."""
    return objects.exists(f"{FOLDER}/{kind}/{capture_id}.zst")


def landed(kind: str, capture_id: str, objects: Objects) -> tuple[str, bytes]:
    """The name of an imported file and its bytes. Raises NotFound when they are gone."""
    key = f"{FOLDER}/{kind}/{capture_id}"
    if not is_landed(kind, capture_id, objects):
        message = f"The import {capture_id[:12]} of {kind} is not held."
        raise NotFound(message, hint="Import the file again.")
    note = json.loads(objects.get(f"{key}.json"))
    return str(note["file"]), unpacked(objects.get(f"{key}.zst"), f"{key}.zst", int(note["bytes"]))
