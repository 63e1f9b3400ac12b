"""Decimal minutes per player and date, play-offs included."""

import polars as pl

from fairline.raw import known
from fairline.raw.cells import Cells
from fairline.raw.contracts import contract, readable, split, stated
from fairline.raw.held import Held
from fairline.raw.parsed import Parsed, one_per_key, together
from fairline.raw.schema import EXACT_MINUTES

GIVEN = {"player_id": "PLAYER_ID", "game_date": "GAME_DATE", "minutes": "MINUTES"}


def parse(frame: pl.DataFrame, held: Held) -> Parsed:
    """Minutes, known when the player's box score of that date was, else at 4:00 Eastern the morning after."""
    cells = Cells(frame)
    typed = frame.select(
        "row_number",
        *stated(GIVEN),
        cells.whole("PLAYER_ID").alias("player_id"),
        cells.day("GAME_DATE").alias("game_date"),
        cells.number("MINUTES").alias("minutes"),
    )
    good, broken = split(typed, [*readable(frame, GIVEN), *contract(EXACT_MINUTES)])
    key = ["player_id", "game_date"]
    good, conflicting, duplicates = one_per_key(good, key, ["minutes"], "conflicting_minutes")
    box = held.appearances.group_by(key).agg(box_known=pl.col("known_at").min())
    no_tip = pl.lit(None, pl.Datetime("us", "UTC"))
    rows = good.join(box, on=key, how="left").select(
        "row_number", *key, "minutes",
        valid_at=known.eastern(pl.col("game_date"), 12),
        known_at=pl.coalesce("box_known", known.result_known(no_tip, pl.col("game_date"))),
    )  # fmt: skip
    return Parsed({EXACT_MINUTES: rows}, together([broken, conflicting]), duplicates=duplicates)
