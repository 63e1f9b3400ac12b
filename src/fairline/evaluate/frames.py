"""The rows a market is learned from and judged on: features as known, with the outcome beside them as label alone."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Literal, NamedTuple

from fairline.domain.markets import Market, components
from fairline.evaluate.later import later_quotes
from fairline.features import assemble, market
from fairline.features.contract import model_features, names

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from fairline.features.availability import Knowledge
    from fairline.platform.warehouse import Warehouse

LEAST_GAMES = 5
"""Career games a player needs to be judged (evaluation, Measured) or learned from."""
LEAST_MINUTES = 8.0
"""Mean minutes of the season from which a row teaches: below, outcomes are the end of the bench's."""
SEASONS = 7
"""Seasons a fit looks back, its own included."""

BEFORE_TIP = "-1m"
"""Where training rows are cut, against tip-off. What is first known at tip-off itself, such as game lines without a
capture time, reaches no forecast and so must not teach one."""

Tip = Literal["assumed", "scheduled"]
Capture = Literal["last", "previous"]


class QuoteRule(NamedTuple):
    """Which quote a row is judged at.

    tip: what ends the quotes: the schedule's tip-off, or the assumed one (the later of the schedule's plus ten minutes
    and the provider's own). capture: the player's latest before it, or his latest before the game's last, so that the
    next capture tells whether the quote could be taken.
    """

    tip: Tip = "assumed"
    capture: Capture = "last"


LAST_QUOTE = QuoteRule()


def actual(market: str) -> pl.Expr:
    """The outcome of a market: the sum of its box-score columns."""
    import polars as pl

    return pl.sum_horizontal([pl.col(f"actual_{name}") for name in components(Market(market))], ignore_nulls=False)


def training_rows(warehouse: Warehouse, knowledge: Knowledge = "reports") -> pl.DataFrame:
    """Features just before tip-off of every player-game held, with outcomes and when known, in order of time."""
    import polars as pl

    played = _played(warehouse)
    asked = played.select(
        "game_id",
        pl.col("tip_at").dt.offset_by(BEFORE_TIP).alias("cutoff"),
        "player_id",
        pl.lit(None, pl.Int64).alias("team_id"),
    )
    cutoffs = asked.select("game_id", "cutoff").unique()
    rows = assemble.build(warehouse, cutoffs, asked, rosters=False, knowledge=knowledge)
    labelled = rows.join(played.drop("tip_at"), on=["game_id", "player_id"], how="inner")
    return labelled.sort("cutoff", "game_id", "player_id")


def teaches(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows a fit learns from: rotation players with a few games behind them, of the last seasons."""
    import polars as pl

    return rows.filter(
        (pl.col("minutes_avg_season") >= LEAST_MINUTES)
        & (pl.col("career_games") >= LEAST_GAMES)
        & (pl.col("season") > pl.col("season").max() - SEASONS)
    )


def quoted_rows(
    warehouse: Warehouse,
    name: str,
    first: date,
    last: date,
    knowledge: Knowledge = "reports",
    rule: QuoteRule = LAST_QUOTE,
) -> pl.DataFrame:
    """One row per player quoted in the market: features and consensus at the capture the rule tells.

    Two-sided quotes alone. Outcomes are null where he did not play or no box score is held; `result_held` tells which.
    What later captures tell is beside it, as a label: null by the rule that takes the last one.
    """
    chosen = {"assumed": rule.tip == "assumed", "skipped": 0 if rule.capture == "last" else 1}
    moments = warehouse.query(_statement("cutoffs"), {"market": name, "first": first, "last": last, **chosen})
    asked = moments.select("game_id", "player_id", "cutoff", "team_id")
    quotes = market.quotes_as_of(warehouse, asked.drop("team_id"), name)
    priced = market.consensus(quotes).drop_nulls("p_over")
    judged = priced.join(moments.rename({"team_id": "stated_team_id"}), on=market.PLAYER, how="inner")
    asked = asked.join(priced.select(market.PLAYER), on=market.PLAYER, how="semi")
    rows = assemble.build(
        warehouse, asked.select("game_id", "cutoff").unique(), asked, rosters=False, knowledge=knowledge
    )
    lined = [*market.PLAYER, "half_points", "next_capture_at", "tip_off_at"]
    return (
        rows.join(judged, on=market.PLAYER, how="inner")
        .join(market.best_at_line(quotes, priced), on=market.PLAYER, how="left")
        .join(later_quotes(warehouse, judged.select(lined), name), on=market.PLAYER, how="left")
        .join(_played(warehouse).drop("tip_at"), on=["game_id", "player_id"], how="left")
        .sort("cutoff", "game_id", "player_id")
    )


def feature_names() -> list[str]:
    """The ordered `model` contract."""
    return names(model_features())


def _played(warehouse: Warehouse) -> pl.DataFrame:
    return warehouse.query(_statement("played"), many=True)


def _statement(name: str) -> str:
    return files("fairline.evaluate").joinpath(f"{name}.sql").read_text()
