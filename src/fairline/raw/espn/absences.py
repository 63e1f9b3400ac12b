"""Players a box score lists without minutes, in ESPN's words: DNP-COACH'S DECISION."""

from datetime import datetime

import polars as pl

from fairline.raw.cells import Cells
from fairline.raw.contracts import contract, rule, split
from fairline.raw.games_of_providers import matched, no_game
from fairline.raw.held import Held
from fairline.raw.listed import resolve
from fairline.raw.listed_games import shown, unknown_teams
from fairline.raw.named_box_scores import result_clocks, unfinished
from fairline.raw.parsed import Parsed, one_per_key, together
from fairline.raw.schema import INACTIVES

BEGINNINGS = {"DNP": "did_not_play", "DND": "did_not_dress", "NWT": "not_with_team", "INACTIVE": "inactive"}


def parse(lines: pl.DataFrame, held: Held, at: datetime) -> Parsed:
    """Who did not play in a game that is over.

    lines: `row_number`, `PLAYER_NAME`, `absence` as text, and the player's team and game. at: when it was captured.
    """
    cells = Cells(lines)
    first = cells.text("absence").str.to_uppercase().str.extract(r"^([A-Z]+)")
    told = lines.select(
        "row_number", "team_id", "home_team_id", "away_team_id", "commence_at", "stated_date", "status",
        player_name=cells.text("PLAYER_NAME"),
        reason=cells.text("absence"),
        absence=first.replace_strict(BEGINNINGS, default=None, return_dtype=pl.String),
    )  # fmt: skip
    unknown = rule("unknown_absence", pl.col("absence").is_null(), "{} is no known absence", pl.col("reason"))
    good, broken = split(
        told, [unfinished(), *unknown_teams(), unknown, *contract(INACTIVES, "game_id", "game_date", "player_id")]
    )
    found = matched(good, held)
    placed, unplaced = split(found, [no_game()])
    resolved, unresolved = resolve(placed.with_columns(reported_at="tip_at"), held)
    key = ["game_id", "player_id"]
    single, conflicting, duplicates = one_per_key(resolved, key, ["absence", "reason"], "conflicting_absence")
    rows = single.select(
        "row_number", *key, "game_date", "team_id", "player_name", "absence", "reason", **result_clocks(at)
    )
    waiting = shown(INACTIVES, found.join(resolved, on="row_number", how="anti"))
    return Parsed(
        {INACTIVES: rows}, together([broken, unplaced, conflicting]), unresolved, duplicates, {INACTIVES: waiting}
    )
