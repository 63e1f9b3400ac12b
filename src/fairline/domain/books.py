"""The books, one key each, whatever a source calls them."""

from fairline.domain.errors import BrokenContract
from fairline.domain.spelling import spelling

# Spellings beside the key itself, as compared by `spelling`: The Odds API's, its titles, and short names.
_OTHER_SPELLINGS = {
    "draftkings": ("dk", "draftkingssportsbook"),
    "fanduel": ("fd", "fanduelsportsbook"),
    "betmgm": ("mgm", "betmgmsportsbook"),
    "pointsbet": ("pb", "pointsbetus", "pointsbetsportsbook"),
    "caesars": ("williamhillus", "williamhill", "caesarssportsbook", "czr"),
    "bovada": ("bovadalv",),
    "betrivers": ("betriverssportsbook",),
    "betonline": ("betonlineag",),
    "fanatics": ("fanaticssportsbook",),
    "barstool": ("barstoolsportsbook",),
    "unibet": ("unibetus",),
}

BOOK_NAMES: dict[str, str] = {name: book for book, others in _OTHER_SPELLINGS.items() for name in (book, *others)}
"""Spelling (as `spelling` compares it) to book. What is not in it is a new book under its own spelling."""

ALTERNATE_LINE_BOOKS = frozenset({"bovada", "betrivers"})
"""Books that quote alternate lines under the same market: reduce each to its main line before a consensus."""


def find_book(text: str) -> str:
    """The book's key. A spelling never seen is a new book, not an error: its key is the spelling itself.

    Raises BrokenContract when the text holds no letter or digit.

    >>> find_book("williamhill_us"), find_book("BetOnline.ag"), find_book("Prophet Exchange")
    ('caesars', 'betonline', 'prophetexchange')
    """
    name = spelling(text)
    if not name:
        message = f"{text!r} names no book."
        raise BrokenContract(message, hint="Quarantine the row: a quote needs the book that made it.")
    return BOOK_NAMES.get(name, name)
