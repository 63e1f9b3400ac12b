"""Leagues shared by tests: simulated once."""

from functools import cache

from fairline.sim.league.league import League

FOUR = ("BOS", "NYK", "LAL", "DEN")


@cache
def whole_league() -> League:
    """Thirty teams, the seasons that began in 2024 and 2025: that of the page."""
    return League(1)


@cache
def small_league() -> League:
    """Four teams, twelve games each."""
    return League(5, years=(2025,), teams=FOUR, games_each=12)
