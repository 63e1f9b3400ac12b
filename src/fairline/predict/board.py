"""The board: of each player's market the best quote the user can take, and what to do about it."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import polars as pl

from fairline.domain.books import find_book
from fairline.domain.consensus import best_price
from fairline.domain.errors import NotFound, Refused
from fairline.domain.markets import market
from fairline.domain.odds import american_from_decimal
from fairline.domain.spelling import DROPPED, spelling
from fairline.domain.stake import break_even, expected_value
from fairline.domain.teams import TEAMS, team
from fairline.predict.pricing import SUSPECT
from fairline.predict.schema import BEST_BETS, KEY

if TYPE_CHECKING:
    from fairline.platform.warehouse import Warehouse

POOLED_AND_PURE = ("market_pooled", "gradient_boosting")
ALL_SYSTEMS = "all"
SORTS = {
    "ev": ("expected_value", True), "edge": ("edge", True), "p": ("p", True), "price": ("price", True),
    "age": ("age_minutes", False), "tip": ("tip_at", False), "game": ("game", False), "player": ("player_name", False),
}  # fmt: skip
"""What a board may be sorted by: the column, and whether its largest value comes first."""

SHOWN = (
    "batch_id", "game_date", "cutoff", "game_id", "game", "tip_at", "player_id", "player_name", "market", "system",
    "side", "line", "price", "american", "book", "line_source", "captured_at", "age_minutes", "mean", "p", "p_push",
    "fair_price", "edge", "edge_low", "edge_high", "expected_value", "stake", "recommendation", "reason", "status",
    "p_plays", "quality",
)  # fmt: skip
"""The columns of a board."""

_KEY = tuple(column.name for column in KEY)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows of a board are wanted, as a person says it. Empty and None choose everything.

    books: where the user can bet. min_edge: in probability, 0.02 is two points of a hundred. game: an id, a team or
    both. systems: names, or "all". sort: one of SORTS.
    """

    books: tuple[str, ...] = ()
    min_edge: float | None = None
    game: str | None = None
    market: str | None = None
    player: str | None = None
    systems: tuple[str, ...] = POOLED_AND_PURE
    sort: str = "ev"


def best(predictions: pl.DataFrame, books: Collection[str]) -> pl.DataFrame:
    """Rows of BEST_BETS: the best quote of each player, market and system; a suspect price is nobody's.

    books: where the user can bet, in any spelling; empty is everywhere.
    """
    priced = at_books(predictions, books).filter(pl.col("reason") != SUSPECT).drop_nulls("price")
    return _best(priced, _KEY).select(BEST_BETS.column_names).sort(_KEY)


def best_sides(predictions: pl.DataFrame, books: Collection[str]) -> pl.DataFrame:
    """Per player, market, system and side the best quote: rows of PREDICTIONS told from that side, and `p`, its chance.

    price, fair_price, edge and expected_value are the side's own; what else a row says, it says of the quote.
    """
    takeable = at_books(predictions, books).filter(pl.col("reason") != SUSPECT)
    sides = pl.concat([_side(takeable, "over"), _side(takeable, "under")])
    return _best(sides, (*_KEY, "side")).sort(*_KEY, "side")


def at_books(predictions: pl.DataFrame, books: Collection[str]) -> pl.DataFrame:
    """The predictions at these books, and those at no book (no line, no forecast); all of them when none is named."""
    return (
        predictions.filter(pl.col("book").is_in(["", *(find_book(book) for book in books)])) if books else predictions
    )


def _best(rows: pl.DataFrame, per: tuple[str, ...]) -> pl.DataFrame:
    """Of each group one row: of those that stand first the one with the highest expected value."""
    stands = _standing()
    rows = rows.filter(stands == stands.min().over(per))
    group = rows.select(pl.struct(per).rank("dense").cast(pl.Int64)).to_series().to_numpy()
    best = best_price(group, rows["expected_value"].to_numpy(), rows["price"].to_numpy())
    return rows.filter(pl.Series(best, dtype=pl.Boolean))


def _standing() -> pl.Expr:
    """A bet first, then a quote of the market's line, then any other, then one with a suspect price.

    How good a quote off the market's line looks rests on the shape of a distribution, which was not judged there; and
    where no other book quotes the line, nobody can tell whether its price is of that line at all.
    """
    is_bet = pl.col("recommendation") == pl.col("side").str.to_uppercase()
    suspect = pl.col("reason") == SUSPECT
    alternate = pl.col("half_points").ne_missing(pl.col("market_half_points"))
    return pl.when(is_bet).then(0).when(suspect).then(3).when(alternate).then(2).otherwise(1)


def _side(predictions: pl.DataFrame, side: str) -> pl.DataFrame:
    """The predictions told from one side, where that side has a price."""
    # A pick'em leg has neither price; what the payout table made of it is the same on both sides.
    leg = pl.when(pl.col("over_decimal").is_null() & pl.col("under_decimal").is_null()).then("price")
    told = predictions.with_columns(p=pl.col(f"p_{side}"), price=pl.coalesce(f"{side}_decimal", leg), side=pl.lit(side))
    rows = told.drop_nulls(["p", "price"])
    p, push, decimal = (rows[name].to_numpy() for name in ("p", "p_push", "price"))
    decided = pl.when(pl.col("p_push") < 1).then(pl.col("p") / (1 - pl.col("p_push")))
    return rows.with_columns(
        fair_price=pl.when(decided > 0).then(1 / decided),
        edge=decided - pl.Series(break_even(decimal)),
        expected_value=pl.Series(expected_value(p, push, decimal)),
    )


def selected(predictions: pl.DataFrame, selection: Selection) -> pl.DataFrame:
    """The predictions of the systems, market, player, game and books wanted.

    predictions: with the columns of `with_games`. Raises NotFound when a name is none of ours, or nothing is left.
    """
    wanted = [pl.lit(value=True)]
    if ALL_SYSTEMS not in selection.systems:
        wanted.append(pl.col("system").is_in(selection.systems))
    if selection.market is not None:
        wanted.append(pl.col("market") == market(selection.market).value)
    if selection.player is not None:
        wanted.append(named(selection.player))
    if selection.game is not None:
        wanted.append(_in_game(selection.game))
    found = at_books(predictions, selection.books).filter(*wanted)
    if found.is_empty():
        message = "No prediction of this slate is about that."
        raise NotFound(message, hint="Leave out a filter; `fairline board --systems all` shows everything there is.")
    return found


def board_rows(
    chosen: pl.DataFrame, selection: Selection, now: datetime, plays: Mapping[str, float] | None = None
) -> pl.DataFrame:
    """The board, columns SHOWN: of the `selected` predictions each player's, market's and system's best quote, sorted.

    A quote off the market's line stands there only where there is none on it, a suspect price where there is no other.
    now: the reader's. A quote's age is told at `now` while its game is to come, at the cutoff once it has begun.
    plays: probability of playing by status, for forecasts that are conditional on it.
    Raises Refused for an unknown sort.
    """
    rows = _best(chosen.drop_nulls("price"), _KEY)
    seen = pl.when(pl.col("tip_at") > now).then(pl.lit(now).dt.cast_time_unit("us")).otherwise("cutoff")
    told = rows.with_columns(
        line=pl.col("half_points") / 2,
        american=pl.Series([round(american_from_decimal(price)) for price in rows["price"]], dtype=pl.Int32),
        age_minutes=(seen - pl.col("captured_at")).dt.total_minutes(),
        p=pl.when(pl.col("side") == "over").then("p_over").otherwise("p_under"),
        p_plays=pl.col("status").replace_strict(plays or {}, default=None, return_dtype=pl.Float64),
    )
    if selection.min_edge is not None:
        told = told.filter(pl.col("edge") >= selection.min_edge)
    column, largest_first = _sorting(selection.sort)
    return told.sort([column, *_KEY], descending=[largest_first] + [False] * len(_KEY), nulls_last=True).select(SHOWN)


def conclusion(chosen: pl.DataFrame, rows: pl.DataFrame) -> str:
    """One line: how many bets the board holds, or why it holds none; and how many prices are suspect.

    chosen: the `selected` predictions; those without a price count with their reason. rows: the board made of them.
    """
    bets = rows.filter(pl.col("recommendation").is_in(("OVER", "UNDER")))
    if bets.height:
        return f"Bets: {_counts(bets.get_column('recommendation'))}.{_suspects(chosen)}"
    unpriced = chosen.filter(pl.col("price").is_null())
    return f"No bets: {_counts(pl.concat([rows['reason'], unpriced['reason']]))}.{_suspects(chosen)}"


def _suspects(chosen: pl.DataFrame) -> str:
    """Each quote once, however many systems priced it; nothing when there is none."""
    quotes = (
        chosen.filter(pl.col("reason") == SUSPECT)
        .select("game_id", "player_id", "market", "book", "half_points")
        .n_unique()
    )
    return f" Suspect, too far from other books' price of the line: {quotes}." if quotes else ""


def _counts(values: pl.Series) -> str:
    """Each value with how often it occurs, the most frequent first."""
    counted = values.rename("value").value_counts().sort(["count", "value"], descending=[True, False])
    return ", ".join(f"{count} {value}" for value, count in counted.iter_rows()) or "nothing matches"


def _sorting(name: str) -> tuple[str, bool]:
    if name not in SORTS:
        message = f"A board cannot be sorted by {name!r}."
        raise Refused(message, hint=f"Sort by {', '.join(SORTS)}.")
    return SORTS[name]


def named(text: str) -> pl.Expr:
    """Whether `player_name` contains the text, accents, case and punctuation aside. Raises Refused for no letters.

    >>> pl.DataFrame({"player_name": ["Nikola Jokić", "Jusuf Nurkić"]}).filter(named("jokic")).height
    1
    """
    sought = spelling(unicodedata.normalize("NFKD", text))
    if not sought:
        message = f"{text!r} names no player."
        raise Refused(message, hint="Give a name or a part of one.")
    plain = pl.col("player_name").str.normalize("NFKD").str.to_lowercase().str.replace_all(DROPPED, "")
    return plain.str.contains(sought, literal=True)


def _in_game(text: str) -> pl.Expr:
    """Whether the row's game has this id, or these teams: `0022500301`, `NYK`, `NYK @ BOS`."""
    if text.strip().isdigit():
        return pl.col("game_id") == text.strip()
    teams = [team(name).team_id for name in text.split("@")]
    return pl.all_horizontal((pl.col("away_team_id") == one) | (pl.col("home_team_id") == one) for one in teams)


def with_games(predictions: pl.DataFrame, games: pl.DataFrame) -> pl.DataFrame:
    """The predictions with away_team_id, home_team_id and `game`, written AWY @ HOM.

    games: game_id, away_team_id, home_team_id (null while to be determined: then the game goes by its id).
    """
    short = {one.team_id: one.abbreviation for one in TEAMS}
    away, home = (
        pl.col(f"{side}_team_id").replace_strict(short, default=None, return_dtype=pl.String)
        for side in ("away", "home")
    )
    teams = games.select("game_id", "away_team_id", "home_team_id")
    return predictions.join(teams, on="game_id", how="left").with_columns(
        game=pl.coalesce(pl.concat_str(away, home, separator=" @ "), "game_id")
    )


def last_batch(warehouse: Warehouse, day: date | None = None) -> str:
    """The latest slate run of a game date, or of the last one priced: that with the latest cutoff. Raises NotFound."""
    batches = warehouse.query(
        "SELECT batch_id, max(game_date) AS game_date, max(cutoff) AS cutoff FROM predictions.player_prop_predictions"
        " WHERE game_date = coalesce($day, game_date) GROUP BY batch_id"
        " ORDER BY game_date DESC, cutoff DESC, batch_id DESC LIMIT 1",
        {"day": day},
    )
    if batches.is_empty():
        message = f"No slate of {day} has been priced." if day else "No slate has been priced."
        raise NotFound(message, hint=f"`fairline run --date {day or 'today'}` prices it.")
    return str(batches["batch_id"].item())


def predictions_of(warehouse: Warehouse, batch_id: str) -> pl.DataFrame:
    """Every prediction of a slate run, with its game's teams as scheduled last."""
    batch = {"batch": batch_id}
    predictions = warehouse.query(
        "SELECT * FROM predictions.player_prop_predictions WHERE batch_id = $batch ORDER BY ALL", batch
    )
    games = warehouse.query(
        "SELECT game_id, away_team_id, home_team_id FROM analytics.game_versions SEMI JOIN ("
        " SELECT game_id FROM predictions.player_prop_predictions WHERE batch_id = $batch) USING (game_id)"
        " QUALIFY row_number() OVER (PARTITION BY game_id ORDER BY known_at DESC) = 1",
        batch,
    )
    return with_games(predictions, games)
