"""Rows of stored tables by the one grammar of filters: dates, markets, player and whatever else a table is keyed by."""

# ruff: noqa: S608 - the SQL holds names from Table declarations, never values.

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from fairline.domain.books import find_book
from fairline.domain.errors import Refused
from fairline.domain.markets import market as market_named
from fairline.grade.schema import FACT, PREDICTION_ACCURACY
from fairline.ops.moments import game_day
from fairline.ops.people import find_person
from fairline.predict.schema import PREDICTIONS
from fairline.raw.schema import PROP_QUOTES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import polars as pl

    from fairline.platform.warehouse import Warehouse


class Period(NamedTuple):
    """Game dates, both ends included."""

    first: date
    last: date


def period(day: date | str | None, first: date | str | None, last: date | str | None, now: datetime) -> Period:
    """The dates meant: one day, or from and to, either end open. Raises Refused for both at once or an end before."""
    if day is not None and (first is not None or last is not None):
        message = "Give a date, or from and to, not both."
        raise Refused(message, hint="date='2025-11-28' is from_='2025-11-28', to='2025-11-28'.")
    ends = (day, day) if day is not None else (first, last)
    chosen = Period(*(open_ if end is None else game_day(end, now) for end, open_ in zip(ends, _OPEN, strict=True)))
    if chosen.last < chosen.first:
        message = f"The period ends ({chosen.last}) before it begins ({chosen.first})."
        raise Refused(message, hint="Swap from and to.")
    return chosen


_OPEN = (date.min, date.max)


def several(names: str | Sequence[str] | None) -> list[str]:
    """One name, several (a list, or one text with commas), or none.

    >>> several("points, rebounds"), several(["points"]), several(None)
    (['points', 'rebounds'], ['points'], [])
    """
    if names is None:
        return []
    given = names.split(",") if isinstance(names, str) else names
    return [name.strip() for name in given if name.strip()]


class Filters(NamedTuple):
    """What rows are wanted; None and empty choose everything. player: a name in any spelling, or an id."""

    dates: Period
    market: str | Sequence[str] | None = None
    player: str | int | None = None
    system: str | Sequence[str] | None = None
    book: str | Sequence[str] | None = None


def quotes(warehouse: Warehouse, wanted: Filters) -> pl.DataFrame:
    """Rows of raw.prop_quotes, and `line`: half_points as the number people write."""
    where, params = _where(warehouse, wanted, ("market", "book"))
    order = ", ".join(("game_date", "captured_at", *PROP_QUOTES.key))
    return _lined(warehouse.query(f"SELECT * FROM {PROP_QUOTES.full_name} WHERE {where} ORDER BY {order}", params))


def predictions(warehouse: Warehouse, wanted: Filters, *, every_run: bool) -> pl.DataFrame:
    """Rows of predictions.player_prop_predictions, `line` and `news`: of each date's latest run, or of every run."""
    where, params = _where(warehouse, wanted, ("market", "system", "book"))
    latest = (
        f"batch_id IN (SELECT arg_max(batch_id, (cutoff, batch_id)) FROM {PREDICTIONS.full_name} GROUP BY game_date)"
    )
    rows = _lined(
        warehouse.query(
            f"SELECT * FROM {PREDICTIONS.full_name} WHERE {where} AND ($every_run OR {latest})"
            f" ORDER BY game_date, {', '.join(PREDICTIONS.key)}",
            params | {"every_run": every_run},
        )
    )
    return _marked(warehouse, rows, wanted.dates)


def grades(warehouse: Warehouse, wanted: Filters) -> pl.DataFrame:
    """Rows of predictions.prediction_accuracy, each prediction's latest grade, `line` and `news`."""
    where, params = _where(warehouse, wanted, ("market", "system", "book"))
    fact = ", ".join(FACT)
    rows = _lined(
        warehouse.query(
            f"SELECT * FROM {PREDICTION_ACCURACY.full_name} WHERE {where}"
            f" QUALIFY row_number() OVER (PARTITION BY {fact} ORDER BY known_at DESC) = 1 ORDER BY game_date, {fact}",
            params,
        )
    )
    return _marked(warehouse, rows, wanted.dates)


def _where(warehouse: Warehouse, wanted: Filters, columns: tuple[str, ...]) -> tuple[str, dict[str, object]]:
    """The condition and its values. Names are resolved first, so that a misspelt one is an error and not no rows."""
    chosen = {
        "market": [market_named(name).value for name in several(wanted.market)],
        "system": several(wanted.system),
        "book": [find_book(name) for name in several(wanted.book)],
    }
    conditions = ["game_date BETWEEN $first AND $last"]
    params: dict[str, object] = {"first": wanted.dates.first, "last": wanted.dates.last}
    for column in columns:
        if chosen[column]:
            conditions.append(f"list_contains(${column}, {column})")
            params[column] = chosen[column]
    if wanted.player is not None:
        conditions.append("player_id = $player")
        params["player"] = find_person(warehouse, str(wanted.player)).player_id
    return " AND ".join(conditions), params


def _lined(rows: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    return rows.with_columns(line=pl.col("half_points") / 2)


def _marked(warehouse: Warehouse, rows: pl.DataFrame, dates: Period) -> pl.DataFrame:
    """The rows with `news`: ids of the user's news they were made under, of the player or a teammate."""
    from fairline.grade.performance import marked
    from fairline.grade.results import statement

    return marked(rows, warehouse.query(statement("news"), {"first": dates.first, "last": dates.last}))
