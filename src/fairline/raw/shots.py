"""Shot attempts. Rows that look like duplicates are real shots: an ordinal tells them apart."""

import polars as pl

from fairline.raw import known
from fairline.raw.cells import Cells
from fairline.raw.contracts import contract, readable, split, stated
from fairline.raw.held import Held
from fairline.raw.parsed import Parsed
from fairline.raw.schema import SHOTS

GIVEN = {
    "game_id": "GAME_ID", "game_date": "GAME_DATE", "team_id": "TEAM_ID", "player_id": "PLAYER_ID", "made": "SHOT_MADE",
    "period": "QUARTER", "minutes_left": "MINS_LEFT", "clock_seconds": "SECS_LEFT", "distance": "SHOT_DISTANCE",
    "x": "LOC_X", "y": "LOC_Y", "three": "SHOT_TYPE",
}  # fmt: skip

CLOCK = ("game_id", "player_id", "period", "seconds_left")
SHOT = ("made", "three", "distance", "x", "y", "team_id", "game_date")


def parse(frame: pl.DataFrame, held: Held) -> Parsed:
    """Shots, known when their game's box score was."""
    typed = frame.select("row_number", *stated(GIVEN), *_typed(frame))
    # Stated in hundredths of a foot; single precision would add noise behind them.
    typed = typed.with_columns(
        pl.col("x", "y").round(2), seconds_left=60 * pl.col("minutes_left") + pl.col("clock_seconds")
    )
    good, broken = split(typed, [*readable(frame, GIVEN), *contract(SHOTS, "ordinal")])
    # Ordered by what was shot, not by place in the file, so that a re-sorted file numbers them the same.
    numbered = good.sort(*CLOCK, *SHOT).with_columns(
        ordinal=pl.int_range(pl.len()).over(CLOCK)
    )  # fmt: skip
    timed = numbered.join(held.games.select("game_id", "tip_at"), on="game_id", how="left")
    rows = timed.select(
        "row_number", *CLOCK, *SHOT, "ordinal",
        valid_at=pl.coalesce("tip_at", known.eastern(pl.col("game_date"), 12)),
        known_at=known.result_known(pl.col("tip_at"), pl.col("game_date")),
    )  # fmt: skip
    return Parsed({SHOTS: rows}, broken)


def _typed(frame: pl.DataFrame) -> list[pl.Expr]:
    cells = Cells(frame)
    worth = cells.text("SHOT_TYPE").str.slice(0, 1)
    readers = {"game_id": cells.game, "game_date": cells.day, "made": cells.yes, "x": cells.number, "y": cells.number}
    typed = [readers.get(ours, cells.whole)(theirs).alias(ours) for ours, theirs in GIVEN.items() if ours != "three"]
    return [*typed, pl.when(worth.is_in(["2", "3"])).then(worth == "3").alias("three")]
