"""What the tests of BallDontLie's answers share."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.raw.answers import answer, holding
from tests.raw.world import League

ADVANCED = "balldontlie/bdl_game_adv_stats_raw_b3f29455.json"
BOX_SCORES = "balldontlie/bdl_box_scores_raw_7a649e12.json.gz"
GAMES_OF_A_DAY = "balldontlie/bdl_games_raw_278cb9ed.json"
INJURIES = "balldontlie/bdl_injuries_raw_49fd60fb.json.gz"
PLAYERS_ACTIVE = "balldontlie/bdl_active_players_raw_ac3e7bd3.json"
STATISTICS = "balldontlie/bdl_player_box_scores_raw_1db4c01e.json"
TEAMS_EVER = "balldontlie/bdl_teams_raw_cf664c89.json"

AFTERNOON = (
    ("0022300555", "2024-01-15", "13:00:00", "PHI", "HOU"),
    ("0022300562", "2024-01-15", "19:30:00", "BKN", "MIA"),
)
SEVENTH = (("0042400407", "2025-06-22", "20:00:00", "OKC", "IND"),)


def full_name(player: dict[str, Any]) -> str:
    """First and last name as BallDontLie writes them."""
    return f"{player['first_name']} {player['last_name']}"


def with_games(league: League, shared: Path) -> League:
    """The league with the first and the overtime game of an afternoon, and everyone in them."""
    people = [
        (full_name(line["player"]), game[side]["abbreviation"])
        for game in answer(shared, BOX_SCORES)["data"]
        if game["home_team"]["abbreviation"] in ("PHI", "BKN")
        for side in ("home_team", "visitor_team")
        for line in game[side]["players"]
    ]
    return holding(league, AFTERNOON, people, date(2024, 1, 10))


def with_finals(league: League, shared: Path) -> League:
    """The league with the seventh game of the Finals, and everyone in it."""
    people = [(full_name(line["player"]), line["team"]["abbreviation"]) for line in answer(shared, STATISTICS)["data"]]
    return holding(league, SEVENTH, people, date(2025, 6, 19))


@pytest.fixture
def afternoon(shared: Path, nothing: League) -> League:
    """A home that holds two of the games of 15 January 2024, and everyone in them."""
    return with_games(nothing, shared)


@pytest.fixture
def finals(shared: Path, nothing: League) -> League:
    """A home that holds the seventh game of the Finals of 2025, and everyone in it."""
    return with_finals(nothing, shared)
