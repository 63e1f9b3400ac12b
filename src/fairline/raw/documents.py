"""Documents: the bytes of a capture opened as JSON, text or an embedded part of a page, and read as sheets of cells.

A provider's bytes are hostile. What is not the document expected raises BrokenContract, naming source, capture and
place; a record that is not what it should be becomes a row set aside. Nothing else is raised, whatever comes.
"""

import gzip
import io
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

import polars as pl

from fairline.domain.errors import BrokenContract
from fairline.platform.captures import Capture

MOST_BYTES = 64 * 1024 * 1024
"""Unpacked; the largest real answer (a season's schedule) has nine million."""

LONGEST_CELL = 4000
KEPT_OF_A_RECORD = 20_000

T = TypeVar("T")


class Document:
    """One capture's content while it is read.

    capture: what was asked, when, and the hash. content: the bytes, unzipped.
    came: `row_number`, `row_json` of every record read so far. aside: rows that are no record of cells.
    """

    def __init__(self, content: bytes, capture: Capture) -> None:
        """Open the content; gzip is unpacked, whatever the name says."""
        self.capture = capture
        self.content = _unzipped(content, self)
        self._records: list[tuple[int, str]] = []
        self._aside: list[tuple[int, str, str]] = []

    def broken(self, problem: str, hint: str = "") -> BrokenContract:
        """The error that says what was wrong where: source, kind, capture, problem."""
        where = f"{self.capture.source} {self.capture.kind}, capture {self.capture.capture_id[:12]}"
        return BrokenContract(f"{where}: {problem}", hint=hint or "`fairline captures show` prints what came.")

    @cached_property
    def text(self) -> str:
        """The content as text. Raises BrokenContract when it is not UTF-8."""
        try:
            return self.content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            problem = f"byte {error.start} is not UTF-8"
            raise self.broken(problem) from error

    @cached_property
    def json(self) -> Any:  # noqa: ANN401 - a provider's JSON may be anything
        """The content as JSON. Raises BrokenContract when it is something else, such as a page of HTML."""
        return self.json_in(self.text)

    def json_in(self, text: str) -> Any:  # noqa: ANN401 - likewise
        """A part of the content as JSON. Raises BrokenContract."""
        if text.lstrip()[:1] == "<":
            problem = "a page of HTML came where JSON was expected"
            raise self.broken(problem)
        try:
            parsed = json.loads(text, parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            problem = f"not JSON: {error}"
            raise self.broken(problem) from error
        return parsed

    def between(self, start: str, end: str) -> str:
        """The text between two marks, as pages embed their data. Raises BrokenContract where a mark is absent."""
        _, found, rest = self.text.partition(start)
        inside, ended, _ = rest.partition(end)
        if not (found and ended):
            problem = f"no {start!r} ... {end!r} on the page"
            raise self.broken(problem, "The page was redesigned, or is an error page.")
        return inside

    def at(self, path: str, kind: type[T], within: object = None) -> T:
        """What stands at a dotted path, of that type: `document.at("game.actions", list)`.

        within: where to begin; the whole document when None. Raises BrokenContract where nothing of that type is there.
        """
        place = self.json if within is None else within
        for part in path.split("."):
            if not isinstance(place, dict) or part not in place:
                problem = f"{path} is missing" if isinstance(place, dict) else f"{path}: no object to look in"
                raise self.broken(problem, "The provider changed its answer, or this is another kind of answer.")
            place = place[part]
        if not isinstance(place, kind):
            problem = f"{path} is {type(place).__name__}, not {kind.__name__}"
            raise self.broken(problem, "The provider changed its answer.")
        return place

    def sheet(self, records: Iterable[object], fields: Mapping[str, str]) -> pl.DataFrame:
        """Records as rows of text cells: `row_number` (through the document) and a column for each field.

        fields: our column to the dotted path within a record. An absent or null place is a null cell; numbers and
        booleans are written as JSON writes them. A record that is no object, or holds an object, a list or a giant
        string where a cell is asked for, is set aside as `not_a_record` or `not_a_cell`.
        """
        paths = [path.split(".") for path in fields.values()]
        rows: list[list[object]] = []
        for record in records:
            number = self._keep(record)
            if not isinstance(record, dict):
                self._aside.append((number, "not_a_record", f"{type(record).__name__} where an object was expected"))
                continue
            cells = [_place(record, path) for path in paths]
            wrong = [path for path, cell in zip(fields.values(), cells, strict=True) if not _is_cell(cell)]
            if wrong:
                self._aside.append((number, "not_a_cell", f"{wrong[0]} is no text or number, or is too long"))
                continue
            rows.append([number, *map(_as_text, cells)])
        schema = {"row_number": pl.Int64, **dict.fromkeys(fields, pl.String)}
        columns = zip(*rows, strict=True) if rows else ([] for _ in schema)
        return pl.DataFrame(dict(zip(schema, columns, strict=True)), schema=schema)

    def named_rows(self, headers: Sequence[object], rows: Iterable[object], fields: Mapping[str, str]) -> pl.DataFrame:
        """As `sheet`, of rows that are lists under shared headers; a row of another length is set aside."""
        names = [str(header) for header in headers]
        return self.sheet((_under(names, row) for row in rows), fields)

    @property
    def came(self) -> pl.DataFrame:
        """Every record read so far, as it came: `row_number`, `row_json`."""
        return pl.DataFrame(self._records, schema={"row_number": pl.Int64, "row_json": pl.String}, orient="row")

    @property
    def aside(self) -> pl.DataFrame:
        """`row_number`, `reason`, `detail` of what was no record."""
        schema = {"row_number": pl.Int64, "reason": pl.String, "detail": pl.String}
        return pl.DataFrame(self._aside, schema=schema, orient="row")

    def _keep(self, record: object) -> int:
        number = len(self._records)
        try:
            kept = json.dumps(record, ensure_ascii=True, default=str)
        except RecursionError:
            kept = '"nested too deep to be shown"'
        self._records.append((number, kept if len(kept) <= KEPT_OF_A_RECORD else kept[:KEPT_OF_A_RECORD] + " ..."))
        return number


def place_in(record: object, path: str) -> object:
    """What stands at a dotted path, numbers being places in a list; None where nothing does.

    >>> place_in({"team": {"id": 8}, "ids": [3, 5]}, "team.id"), place_in({"ids": [3, 5]}, "ids.1")
    (8, 5)
    >>> place_in({"team": 8}, "team.id") is None
    True
    """
    return _place(record, path.split("."))


def _place(record: object, path: Sequence[str]) -> object:
    place = record
    for part in path:
        if isinstance(place, dict):
            place = place.get(part)
        elif isinstance(place, list) and part.isdecimal() and int(part) < len(place):
            place = place[int(part)]
        else:
            return None
    return place


def _under(names: list[str], row: object) -> object:
    return dict(zip(names, row, strict=True)) if isinstance(row, list) and len(row) == len(names) else row


def _is_cell(value: object) -> bool:
    return not isinstance(value, dict | list) and not (isinstance(value, str) and len(value) > LONGEST_CELL)


def _as_text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        # A lone surrogate, which JSON can spell, is no character: it becomes a question mark.
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    return str(value) if type(value) is int else json.dumps(value)


def _no_number(constant: str) -> None:
    message = f"{constant} is no number"
    raise ValueError(message)


def _unzipped(content: bytes, document: Document) -> bytes:
    if content[:2] != b"\x1f\x8b":
        return content
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            plain = packed.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        problem = f"gzip that cannot be unpacked: {error}"
        raise document.broken(problem) from error
    if len(plain) > MOST_BYTES:
        problem = f"more than {MOST_BYTES} bytes unpacked"
        raise document.broken(problem)
    return plain
