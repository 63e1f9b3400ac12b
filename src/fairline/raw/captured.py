"""Kinds of capture: how each is recognised by its content, and what it states. Each provider declares its own."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from fairline.domain.errors import BrokenContract, NotFound
from fairline.domain.tables import Table
from fairline.raw.documents import Document
from fairline.raw.held import Held
from fairline.raw.parsed import Parsed

PROVIDERS = ("nba", "espn", "balldontlie", "odds_api", "bettingpros")
"""The folders of raw/ that hold kinds, each with `KINDS` in its `__init__`."""


@dataclass(frozen=True, slots=True)
class CaptureKind:
    """One kind of answer.

    source: the provider. name: of the kind, and the `source` of the rows it states unless `rows_as` names another.
    means: in words. tables: what it states rows of. version: raised when the parser reads the same bytes otherwise, so
    that captures are parsed again. fits: whether a document is of this kind, by its content alone; it may raise
    BrokenContract, which means no. parse: what the document states, given what is held; raises BrokenContract alone.
    """

    source: str
    name: str
    means: str
    tables: tuple[Table, ...]
    fits: Callable[[Document], bool]
    parse: Callable[[Document, Held], Parsed]
    version: int = 1
    rows_as: str = ""

    @property
    def states(self) -> str:
        """The `source` of its rows."""
        return self.rows_as or self.name


@cache
def capture_kinds() -> tuple[CaptureKind, ...]:
    """Every kind of every provider."""
    return tuple(kind for provider in PROVIDERS for kind in import_module(f"fairline.raw.{provider}").KINDS)


def capture_kind(name: str) -> CaptureKind:
    """The kind of that name. Raises NotFound naming them all."""
    for kind in capture_kinds():
        if kind.name == name:
            return kind
    message = f"There is no kind of capture called {name!r}."
    raise NotFound(message, hint=f"The kinds are {', '.join(kind.name for kind in capture_kinds())}.")


def recognised(document: Document, *, source: str = "", kind: str = "") -> CaptureKind:
    """The kind a document is by its content, among those of a source or of a name when given.

    Raises BrokenContract when none fits, or when several do and none was named.
    """
    possible = [
        each
        for each in capture_kinds()
        if source in ("", each.source) and kind in ("", each.name) and _fits(each, document)
    ]
    if len(possible) == 1:
        return possible[0]
    if possible:
        problem = f"this could be {' or '.join(each.name for each in possible)}"
        raise document.broken(problem, "Say which with --kind.")
    problem = "this is no answer that Fairline knows"
    if kind:
        problem = f"this is no {capture_kind(kind).name}: {capture_kind(kind).means}"
    raise document.broken(problem, f"The kinds are {', '.join(each.name for each in capture_kinds())}.")


def _fits(kind: CaptureKind, document: Document) -> bool:
    try:
        return kind.fits(document)
    except BrokenContract:
        return False
