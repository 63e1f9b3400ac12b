"""What is known by a moment of the games of a date: their state, what each player counted, and the closing prices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from typing import TYPE_CHECKING

import polars as pl

from fairline.domain.consensus import expit, logit, suspect_prices
from fairline.domain.devig import devig_over
from fairline.domain.markets import Market, components

if TYPE_CHECKING:
    from fairline.platform.warehouse import Warehouse

MARKETS = tuple(market for market in Market if market.has_line)
CLOSE_OF = ["game_id", "player_id", "market", "half_points"]


@dataclass(frozen=True, slots=True)
class Results:
    """games: game_id, tip_at, game_final, postponed, box_held, known_at.

    actuals: game_id, player_id, market, actual of everyone in a box score; null where the source lacks a statistic.
    closes: CLOSE_OF and close_p_over, the log-odds mean over the books after power de-vig.
    """

    games: pl.DataFrame
    actuals: pl.DataFrame
    closes: pl.DataFrame


def results_of(warehouse: Warehouse, day: date, now: datetime) -> Results:
    """The results of the games predicted for a date, as known by `now`."""
    games = warehouse.query(statement("games"), {"day": day, "now": now})
    with warehouse.frame("games", games.select("game_id", "tip_at")):
        players = warehouse.query(
            "SELECT * FROM analytics.player_game_summary SEMI JOIN games USING (game_id)"
            " WHERE known_at <= $now AND superseded_at > $now ORDER BY game_id, player_id",
            {"now": now},
        )
        closes = warehouse.query(statement("closes"))
    return Results(games, actuals(players), closing(closes))


def statement(name: str) -> str:
    """The SQL of one of the questions asked here."""
    return files("fairline.grade").joinpath(f"{name}.sql").read_text()


def actuals(players: pl.DataFrame) -> pl.DataFrame:
    """What each player of a box score counted in every market with a line: game_id, player_id, market, actual."""
    sums = {
        market.value: pl.sum_horizontal(*components(market), ignore_nulls=False).cast(pl.Int32) for market in MARKETS
    }
    counted = players.select("game_id", "player_id", **sums)
    return counted.unpivot(index=["game_id", "player_id"], variable_name="market", value_name="actual")


def closing(quotes: pl.DataFrame) -> pl.DataFrame:
    """The close's probability of over at each line, pushes aside; a suspect quote is not part of it."""
    of_line = quotes.select(pl.struct(CLOSE_OF).rank("dense").cast(pl.Int64)).to_series().to_numpy()
    over, under = (quotes[name].to_numpy() for name in ("over_decimal", "under_decimal"))
    suspect = pl.Series(suspect_prices(of_line, over, under), dtype=pl.Boolean)
    log_odds = pl.Series(logit(devig_over(over, under, method="power")), dtype=pl.Float64)
    pooled = quotes.with_columns(log_odds=log_odds).filter(~suspect)
    means = pooled.group_by(CLOSE_OF, maintain_order=True).agg(pl.col("log_odds").mean())
    return means.select(*CLOSE_OF, close_p_over=pl.Series(expit(means["log_odds"].to_numpy()), dtype=pl.Float64))
