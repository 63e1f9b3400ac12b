"""Quotes of player props: each read, placed in its game and given its person, or set aside."""

from collections.abc import Mapping

import polars as pl

from fairline.domain.books import BOOK_NAMES
from fairline.domain.markets import DOUBLES, MARKET_NAMES
from fairline.domain.odds import decimals_from_american
from fairline.domain.spelling import DROPPED
from fairline.domain.teams import TEAM_NAMES
from fairline.raw import placement
from fairline.raw.cells import Cells
from fairline.raw.contracts import Rule, contract, readable, rule, split, stated
from fairline.raw.held import Held
from fairline.raw.listed import waiting
from fairline.raw.parsed import Parsed, one_per_key, together
from fairline.raw.schema import PROP_QUOTES

GIVEN = {
    "captured_at": "captured_at", "commence_at": "tipoff", "home_team_id": "home_team", "away_team_id": "away_team",
    "opponent_id": "opponent", "player_name": "player_name", "market": "market", "book": "book", "line": "line",
    "over_american": "over_american", "under_american": "under_american",
}  # fmt: skip

STATED_DECIMAL = {"over_stated": "over_decimal", "under_stated": "under_decimal"}
"""Prices of a provider that states decimal odds: they count as they stand. Files state American odds."""

PRICES = ("over", "under")


def parse(frame: pl.DataFrame, held: Held) -> Parsed:
    """Quotes with their games and persons. Quotes captured after tip-off are kept: `captured_at` tells.

    Yes/no markets have no line here and are set aside as `no_line`. One-sided quotes lack a price, pick'em lines both.
    """
    given = GIVEN | {ours: theirs for ours, theirs in STATED_DECIMAL.items() if theirs in frame.columns}
    typed = _priced(frame.select("row_number", *stated(given), *_typed(frame)))
    good, broken = split(typed, _rules(frame, given))
    placed, misplaced, unresolved = placement.place(good, held)
    key = [column for column in PROP_QUOTES.key if column != "source"]
    statement = ["over_decimal", "under_decimal"]
    ordered = placed.sort("row_number")
    single, conflicting, duplicates = one_per_key(ordered, key, statement, "conflicting_price")
    told = [
        "row_number", *key, *statement, "game_date", "team_id", "player_name", "commence_at",
        pl.col("captured_at").alias("valid_at"), pl.col("captured_at").alias("known_at"),
    ]  # fmt: skip
    parsed = Parsed(
        {PROP_QUOTES: single.select(told)}, together([broken, misplaced, conflicting]), waiting(unresolved, held),
        duplicates,
    )  # fmt: skip
    parsed.waiting[PROP_QUOTES] = _unplaced(good, placed).select(told)
    return parsed


def _unplaced(good: pl.DataFrame, placed: pl.DataFrame) -> pl.DataFrame:
    """Quotes that keep the contract and lack their game or person."""
    if placed.height == good.height:
        return placed.clear()
    return good.join(placed, on="row_number", how="anti").with_columns(
        pl.lit(None, placed.schema[column]).alias(column) for column in ("game_id", "game_date", "player_id", "team_id")
    )


def _typed(frame: pl.DataFrame) -> list[pl.Expr]:
    cells = Cells(frame)
    spelling = cells.text("book").str.to_lowercase().str.replace_all(DROPPED, "")
    return [
        cells.instant("captured_at").alias("captured_at"),
        cells.instant("tipoff").alias("commence_at"),
        cells.named("home_team", TEAM_NAMES).alias("home_team_id"),
        cells.named("away_team", TEAM_NAMES).alias("away_team_id"),
        cells.named("opponent", TEAM_NAMES).alias("opponent_id"),
        cells.text("player_name").alias("player_name"),
        cells.named("market", MARKET_NAMES).alias("market"),
        # A book never seen is a new book under its own spelling.
        pl.when(spelling != "").then(spelling.replace(BOOK_NAMES)).alias("book"),
        cells.number("line").alias("line"),
        cells.number("over_american").alias("over_american"),
        cells.number("under_american").alias("under_american"),
        *(cells.number(theirs).alias(ours) for ours, theirs in STATED_DECIMAL.items() if theirs in frame.columns),
    ]


def _priced(typed: pl.DataFrame) -> pl.DataFrame:
    """Lines in halves, prices as decimal odds; null where they cannot be."""
    halves = 2 * pl.col("line")
    decimals = [
        pl.Series(f"{side}_decimal", decimals_from_american(typed[f"{side}_american"].to_numpy())) for side in PRICES
    ]
    return typed.with_columns(
        pl.when((halves % 1 == 0) & (halves >= 0)).then(halves).cast(pl.Int64, strict=False).alias("half_points"),
        *decimals,
    ).with_columns(_price(typed, side) for side in PRICES)


def _price(typed: pl.DataFrame, side: str) -> pl.Expr:
    """Decimal odds as stated where they are, else of the American price."""
    of_american = pl.col(f"{side}_decimal").fill_nan(None)
    if f"{side}_stated" not in typed.columns:
        return of_american
    stated_odds = pl.col(f"{side}_stated")
    return pl.coalesce(pl.when(stated_odds > 1).then(stated_odds), of_american).alias(f"{side}_decimal")


def _rules(frame: pl.DataFrame, given: Mapping[str, str]) -> list[Rule]:
    column = pl.col
    home, away, line = column("home_team_id"), column("away_team_id"), column("line")
    yes_or_no = column("market").is_in([market.value for market in DOUBLES])
    half_a_game = (home == away) | (home.is_null() != away.is_null())
    return [
        *readable(frame, given),
        rule("no_line", line.is_null() & yes_or_no, "{} is a yes/no market; it has no line", column("market")),
        rule("missing_line", line.is_null(), "line is missing"),
        rule("bad_line", column("half_points").is_null(), "line is {}, not a multiple of one half from 0", line),
        *(broken for side in PRICES for broken in _bad_prices(side, given)),
        rule(
            "bad_teams",
            half_a_game,
            "home_team is {}, away_team is {}",
            column("given_home_team_id"),
            column("given_away_team_id"),
        ),
        *contract(PROP_QUOTES, "game_id", "game_date", "player_id", "team_id"),
    ]


def _bad_prices(side: str, given: Mapping[str, str]) -> list[Rule]:
    """No book can mean the price that was stated, American or decimal."""
    unpriced = pl.col(f"{side}_decimal").is_null()
    return [
        rule("bad_price", pl.col(ours).is_not_null() & unpriced, f"{given[ours]} is {{}}", pl.col(ours))
        for ours in (f"{side}_american", f"{side}_stated")
        if ours in given
    ]
