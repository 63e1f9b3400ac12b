"""What is wanted of a day, as held: its games with every provider's id of them; and which of them have been told of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairline.domain.errors import BrokenContract
from fairline.ops.frames import DEFAULT_MARKETS
from fairline.raw.held import Held
from fairline.raw.schema import PROVIDER_GAMES
from fairline.scrape.contract import GameWanted, Wanted
from fairline.scrape.workflows import BOX_SCORES, QUOTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from fairline.platform.home import Home


def wanted_of(home: Home, day: date) -> Wanted:
    """The day's games with both teams known, by tip-off, the markets forecast and the books of the settings."""
    import polars as pl

    games = (
        Held(home.warehouse)
        .games.filter(
            pl.col("game_date") == day, pl.col("home_team_id").is_not_null(), pl.col("away_team_id").is_not_null()
        )
        .sort("tip_at", "game_id", nulls_last=True)
    )
    ids = home.warehouse.remembered("providers' ids", (PROVIDER_GAMES,), lambda: _providers_ids(home))
    columns = "game_id", "game_date", "home_team_id", "away_team_id", "tip_at", "status"
    wanted = tuple(
        GameWanted(**row, ids=ids.get(row["game_id"], {})) for row in games.select(columns).iter_rows(named=True)
    )
    return Wanted(day, home.clock.now(), wanted, DEFAULT_MARKETS, home.settings.books)


def _providers_ids(home: Home) -> dict[str, Mapping[str, str]]:
    """By game, the latest id of each source of raw.provider_games."""
    rows = home.warehouse.query(
        """
        SELECT game_id, source, provider_game_id FROM raw.provider_games WHERE game_id IS NOT NULL
        QUALIFY row_number() OVER (PARTITION BY source, game_id ORDER BY known_at DESC, provider_game_id) = 1
        """
    )
    ids: dict[str, dict[str, str]] = {}
    for game_id, source, provider_game_id in rows.iter_rows():
        ids.setdefault(game_id, {})[source] = provider_game_id
    return dict(ids)


_TOLD = {
    BOX_SCORES: "SELECT DISTINCT game_id FROM raw.player_box_scores WHERE game_date = $day",
    # A quote of this scrape was seen in it, or is in the very bytes it brought: unchanged bytes make no new rows.
    QUOTES: """
        SELECT DISTINCT game_id FROM raw.prop_quotes
        WHERE game_date = $day AND (captured_at >= $since OR list_contains($captures, capture_id))
    """,
}


def games_told(home: Home, fact: str, day: date, since: datetime, captures: Iterable[str]) -> set[str]:
    """The day's games of which that fact is held: box scores at all, quotes from this scrape."""
    if fact not in _TOLD:
        message = f"No table is known to tell {fact!r} of a game"
        raise BrokenContract(message, hint="Declare it in ops/wanted.py.")
    known = {"day": day, "since": since, "captures": sorted(captures)}
    bound = {name: value for name, value in known.items() if f"${name}" in _TOLD[fact]}
    return set(home.warehouse.query(_TOLD[fact], bound)["game_id"])
