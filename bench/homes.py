"""The homes that are measured: one with all of the data, made once, and copies of it."""

from __future__ import annotations

import hashlib
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bench.measuring import FAIRLINE, OUT, REPOSITORY, SHARED, Skipped, finished

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOME = OUT.parent / "bench-home"
IMPORTED_FROM, TRAINED_FROM = "imported-from", "trained-from"
"""Files in the home that say what its content was made from."""


def data() -> Path:
    """The folder of real data. Raises Skipped without it."""
    folder = SHARED / "data"
    if not folder.is_dir():
        message = "no real data beside the repository; FAIRLINE_SHARED names another folder"
        raise Skipped(message)
    return folder


def imported() -> Path:
    """The home with all of the data, made anew when the data or what reads it has changed."""
    wanted = _identity(data(), "domain", "platform", "raw")
    if _said(HOME / IMPORTED_FROM) != wanted:
        shutil.rmtree(HOME, ignore_errors=True)
        finished(FAIRLINE, "import", data(), home=HOME)
        (HOME / IMPORTED_FROM).write_text(wanted)
    return HOME


def trained(until: str) -> Path:
    """The same with models of every market that know the outcomes to a date, anew when code that makes them changed."""
    home = imported()
    wanted = f"{until} {_identity(data(), 'analytics', 'features', 'predict', 'evaluate')}"
    if _said(home / TRAINED_FROM) != wanted:
        finished(FAIRLINE, "train", "--until", until, "--json", home=home)
        (home / TRAINED_FROM).write_text(wanted)
    return home


@contextmanager
def copy_of(home: Path) -> Iterator[Path]:
    """A copy of a home for the block."""
    copy = OUT / "home"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(home, copy)
    try:
        yield copy
    finally:
        shutil.rmtree(copy)


def raw_tables(home: Path, columns: dict[str, str]) -> Path:
    """Those columns of the raw tables as Parquet files in a folder: what pandas starts from."""
    folder = OUT / "raw"
    folder.mkdir(parents=True, exist_ok=True)
    from fairline.platform.warehouse import DuckWarehouse

    warehouse = DuckWarehouse(home / "warehouse.duckdb", read_only=True)
    for table, wanted in columns.items():
        warehouse.export(f"SELECT {wanted} FROM raw.{table}", folder / f"{table}.parquet")
    warehouse.close()
    return folder


def _said(file: Path) -> str:
    return file.read_text() if file.exists() else ""


def _identity(folder: Path, *stages: str) -> str:
    """Of the data's files by name, size and time; of the code's by content."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*.parquet")):
        digest.update(f"{file.name} {file.stat().st_size} {file.stat().st_mtime_ns}\n".encode())
    for stage in stages:
        for file in sorted((REPOSITORY / "src" / "fairline" / stage).rglob("*")):
            if file.suffix in {".py", ".sql"}:
                digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
