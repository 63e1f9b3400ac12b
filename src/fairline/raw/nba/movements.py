"""Signings, waivers and trades of the last ten years, NBA.com's player movement."""

import polars as pl

from fairline.raw import known
from fairline.raw.captured import CaptureKind
from fairline.raw.cells import Cells
from fairline.raw.contracts import contract, readable, rule, split, stated
from fairline.raw.documents import Document
from fairline.raw.held import Held
from fairline.raw.nba.rules import not_nba_team
from fairline.raw.parsed import Parsed, one_per_key, together
from fairline.raw.schema import PLAYER_MOVEMENTS

FIELDS = {
    "kind": "Transaction_Type", "date": "TRANSACTION_DATE", "words": "TRANSACTION_DESCRIPTION", "team": "TEAM_ID",
    "person": "PLAYER_ID", "slug": "PLAYER_SLUG",
}  # fmt: skip

GIVEN = {"moved_on": "date", "player_id": "person", "team_id": "team"}

NAMED = r"\b(?:guard|forward|center|player)(?:[-/]\w+)?\s+(.+?)(?:\s+(?:to|from|off)\s|\.?\s*$)"
"""In the words: `waived guard Bradley Beal.`, `claimed forward Anton Watson off waivers.`"""

NOON_NEXT_DAY = 36
"""Hours from the beginning of its date until a movement is taken to be known."""


def fits(document: Document) -> bool:
    """Rows of player movement."""
    return isinstance(document.at("NBA_Player_Movement.rows", list), list)


def parse(document: Document, held: Held) -> Parsed:  # noqa: ARG001 - every parser is given what is held
    """The movements of persons. What else a trade was paid with, picks and cash, is set aside as `no_player`.

    The team of a trade is the one that receives the player. A signing announced twice on a day is one.
    """
    frame = document.sheet(document.at("NBA_Player_Movement.rows", list), FIELDS)
    typed = frame.select("row_number", *stated(GIVEN), *_typed(frame))
    nobody = rule("no_player", pl.col("player_id") == 0, "{}", pl.col("words"))
    rules = [nobody, not_nba_team("team_id"), *readable(frame, GIVEN), *contract(PLAYER_MOVEMENTS)]
    good, broken = split(typed, rules)
    key = ["moved_on", "player_id", "team_id", "movement"]
    single, conflicting, duplicates = one_per_key(good, key, ["player_name", "words"], "conflicting_movement")
    captured = known.instant(document.capture.captured_at)
    rows = single.select(
        "row_number", *key, "player_name", "words",
        valid_at=known.eastern(pl.col("moved_on"), 12),
        known_at=pl.min_horizontal(known.eastern(pl.col("moved_on"), NOON_NEXT_DAY), captured),
    )  # fmt: skip
    return Parsed({PLAYER_MOVEMENTS: rows}, together([broken, conflicting]), duplicates=duplicates)


def _typed(frame: pl.DataFrame) -> list[pl.Expr]:
    cells = Cells(frame)
    words = cells.text("words")
    kind = cells.text("kind").str.replace_all(r"([a-z])([A-Z])", "${1}_$2").str.to_lowercase()
    return [
        cells.day("date").alias("moved_on"),
        cells.whole("person").alias("player_id"),
        cells.whole("team").alias("team_id"),
        kind.alias("movement"),
        pl.coalesce(words.str.extract(NAMED), cells.text("slug")).alias("player_name"),
        words.alias("words"),
    ]


MOVEMENTS = CaptureKind(
    "nba", "nba_player_movement", "Signings, waivers and trades, NBA.com player movement", (PLAYER_MOVEMENTS,), fits,
    parse,
)  # fmt: skip
