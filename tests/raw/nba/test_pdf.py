"""PDFs of unknown health: read within bounds, or refused in words that say what is wrong with them."""

import time
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.raw.nba.pdfs import lines_pdf, pdf
from tests.raw.nba.reading import instant

from fairline.domain.errors import BrokenContract
from fairline.platform.captures import capture_of
from fairline.raw.documents import Document
from fairline.raw.nba.pdf import MOST_PAGES, opened, title_of

BOOK = "payloads/nba_gamebook_pdf/20240410_MEMCLE.pdf"
REPORT = "payloads/nba_injury_report_pdf/raw_f4391904.pdf"


def document(content: bytes) -> Document:
    return Document(content, capture_of(content, source="nba", kind="nba_gamebook", at=instant("2025-01-01")))


def test_words_come_in_lines_with_the_rules_between_them() -> None:
    content = pdf([[(20, 40, "second line"), (20, 20, "first"), (300, 21, "line")]], [[(20, 400, 35)]])
    page = opened(document(content)).pages[0]
    assert page.lines == ["first line", "second line"]
    assert [round(rule.y) for rule in page.rules] == [35]


def test_a_pdf_that_was_stored_as_text_is_told_from_one_without_text(shared: Path) -> None:
    stored = document((shared / BOOK).read_bytes())
    assert title_of(stored) == "Box Score Grizzlies - Cavaliers"
    with pytest.raises(BrokenContract, match=r"damaged, 9\d{3} of its bytes are missing: it was kept as text"):
        opened(stored)


def test_a_pdf_that_breaks_off_says_so(shared: Path) -> None:
    whole = (shared / REPORT).read_bytes()
    with pytest.raises(BrokenContract, match="breaks off before its end"):
        opened(document(whole[:30_000]))


def test_a_byte_gone_wrong_within_a_page_is_noticed(shared: Path) -> None:
    """A library would give the words before the damage, and a half-read list of the injured passes for a whole one."""
    whole = bytearray((shared / REPORT).read_bytes())
    whole[whole.index(b"FlateDecode") + 600] ^= 0xFF
    with pytest.raises(BrokenContract, match="a part of it cannot be unpacked"):
        opened(document(bytes(whole)))


def test_a_small_file_that_unpacks_to_gigabytes_is_refused_at_once() -> None:
    bomb = lines_pdf(["x"]).replace(b"endstream", b"endstream\nstream\n" + zlib.compress(bytes(50_000_000)), 1)
    began = time.monotonic()
    with pytest.raises(BrokenContract, match="unpacks to more than"):
        opened(document(bomb))
    assert time.monotonic() - began < 2


def test_more_pages_than_any_report_has_are_refused() -> None:
    with pytest.raises(BrokenContract, match="41 pages"):
        opened(document(pdf([[(20, 20, "page")]] * (MOST_PAGES + 1))))


def test_html_instead_of_a_pdf_is_no_pdf() -> None:
    with pytest.raises(BrokenContract, match="no PDF"):
        opened(document(b"<html>Access Denied</html>"))


@settings(max_examples=25)
@given(st.data())
def test_whatever_becomes_of_the_bytes_reading_them_raises_one_error_alone(data: st.DataObject) -> None:
    content = bytearray(lines_pdf(["OFFICIAL SCORER'S REPORT", "FINAL BOX"]))
    for _ in range(data.draw(st.integers(1, 12))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(content[: data.draw(st.integers(0, len(content)))])
    with suppress(BrokenContract):
        opened(document(cut))
