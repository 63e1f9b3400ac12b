"""The totals under a box score. Team minutes are not told: they are 240, and 25 more per overtime."""

from datetime import datetime

import polars as pl

from fairline.raw.box_scores import COUNTS, adds_up
from fairline.raw.cells import Cells
from fairline.raw.contracts import contract, readable, split, stated
from fairline.raw.games_of_providers import matched, no_game
from fairline.raw.held import Held
from fairline.raw.listed_games import REGULATION, shown, unknown_teams
from fairline.raw.named_box_scores import result_clocks, unfinished
from fairline.raw.parsed import Parsed, one_per_key, together
from fairline.raw.schema import TEAM_BOX_SCORES

MINUTES, MINUTES_OF_OVERTIME = 240, 25


def parse(totals: pl.DataFrame, held: Held, at: datetime) -> Parsed:
    """The counts of each team of a game that is over; its turnovers and rebounds are those of its players.

    totals: `row_number`, LeagueGameLog's columns as text, the team, its game and the periods played.
    """
    cells, periods = Cells(totals), pl.col("periods")
    typed = totals.select(
        "row_number", "team_id", "home_team_id", "away_team_id", "commence_at", "stated_date", "status", "won",
        *stated(COUNTS), *(cells.whole(theirs).alias(ours) for ours, theirs in COUNTS.items()),
        minutes=pl.when(periods >= REGULATION).then(MINUTES + MINUTES_OF_OVERTIME * (periods - REGULATION) + 0.0),
    )  # fmt: skip
    rules = [
        unfinished(), *unknown_teams(), *readable(totals, COUNTS), *contract(TEAM_BOX_SCORES, "game_id", "game_date"),
        *adds_up(),
    ]  # fmt: skip
    good, broken = split(typed, rules)
    found = matched(good, held)
    placed, unplaced = split(found, [no_game()])
    key = ["game_id", "team_id"]
    statement = ["minutes", "won", *COUNTS]
    single, conflicting, duplicates = one_per_key(placed, key, statement, "conflicting_box_score")
    rows = single.select("row_number", *key, "game_date", *statement, **result_clocks(at))
    waiting = {TEAM_BOX_SCORES: shown(TEAM_BOX_SCORES, found.filter(pl.col("game_id").is_null()))}
    return Parsed(
        {TEAM_BOX_SCORES: rows}, together([broken, unplaced, conflicting]), duplicates=duplicates, waiting=waiting
    )
