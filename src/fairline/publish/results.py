"""The document of a graded slate: how each forecast and its best quote ended, and each system's day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from fairline.publish.exports import Published, prepared, publish
from fairline.publish.nesting import nested, presentable

if TYPE_CHECKING:
    from fairline.platform.ledger.contract import Ledger
    from fairline.platform.objects import Objects

_PLAYER = ("player_id", "name", "game_id")
_SYSTEM = (
    "system", "mean", "absolute_error", "crps", "outcome", "side", "line", "book", "price", "recommendation", "profit",
)  # fmt: skip
_DAY = (
    "system", "expected", "over", "under", "push", "void", "no_action", "ungraded", "coverage", "picks", "hit_rate",
    "roi", "mae", "line_mae", "crps",
)  # fmt: skip


def publish_results(
    objects: Objects, ledger: Ledger, day: date, rows: pl.DataFrame, performance: pl.DataFrame
) -> Published:
    """Publish a date's results. The same results are the same revision; a corrected box score makes the next.

    rows: of PREDICTION_ACCURACY, those of the last slate run before each tip-off, one revision of each.
    performance: rows of SYSTEM_DAILY_PERFORMANCE.
    """
    return publish(objects, ledger, prepared("results", day, results_document(day, rows, performance)))


def results_document(day: date, rows: pl.DataFrame, performance: pl.DataFrame) -> dict[str, Any]:
    """What `publish_results` publishes."""
    told = presentable(rows).rename({"player_name": "name"}).sort("game_id", "player_id", "market", "system")
    best = told.filter(pl.col("is_best") | (pl.col("book") == "")).with_columns(
        pl.when(pl.col("book") != "").then(pl.col(name)).alias(name) for name in ("line", "book")
    )
    markets = nested(best, (*_PLAYER, "market", "actual"), "systems", _SYSTEM)
    players = nested(markets, _PLAYER, "markets", ("market", "actual", "systems"))
    days = presentable(performance.filter(slice_by="all")).sort("system").select(_DAY)
    return {
        "date": day.isoformat(),
        "known_at": told["known_at"].max(),
        "generated_from": {"batches": told["batch_id"].unique().sort().to_list()},
        "systems": days.to_dicts(),
        "players": players.to_dicts(),
    }
