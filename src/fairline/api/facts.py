"""Facts: quotes and how they moved, who can play, your own news of it, feature rows taken apart, your own SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairline.api.opening import opened

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    import polars as pl

    from fairline.ops.explaining import Explained


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

    with opened("quotes", home) as held:
        dates = reading.period(date, from_, to, held.clock.now())
        return reading.quotes(held.warehouse, reading.Filters(dates, market, player, book=book))


def lines(
    player: str,
    *,
    market: str = "points",
    date: dt.date | str | None = None,
    book: str | None = None,
    home: str | Path | None = None,
) -> pl.DataFrame:
    """How a player's line opened, moved and closed: one row per book and change, by the time it was seen.

    Of a book's several lines the one priced nearest even; `alternates` counts the others. date: the last he was quoted
    for when None. Example: `fl.lines("Jalen Brunson", date="2025-11-28", book="fanduel")`.
    """
    from fairline.ops.lines import TOLD, line_moves

    with opened("lines", home, read_only=False) as held:
        return line_moves(held, player, market=market, day=date, book=book).rows.select(TOLD)


def availability(who: str, *, at: dt.datetime | str | None = None, home: str | Path | None = None) -> pl.DataFrame:
    """The status of a player, or of everyone on a team, before its next game: since when, who says so, in which words.

    at: as known then; now when None. Example: `fl.availability("Joel Embiid", at="2024-02-01 18:00")`.
    """
    from fairline.ops.availability import availability as standing

    with opened("availability", home, read_only=False) as held:
        return standing(held, who, at).rows


def news(
    player: str | None = None,
    status: str | None = None,
    *,
    source: str = "",
    minutes: float | None = None,
    date: dt.date | str | None = None,
    undo: bool = False,
    news_id: int | None = None,
    home: str | Path | None = None,
) -> pl.DataFrame:
    """Tell what you know of who plays, and what it changed; or, without a status, everything you told (of a player).

    status: out, questionable or plays, of his next game or of date's, known from now and priced at once. source: where
    you have it from. minutes: what `fl.price` then supposes. undo: take back what counts of the player, or by news_id.
    What it changed: the expected counts of his team before and after, without rows when the date was never priced.
    Example: `fl.news("Jalen Brunson", "out", source="beat writer")`, `fl.news("Jalen Brunson", undo=True)`.
    """
    from fairline.ops.news import listed, tell, withdraw
    from fairline.ops.repricing import no_changes

    with opened("news", home, read_only=False) as held:
        if undo:
            told = withdraw(held, player, news_id=news_id)
        elif player is not None and status is not None:
            told = tell(held, player, status, source=source, minutes=minutes, day=date)
        else:
            return listed(held, player)
    return told.repriced.changes if told.repriced else no_changes()


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

    with opened("features", home, read_only=False) as held:
        dates = period(date, from_, to, held.clock.now())
        return feature_rows(held, Wanted(dates, market, player, as_of))


def query(sql: str, *, limit: int | None = None, home: str | Path | None = None) -> pl.DataFrame:
    """The rows, at most `limit`, of one SELECT, WITH, DESCRIBE, SHOW or EXPLAIN in DuckDB's SQL; read-only."""
    with opened("query", home) as held:
        return held.warehouse.ask(sql, limit=limit)


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

    with opened("explain", home, read_only=False) as held:
        return explain_features(held, str(player), date, market=market, as_of=as_of)


def contract(contract: str | None = None) -> pl.DataFrame:
    """The features in order: unit, range, expression, meaning. contract: model, market, or None for both."""
    from fairline.ops.dictionary import feature_frame

    return feature_frame(contract)
