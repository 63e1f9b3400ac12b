"""Small files that are whole or absent."""

import os
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Replace the file at once: a reader, or a crash, sees the old content or the new, whole."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
