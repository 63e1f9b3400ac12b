"""Price a slate: features at the cutoff, every system's forecast, every quote, the published file."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from fairline.analytics.build import refresh
from fairline.analytics.schema import UPCOMING_PLAYER, UPCOMING_TEAM
from fairline.domain.errors import LookAhead
from fairline.features import assemble, market, quality
from fairline.features.availability import BY_STATUS
from fairline.features.contract import contract_hash, model_features
from fairline.features.store import keep_features, keep_market
from fairline.ops.frames import games_of, player_names
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
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    import polars as pl

    from fairline.platform.home import Home
    from fairline.platform.warehouse import Warehouse
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

    as_of: UTC; without it now, or for a day gone by the latest capture before its last tip-off. A game's cutoff is
    as_of or its tip-off, whichever is earlier. A market whose models all know more than the moment allows is first
    trained as of then; told hears of it. Raises NotFound without games or any model, LookAhead for a future as_of.
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
    as_of = as_of or _default_as_of(home, games)
    if as_of > home.clock.now():
        message = f"as of {as_of:%Y-%m-%d %H:%M} UTC lies in the future"
        raise LookAhead(message, hint="leave --as-of out to price as of now")
    models = {name: _model(home, name, as_of, told) for name in markets}
    steps.done("models")
    cutoffs = _cutoffs(games, as_of)
    rows = _feature_rows(home, cutoffs, _quoted(warehouse, cutoffs, markets))
    steps.done("features")
    batch_id = f"{day}/slate/{as_of:%Y%m%dT%H%M%SZ}"
    open_units(home.ledger, batch_id, day, rows, markets)
    priced = [_market(home, batch_id, rows, name, *models[name]) for name in markets]
    steps.done("forecast and price")
    predictions, chosen = _kept(home, priced)
    forecasts = pl.concat([one.forecasts for one in priced])
    end_units(home.ledger, batch_id, forecasts)
    slate = Slate(
        day=day, contract_hash=contract_hash(model_features()), forecasts=forecasts, predictions=predictions, best=chosen,
        sides=best_sides(predictions, home.settings.books), plays=BY_STATUS,
    )  # fmt: skip
    published = publish_slate(home.objects, home.ledger, slate)
    steps.done("keep and publish")
    steps.seconds["of which forecasting"] = round(sum(one.forecast_seconds for one in priced), 3)
    notes = () if any(one.quotes for one in priced) else (f"no quotes are held for {day} before {as_of:%H:%M} UTC",)
    return SlateRun(batch_id, day, as_of, games.height, predictions, chosen, published, steps.seconds, notes)


def _model(home: Home, name: str, as_of: datetime, told: Callable[[str], None]) -> tuple[MarketModel, Card, str]:
    """The market's latest honest model; fitted as of the moment when every one kept knows more."""
    try:
        return registry.load(home.objects, name, as_of)
    except LookAhead as error:
        told(f"{error}: fitting one as of then")
        train(home, [name], known_by=as_of, told=told)
        return registry.load(home.objects, name, as_of)


def _default_as_of(home: Home, games: pl.DataFrame) -> datetime:
    now = home.clock.now()
    last_tip: datetime | None = games["assumed_tip_at"].max()  # type: ignore[assignment]
    if last_tip is None or now < last_tip:
        return now
    with home.warehouse.frame("slate_games", games.select("game_id", "assumed_tip_at")):
        latest = home.warehouse.query(
            "SELECT max(captured_at) FROM raw.prop_quotes JOIN slate_games USING (game_id) WHERE captured_at < assumed_tip_at"
        ).item()
    first_tip: datetime = games["assumed_tip_at"].min()  # type: ignore[assignment]
    return latest or first_tip


def _cutoffs(games: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    import polars as pl

    cutoff = pl.min_horizontal(pl.col("assumed_tip_at"), pl.lit(as_of, dtype=pl.Datetime("us", "UTC")))
    return games.select("game_id", cutoff=cutoff)


def _quoted(warehouse: Warehouse, cutoffs: pl.DataFrame, markets: Sequence[str]) -> pl.DataFrame:
    """Who is quoted by the cutoff in any of the markets, and the team the quotes tell, if they do."""
    import polars as pl

    with warehouse.frame("slate", cutoffs), warehouse.frame("wanted", pl.DataFrame({"market": list(markets)})):
        return warehouse.query(
            """
            SELECT quote.game_id, slate.cutoff, quote.player_id, max(quote.team_id) AS team_id
            FROM raw.prop_quotes AS quote
            JOIN slate ON slate.game_id = quote.game_id AND quote.captured_at <= slate.cutoff
            JOIN wanted ON wanted.market = quote.market
            GROUP BY quote.game_id, slate.cutoff, quote.player_id
            """
        )


def _feature_rows(home: Home, cutoffs: pl.DataFrame, quoted: pl.DataFrame) -> pl.DataFrame:
    """Feature rows of both rosters and every quoted player, kept in the store; with names and status changes."""
    warehouse = home.warehouse
    rows = quality.scored(assemble.build(warehouse, cutoffs, quoted))
    for table, relation in ((UPCOMING_TEAM, "team_context"), (UPCOMING_PLAYER, "player_context")):
        columns = ", ".join(table.column_names)
        warehouse.upsert(table, warehouse.query(f"SELECT {columns} FROM {relation}"))  # noqa: S608 - declared names
    kept = keep_features(warehouse, rows)
    changes = assemble.status_changes(warehouse)
    named = kept.join(player_names(warehouse), on="player_id", how="inner")
    return named.join(changes, on=["game_id", "cutoff", "player_id"], how="left")


class _Priced(NamedTuple):
    forecasts: pl.DataFrame
    predictions: pl.DataFrame
    quotes: int
    forecast_seconds: float


def _market(
    home: Home, batch_id: str, rows: pl.DataFrame, name: str, model: MarketModel, card: Card, model_hash: str
) -> _Priced:
    """One market forecast by every system and priced at every quote."""
    import polars as pl

    asked = rows.select(market.PLAYER)
    quotes = market.quotes_as_of(home.warehouse, asked, name)
    consensus = market.consensus(quotes).with_columns(market=pl.lit(name))
    keep_market(home.warehouse, consensus)
    lined = asked.join(consensus, on=market.PLAYER, how="left", maintain_order="left").select("half_points", "p_over")
    started = time.perf_counter()
    forecasts = model.forecast(rows, lined, contract_hash(model_features()))
    seconds = time.perf_counter() - started
    kept = forecast_rows(rows, forecasts, batch_id=batch_id, market=name, model_hash=model_hash)
    metrics = card["about"]["metrics"]
    rules = StakeRules(
        stake_system=home.settings.stake_system,
        verdicts={name: metrics.get(home.settings.stake_system, {}).get("verdict", "INSUFFICIENT")},
        edge_error={system: metrics.get(system, {}).get("edge_error") for system in forecasts},
        kelly_fraction=home.settings.kelly_fraction,
        books=home.settings.books,
        pickem_break_even=home.settings.pickem_break_even,
    )
    predictions = price(kept, quotes, consensus, rules)
    return _Priced(kept.drop("status_changed_at"), predictions, quotes.height, seconds)


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
