"""What the tests of The Odds API's answers share: its payloads, and answers made up in their shape."""

from datetime import date

import pytest
from tests.raw.answers import holding
from tests.raw.world import League

EVENTS = "the_odds_api/oddsa_events_his_raw_4c3bc8f6.json"
MONEYLINES = "the_odds_api/odds_api_historical_game_lines_raw_9221b91f.json"
SPREADS = "the_odds_api/oddsa_game_lines_his_raw_b722994c.json"
CALLED_PROPS = "the_odds_api/oddsa_player_props_his_raw_815b3ee3.json"
SLATE = "the_odds_api/RECONSTRUCTED_v4_event_odds_player_props_20251128.json"

# Game, Eastern date, Eastern tip-off, home, away: of which odds lie among the payloads.
GAMES = (
    ("0022300625", "2024-01-24", "20:30:00", "DAL", "PHX"),
    ("0022300626", "2024-01-24", "22:00:00", "GSW", "ATL"),
    ("0022300632", "2024-01-25", "22:00:00", "GSW", "SAC"),
)


@pytest.fixture
def january(nothing: League) -> League:
    """A home that holds three games of January 2024 and nobody who plays in them."""
    return holding(nothing, GAMES, (), date(2024, 1, 20))


def side(name: str, player: str | None, price: object, point: float | None = 10.5) -> dict[str, object]:
    """One outcome."""
    outcome = {"name": name, "description": player, "price": price, "point": point}
    return {key: value for key, value in outcome.items() if value is not None}


def both(player: str, over: object, under: object, point: float = 10.5) -> list[dict[str, object]]:
    """Over and under of a line."""
    return [side("Over", player, over, point), side("Under", player, under, point)]


def event(*books: tuple[str, dict[str, list[dict[str, object]]]], **given: object) -> dict[str, object]:
    """Boston at New York on 12 November 2024, made up: books with markets (key to outcomes)."""
    return {
        "id": "e912", "sport_key": "basketball_nba", "sport_title": "NBA", "commence_time": "2024-11-13T00:30:00Z",
        "home_team": "New York Knicks", "away_team": "Boston Celtics",
        "bookmakers": [
            {"key": book, "title": book, "last_update": "2024-11-12T21:58:00Z",
             "markets": [{"key": key, "outcomes": outcomes} for key, outcomes in markets.items()]}
            for book, markets in books
        ],
    } | given  # fmt: skip
