"""Small questions every operation asks of the warehouse: which games, which markets, which names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairline.domain.errors import NotFound, Refused
from fairline.domain.markets import market
from fairline.predict.systems.centre import STEMS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import polars as pl

    from fairline.platform.warehouse import Warehouse

DEFAULT_MARKETS = ("points", "rebounds", "assists", "threes", "points_rebounds_assists")


def forecastable(names: Sequence[str]) -> tuple[str, ...]:
    """Markets by our names, in the order given; five without any.

    Raises NotFound for an unknown one, Refused for one no system forecasts.
    """
    chosen = tuple(dict.fromkeys(market(name).value for name in names)) or DEFAULT_MARKETS
    for name in chosen:
        if name not in STEMS:
            message = f"no system forecasts {name}"
            raise Refused(message, hint=f"choose among {', '.join(STEMS)}")
    return chosen


def games_of(warehouse: Warehouse, day: date) -> pl.DataFrame:
    """Games of the day between NBA teams as held now: game_id, tip_at, home_team_id, away_team_id, assumed_tip_at.

    Raises NotFound naming the nearest game days.
    """
    games = warehouse.query(
        """
        SELECT game_id, tip_at, home_team_id, away_team_id, tip_at + INTERVAL 10 MINUTE AS assumed_tip_at, status
        FROM analytics.game_versions
        WHERE game_date = ? AND superseded_at = TIMESTAMPTZ '9999-01-01 00:00:00+00'
            AND game_type IN ('regular', 'play_in', 'playoffs', 'cup_final')
            AND home_team_id IS NOT NULL AND away_team_id IS NOT NULL
        ORDER BY tip_at, game_id
        """,
        [day],
    )
    if games.is_empty():
        raise _no_games(warehouse, day)
    return games


def _no_games(warehouse: Warehouse, day: date) -> NotFound:
    near = warehouse.query(
        """
        SELECT max(game_date) FILTER (game_date < ?) AS before, min(game_date) FILTER (game_date > ?) AS after
        FROM analytics.game_versions
        WHERE game_type IN ('regular', 'play_in', 'playoffs', 'cup_final') AND home_team_id IS NOT NULL
            AND away_team_id IS NOT NULL AND superseded_at = TIMESTAMPTZ '9999-01-01 00:00:00+00'
        """,
        [day, day],
    ).row(0)
    message = f"no games are held for {day}"
    if near == (None, None):
        return NotFound(message, hint="`fairline import PATH...` with a schedule")
    nearest = " and ".join(str(one) for one in near if one)
    return NotFound(message, hint=f"the nearest game days held are {nearest}; import a schedule for others")


def player_names(warehouse: Warehouse) -> pl.DataFrame:
    """player_id and player_name as NBA.com last wrote it; without a box score, as a roster, a line-up or a book did."""
    return warehouse.query(
        """
        SELECT player_id, arg_max(player_name, known_at) AS player_name
        FROM (
            SELECT player_id, player_name, known_at FROM analytics.player_game_summary
            UNION ALL
            SELECT player_id, min(player_name), TIMESTAMPTZ '1901-01-01 00:00:00+00'
            FROM raw.projected_lineups GROUP BY player_id
            UNION ALL
            SELECT player_id, min(player_name), TIMESTAMPTZ '1902-01-01 00:00:00+00' FROM raw.rosters GROUP BY player_id
            UNION ALL
            SELECT player_id, min(player_name), TIMESTAMPTZ '1900-01-01 00:00:00+00'
            FROM raw.prop_quotes GROUP BY player_id
        )
        GROUP BY player_id
        """
    )
