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
    teams, slot = ["home_team_id", "away_team_id"], {"game_date": "slot_date", "tip_at": "slot_tip"}
    as_listed = held.slots.select(*teams, "game_id", swapped=pl.lit(value=False), **slot)
    turned = held.slots.select(
        "game_id", home_team_id="away_team_id", away_team_id="home_team_id", swapped=pl.lit(value=True), **slot
    )
    asked = frame.with_row_index("ask")
    apart = (pl.col("meant") - pl.col("tip_at")).abs()
    near = (
        asked.select("ask", *teams, meant=_meant(frame))
        .join(pl.concat([as_listed, turned.select(as_listed.columns)]), on=teams)
        .filter(apart <= MOVED_WITHIN)
        .sort(pl.col("ask"), apart, pl.col("swapped"), pl.col("game_id"))
        .unique("ask", keep="first", maintain_order=True)
        .select("ask", "game_id", "swapped", *slot)
    )
    return asked.join(near, on="ask", how="left", maintain_order="left").drop("ask")


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
