"""A payload by hand: what a provider's answer would say, without writing any of it."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from fairline.domain.errors import NotFound
from fairline.platform.captures import capture_of
from fairline.platform.clock import SystemClock
from fairline.raw import reading as files
from fairline.raw.capture_reading import read_capture
from fairline.raw.captured import recognised
from fairline.raw.documents import Document
from fairline.raw.held import Held
from fairline.raw.parsing import parse
from fairline.raw.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from fairline.platform.settings import Settings
    from fairline.platform.warehouse import Warehouse
    from fairline.raw.parsed import Parsed


@dataclass(frozen=True, slots=True)
class ReadPayload:
    """What a file says.

    source, kind, means: what it was recognised as. records: how many it holds. came: each as it came (`row_number`,
    `row_json`). error: why the whole of it could not be read.
    """

    file: str
    source: str
    kind: str
    means: str
    captured_at: datetime
    records: int
    parsed: Parsed
    came: pl.DataFrame
    error: str = ""

    @property
    def quarantined(self) -> pl.DataFrame:
        """Records set aside: `row_number`, `reason`, `detail`, `row_json`."""
        return self.parsed.aside.join(self.came, on="row_number", how="left").sort("row_number", "reason")


def read_payload(
    path: Path, *, source: str = "", kind: str = "", at: datetime | None = None, settings: Settings | None = None
) -> ReadPayload:
    """Recognise a payload, gzipped or not, by its content, and read it against what the home holds, if there is one.

    at: when it was captured (UTC); now unless given. settings: of the home; those in force unless given. Raises
    BrokenContract for a file that is no answer known.
    """
    content, captured_at = files.bytes_of(path), at or SystemClock().now()
    with _held(settings) as held:
        if content.startswith(files.PARQUET_MAGIC) or path.suffix.lower() == ".csv":
            return _imported(content, path.name, captured_at, held)
        document = Document(content, capture_of(content, source=source, kind=kind or path.name, at=captured_at))
        found = recognised(document, source=source, kind=kind)
        capture = capture_of(document.content, source=found.source, kind=found.name, at=captured_at)
        read = read_capture(document.content, capture, held, found)
    return ReadPayload(
        path.name, found.source, found.name, found.means, captured_at, read.came.height, read.parsed, read.came,
        read.error,
    )  # fmt: skip


def _imported(content: bytes, file: str, at: datetime, held: Held) -> ReadPayload:
    """A file of the kinds that `fairline import` reads."""
    kind, frame = files.read(content, file)
    came = frame.select("row_number", row_json=pl.struct(pl.exclude("row_number")).struct.json_encode())
    parsed = parse(kind.name, frame, held)
    return ReadPayload(file, "import", kind.name, kind.means, at, frame.height, parsed, came)


@contextmanager
def _held(settings: Settings | None) -> Iterator[Held]:
    """What the home holds; nothing where there is none."""
    from fairline.ops.catalogue import open_home

    with ExitStack() as opened:
        try:
            warehouse = opened.enter_context(open_home("fairline parse", settings=settings, read_only=True)).warehouse
        except NotFound:
            warehouse = _empty(opened)
        yield Held(warehouse)


def _empty(opened: ExitStack) -> Warehouse:
    from fairline.platform.warehouse import DuckWarehouse

    warehouse = DuckWarehouse()
    opened.callback(warehouse.close)
    warehouse.ensure(*TABLES)
    return warehouse
