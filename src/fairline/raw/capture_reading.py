"""Reading a capture: its bytes to what they say. Whatever came there is a reading, which accounts for every record."""

from dataclasses import dataclass

import polars as pl

from fairline.domain.errors import BrokenContract
from fairline.platform.captures import Capture
from fairline.raw.captured import CaptureKind, capture_kind
from fairline.raw.documents import Document
from fairline.raw.held import Held
from fairline.raw.parsed import Parsed, together

UNREADABLE_DOCUMENT = "unreadable_document"
SHOWN_OF_A_DOCUMENT = 500
THE_WHOLE = -1
"""The row number of a document set aside as a whole."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one capture says.

    came: every record as it came (`row_number`, `row_json`). error: why the whole of it could not be read.
    """

    capture: Capture
    kind: CaptureKind
    parsed: Parsed
    came: pl.DataFrame
    error: str = ""


def read_capture(content: bytes, capture: Capture, held: Held, kind: CaptureKind | None = None) -> Reading:
    """What the bytes of a capture say, as the kind given or the one it names. Bad content raises nothing."""
    kind = kind or capture_kind(capture.kind)
    try:
        document = Document(content, capture)
    except BrokenContract as error:
        return _unreadable(content, capture, kind, str(error))
    try:
        parsed = kind.parse(document, held)
    except BrokenContract as error:
        return _unreadable(document.content, capture, kind, str(error))
    parsed.aside = together([parsed.aside, document.aside])
    return Reading(capture, kind, parsed, document.came)


def _unreadable(content: bytes, capture: Capture, kind: CaptureKind, problem: str) -> Reading:
    """The document as one record set aside, with its beginning."""
    start = content[:SHOWN_OF_A_DOCUMENT].decode("utf-8", "replace")
    aside = pl.DataFrame({"row_number": [THE_WHOLE], "reason": [UNREADABLE_DOCUMENT], "detail": [problem]})
    return Reading(
        capture,
        kind,
        Parsed({}, together([aside])),
        pl.DataFrame({"row_number": [THE_WHOLE], "row_json": [start]}),
        problem,
    )
