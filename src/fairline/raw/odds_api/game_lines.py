"""Game lines: spread, total and moneylines of each book, from the markets h2h, spreads and totals."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import polars as pl

from fairline.domain.books import BOOK_NAMES
from fairline.domain.spelling import DROPPED
from fairline.domain.teams import TEAM_NAMES
from fairline.raw import known
from fairline.raw.cells import Cells
from fairline.raw.contracts import Rule, contract, readable, rule, split, stated
from fairline.raw.documents import Document
from fairline.raw.games_of_providers import matched, no_game
from fairline.raw.held import Held
from fairline.raw.odds_api.answers import Answer, BookMarket, Place, Torn, no_side
from fairline.raw.odds_api.prices import decimals
from fairline.raw.parsed import Parsed, one_per_key, together
from fairline.raw.schema import GAME_LINE_QUOTES

MARKETS = {"h2h": "price", "spreads": "point", "totals": "point"}
"""The markets of a game, and what of an outcome counts; the prices of spreads and totals are not kept."""

FIELDS = {
    "commence_time": "event.commence_time", "home_team": "event.home_team", "away_team": "event.away_team",
    "book": "book", "home_price": "h2h.home", "away_price": "h2h.away", "home_point": "spreads.home",
    "away_point": "spreads.away", "over_point": "totals.over", "under_point": "totals.under",
}  # fmt: skip
GIVEN = {
    "commence_at": "commence_time", "home_team_id": "home_team", "away_team_id": "away_team",
    "home_moneyline": "home_price", "away_moneyline": "away_price", "home_spread": "home_point",
    "away_spread": "away_point", "total": "over_point", "under_total": "under_point",
}  # fmt: skip
SAYS = ("home_spread", "total", "home_moneyline", "away_moneyline")


def gathered(markets: Iterable[BookMarket]) -> tuple[list[Place], list[Torn]]:
    """A record for each book on each game with its lines, and outcomes that belong to no side."""
    lines: dict[tuple[int, str], Place] = {}
    torn: list[Torn] = []
    sides: dict[tuple[int, str, str], Place] = defaultdict(dict)
    for market in markets:
        event, at = market.event, (id(market.event), market.book)
        named = {str(event.get("home_team")): "home", str(event.get("away_team")): "away"}
        if market.market == "totals":
            named = {"Over": "over", "Under": "under"}
        shown = {name: event.get(name) for name in ("id", "commence_time", "home_team", "away_team")}
        record = lines.setdefault(at, {"event": shown, "book": market.book})
        record[market.market] = sides[*at, market.market]
        torn += _placed(market, named, sides[*at, market.market])
    return list(lines.values()), torn


def _placed(market: BookMarket, named: dict[str, str], sides: Place) -> Iterator[Torn]:
    for outcome in market.outcomes:
        side = named.get(str(outcome.get("name")))
        told = outcome.get(MARKETS[market.market])
        if side is None:
            yield no_side(outcome)
        elif sides.setdefault(side, told) != told:
            yield Torn(f"{market.market} says {side} twice, otherwise", outcome)


def parse(document: Document, answer: Answer, records: list[Place], held: Held, *, american: bool) -> Parsed:
    """The lines of an answer, known when it was seen. On neutral ground the sides are turned to the schedule's."""
    sheet = document.sheet(records, FIELDS)
    typed = sheet.select("row_number", *stated(GIVEN), *_typed(sheet))
    priced = typed.with_columns(
        decimals(typed, f"{side}_price", american=american).alias(f"{side}_moneyline") for side in ("home", "away")
    )
    rules = [*_rules(), *readable(sheet, GIVEN), *contract(GAME_LINE_QUOTES, "game_id", "game_date")]
    good, broken = split(priced, rules)
    found, unmatched = split(_turned(matched(good, held)), [no_game()])
    single, conflicting, duplicates = one_per_key(found, ["game_id", "book"], SAYS, "conflicting_line")
    parsed = Parsed({GAME_LINE_QUOTES: _rows(single, answer)}, together([broken, unmatched, conflicting]))
    parsed.duplicates = duplicates
    parsed.waiting[GAME_LINE_QUOTES] = _rows(_unknown(good, unmatched), answer)
    return parsed


def _unknown(good: pl.DataFrame, unmatched: pl.DataFrame) -> pl.DataFrame:
    """Lines of games that no schedule holds, as stated."""
    lines = good.join(unmatched, on="row_number", how="semi") if unmatched.height else good.clear()
    return lines.with_columns(game_id=pl.lit(None, pl.String), game_date=pl.lit(None, pl.Date))


def _typed(sheet: pl.DataFrame) -> list[pl.Expr]:
    cells = Cells(sheet)
    spelling = cells.text("book").str.to_lowercase().str.replace_all(DROPPED, "")
    return [
        cells.instant("commence_time").alias("commence_at"),
        cells.named("home_team", TEAM_NAMES).alias("home_team_id"),
        cells.named("away_team", TEAM_NAMES).alias("away_team_id"),
        pl.when(spelling != "").then(spelling.replace(BOOK_NAMES)).alias("book"),
        # Adding 0 turns the -0.0 of a pick'em into 0.
        pl.coalesce(cells.number("home_point"), -cells.number("away_point")).alias("home_spread") + 0.0,
        (cells.number("away_point") + 0.0).alias("away_spread"),
        pl.coalesce(cells.number("over_point"), cells.number("under_point")).alias("total"),
        cells.number("under_point").alias("under_total"),
        cells.number("home_price"),
        cells.number("away_price"),
    ]


def _rules() -> list[Rule]:
    column = pl.col
    home, away = column("home_team_id"), column("away_team_id")
    nothing = pl.all_horizontal(
        column(f"given_{name}").is_null() for name in GIVEN if name[-3:] in ("ine", "ead", "tal")
    )
    return [
        rule("no_line", nothing, "neither moneyline, spread nor total"),
        rule("missing_teams", home.is_null() | away.is_null(), "{} against {}", column("given_home_team_id"),
             column("given_away_team_id")),
        rule("unequal_spread", column("home_spread") != -column("away_spread"), "{} at home, {} away",
             column("given_home_spread"), column("given_away_spread")),
        rule("unequal_total", column("total") != column("under_total"), "over {}, under {}", column("given_total"),
             column("given_under_total")),
        *(
            rule("bad_price", column(f"{side}_price").is_not_null() & column(f"{side}_moneyline").is_null(),
                 f"{side} moneyline is {{}}", column(f"{side}_price"))
            for side in ("home", "away")
        ),
    ]  # fmt: skip


def _turned(found: pl.DataFrame) -> pl.DataFrame:
    turn = pl.col("swapped").fill_null(value=False)
    return found.with_columns(
        home_spread=pl.when(turn).then(-pl.col("home_spread")).otherwise("home_spread") + 0.0,
        home_moneyline=pl.when(turn).then("away_moneyline").otherwise("home_moneyline"),
        away_moneyline=pl.when(turn).then("home_moneyline").otherwise("away_moneyline"),
    )


def _rows(frame: pl.DataFrame, answer: Answer) -> pl.DataFrame:
    seen = known.instant(answer.seen_at)
    return frame.select("row_number", "game_id", "game_date", "book", *SAYS, valid_at=seen, known_at=seen)
