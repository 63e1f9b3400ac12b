"""Games as another provider lists them: its ids beside NBA's, and how the games ended."""

from datetime import datetime

import polars as pl

from fairline.domain.tables import Table
from fairline.raw import known
from fairline.raw.contracts import Rule, contract, rule, split
from fairline.raw.games_of_providers import matched, no_game
from fairline.raw.held import Held
from fairline.raw.parsed import Parsed, one_per_key, together
from fairline.raw.schedules import game_kind
from fairline.raw.schema import GAMES, PROVIDER_GAMES

LISTING: dict[str, pl.DataType | type[pl.DataType]] = {
    "provider_game_id": pl.String, "home_team_id": pl.Int64, "away_team_id": pl.Int64,
    "commence_at": pl.Datetime("us", "UTC"), "stated_date": pl.Date, "status": pl.String, "home_points": pl.Int64,
    "away_points": pl.Int64, "periods": pl.Int64, "arena": pl.String, "neutral": pl.Boolean,
}  # fmt: skip
"""What a listing tells of a game, in the status words of raw.provider_games; each may be null."""

REGULATION = 4

_UNTOLD = {"game_id", "game_date", "statement", "season", "game_type", "tip_at", "status"}


def parse(listing: pl.DataFrame, held: Held, at: datetime, *, identified: bool = True, results: bool = True) -> Parsed:
    """The provider's ids of its games, and the results of those that are over.

    listing: `row_number` and the columns of LISTING. at: when it was captured. identified: the provider numbers games.
    results: it tells how they ended.
    A postponement stays with the provider's row: whether a game is off is for the schedule to say.
    """
    good, broken = split(_over(listing), _listed(identified=identified))
    key = ["provider_game_id"] if identified else ["home_team_id", "away_team_id", "stated_date"]
    statement = [column for column in LISTING if column not in (*key, "periods")]
    single, conflicting, duplicates = one_per_key(good, key, [*statement, "overtimes"], "conflicting_game")
    found = matched(single, held)
    placed, unplaced = split(found, [no_game()])
    unknown = found.filter(pl.col("game_id").is_null())
    rows = {GAMES: _results(placed, at)} if results else {}
    waiting = {GAMES: shown(GAMES, unknown.filter(pl.col("status") == "final"))}
    if identified:
        rows[PROVIDER_GAMES] = _ids(placed, at)
        waiting[PROVIDER_GAMES] = shown(PROVIDER_GAMES, unknown)
    return Parsed(rows, together([broken, conflicting, unplaced]), duplicates=duplicates, waiting=waiting)


def shown(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """What a frame holds of a table's columns, for people to see."""
    return frame.select("row_number", *(column for column in table.column_names if column in frame.columns))


def unknown_teams() -> list[Rule]:
    """All-Star sides and clubs of other leagues play no game of ours."""
    return [
        rule("unknown_team", pl.col(f"{side}_team_id").is_null(), f"the {side} team is none of the thirty")
        for side in ("home", "away")
    ]


def _over(listing: pl.DataFrame) -> pl.DataFrame:
    """Points and overtimes of games that are over: of others they are 0, or the score so far."""
    final = pl.col("status") == "final"
    overtimes = pl.when(pl.col("periods") >= REGULATION).then(pl.col("periods") - REGULATION)
    return listing.with_columns(overtimes=overtimes).with_columns(
        pl.when(final).then(pl.col(column)).alias(column) for column in ("home_points", "away_points", "overtimes")
    )


def _listed(*, identified: bool) -> list[Rule]:
    home, away = pl.col("home_points"), pl.col("away_points")
    final = pl.col("status") == "final"
    same = pl.col("home_team_id") == pl.col("away_team_id")
    unnumbered = [] if identified else ["provider_game_id"]
    return [
        *unknown_teams(),
        *contract(PROVIDER_GAMES, "game_id", "game_date", *unnumbered),
        *contract(GAMES, *_UNTOLD),
        rule("same_team_twice", same, "both teams are {}", pl.col("home_team_id")),
        rule("missing_score", final & (home.is_null() | away.is_null()), "the game is over without a score"),
        rule("drawn_game", final & (home == away), "both have {} points", home),
    ]


def _ids(placed: pl.DataFrame, at: datetime) -> pl.DataFrame:
    told = [column for column in PROVIDER_GAMES.column_names if column in placed.columns]
    captured = known.instant(at)
    return placed.select("row_number", *told, valid_at=captured, known_at=captured)


def _results(placed: pl.DataFrame, at: datetime) -> pl.DataFrame:
    """Seen from NBA's home team: on neutral ground a provider may call the other one so."""
    tip = pl.coalesce("commence_at", "tip_at")
    over = placed.filter(pl.col("status") == "final").with_columns(
        valid_at=tip,
        known_at=known.captured_result_known(at, tip, pl.col("game_date")),
        statement=pl.lit("result"),
        tip_at=pl.col("commence_at"),
    )
    sides = ["home_team_id", "away_team_id", "home_points", "away_points"]
    others = ["away_team_id", "home_team_id", "away_points", "home_points"]
    turned = over.with_columns(
        pl.when("swapped").then(pl.col(other)).otherwise(pl.col(side)).alias(side)
        for side, other in zip(sides, others, strict=True)
    ).with_columns(*game_kind())
    told = [column for column in GAMES.column_names if column in turned.columns]
    return turned.select("row_number", *told)
