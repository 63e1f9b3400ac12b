"""What could be known only afterwards, read as if known before: a bound of what it would be worth, never a forecast."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fairline.platform.warehouse import Warehouse

GameLines = Literal["known", "hindsight"]
"""Spreads and totals as far as known by the cutoff, or whatever their capture time. Those of files without one are
known at tip-off, so that no honest cutoff sees them."""


class _Supposed(Exception):
    """No error: it ends a supposition."""


@contextmanager
def game_lines_read(warehouse: Warehouse, game_lines: GameLines) -> Iterator[None]:
    """In hindsight, every spread and total held counts as known before any cutoff within the block.

    It is supposed in a transaction that is undone at the end: whatever the block writes is undone with it.
    """
    if game_lines == "known":
        yield
        return
    with suppress(_Supposed), warehouse.transaction():
        # A year is longer before tip-off than any cutoff lies, and leaves later revisions the later ones.
        warehouse.execute("UPDATE raw.game_line_quotes SET known_at = known_at - INTERVAL 1 YEAR")
        yield
        raise _Supposed
