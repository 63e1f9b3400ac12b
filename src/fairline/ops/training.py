"""Fit each market's model on everything known, with what the walk-forward windows before taught, and keep it."""

from __future__ import annotations

from datetime import timedelta
from math import sqrt
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from fairline.analytics.build import refresh
from fairline.domain.errors import NotFound
from fairline.evaluate import backtest, frames, walkforward
from fairline.evaluate.summary import Conditions, summarise
from fairline.platform.ledger.recorded import recorded_run
from fairline.predict import registry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date, datetime

    import polars as pl

    from fairline.evaluate.walkforward import Material
    from fairline.platform.home import Home
    from fairline.platform.objects import Objects
    from fairline.predict.forecasting import MarketModel

CONDITIONS = Conditions(
    cutoff_rule="the latest capture before tip-off, player by player",
    refit="every thirty game dates, on all outcomes known by then",
    tip_off="the later of the schedule's plus ten minutes and the provider's commence time",
)

LASTING = timedelta(hours=1)
"""A run still training after this long is overdue."""


class Fitted(NamedTuple):
    """One market's model before it is kept. about: what its card says of it; known_to: when its last outcome was."""

    model: MarketModel
    about: dict[str, Any]
    known_to: datetime
    rows: int
    first: date
    last: date


class Trained(NamedTuple):
    """One market's model as kept."""

    market: str
    model_hash: str
    rows: int
    first: date
    last: date
    metrics: dict[str, Any]


def train(
    home: Home,
    markets: Sequence[str],
    *,
    since: date | None = None,
    until: date | None = None,
    known_by: datetime | None = None,
    told: Callable[[str], None],
) -> list[Trained]:
    """Fit and keep each market's model on every outcome held: of games from `since` to `until`, known by `known_by`.

    told hears of each step. Raises NotFound when too few box scores are held.
    """
    with recorded_run(home.ledger, "train", lasting=LASTING) as report:
        trained = []
        for material in materials(home, markets, since=since, until=until, known_by=known_by, told=told):
            one = fit(home.objects, material, told)
            model_hash = registry.save(home.objects, one.model, one.about, one.known_to)
            trained.append(Trained(material.market, model_hash, one.rows, one.first, one.last, one.about["metrics"]))
            report.counts["models"] = len(trained)
    return trained


def materials(
    home: Home,
    markets: Sequence[str],
    *,
    since: date | None = None,
    until: date | None = None,
    known_by: datetime | None = None,
    told: Callable[[str], None],
) -> Iterator[Material]:
    """What each market is learned from and judged on, one after the other. Bounds and errors as of `train`."""
    refresh(home.warehouse)
    told("features of every player-game")
    rows = frames.training_rows(home.warehouse).filter(*_within(since, until, known_by))
    if rows.is_empty():
        message = "no player-games are held to learn from"
        raise NotFound(message, hint="`fairline import PATH...` with LeagueGameLog files")
    for market in markets:
        told(f"{market}: quotes")
        quoted = frames.quoted_rows(home.warehouse, market, _date(rows, "min"), _date(rows, "max"))
        yield walkforward.Material.of(market, rows, quoted.filter(*_within(since, until, known_by)))


def _within(since: date | None, until: date | None, known_by: datetime | None) -> Iterator[pl.Expr]:
    import polars as pl

    yield pl.col("outcome_known_at").is_not_null()
    if since is not None:
        yield pl.col("game_date") >= since
    if until is not None:
        yield pl.col("game_date") <= until
    if known_by is not None:
        yield pl.col("outcome_known_at") <= known_by


def fit(objects: Objects, material: Material, told: Callable[[str], None]) -> Fitted:
    """A market's model of everything its material holds, with how its systems did walking forward to its end."""
    market, last = material.market, _date(material.rows, "max")
    windows = walkforward.warm_up(material, last + timedelta(days=1))
    replayed = backtest.replay(material, [], windows, objects, told)
    past = frames.teaches(material.rows)
    told(f"{market}: fit on {past.height:,} rows")
    centres = walkforward.fitted(market, past)
    model = walkforward.learned(market, centres, replayed.means, season=material.rows["season"].item(-1))
    about = {
        "rows": past.height,
        "first": str(past["game_date"].min()),
        "last": str(last),
        "windows": [[str(one.first), str(one.last)] for one in windows],
        "metrics": _metrics(market, replayed),
    }
    known_to: datetime = material.rows["outcome_known_at"].max()  # type: ignore[assignment]
    return Fitted(model, about, known_to, past.height, _date(past, "min"), last)


def _metrics(market: str, replayed: backtest.Replay) -> dict[str, Any]:
    """How each system did on the quoted windows, each forecast with what the windows before it taught."""
    scored = replayed.scored
    if scored.is_empty():
        return {}
    results = summarise(scored, conditions=CONDITIONS, leak_check={})["markets"][market]
    kept = ("n", "dates", "mae", "line_mae", "crps", "delta_log_loss", "ece", "slope", "coverage", "verdict")
    return {system: {name: result[name] for name in kept} | _edge_error(result) for system, result in results.items()}


def _edge_error(result: dict[str, Any]) -> dict[str, float | None]:
    """Half-width of the interval of an edge: the calibration error seen, and what so many rows cannot exclude."""
    if result["ece"] is None or not result["n"]:
        return {"edge_error": None}
    return {"edge_error": result["ece"] + 1.96 * 0.5 / sqrt(result["n"])}


def _date(rows: pl.DataFrame, end: Literal["min", "max"]) -> date:
    day: date = rows["game_date"].min() if end == "min" else rows["game_date"].max()  # type: ignore[assignment]
    return day
