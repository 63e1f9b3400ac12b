"""Spreads and totals, matched to games by teams and date. Neither file tells when: known at tip-off."""

import polars as pl

from fairline.domain.teams import TEAM_NAMES
from fairline.raw import known
from fairline.raw.cells import Cells
from fairline.raw.contracts import Rule, contract, readable, rule, split, stated
from fairline.raw.held import Held
from fairline.raw.parsed import Parsed, one_per_key, together
from fairline.raw.schema import GAME_LINE_QUOTES

GIVEN = {
    "game_lines_consensus": {
        "game_date": "commence_time",
        "home_team_id": "home_team",
        "away_team_id": "away_team",
        "home_spread": "spread_point",
        "total": "total_point",
    },
    "game_lines_sbr": {
        "game_date": "date", "home_team_id": "home", "away_team_id": "away", "home_spread": "spread", "total": "total",
        "favourite": "whos_favored",
    },
}  # fmt: skip


CONSENSUS = "consensus"
"""The book of a mean over books."""


def parse(frame: pl.DataFrame, kind: str, held: Held) -> Parsed:
    """Lines of a file of that kind. A game whose date or teams no schedule holds is set aside as `no_game`."""
    given = GIVEN[kind]
    typed = frame.select("row_number", *stated(given), *_typed(frame, kind))
    rules = [*readable(frame, given), *contract(GAME_LINE_QUOTES, "game_id"), *_stated_rules()]
    good, broken = split(typed, rules)
    matched, unmatched = split(_matched(good, held), [_no_game()])
    # An event listed anew with a later start carries the later line.
    last_first = matched.sort("given_game_date", "row_number", descending=True)
    single, conflicting, duplicates = one_per_key(last_first, ["game_id"], ["home_spread", "total"], "conflicting_line")
    rows = single.select(
        "row_number", "game_id", "game_date", "book", "home_spread", "total", "home_moneyline", "away_moneyline",
        valid_at="tip", known_at="tip",
    )  # fmt: skip
    return Parsed({GAME_LINE_QUOTES: rows}, together([broken, unmatched, conflicting]), duplicates=duplicates)


def _typed(frame: pl.DataFrame, kind: str) -> list[pl.Expr]:
    cells, given = Cells(frame), GIVEN[kind]
    spread = cells.number(given["home_spread"])
    if kind == "game_lines_sbr":
        # The file gives the size of the spread and who gives the points.
        favourite = cells.text("whos_favored").str.to_lowercase()
        favourite = pl.when(favourite.is_in(["home", "away"])).then(favourite)
        date, spread = cells.day("date"), pl.when(favourite == "home").then(-spread).otherwise(spread)
        extra = [
            pl.when((spread == 0) & favourite.is_null()).then(pl.lit("nobody")).otherwise(favourite).alias("favourite")
        ]
    else:
        date, extra = known.eastern_date(cells.instant("commence_time")), []
    # Adding 0 turns the -0.0 of a pick'em into 0.
    return [
        date.alias("game_date"),
        cells.named(given["home_team_id"], TEAM_NAMES).alias("home_team_id"),
        cells.named(given["away_team_id"], TEAM_NAMES).alias("away_team_id"),
        (spread + 0.0).alias("home_spread"),
        cells.number(given["total"]).alias("total"),
        pl.lit(CONSENSUS).alias("book"),
        pl.lit(None, pl.Float64).alias("home_moneyline"),
        pl.lit(None, pl.Float64).alias("away_moneyline"),
        *extra,
    ]


def _stated_rules() -> list[Rule]:
    home, away = pl.col("home_team_id"), pl.col("away_team_id")
    nothing = pl.col("home_spread").is_null() & pl.col("total").is_null()
    return [
        rule("missing_teams", home.is_null() | away.is_null(), "a team is missing"),
        rule("no_line", nothing, "neither spread nor total"),
    ]


def _matched(good: pl.DataFrame, held: Held) -> pl.DataFrame:
    """The game of the two teams on that date; where they met with sides swapped (neutral ground) the spread turns."""
    games = held.games.select("game_id", "tip_at", "game_date", home="home_team_id", away="away_team_id")
    as_stated = games.select(
        "game_id", "tip_at", "game_date", home_team_id="home", away_team_id="away", turn=pl.lit(1.0)
    )
    swapped = games.select(
        "game_id", "tip_at", "game_date", home_team_id="away", away_team_id="home", turn=pl.lit(-1.0)
    )
    both = pl.concat([as_stated, swapped]).drop_nulls(["home_team_id", "away_team_id"])
    return good.join(both, on=["game_date", "home_team_id", "away_team_id"], how="left").with_columns(
        home_spread=pl.col("home_spread") * pl.col("turn").fill_null(1.0) + 0.0,
        tip=known.by_tip_off(pl.col("tip_at"), pl.col("game_date")),
    )


def _no_game() -> Rule:
    words = "no schedule held has these teams on {}"
    return rule("no_game", pl.col("game_id").is_null(), words, pl.col("game_date"))
