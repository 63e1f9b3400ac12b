"""Price a slate: features at the cutoff, every system's forecast, every quote, the published file."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from fairline.analytics.build import refresh
from fairline.domain.dates import utc
from fairline.features import market
from fairline.features.availability import BY_STATUS
from fairline.features.contract import contract_hash, model_features
from fairline.features.store import keep_market
from fairline.ops.frames import games_of
from fairline.ops.slate_rows import cutoffs_of, moment_of, slate_rows
from fairline.ops.training import train
from fairline.ops.units import end_units, open_units
from fairline.platform.ledger.recorded import recorded_run
from fairline.predict import registry
from fairline.predict.board import best, best_sides
from fairline.predict.pricing import StakeRules, price
from fairline.predict.rows import forecast_rows
from fairline.predict.schema import BEST_BETS, FORECASTS, PREDICTIONS
from fairline.publish.slate import Slate, publish_slate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date, datetime

    import polars as pl

    from fairline.platform.home import Home
    from fairline.predict.forecasting import MarketModel
    from fairline.predict.registry import Card
    from fairline.publish.exports import Published

LASTING = timedelta(minutes=10)
"""A run still open after this long is overdue."""


class SlateRun(NamedTuple):
    """What a run priced. seconds: by named step."""

    batch_id: str
    game_date: date
    as_of: datetime
    games: int
    predictions: pl.DataFrame
    best: pl.DataFrame
    published: tuple[Published, ...]
    seconds: dict[str, float]
    notes: tuple[str, ...]


class _Steps:
    """Seconds by named step, from a monotonic clock: a measurement, never an input."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.perf_counter()

    def done(self, step: str) -> None:
        now = time.perf_counter()
        self.seconds[step] = round(now - self._since, 3)
        self._since = now


def run_slate(
    home: Home,
    day: date,
    markets: Sequence[str],
    *,
    as_of: datetime | None = None,
    told: Callable[[str], None] = lambda _: None,
) -> SlateRun:
    """Price the day's games as of a moment; running it again with the same inputs changes nothing.

    as_of: an aware moment; without it now, or for a day gone by the latest capture before its tip-offs. A game's cutoff
    is as_of or its tip-off, whichever is earlier. A market whose models all know more than the moment allows is first
    trained as of then; told hears of it. Raises NotFound without games, players or any model, LookAhead for a future
    as_of.
    """
    with recorded_run(home.ledger, "run", lasting=LASTING, game_date=day) as report:
        run = _run(home, day, markets, as_of, told)
        report.counts["predictions"] = run.predictions.height
    return run


def _run(
    home: Home, day: date, markets: Sequence[str], as_of: datetime | None, told: Callable[[str], None]
) -> SlateRun:
    import polars as pl

    steps, warehouse = _Steps(), home.warehouse
    refresh(warehouse)
    games = games_of(warehouse, day)
    as_of = moment_of(home, games, None if as_of is None else utc(as_of))
    models = _models(home, markets, as_of, told)
    steps.done("models")
    cutoffs = cutoffs_of(warehouse, day, games, as_of)
    rows = slate_rows(warehouse, cutoffs, markets)
    steps.done("features")
    batch_id = f"{day}/slate/{as_of:%Y%m%dT%H%M%SZ}"
    open_units(home.ledger, batch_id, day, rows, markets)
    priced = [_market(home, batch_id, rows, name, models[name]) for name in markets]
    steps.done("forecast and price")
    predictions, chosen = _kept(home, priced)
    forecasts = pl.concat([one.forecasts for one in priced])
    end_units(home.ledger, batch_id, forecasts)
    slate = Slate(
        day=day, contract_hash=contract_hash(model_features()), forecasts=forecasts, predictions=predictions,
        best=chosen, sides=best_sides(predictions, home.settings.books), plays=BY_STATUS,
    )  # fmt: skip
    published = publish_slate(home.objects, home.ledger, slate)
    steps.done("keep and publish")
    steps.seconds["of which forecasting"] = round(sum(one.forecast_seconds for one in priced), 3)
    notes = tuple(_notes(day, as_of, games.height - cutoffs.height, quoted=any(one.quotes for one in priced)))
    return SlateRun(batch_id, day, as_of, cutoffs.height, predictions, chosen, published, steps.seconds, notes)


def _notes(day: date, as_of: datetime, left_out: int, *, quoted: bool) -> Iterator[str]:
    """What the reader of the board should know first."""
    if left_out:
        yield f"{left_out} of the day's games left out: by {as_of:%H:%M} UTC not known, postponed, or on another day"
    if not quoted:
        yield f"no quotes are held for {day} before {as_of:%H:%M} UTC"


def _models(
    home: Home, markets: Sequence[str], as_of: datetime, told: Callable[[str], None]
) -> dict[str, tuple[MarketModel, Card, str]]:
    """Each market's latest honest model; those of which every one kept knows more are first fitted as of the moment."""
    knowing = [name for name in markets if not registry.has_honest(home.objects, name, as_of)]
    if knowing:
        told(
            f"the models of {', '.join(knowing)} learned from later outcomes: fitting as of {as_of:%Y-%m-%d %H:%M} UTC"
        )
        train(home, knowing, known_by=as_of, told=told)
    return {name: registry.load(home.objects, name, as_of) for name in markets}


class _Priced(NamedTuple):
    forecasts: pl.DataFrame
    predictions: pl.DataFrame
    quotes: int
    forecast_seconds: float


def _market(home: Home, batch_id: str, rows: pl.DataFrame, name: str, loaded: tuple[MarketModel, Card, str]) -> _Priced:
    """One market forecast by every system and priced at every quote."""
    import polars as pl

    model, card, model_hash = loaded
    asked = rows.select(market.PLAYER)
    quotes = market.quotes_as_of(home.warehouse, asked, name)
    consensus = market.consensus(quotes).with_columns(market=pl.lit(name))
    keep_market(home.warehouse, consensus)
    lined = asked.join(consensus, on=market.PLAYER, how="left", maintain_order="left").select("half_points", "p_over")
    started = time.perf_counter()
    forecasts = model.forecast(rows, lined, contract_hash(model_features()))
    seconds = time.perf_counter() - started
    kept = forecast_rows(rows, forecasts, batch_id=batch_id, market=name, model_hash=model_hash)
    predictions = price(kept, quotes, consensus, _rules(home, name, card))
    return _Priced(kept.drop("status_changed_at"), predictions, quotes.height, seconds)


def _rules(home: Home, name: str, card: Card) -> StakeRules:
    """What a stake must have earned, by the settings and by how the model did when it was trained."""
    metrics, settings = card["about"]["metrics"], home.settings
    return StakeRules(
        stake_system=settings.stake_system,
        verdicts={name: metrics.get(settings.stake_system, {}).get("verdict", "INSUFFICIENT")},
        edge_error={system: result["edge_error"] for system, result in metrics.items()},
        kelly_fraction=settings.kelly_fraction,
        books=settings.books,
        pickem_break_even=settings.pickem_break_even,
    )


def _kept(home: Home, priced: Sequence[_Priced]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """All rows written in one transaction; the best quote of each player, market and system."""
    import polars as pl

    predictions = pl.concat([one.predictions for one in priced])
    chosen = best(predictions, home.settings.books)
    with home.warehouse.transaction():
        home.warehouse.upsert(FORECASTS, pl.concat([one.forecasts for one in priced]))
        home.warehouse.upsert(PREDICTIONS, predictions)
        home.warehouse.upsert(BEST_BETS, chosen)
    return predictions, chosen
