"""The verbs of Fairline for Python and notebooks: `import fairline as fl`.

Each opens the home, answers with a Polars frame and closes it. One grammar of arguments: `date` (a date, `YYYY-MM-DD`,
today, yesterday, tomorrow; US Eastern) or `from_` and `to`, both included; `market` and other names as text, a list, or
None for all; `player` as a name in any spelling or an id; `home` as a folder, or None for FAIRLINE_HOME.

NotFound is raised for a name, a date or a model that is not held, Refused for an unsound question, Busy when another
command has the home for longer than half a minute. Quotes, predictions and grades of which none are held are a frame
without rows.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import polars as pl

    from fairline.evaluate.frames import Capture, Tip
    from fairline.features.availability import Knowledge
    from fairline.ops.explaining import Explained
    from fairline.platform.home import Home
    from fairline.predict.whatif import Answer

__all__ = [
    "backtest", "contract", "explain", "features", "grades", "predictions", "price", "query", "quotes", "slate",
]  # fmt: skip


@contextmanager
def _opened(verb: str, home: str | Path | None, *, read_only: bool = True) -> Iterator[Home]:
    from fairline.ops.catalogue import open_home
    from fairline.platform.settings import load_settings

    settings = load_settings() if home is None else load_settings(home=home)
    with open_home(f"fairline.{verb}", settings=settings, read_only=read_only) as opened:
        yield opened


def slate(
    date: dt.date | str | None = None,
    *,
    books: str | Sequence[str] | None = None,
    min_edge: float | None = None,
    game: str | None = None,
    market: str | None = None,
    player: str | None = None,
    systems: str | Sequence[str] | None = None,
    sort: str = "ev",
    home: str | Path | None = None,
) -> pl.DataFrame:
    """The board of a date's latest run (of the last one priced without a date): each player's best quote, sorted.

    books: where you can bet; those of the settings when None. min_edge: in probability. game: an id, a team, or
    `NYK @ BOS`. systems: the pooled and the pure one when None, or `all`. sort: ev, edge, p, price, age, tip, game or
    player.
    """
    from fairline.features.availability import BY_STATUS
    from fairline.ops.moments import game_day
    from fairline.ops.reading import several
    from fairline.predict.board import POOLED_AND_PURE, Selection, board_rows, last_batch, predictions_of, selected

    with _opened("slate", home) as opened:
        now = opened.clock.now()
        selection = Selection(
            tuple(several(books)) or opened.settings.books, min_edge, game, market, player,
            tuple(several(systems)) or POOLED_AND_PURE, sort,
        )  # fmt: skip
        batch = last_batch(opened.warehouse, None if date is None else game_day(date, now))
        chosen = selected(predictions_of(opened.warehouse, batch), selection)
    return board_rows(chosen, selection, now, BY_STATUS)


def predictions(
    date: dt.date | str | None = None,
    *,
    from_: dt.date | str | None = None,
    to: dt.date | str | None = None,
    market: str | Sequence[str] | None = None,
    player: str | int | None = None,
    system: str | Sequence[str] | None = None,
    book: str | Sequence[str] | None = None,
    every_run: bool = False,
    home: str | Path | None = None,
) -> pl.DataFrame:
    """Every quote priced by every system: rows of predictions.player_prop_predictions, and `line`.

    every_run: of all runs of a date, not only the one with the latest cutoff.
    """
    from fairline.ops import reading

    with _opened("predictions", home) as opened:
        dates = reading.period(date, from_, to, opened.clock.now())
        wanted = reading.Filters(dates, market, player, system, book)
        return reading.predictions(opened.warehouse, wanted, every_run=every_run)


def quotes(
    date: dt.date | str | None = None,
    *,
    from_: dt.date | str | None = None,
    to: dt.date | str | None = None,
    market: str | Sequence[str] | None = None,
    player: str | int | None = None,
    book: str | Sequence[str] | None = None,
    home: str | Path | None = None,
) -> pl.DataFrame:
    """Every quote held, with its capture time: rows of raw.prop_quotes, and `line`."""
    from fairline.ops import reading

    with _opened("quotes", home) as opened:
        dates = reading.period(date, from_, to, opened.clock.now())
        return reading.quotes(opened.warehouse, reading.Filters(dates, market, player, book=book))


def features(
    date: dt.date | str | None = None,
    *,
    from_: dt.date | str | None = None,
    to: dt.date | str | None = None,
    market: str | None = None,
    player: str | int | None = None,
    as_of: dt.datetime | str | None = None,
    home: str | Path | None = None,
) -> pl.DataFrame:
    """Feature rows computed now, as of a cutoff: one per game and player, the whole contract and its quality.

    market: adds the features of its quotes. as_of: nothing known later is read; each scheduled tip-off when None.
    A season takes seconds: ask for a period, never for its days in a loop.
    """
    from fairline.ops.feature_rows import Wanted, feature_rows
    from fairline.ops.reading import period

    with _opened("features", home, read_only=False) as opened:
        dates = period(date, from_, to, opened.clock.now())
        return feature_rows(opened, Wanted(dates, market, player, as_of))


def grades(
    date: dt.date | str | None = None,
    *,
    from_: dt.date | str | None = None,
    to: dt.date | str | None = None,
    market: str | Sequence[str] | None = None,
    player: str | int | None = None,
    system: str | Sequence[str] | None = None,
    book: str | Sequence[str] | None = None,
    home: str | Path | None = None,
) -> pl.DataFrame:
    """How predictions ended: rows of predictions.prediction_accuracy, each prediction's latest grade, and `line`."""
    from fairline.ops import reading

    with _opened("grades", home) as opened:
        dates = reading.period(date, from_, to, opened.clock.now())
        return reading.grades(opened.warehouse, reading.Filters(dates, market, player, system, book))


def price(
    player: str,
    market: str,
    line: float,
    *,
    date: dt.date | str | None = None,
    system: str | None = None,
    minutes: float | None = None,
    out: str | Sequence[str] | None = None,
    books: str | Sequence[str] | None = None,
    home: str | Path | None = None,
) -> pl.DataFrame:
    """What if: a stored forecast at any line; writes nothing. One row per book that quotes the line, one if none does.

    date: of the slate; the nearest to today when None. system: the settings' stake system when None. minutes: expected.
    out: teammates supposed absent. `notes` tells what was approximated. Probabilities are of the count, pushes apart;
    fair prices are decimal odds.
    """
    from fairline.domain.dates import game_date
    from fairline.domain.line import Line
    from fairline.domain.markets import market as market_named
    from fairline.ops.moments import game_day
    from fairline.ops.reading import several
    from fairline.predict.whatif import Question, what_if

    with _opened("price", home) as opened:
        now = opened.clock.now()
        question = Question(
            player, market_named(market), Line.of(line), system or opened.settings.stake_system,
            None if date is None else game_day(date, now), minutes, tuple(several(out)), tuple(several(books)),
        )  # fmt: skip
        answer = what_if(opened.warehouse, question, now, game_date(now))
    return _answered(answer, line)


def backtest(
    from_: dt.date | str,
    to: dt.date | str,
    *,
    markets: str | Sequence[str] = "points",
    refit: str = "weekly",
    out: str | Path = "backtest",
    knowledge: Knowledge = "reports",
    tip: Tip = "assumed",
    capture: Capture = "last",
    told: Callable[[str], None] = lambda _: None,
    home: str | Path | None = None,
) -> pl.DataFrame:
    """Walk forward over a period beside the market: one row per market and system, the numbers of report.json.

    Writes report.json, report.html and the scored rows (rows.parquet) into `out`. refit: weekly, daily or monthly.
    knowledge: what of who plays may be known. tip, capture: which quote a row is judged at. told: hears of each step.
    """
    from pathlib import Path

    from fairline.ops import backtesting
    from fairline.ops.frames import forecastable
    from fairline.ops.reading import period, several

    with _opened("backtest", home, read_only=False) as opened:
        dates = period(None, from_, to, opened.clock.now())
        summary = backtesting.backtest(
            opened, *dates, forecastable(several(markets)), refit=refit, out=Path(out), knowledge=knowledge, tip=tip,
            capture=capture, told=told,
        )  # fmt: skip
    return _summarised(summary)


def query(sql: str, *, limit: int | None = None, home: str | Path | None = None) -> pl.DataFrame:
    """The rows, at most `limit`, of one SELECT, WITH, DESCRIBE, SHOW or EXPLAIN in DuckDB's SQL; read-only."""
    with _opened("query", home) as opened:
        return opened.warehouse.ask(sql, limit=limit)


def explain(
    player: str | int,
    date: dt.date | str,
    *,
    market: str = "points",
    as_of: dt.datetime | str | None = None,
    home: str | Path | None = None,
) -> Explained:
    """The feature row of a player's game taken apart: `.row.values`, `.row.evidence` (frames), `.row.about`.

    as_of: without it the cutoff of the last run that priced him, else the day's latest capture before tip-off.
    """
    from fairline.ops.explaining import explain_features

    with _opened("explain", home, read_only=False) as opened:
        return explain_features(opened, str(player), date, market=market, as_of=as_of)


def contract(contract: str | None = None) -> pl.DataFrame:
    """The features in order: unit, range, expression, meaning. contract: model, market, or None for both."""
    from fairline.ops.dictionary import feature_frame

    return feature_frame(contract)


def _answered(answer: Answer, line: float) -> pl.DataFrame:
    """What was forecast, beside the prices of each book at the line."""
    import polars as pl

    about = {name: answer.about[name] for name in ("player_name", "game_date", "game_id", "market", "system", "cutoff")}
    said = {name: getattr(answer, name) for name in ("mean", "p_over", "p_under", "p_push", "fair_over", "fair_under")}
    row = pl.DataFrame([{**about, "line": line, **said, "notes": list(answer.notes)}])
    return row.join(answer.quotes if answer.quotes.height else answer.quotes.clear(n=1), how="cross")


def _summarised(summary: dict[str, Any]) -> pl.DataFrame:
    """The numbers of a report that are one per market and system; intervals and coverages as records."""
    import polars as pl

    rows = [
        {"market": market, "system": system, **{name: value for name, value in result.items() if name in _ONE_EACH}}
        for market, systems in summary["markets"].items()
        for system, result in systems.items()
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


_ONE_EACH = (
    "n", "dates", "line_mae", "mae", "crps", "log_loss", "market_log_loss", "delta_log_loss", "ece", "slope",
    "coverage", "verdict",
)  # fmt: skip
