"""ESPN's pages carry their content as JSON, assigned in a script."""

from typing import Any

from fairline.raw.documents import Document

BEGINS = "window['__espnfitt__']="
ENDS = ";</script>"


def content(document: Document, part: str) -> dict[str, Any]:
    """One part of the page's content. Raises BrokenContract on another page."""
    return document.at(f"page.content.{part}", dict, document.json_in(document.between(BEGINS, ENDS)))


def has(document: Document, part: str) -> bool:
    """True when this is a page with that part."""
    return BEGINS in document.text and bool(content(document, part))
