"""Whose player someone was on a day, as box scores, rosters and the player index show it.

This is cleaning of history, not forecasting: the game after counts like the one before.
"""

from functools import partial

import polars as pl

from fairline.raw.held import Held

# Long absences end: two seasons of injury (2022 - 2024) are the longest on record here.
LAST_GAME_WITHIN = "1100d"
NEXT_GAME_WITHIN = "400d"


def teams_at(asked: pl.DataFrame, held: Held) -> pl.DataFrame:
    """`player_id`, `day`, `team_id`: the team he was last seen with up to the day, and next seen with when it differs.

    asked: `player_id`, `day`. A player not seen near enough has no row: he was not active then.
    """
    days = asked.select("player_id", "day").unique().sort("day")
    # Both sides are sorted by day; within groups Polars cannot see it.
    nearest = partial(days.join_asof, held.memberships, on="day", by="player_id", check_sortedness=False)
    last = nearest(strategy="backward", tolerance=LAST_GAME_WITHIN)
    following = nearest(strategy="forward", tolerance=NEXT_GAME_WITHIN)
    return pl.concat([last, following]).drop_nulls("team_id").unique()
