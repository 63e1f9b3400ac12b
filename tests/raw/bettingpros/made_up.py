"""Offers made up in the shape that BettingPros' answers are described to have; no real one was at hand."""

from typing import Any

NEW_YORK_BOSTON = 30001
"""The event of Boston at New York on 12 November 2024."""


def line(number: float, cost: int | None, *, active: bool = True, **given: object) -> dict[str, Any]:
    """One line of a book on one side."""
    return {"line": number, "cost": cost, "best": False, "active": active, "updated": "2024-11-12 21:40:00"} | given


def selection(side: str, books: dict[int, list[dict[str, Any]]], **given: object) -> dict[str, Any]:
    """One side of an offer: books (number to lines)."""
    return {
        "selection": side, "label": side.title(),
        "books": [{"id": book, "lines": lines} for book, lines in books.items()],
        "opening_line": {"line": 9.5, "cost": -118, "book_id": 19},
    } | given  # fmt: skip


def offer(player: str, *selections: dict[str, Any], **given: object) -> dict[str, Any]:
    """One market on one player."""
    return {
        "id": "o1", "event_id": NEW_YORK_BOSTON, "market_id": 156, "active": True,
        "participants": [{"id": "77", "name": player, "player": {"team": "NYK"}}], "selections": list(selections),
    } | given  # fmt: skip


def page(*offers: object, number: int = 1, pages: int = 1) -> dict[str, Any]:
    """One page of offers."""
    return {
        "_parameters": {"sport": "NBA", "market_id": 156, "page": number, "limit": 10},
        "_pagination": {"page": number, "total_pages": pages, "total_items": 10 * pages},
        "offers": list(offers),
    }


def event(number: int = NEW_YORK_BOSTON, **given: object) -> dict[str, Any]:
    """One game to come."""
    return {
        "id": number, "sport": "NBA", "scheduled": "2024-11-13 00:30:00", "status": "scheduled", "home": "NY",
        "visitor": "BOS", "venue": {"name": "Madison Square Garden"}, "results": None, "lineups": [],
    } | given  # fmt: skip


def events(*listed: object) -> dict[str, Any]:
    """The games of a day."""
    return {"_parameters": {"sport": "NBA", "date": "2024-11-12"}, "events": list(listed)}
