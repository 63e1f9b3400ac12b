"""The units of a slate run: one per player's market in a game, each with an end. Who is filtered is born with his."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from fairline.platform.ledger.contract import Unit, UnitState
from fairline.predict.pricing import LEAST_QUALITY, SKIPPED_STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import polars as pl

RUN_KIND = "slate"

QUALITY = "quality"
"""The reason of a player whose feature row says too little to forecast him from."""

SYSTEM_FAILED = "system_failed"
"""The reason of a forecast whose task failed or never ended. Which error it was the ledger's task tells."""


def filtered(rows: pl.DataFrame) -> pl.DataFrame:
    """The feature rows with `skipped`: why a player is not forecast; null when he is.

    Who is out or doubtful is not, whatever is known of him; then who has too poor a row.
    """
    import polars as pl

    poor = pl.col("quality").is_null() | (pl.col("quality") < LEAST_QUALITY)
    kept_out = pl.col("status").is_in(SKIPPED_STATUSES)
    return rows.with_columns(
        skipped=pl.when(kept_out).then("status").when(poor).then(pl.lit(QUALITY)).otherwise(pl.lit(None, pl.String))
    )


def planned(players: pl.DataFrame, markets: Sequence[str]) -> tuple[Unit, ...]:
    """A unit for every player and market, skipped from birth where `players` says why."""
    keys = players.select("game_id", "player_id", "skipped").sort("game_id", "player_id").rows()
    return tuple(_planned(game, player, why, market) for market in markets for game, player, why in keys)


def skipped_by_reason(units: Iterable[Unit]) -> dict[str, int]:
    """How many units are skipped for each reason, the commonest first."""
    counts = Counter(unit.reason for unit in units if unit.state == UnitState.SKIPPED)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def ended(forecasts: pl.DataFrame) -> list[Unit]:
    """How each unit ended, by the rows of FORECASTS.

    Done when any system forecast it; failed when none did and one of them failed; else skipped with a system's reason.
    """
    import polars as pl

    reason = pl.col("reason")
    told = forecasts.group_by("game_id", "player_id", "market", maintain_order=True).agg(
        reason.is_null().any().alias("forecast"),
        (reason == SYSTEM_FAILED).any().alias("failed"),
        reason.drop_nulls().first().alias("reason"),
    )
    return [_ended(*row) for row in told.iter_rows()]


def _planned(game_id: str, player_id: int, skipped: str | None, market: str) -> Unit:
    if skipped is None:
        return Unit(game_id, player_id, market)
    return Unit(game_id, player_id, market, UnitState.SKIPPED, skipped)


def _ended(game_id: str, player_id: int, market: str, forecast: bool, failed: bool, reason: str) -> Unit:
    if forecast:
        return Unit(game_id, player_id, market, UnitState.DONE)
    if failed:
        return Unit(game_id, player_id, market, UnitState.FAILED, SYSTEM_FAILED)
    return Unit(game_id, player_id, market, UnitState.SKIPPED, reason)
