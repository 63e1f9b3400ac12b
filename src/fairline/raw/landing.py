"""Landing: the bytes of an import, kept under their own hash before anything reads their rows."""

import hashlib
import json
from datetime import datetime

from fairline.platform.objects import Objects


def land(content: bytes, *, kind: str, file: str, at: datetime, objects: Objects) -> str:
    """Keep the bytes as a capture, unless they are held already, and give their id: the SHA-256 in hex.

    Beside them stand the file's name, its size and the time (UTC) at which it first came.
    """
    import pyarrow as pa

    capture_id = hashlib.sha256(content).hexdigest()
    key = f"captures/import/{kind}/{capture_id}"
    if not objects.exists(f"{key}.zst"):
        packed = pa.BufferOutputStream()
        with pa.CompressedOutputStream(packed, "zstd") as stream:
            stream.write(content)
        note = {"file": file, "kind": kind, "bytes": len(content), "landed_at": at.isoformat()}
        objects.put_new(f"{key}.json", json.dumps(note).encode())
        objects.put_new(f"{key}.zst", packed.getvalue().to_pybytes())
    return capture_id
