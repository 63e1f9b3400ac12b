"""Games as other providers name them, by teams and date, to NBA's game ids."""

from datetime import timedelta

import polars as pl

from fairline.raw import known
from fairline.raw.contracts import Rule, rule
from fairline.raw.held import Held

MOVED_WITHIN = timedelta(hours=30)
"""A provider may still show the date a game was moved from or to."""


def matched(frame: pl.DataFrame, held: Held) -> pl.DataFrame:
    """The frame with `game_id`, `game_date` (Eastern), `tip_at` and `swapped` of the game each row means, else null.

    frame: `home_team_id`, `away_team_id`, `commence_at` (UTC, may be null) and, where a provider gives a date instead,
    `stated_date`; exactly the rows given, in their order. The slot of the two teams nearest to that time counts, if it
    is within 30 hours. On neutral ground the sides may be swapped: `swapped` tells.
    """
    slots = held.slots.select("game_id", "slot_date", "slot_tip", home="home_team_id", away="away_team_id")
    as_listed = slots.rename({"home": "home_team_id", "away": "away_team_id"}).with_columns(swapped=pl.lit(value=False))
    turned = slots.rename({"home": "away_team_id", "away": "home_team_id"}).with_columns(swapped=pl.lit(value=True))
    asked = frame.with_row_index("ask").with_columns(meant=_meant(frame))
    near = (
        asked.select("ask", "meant", "home_team_id", "away_team_id")
        .join(pl.concat([as_listed, turned], how="diagonal"), on=["home_team_id", "away_team_id"])
        .with_columns(apart=(pl.col("meant") - pl.col("slot_tip")).abs())
        .filter(pl.col("apart") <= MOVED_WITHIN)
        .sort("ask", "apart", "swapped", "game_id")
        .unique("ask", keep="first", maintain_order=True)
        .select("ask", "game_id", "swapped", game_date="slot_date", tip_at="slot_tip")
    )
    return asked.join(near, on="ask", how="left", maintain_order="left").drop("ask", "meant")


def no_game() -> Rule:
    """Sets aside rows whose game no schedule holds."""
    teams = "no schedule held has team {} at home to {} near that time"
    return rule("no_game", pl.col("game_id").is_null(), teams, pl.col("home_team_id"), pl.col("away_team_id"))


def _meant(frame: pl.DataFrame) -> pl.Expr:
    """The instant a row means: its tip-off, or half past seven in the evening of its date."""
    commence = pl.col("commence_at")
    if "stated_date" not in frame.columns:
        return commence
    return pl.coalesce(commence, known.eastern(pl.col("stated_date"), 19) + timedelta(minutes=30))
