"""The documents of a priced slate: predictions, and the best bets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from fairline.predict.schema import KEY, QUANTILES
from fairline.publish.exports import Prepared, Published, prepared, publish
from fairline.publish.nesting import counted, nested, one_value, presentable

if TYPE_CHECKING:
    from fairline.platform.ledger.contract import Ledger
    from fairline.platform.objects import Objects

_KEY = tuple(column.name for column in KEY)
_MARKET = ("game_id", "player_id", "market")
_PLAYER = (
    "player_id",
    "name",
    "game_id",
    "tip_at",
    "cutoff",
    "team",
    "opponent",
    "status",
    "conditional_on_playing",
    "p_plays",
)
_CENTRE = ("mean", "sd", *(f"q{round(100 * level):02d}" for level in QUANTILES))
_QUOTE = ("line", "book", "source", "captured_at", "price", "p", "p_push", "fair_price", "edge", "expected_value")
_JUDGED = ("recommendation", "reason", "stake")
CONDITIONAL = "questionable"


@dataclass(frozen=True, slots=True)
class Slate:
    """One slate run as it is to be published.

    forecasts: rows of FORECASTS. predictions: rows of PREDICTIONS. best: rows of BEST_BETS. sides: the best quote of
    each side, as `predict.board.best_sides` returns them. contract_hash: identity of the features used.
    plays: probability of playing by status, told where a forecast is conditional on playing.
    """

    day: date
    contract_hash: str
    forecasts: pl.DataFrame
    predictions: pl.DataFrame
    best: pl.DataFrame
    sides: pl.DataFrame
    plays: Mapping[str, float]


def publish_slate(objects: Objects, ledger: Ledger, slate: Slate) -> tuple[Published, ...]:
    """Publish predictions and best bets of a slate run. Running it again publishes nothing new."""
    return tuple(publish(objects, ledger, document) for document in documents(slate))


def documents(slate: Slate) -> tuple[Prepared, Prepared]:
    """What `publish_slate` publishes, ready to be. Raises BrokenContract."""
    return (
        prepared("predictions", slate.day, predictions_document(slate)),
        prepared("best-bets", slate.day, best_bets_document(slate)),
    )


def predictions_document(slate: Slate) -> dict[str, Any]:
    """Every player with each market's systems: the distribution's outline and the best quote of each side."""
    told = presentable(slate.forecasts).rename({"player_name": "name"})
    told = told.join(_judged(slate), on=_KEY, how="left").join(_market(slate), on=_MARKET, how="left")
    for side in ("over", "under"):
        told = told.join(_quotes(slate.sides, side), on=_KEY, how="left")
    told = told.with_columns(
        conditional_on_playing=pl.col("status").eq_missing(CONDITIONAL),
        p_plays=pl.col("status").replace_strict(dict(slate.plays), default=None, return_dtype=pl.Float64),
        best=pl.struct("over", "under"),
        reason=pl.coalesce("judged_reason", "reason"),
    ).sort("game_id", "player_id", "market", "system")
    systems = nested(
        told,
        (*_PLAYER, "market", "market_line", "market_p_over"),
        "systems",
        ("system", *_CENTRE, "quality", "model_hash", *_JUDGED, "best"),
    )
    players = nested(systems, _PLAYER, "markets", ("market", "market_line", "market_p_over", "systems"))
    return {**_heading(slate), "players": players.to_dicts()}


def best_bets_document(slate: Slate) -> dict[str, Any]:
    """The best quote of each player, market and system; of them the bets; and why the rest are none."""
    rows = presentable(slate.best).rename({"player_name": "name", "line_source": "source"})
    over = pl.col("side") == "over"
    shown = ("system", "market", "side", *_QUOTE, "edge_low", "edge_high", *_JUDGED, "mean")
    told = rows.with_columns(p=pl.when(over).then("p_over").otherwise("p_under")).sort(
        "expected_value", *_KEY, descending=[True, *(False for _ in _KEY)]
    )
    quotes = told.select("player_id", "name", "game_id", "tip_at", "team", "opponent", "status", *shown)
    is_bet = pl.col("recommendation").is_in(("OVER", "UNDER"))
    return {
        **_heading(slate),
        "bets": quotes.filter(is_bet).to_dicts(),
        "passed": quotes.filter(~is_bet).to_dicts(),
        "passed_because": counted(quotes.filter(~is_bet)["reason"]),
    }


def _heading(slate: Slate) -> dict[str, Any]:
    """A game already begun has its tip-off as cutoff; the slate's is the latest."""
    told = presentable(slate.forecasts)
    models = told.drop_nulls("model_hash").group_by("system").agg(pl.col("model_hash").unique().sort()).sort("system")
    return {
        "date": slate.day.isoformat(),
        "cutoff": told["cutoff"].max(),
        "generated_from": {
            "batch": one_value(told, "batch_id"),
            "contract": slate.contract_hash,
            "models": dict(models.iter_rows()),
        },
    }


def _judged(slate: Slate) -> pl.DataFrame:
    """What to do about each forecast: of its best quote, or of the row that stands for having none."""
    unpriced = slate.predictions.join(slate.best, on=_KEY, how="anti").unique(_KEY, keep="first", maintain_order=True)
    columns = [*_KEY, "recommendation", "stake", "reason"]
    judged = pl.concat([slate.best.select(columns), unpriced.select(columns)])
    return presentable(judged).rename({"reason": "judged_reason"})


def _market(slate: Slate) -> pl.DataFrame:
    market = slate.predictions.select(*_MARKET, "market_half_points", "market_p_over").unique()
    return presentable(market).select(*_MARKET, "market_line", "market_p_over")


def _quotes(sides: pl.DataFrame, side: str) -> pl.DataFrame:
    """The best quotes of one side, each a struct."""
    of_side = presentable(sides.filter(pl.col("side") == side)).rename({"line_source": "source"})
    return of_side.select(*_KEY, pl.struct(_QUOTE).alias(side))
