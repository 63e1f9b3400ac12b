"""Feature rows of any period, computed now as of a cutoff: what `fl.features` returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from fairline.analytics.build import refresh
from fairline.domain.errors import LookAhead, NotFound
from fairline.domain.markets import market as market_named
from fairline.features import assemble, market
from fairline.features.quality import scored
from fairline.ops.frames import player_names
from fairline.ops.moments import instant
from fairline.ops.people import find_person

if TYPE_CHECKING:
    from datetime import datetime

    import polars as pl

    from fairline.ops.reading import Period
    from fairline.platform.home import Home
    from fairline.platform.warehouse import Warehouse


class Wanted(NamedTuple):
    """Which rows. as_of: the cutoff; without it each game's scheduled tip-off, or now for games to come."""

    dates: Period
    market: str | None = None
    player: str | int | None = None
    as_of: datetime | str | None = None


def feature_rows(home: Home, wanted: Wanted) -> pl.DataFrame:
    """One row per game and player of both rosters or quoted by then, with quality; of one player if asked.

    market: also the `market` contract's features of its quotes. Raises NotFound without games or for an unknown player,
    LookAhead for an as_of in the future.
    """
    import polars as pl

    warehouse = home.warehouse
    refresh(warehouse)
    cutoffs = _cutoffs(home, wanted)
    rows = scored(assemble.build(warehouse, cutoffs, _quoted(warehouse, cutoffs)))
    if wanted.player is not None:
        rows = rows.filter(pl.col("player_id") == find_person(warehouse, str(wanted.player)).player_id)
    named = rows.join(player_names(warehouse), on="player_id", how="left", maintain_order="left")
    keys = [*assemble.KEYS, "player_name"]
    return _with_market(warehouse, named.select(*keys, pl.exclude(keys)), wanted.market)


def _cutoffs(home: Home, wanted: Wanted) -> pl.DataFrame:
    import polars as pl

    games = home.warehouse.query(_GAMES, {"first": wanted.dates.first, "last": wanted.dates.last})
    if games.is_empty():
        message = f"No game with a tip-off is held from {wanted.dates.first} to {wanted.dates.last}."
        raise NotFound(message, hint="`fairline import PATH...` with a schedule, or choose other dates.")
    now = home.clock.now()
    latest = instant(wanted.as_of, wanted.dates.last, ZoneInfo(home.settings.zone)) if wanted.as_of else now
    if latest > now:
        message = f"As of {latest:%Y-%m-%d %H:%M} UTC lies in the future."
        raise LookAhead(message, hint="Leave as_of out to see what is known now.")
    cutoff = pl.min_horizontal("tip_at", pl.lit(latest, dtype=pl.Datetime("us", "UTC")))
    return games.select("game_id", cutoff=cutoff)


_GAMES = """
SELECT game_id, tip_at FROM analytics.game_versions
WHERE game_date BETWEEN $first AND $last AND superseded_at = TIMESTAMPTZ '9999-01-01 00:00:00+00'
    AND home_team_id IS NOT NULL AND away_team_id IS NOT NULL AND tip_at IS NOT NULL
    AND game_type IN ('regular', 'play_in', 'playoffs', 'cup_final')
ORDER BY game_id
"""


def _quoted(warehouse: Warehouse, cutoffs: pl.DataFrame) -> pl.DataFrame:
    with warehouse.frame("wanted_games", cutoffs):
        return warehouse.query(
            """
            SELECT quote.game_id, wanted_games.cutoff, quote.player_id, max(quote.team_id) AS team_id
            FROM raw.prop_quotes AS quote
            JOIN wanted_games
                ON wanted_games.game_id = quote.game_id AND quote.captured_at <= wanted_games.cutoff
                AND quote.known_at <= wanted_games.cutoff
            GROUP BY quote.game_id, wanted_games.cutoff, quote.player_id
            """
        )


def _with_market(warehouse: Warehouse, rows: pl.DataFrame, name: str | None) -> pl.DataFrame:
    import polars as pl

    if name is None:
        return rows
    market_name = market_named(name).value
    priced = market.consensus(market.quotes_as_of(warehouse, rows.select(market.PLAYER), market_name)).select(
        *market.PLAYER, "opening_line", "line_move", "has_line", "line_dispersion", "books", "quoted_at",
        market_line="line", market_p_over="p_over",
    )  # fmt: skip
    joined = rows.join(priced, on=market.PLAYER, how="left", maintain_order="left")
    return joined.with_columns(market=pl.lit(market_name), has_line=pl.col("has_line").fill_null(0.0))
