"""Injury snapshots. Two formats in one file: a bare status, or a status with details and the day of its last change."""

import polars as pl

from fairline.domain.injuries import find_availability
from fairline.domain.teams import TEAM_NAMES
from fairline.raw.cells import Cells
from fairline.raw.contracts import contract, readable, split, stated
from fairline.raw.held import Held
from fairline.raw.listed import resolve
from fairline.raw.parsed import Parsed, one_per_key, together
from fairline.raw.schema import INJURY_REPORTS, INJURY_SNAPSHOTS

GIVEN = {"reported_at": "snapshot_ts", "team_id": "Team", "player_name": "Player"}


def parse(frame: pl.DataFrame, held: Held) -> Parsed:
    """Statuses and the snapshots they stand in. Of several rows on a player in one snapshot one counts.

    A merge-conflict marker is no team: such rows are set aside as `unreadable_team_id`.
    """
    typed = frame.select("row_number", *stated(GIVEN), *_typed(frame))
    rules = [*readable(frame, GIVEN), *contract(INJURY_REPORTS, "player_id")]
    good, broken = split(typed, rules)
    resolved, unresolved = resolve(good, held)
    # Some snapshots repeat a team's list under its opponent: the team a player is on comes first. Then the latest
    # change; where neither row tells its day, later in the file counts as later.
    best_first = resolved.sort("fits", "updated", "row_number", descending=True, nulls_last=True)
    single, repeated, duplicates = one_per_key(
        best_first, ["reported_at", "player_id"], ["status", "reason", "team_id"], "listed_twice"
    )
    rows = single.select(
        "row_number", "reported_at", "player_id", "team_id", "player_name", "status", "reason",
        valid_at="reported_at", known_at="reported_at",
    )  # fmt: skip
    listed = good.group_by("reported_at").agg(
        pl.col("row_number").min(), players_listed=pl.struct("player_name", "team_id").n_unique().cast(pl.Int64)
    )
    snapshots = listed.with_columns(valid_at="reported_at", known_at="reported_at")
    return Parsed(
        {INJURY_REPORTS: rows, INJURY_SNAPSHOTS: snapshots}, together([broken, repeated]), unresolved, duplicates
    )


def _typed(frame: pl.DataFrame) -> list[pl.Expr]:
    """A null status with details is the second format; a status there is, the first."""
    cells = Cells(frame)
    words = pl.coalesce(cells.text("Status"), cells.text("Details"))
    return [
        cells.instant("snapshot_ts").alias("reported_at"),
        cells.named("Team", TEAM_NAMES).alias("team_id"),
        cells.text("Player").alias("player_name"),
        _availability(frame, words).alias("status"),
        words.alias("reason"),
        cells.text("Update").str.to_date("%a, %b %d, %Y", strict=False).alias("updated"),
    ]


def _availability(frame: pl.DataFrame, words: pl.Expr) -> pl.Expr:
    """Each distinct wording is read once."""
    wordings = frame.select(words.unique().alias("words"))["words"].drop_nulls()
    read = {text: find_availability(text).value for text in wordings}
    return words.replace_strict(read, default="unknown", return_dtype=pl.String)
