"""Quotes over time: the latest before a moment, the opening, the close, and every move between, of all players at once.

A book may quote several lines in one capture. Its main line is the one priced nearest even (`domain.consensus`), or its
only one; the others are `alternate`. What is captured at or after tip-off is `in_game`. Tip-off is as known afterwards
(game_tips.sql), so openings, closes and `in_game` are for looking back, never an input of a forecast: that is
`latest_before` a cutoff.
"""

from datetime import date
from importlib import resources

import polars as pl

from fairline.domain.consensus import nearest_even
from fairline.platform.warehouse import Warehouse
from fairline.raw.held import Held
from fairline.raw.schema import LINE_PRECEDENCE, SAME_LINE_MINUTES

OFFER = ("game_id", "game_date", "before", "player_id", "market", "book")
"""What one row of latest, opening and closing quotes is of: a book's main line of a player's market."""
AT_BOOK = ("game_id", "game_date", "book")
STATED = ("half_points", "over_decimal", "under_decimal")


def latest_before(warehouse: Warehouse, moments: pl.DataFrame) -> pl.DataFrame:
    """Each book's main line in its last capture before a moment: one row per OFFER.

    moments: game_id, at (UTC), several moments of a game allowed; `before` of the result is `at`. A game moved to
    another date has rows for both. A book whose last capture holds several lines, none of them two-sided, has no main
    line and no row.
    """
    return _main_lines(warehouse, moments.select("game_id", before="at"), opening=False)


def opening(warehouse: Warehouse, first: date, last: date) -> pl.DataFrame:
    """Each book's main line in its first capture before tip-off, of the games played from first to last; see OFFER."""
    return _at_edge(warehouse, first, last, opening=True)


def closing(warehouse: Warehouse, first: date, last: date) -> pl.DataFrame:
    """Each book's main line in its last capture before tip-off, of the games played from first to last; see OFFER."""
    return _at_edge(warehouse, first, last, opening=False)


def history(
    warehouse: Warehouse, player_id: int, market: str, book: str | None = None, *, first: date, last: date
) -> pl.DataFrame:
    """Every quote of a player's market for game dates from first to last, by date, book and time.

    Beside the quote: `tipped_at`, null for a date the game was not played on, and the flags `in_game` and `alternate`.
    """
    asked = {"player": player_id, "market": market, "book": book, "first": first, "last": last}
    with warehouse.frame("tips", tips(warehouse, first, last)):
        quotes = warehouse.query(_statement("line_history"), asked)
    return _flagged(quotes, (*AT_BOOK, "captured_at"))


def moves(quotes: pl.DataFrame) -> pl.DataFrame:
    """Of a player's quotes as `history` gives them, the main lines at which something happened, by date, book and time.

    `opened`: the book's first, before tip-off. `moved`: line or a price differ from its capture before. `last`: its
    latest before tip-off, the close of a game that has begun. `alternates`: how many other lines the capture has.
    """
    beside = quotes.group_by(*AT_BOOK, "captured_at").agg(alternates=pl.col("alternate").sum().cast(pl.Int64))
    main = quotes.filter(~pl.col("alternate")).drop("alternate").join(
        beside, on=[*AT_BOOK, "captured_at"], maintain_order="left"
    )  # fmt: skip
    changed = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift().over(AT_BOOK)) for name in STATED)
    before_tip = pl.col("captured_at").filter(~pl.col("in_game"))
    opened = (pl.col("captured_at") == pl.col("captured_at").min().over(AT_BOOK)) & ~pl.col("in_game")
    told = main.with_columns(
        opened=opened,
        moved=changed & ~opened,
        last=(pl.col("captured_at") == before_tip.max().over(AT_BOOK)).fill_null(value=False),
    )
    return told.filter(pl.any_horizontal("opened", "moved", "last"))


def tips(warehouse: Warehouse, first: date, last: date) -> pl.DataFrame:
    """When each quoted game of the dates tipped off, as known afterwards: game_id, game_date, tipped_at (UTC)."""
    scheduled = Held(warehouse).games.select("game_id", "game_date", "tip_at")
    with warehouse.frame("scheduled", scheduled):
        return warehouse.query(_statement("game_tips"), {"first": first, "last": last})


def _at_edge(warehouse: Warehouse, first: date, last: date, *, opening: bool) -> pl.DataFrame:
    tipped = tips(warehouse, first, last)
    quotes = _main_lines(warehouse, tipped.select("game_id", before="tipped_at"), opening=opening)
    # What was quoted for a date the game was then moved from is the line of no game.
    return quotes.join(tipped, on=["game_id", "game_date"], how="semi", maintain_order="left")


def _main_lines(warehouse: Warehouse, moments: pl.DataFrame, *, opening: bool) -> pl.DataFrame:
    with warehouse.frame("moments", moments.unique()):
        quotes = warehouse.query(_statement("standing_quotes"), {"opening": opening})
    return _flagged(quotes, OFFER).filter(~pl.col("alternate")).drop("alternate")


def _flagged(quotes: pl.DataFrame, capture: tuple[str, ...]) -> pl.DataFrame:
    """The quotes with `alternate`, each line once: of several sources of one book's line, the better-ranked.

    quotes: sorted by what a capture of a book is of, then line, then rank of the source.
    """
    numbered = quotes.with_columns(at_book=_begins(capture).cum_sum(), repeated=~_begins((*capture, "half_points")))
    once = numbered.filter(~pl.col("repeated"))
    arrays = (once[name].to_numpy() for name in ("at_book", *STATED))
    main = pl.Series("main", nearest_even(*arrays), dtype=pl.Boolean) | _alone(once["at_book"])
    return once.with_columns(alternate=~main).drop("at_book", "repeated")


def _begins(columns: tuple[str, ...]) -> pl.Expr:
    """True where any of the columns differs from the row above: where a run of sorted rows begins."""
    return pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift()) for name in columns)


def _alone(group: pl.Series) -> pl.Series:
    """True where the sorted group number differs from both neighbours."""
    return group.ne_missing(group.shift()) & group.ne_missing(group.shift(-1))


def _statement(name: str) -> str:
    """A query, sources ranked by their declared precedence."""
    text = resources.files("fairline.raw").joinpath(f"{name}.sql").read_text(encoding="utf-8")
    ranks = " ".join(f"WHEN '{source}' THEN {rank}" for source, rank in LINE_PRECEDENCE.items())
    ranked = text.replace("{line_rank}", f"CASE source {ranks} ELSE {len(LINE_PRECEDENCE) + 1} END")
    return ranked.replace("{same_line_minutes}", str(SAME_LINE_MINUTES))
