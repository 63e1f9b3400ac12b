"""Slates: what was priced, what of it to bet, how it ended, what if, and how it would have gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairline.api.opening import opened

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import polars as pl

    from fairline.evaluate.frames import Capture, Tip
    from fairline.evaluate.hindsight import GameLines
    from fairline.features.availability import Knowledge
    from fairline.predict.whatif import Answer


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

    with opened("slate", home) as held:
        now = held.clock.now()
        selection = Selection(
            tuple(several(books)) or held.settings.books, min_edge, game, market, player,
            tuple(several(systems)) or POOLED_AND_PURE, sort,
        )  # fmt: skip
        batch = last_batch(held.warehouse, None if date is None else game_day(date, now))
        chosen = selected(predictions_of(held.warehouse, batch), selection)
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

    with opened("predictions", home) as held:
        dates = reading.period(date, from_, to, held.clock.now())
        wanted = reading.Filters(dates, market, player, system, book)
        return reading.predictions(held.warehouse, wanted, every_run=every_run)


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

    with opened("grades", home) as held:
        dates = reading.period(date, from_, to, held.clock.now())
        return reading.grades(held.warehouse, reading.Filters(dates, market, player, system, book))


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

    with opened("price", home) as held:
        now = held.clock.now()
        question = Question(
            player, market_named(market), Line.of(line), system or held.settings.stake_system,
            None if date is None else game_day(date, now), minutes, tuple(several(out)), tuple(several(books)),
        )  # fmt: skip
        answer = what_if(held.warehouse, question, now, game_date(now))
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
    game_lines: GameLines = "known",
    told: Callable[[str], None] = lambda _: None,
    home: str | Path | None = None,
) -> pl.DataFrame:
    """Walk forward over a period beside the market: one row per market and system, the numbers of report.json.

    Writes report.json, report.html and the scored rows (rows.parquet) into `out`. refit: weekly, daily or monthly.
    knowledge: what of who plays may be known. game_lines: spreads and totals as known by the cutoff, or in hindsight,
    which is no forecast. tip, capture: which quote a row is judged at. told: hears of each step.
    """
    from pathlib import Path

    from fairline.ops import backtesting
    from fairline.ops.frames import forecastable
    from fairline.ops.reading import period, several

    with opened("backtest", home, read_only=False) as held:
        dates = period(None, from_, to, held.clock.now())
        summary = backtesting.backtest(
            held, *dates, forecastable(several(markets)), refit=refit, out=Path(out), knowledge=knowledge, tip=tip,
            capture=capture, game_lines=game_lines, told=told,
        )  # fmt: skip
    return _summarised(summary)


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


def validate(date: dt.date | str = "yesterday", *, home: str | Path | None = None) -> dict[str, pl.DataFrame]:
    """The validation report of a game date: its tables by name, as `fairline validate` prints them. It is kept, too.

    games, coverage, gaps, quality, tiers, timings, batches, spot_checks, corrections, corrected, revisions, quarantine,
    alerts. Example: `fl.validate("2025-11-26")["coverage"].filter(share=1)`.
    """
    from fairline.ops.moments import game_day
    from fairline.ops.validation.making import validate as made

    with opened("validate", home, read_only=False) as held:
        return made(held, game_day(date, held.clock.now())).frames
