"""PDFs as pages of placed words. Whatever the bytes are, the page is read within bounds or BrokenContract is raised."""

import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from fairline.raw.documents import Document
from fairline.raw.nba.pdf_soundness import OUTGROWN, lost, unfit

if TYPE_CHECKING:
    from pdfplumber.pdf import PDF

MOST_PAGES = 40
FIRST_PAGES = 3
"""Enough to know a PDF by, and to hold a gamebook's page of the whole game."""

MOST_LETTERS = 100_000
"""On all pages together; a long report has fifteen thousand."""

WORDS_APART, WORDS_APART_WITH_BLANKS = 1.2, 3.0
"""Points between two words. The injury report holds no blanks, only gaps of two points; the gamebook holds blanks."""

SAME_LINE = 3.0
"""Points by which the tops of the words of one line may differ."""

WIDE = 20.0
"""Points from which a horizontal stroke is a rule of a table and not a part of a letter."""

THIN = 1.2
"""Points to which it is a stroke and no box."""

BEGINS, WITHIN = b"%PDF-", 1024


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its place, in points from the left and the top of its page."""

    text: str
    left: float
    right: float
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        """Points from the top of the page to half its height."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal rule of a table."""

    left: float
    right: float
    y: float


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its words from top to bottom and left to right, and its horizontal rules."""

    words: tuple[Word, ...]
    rules: tuple[Rule, ...]

    @property
    def lines(self) -> list[str]:
        """Its text line by line."""
        return [" ".join(word.text for word in line) for line in in_lines(self.words)]


@dataclass(frozen=True, slots=True)
class Pdf:
    """A PDF: its title and its pages. problem: why no more pages could be read."""

    title: str
    pages: tuple[Page, ...]
    problem: str = ""


def is_pdf(document: Document) -> bool:
    """Whether the bytes say they are one."""
    return BEGINS in document.content[:WITHIN]


def opened(document: Document, most_pages: int = MOST_PAGES) -> Pdf:
    """The PDF a document is, up to so many pages. Raises BrokenContract when it cannot be read or outgrows its caps."""
    if not is_pdf(document):
        problem = "this is no PDF"
        raise document.broken(problem)
    pdf = _read(document.content, most_pages)
    if pdf.problem:
        raise document.broken(pdf.problem, "Ask the provider for it again; `fairline captures show` prints what came.")
    return pdf


def in_lines(words: tuple[Word, ...]) -> list[list[Word]]:
    """The words of each line from left to right, the lines from top to bottom."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda each: (each.top, each.left)):
        if lines and abs(lines[-1][0].top - word.top) <= SAME_LINE:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda each: each.left) for line in lines]


@lru_cache(maxsize=4)
def _read(content: bytes, most_pages: int) -> Pdf:
    """Several kinds look into the same document; it is read once."""
    import pdfplumber

    # It reports each oddity of a broken file on the process's own output.
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    title, pages, problem = "", [], unfit(content)
    if OUTGROWN in problem:
        return Pdf(title, (), problem)
    try:
        with pdfplumber.open(io.BytesIO(content)) as pdf:
            title = str(pdf.metadata.get("Title", "")).replace("\x00", "").strip()
            pages = [] if problem else list(_pages(pdf, most_pages))
    except _TooLong as error:
        return Pdf(title, (), str(error))
    except Exception as error:  # noqa: BLE001 - the libraries document some errors, and broken bytes raise any other
        problem = problem or lost(content) or f"the PDF cannot be read: {type(error).__name__} {error}"[:300]
    if problem or not any(page.words for page in pages):
        return Pdf(title, (), problem or lost(content) or "the PDF holds no text")
    return Pdf(title, tuple(pages))


def title_of(document: Document) -> str:
    """The title a PDF gives itself, even one whose pages are lost; "" without one."""
    return _read(document.content, FIRST_PAGES).title if is_pdf(document) else ""


class _TooLong(Exception):
    """More pages or letters than any answer of this provider has."""


def _pages(pdf: "PDF", most_pages: int) -> Iterator[Page]:
    letters = 0
    for page in pdf.pages[:most_pages]:
        letters += len(page.chars)
        blanks = any(letter["text"] == " " for letter in page.chars)
        if letters > MOST_LETTERS:
            message = f"the PDF has more than {MOST_LETTERS} letters"
            raise _TooLong(message)
        words = page.extract_words(x_tolerance=WORDS_APART_WITH_BLANKS if blanks else WORDS_APART)
        strokes = [*page.lines, *page.rects]
        yield Page(
            tuple(Word(each["text"], each["x0"], each["x1"], each["top"], each["bottom"]) for each in words),
            tuple(
                Rule(each["x0"], each["x1"], each["top"])
                for each in strokes
                if each["x1"] - each["x0"] >= WIDE and each["bottom"] - each["top"] <= THIN
            ),
        )
        page.close()
    if len(pdf.pages) > MOST_PAGES:
        message = f"the PDF has {len(pdf.pages)} pages, more than {MOST_PAGES}"
        raise _TooLong(message)
