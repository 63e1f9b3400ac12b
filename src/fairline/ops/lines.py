"""How a player's line moved at each book on a date."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from fairline.domain.books import find_book
from fairline.domain.errors import NotFound
from fairline.domain.markets import Market
from fairline.domain.markets import market as market_named
from fairline.ops.moments import game_day
from fairline.ops.people import Person, find_person
from fairline.raw import quote_history

if TYPE_CHECKING:
    import polars as pl

    from fairline.platform.home import Home
    from fairline.platform.warehouse import Warehouse


TOLD = (
    "game_id", "book", "captured_at", "line", "over_decimal", "under_decimal", "opened", "moved", "last", "in_game",
    "alternates", "tipped_at", "source",
)  # fmt: skip
"""What is told of a line's move."""


class LineMoves(NamedTuple):
    """A player's market on a date. rows: as raw.quote_history.moves gives them, and `line`, the number people write."""

    person: Person
    market: Market
    day: date
    rows: pl.DataFrame


def line_moves(
    home: Home, player: str, *, market: str = "points", day: date | str | None = None, book: str | None = None
) -> LineMoves:
    """Opening, every move and close at each book, or at one; without a day, of the last date the player was quoted for.

    Raises NotFound where nothing was quoted, and as find_person for the name.
    """
    import polars as pl

    warehouse, chosen = home.warehouse, market_named(market)
    when = None if day is None else game_day(day, home.clock.now())
    person = find_person(warehouse, player, when)
    place = None if book is None else find_book(book)
    quoted = when or _last_quoted(warehouse, person, chosen)
    quotes = quote_history.history(warehouse, person.player_id, chosen, place, first=quoted, last=quoted)
    if quotes.is_empty():
        at = f" at {place}" if place else ""
        message = f"No {chosen.replace('_', ' + ')} line of {person.name} is held for {quoted}{at}."
        raise NotFound(message, hint="`fairline import PATH...` with quotes, or another --date, --market or --book.")
    rows = quote_history.moves(quotes).with_columns(line=pl.col("half_points") / 2)
    return LineMoves(person, chosen, quoted, rows)


def _last_quoted(warehouse: Warehouse, person: Person, market: Market) -> date:
    last: date | None = warehouse.query(
        "SELECT max(game_date) AS day FROM raw.prop_quotes WHERE player_id = ? AND market = ?",
        [person.player_id, market.value],
    ).item()
    if last is None:
        message = f"No {market.replace('_', ' + ')} line of {person.name} is held."
        raise NotFound(message, hint="`fairline import PATH...` with quotes, or another --market.")
    return last
