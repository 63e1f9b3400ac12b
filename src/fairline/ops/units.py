"""The units of a slate run in the ledger: one per player's market in a game, each to a terminal state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairline.platform.ledger.contract import Batch, Unit, UnitState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import polars as pl

    from fairline.platform.ledger.contract import Ledger

RUN_KIND = "slate"


def open_units(ledger: Ledger, batch_id: str, day: date, rows: pl.DataFrame, markets: Sequence[str]) -> None:
    """Open the batch with a unit for every row and market. The same batch again changes nothing, unless units failed.

    The caller owns the home, so a batch of the day that is still open was left by a run that died. If it is this one,
    it is taken up where it was left; another is closed as failed. What failed before is another attempt's to do.
    """
    for left in ledger.open_batches():
        if (left.game_date, left.run_kind) == (day, RUN_KIND) and left.batch_id != batch_id:
            ledger.close(left.batch_id, failing_open_with="the run that opened it did not end")
    keys = rows.select("game_id", "player_id").sort("game_id", "player_id").rows()
    units = tuple(Unit(game_id, player_id, market) for market in markets for game_id, player_id in keys)
    batch = Batch(batch_id, day, RUN_KIND, units)
    if not ledger.open(batch):
        ledger.reopen(batch)


def end_units(ledger: Ledger, batch_id: str, forecasts: pl.DataFrame) -> None:
    """End every unit: done when any system forecast it and the player may play, else skipped with the reason."""
    import polars as pl

    kept_out = pl.when(pl.col("status").is_in(["out", "doubtful"])).then(pl.col("status"))
    ended = forecasts.group_by("game_id", "player_id", "market", maintain_order=True).agg(
        kept_out.first().alias("kept_out"),
        pl.col("reason").is_null().any().alias("forecast"),
        pl.col("reason").drop_nulls().first().alias("reason"),
    )
    ledger.end_units(batch_id, [_ended(*row) for row in ended.iter_rows()])
    ledger.close(batch_id, failing_open_with="no system answered")


def _ended(game_id: str, player_id: int, market: str, kept_out: str | None, forecast: bool, reason: str) -> Unit:
    if kept_out:
        return Unit(game_id, player_id, market, UnitState.SKIPPED, kept_out)
    if forecast:
        return Unit(game_id, player_id, market, UnitState.DONE)
    return Unit(game_id, player_id, market, UnitState.SKIPPED, reason)
