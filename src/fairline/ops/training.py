"""Fit each market's model on everything known, with what the walk-forward windows before taught, and keep it."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from fairline.analytics.build import refresh
from fairline.domain.errors import NotFound
from fairline.evaluate import backtest, frames, walkforward
from fairline.evaluate.summary import Conditions, summarise
from fairline.predict import registry

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    import polars as pl

    from fairline.evaluate.walkforward import Material, Means
    from fairline.platform.home import Home

CONDITIONS = Conditions(
    cutoff_rule="the latest capture before tip-off, player by player",
    refit="every thirty game dates, on all outcomes known by then",
    tip_off="the later of the schedule's plus ten minutes and the provider's commence time",
)


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
    until: date | None = None,
    known_by: datetime | None = None,
    told: Callable[[str], None],
) -> list[Trained]:
    """Fit and keep the model of each market on every outcome held: of games to `until`, known by `known_by`.

    told hears of each step. Raises NotFound when no box scores are held.
    """
    import polars as pl

    refresh(home.warehouse)
    told("features of every player-game")
    rows = frames.training_rows(home.warehouse)
    if until is not None:
        rows = rows.filter(pl.col("game_date") <= until)
    if known_by is not None:
        rows = rows.filter(pl.col("outcome_known_at") <= known_by)
    if rows.is_empty():
        message = "no player-games are held to learn from"
        raise NotFound(message, hint="`fairline import PATH...` with LeagueGameLog files")
    trained = []
    for market in markets:
        told(f"{market}: quotes")
        quoted = frames.quoted_rows(home.warehouse, market, _date(rows, "min"), _date(rows, "max"))
        if known_by is not None:
            quoted = quoted.filter(pl.col("outcome_known_at") <= known_by)
        trained.append(_train(home, walkforward.Material.of(market, rows, quoted), told))
    return trained


def _train(home: Home, material: Material, told: Callable[[str], None]) -> Trained:
    from datetime import timedelta

    last = _date(material.rows, "max")
    windows = walkforward.warm_up(material, last + timedelta(days=1))
    earlier: list[Means] = []
    for window in windows:
        told(f"{material.market}: {window.first} to {window.last}")
        said = walkforward.means(material, window, home.objects)
        if said is not None:
            earlier.append(said)
    past = frames.teaches(material.rows)
    told(f"{material.market}: fit on {past.height:,} rows")
    centres = walkforward.fitted(material.market, past)
    model = walkforward.learned(material.market, centres, earlier, season=material.rows["season"].item(-1))
    metrics = _metrics(home, material, told)
    about = {
        "rows": past.height,
        "first": str(past["game_date"].min()),
        "last": str(last),
        "windows": [[str(one.first), str(one.last)] for one in windows],
        "metrics": metrics,
    }
    known_to: datetime = material.rows["outcome_known_at"].max()  # type: ignore[assignment]
    model_hash = registry.save(home.objects, model, about, known_to)
    return Trained(material.market, model_hash, past.height, _date(past, "min"), last, metrics)


def _metrics(home: Home, material: Material, told: Callable[[str], None]) -> dict[str, Any]:
    """How each system did on the quoted windows, each forecast with what the windows before it taught."""
    from datetime import timedelta

    windows = walkforward.warm_up(material, _date(material.rows, "max") + timedelta(days=1))
    if len(windows) < 2:  # noqa: PLR2004 - one window teaches and has none before it
        return {}
    scored = backtest.replay(material, windows[:1], windows[1:], home.objects, told)
    if scored.is_empty():
        return {}
    results = summarise(scored, conditions=CONDITIONS, leak_check={})["markets"][material.market]
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
