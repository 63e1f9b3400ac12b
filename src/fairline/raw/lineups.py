"""Projected line-ups: one row per team and snapshot, the five starters in one cell."""

import polars as pl

from fairline.domain.teams import TEAM_NAMES
from fairline.raw.cells import Cells
from fairline.raw.contracts import Rule, contract, readable, rule, split, stated
from fairline.raw.held import Held
from fairline.raw.listed import resolve
from fairline.raw.parsed import Parsed, one_per_key, together
from fairline.raw.schema import PROJECTED_LINEUPS

GIVEN = {"reported_at": "snapshot_ts", "team_id": "Team", "starters": "Lineup"}
STARTER = r"^(.+?)\s*\((PG|SG|SF|PF|C)\)$"
HEADING = r"^(?:Projected|Confirmed|Expected)\s+Lineup:\s*"


def parse(frame: pl.DataFrame, held: Held) -> Parsed:
    """Starters, one row each. A row whose cell does not read as `name (position), ...` is set aside whole."""
    cells = Cells(frame)
    typed = frame.select(
        "row_number",
        *stated(GIVEN),
        cells.instant("snapshot_ts").alias("reported_at"),
        cells.named("Team", TEAM_NAMES).alias("team_id"),
        cells.text("Lineup").str.replace(HEADING, "").str.split(", ").alias("starters"),
    )
    rules = [
        *readable(frame, GIVEN),
        *contract(PROJECTED_LINEUPS, "player_id", "player_name", "position"),
        *_five_starters(),
    ]
    good, broken = split(typed, rules)
    starters = good.select("row_number", "reported_at", "team_id", starter="starters").explode("starter")
    named = starters.with_columns(
        player_name=pl.col("starter").str.extract(STARTER, 1), position=pl.col("starter").str.extract(STARTER, 2)
    )
    resolved, unresolved = resolve(named, held)
    last_first = resolved.sort("row_number", descending=True, maintain_order=True)
    key = ["reported_at", "team_id", "player_id"]
    single, superseded, duplicates = one_per_key(last_first, key, ["position"], "superseded_lineup")
    rows = single.select("row_number", *key, "player_name", "position", valid_at="reported_at", known_at="reported_at")
    return Parsed({PROJECTED_LINEUPS: rows}, together([broken, superseded]), unresolved, duplicates)


def _five_starters() -> list[Rule]:
    unread = pl.col("starters").list.eval(~pl.element().str.contains(STARTER)).list.any()
    return [
        rule("missing_starters", pl.col("starters").is_null(), "the line-up is empty"),
        rule("unreadable_starters", unread, "the line-up is {}", pl.col("given_starters")),
    ]
