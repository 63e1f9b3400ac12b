"""What the tests of ESPN's answers share."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.raw.answers import content, holding
from tests.raw.world import League

from fairline.raw.espn.page import BEGINS, ENDS

BOX_SCORE = "espn/espn_game_boxscore_raw_6f34c64b.html.gz"
ROSTER = "espn/espn_roster_api_raw_2.json.gz"
ROSTER_PAGE = "espn/espn_roster_raw_bos.html.gz"
SCOREBOARD = "espn/espn_scoreboard_api_raw_92de7c9a.json.gz"
NO_GAMES = "espn/espn_scoreboard_api_raw_20250214.json"

# The afternoon of 15 January 2024, from the first game to the one that took an overtime.
GAMES = (
    ("0022300555", "2024-01-15", "13:00:00", "PHI", "HOU"),
    ("0022300556", "2024-01-15", "14:30:00", "DAL", "NOP"),
    ("0022300557", "2024-01-15", "15:00:00", "NYK", "ORL"),
    ("0022300562", "2024-01-15", "19:30:00", "BKN", "MIA"),
)


def page_content(shared: Path, path: str) -> dict[str, Any]:
    """The JSON on a page, to be changed."""
    text = content(shared, path).decode()
    return json.loads(text.partition(BEGINS)[2].partition(ENDS)[0])


def as_page(told: object) -> bytes:
    """JSON as ESPN's pages carry it."""
    return f"<!doctype html><html><script>{BEGINS}{json.dumps(told)}{ENDS}</html>".encode()


def package(told: dict[str, Any]) -> dict[str, Any]:
    """The game on a box score page."""
    return told["page"]["content"]["gamepackage"]


def everyone(shared: Path) -> list[tuple[str, str]]:
    """Name and team of everyone on the box score page."""
    sides = package(page_content(shared, BOX_SCORE))["bxscr"]
    return [
        (line["athlt"]["dspNm"], side["tm"]["abbrev"])
        for side in sides
        for section in side["stats"]
        for line in section.get("athlts", [])
    ]


@pytest.fixture
def held(shared: Path, nothing: League) -> League:
    """A home that holds the games, and everyone on the box score page as a player of his team."""
    return holding(nothing, GAMES, everyone(shared), date(2024, 1, 10))
