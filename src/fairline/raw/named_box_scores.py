"""Box scores of providers that name players instead of numbering them, as LeagueGameLog's columns of text cells."""

from datetime import datetime

import polars as pl

from fairline.raw import known
from fairline.raw.box_scores import COUNTS, adds_up
from fairline.raw.cells import Cells
from fairline.raw.contracts import Rule, contract, readable, rule, split, stated
from fairline.raw.games_of_providers import matched, no_game
from fairline.raw.held import Held
from fairline.raw.listed import resolve
from fairline.raw.listed_games import shown, unknown_teams
from fairline.raw.parsed import Parsed, one_per_key, together
from fairline.raw.schema import PLAYER_BOX_SCORES

GIVEN = {"player_name": "PLAYER_NAME", "minutes": "MIN", **COUNTS, "plus_minus": "PLUS_MINUS"}

CONTEXT = {
    "team_id": pl.Int64, "home_team_id": pl.Int64, "away_team_id": pl.Int64, "commence_at": pl.Datetime("us", "UTC"),
    "stated_date": pl.Date, "status": pl.String, "won": pl.Boolean, "started": pl.Boolean,
}  # fmt: skip
"""What must be known beside the cells: the player's team, the game, whether it is over, and how it ended."""


def parse(frame: pl.DataFrame, held: Held, at: datetime) -> Parsed:
    """Box scores of the players who played in games that are over.

    frame: `row_number`, the text cells that GIVEN names, and the columns of CONTEXT. at: when it was captured.
    A named player without minutes or any count is no fact: he did not play, or no one noticed, and the providers read
    here do not tell which. Rows of a game still on are set aside as `unfinished_game`.
    """
    typed = frame.select("row_number", *CONTEXT, *stated(GIVEN), *_typed(frame))
    read, unread = split(typed, [*readable(frame, GIVEN), *unknown_teams(), *_of_the_game()])
    good, broken = split(read.filter(~_idle()), _kept())
    found = matched(good, held)
    placed, unplaced = split(found, [no_game()])
    resolved, unresolved = resolve(placed.with_columns(reported_at="tip_at"), held)
    key = ["game_id", "player_id"]
    statement = [column for column in PLAYER_BOX_SCORES.column_names if column in good.columns]
    single, conflicting, duplicates = one_per_key(resolved, key, statement, "conflicting_box_score")
    return Parsed(
        {PLAYER_BOX_SCORES: single.select("row_number", *key, "game_date", *statement, **result_clocks(at))},
        together([unread, broken, unplaced, conflicting]),
        unresolved,
        duplicates,
        {PLAYER_BOX_SCORES: shown(PLAYER_BOX_SCORES, found.join(resolved, on="row_number", how="anti"))},
    )


def result_clocks(at: datetime) -> dict[str, pl.Expr]:
    """`valid_at` and `known_at` of what a game left behind, captured at that instant."""
    tip = pl.coalesce("commence_at", "tip_at")
    return {"valid_at": tip, "known_at": known.captured_result_known(at, tip, pl.col("game_date"))}


def unfinished() -> Rule:
    """Sets aside what a game still on has left so far."""
    return rule("unfinished_game", pl.col("status").ne_missing("final"), "the game is {}, not final", pl.col("status"))


def minutes_of(cells: Cells, column: str) -> pl.Expr:
    """Minutes, written whole (`31`) or as minutes and seconds (`31:24`)."""
    clock = cells.text(column).str.extract_groups(r"^(?<whole>\d{1,3}):(?<seconds>[0-5]\d)$")
    exact = clock.struct["whole"].cast(pl.Float64) + clock.struct["seconds"].cast(pl.Float64) / 60
    return pl.coalesce(exact, cells.number(column))


def _typed(frame: pl.DataFrame) -> list[pl.Expr]:
    cells = Cells(frame)
    return [
        cells.text("PLAYER_NAME").alias("player_name"),
        minutes_of(cells, "MIN").alias("minutes"),
        *(cells.whole(theirs).alias(ours) for ours, theirs in {**COUNTS, "plus_minus": "PLUS_MINUS"}.items()),
    ]


def _idle() -> pl.Expr:
    nothing = pl.all_horizontal(pl.col(column).fill_null(0) == 0 for column in ("minutes", *COUNTS))
    return nothing & pl.col("player_name").is_not_null()


def _of_the_game() -> list[Rule]:
    team = pl.col("team_id")
    other = (team != pl.col("home_team_id")) & (team != pl.col("away_team_id"))
    return [unfinished(), rule("wrong_game", other, "team {} is not in that game", team)]


def _kept() -> list[Rule]:
    return [*contract(PLAYER_BOX_SCORES, "game_id", "game_date", "player_id"), *adds_up()]
