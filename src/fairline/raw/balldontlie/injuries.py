"""BallDontLie's injuries: a page of players with a status and what was last written of them."""

import polars as pl

from fairline.domain.injuries import find_availability
from fairline.raw import known
from fairline.raw.balldontlie.box_scores import name_of
from fairline.raw.balldontlie.pages import records, told_by
from fairline.raw.balldontlie.teams import team_of
from fairline.raw.captured import CaptureKind
from fairline.raw.cells import Cells
from fairline.raw.contracts import contract, rule, split
from fairline.raw.documents import Document
from fairline.raw.held import Held
from fairline.raw.listed import resolve
from fairline.raw.listed_games import shown
from fairline.raw.parsed import Parsed, one_per_key, together
from fairline.raw.schema import INJURY_REPORTS

FIELDS = {
    "team": "player.team_id", "first": "player.first_name", "last": "player.last_name", "said": "status",
    "back": "return_date", "description": "description",
}  # fmt: skip


def fits(document: Document) -> bool:
    """A page of players with a status."""
    return told_by(document, "player.id", "status", "return_date")


def parse(document: Document, held: Held) -> Parsed:
    """Statuses at the time of capture. A page is a part of the list, so no snapshot of the league is stated with it."""
    frame = document.sheet(records(document), FIELDS)
    captured = known.instant(document.capture.captured_at)
    typed = _typed(frame).with_columns(reported_at=captured, valid_at=captured, known_at=captured)
    unknown = rule("unknown_team", pl.col("team_id").is_null(), "team {} is none of the thirty", pl.col("team"))
    good, broken = split(typed, [unknown, *contract(INJURY_REPORTS, "player_id")])
    resolved, unresolved = resolve(good, held)
    single, repeated, duplicates = one_per_key(
        resolved, ["reported_at", "player_id"], ["status", "reason", "team_id"], "listed_twice"
    )
    told = [column for column in INJURY_REPORTS.column_names if column in single.columns]
    waiting = shown(INJURY_REPORTS, good.join(resolved, on="row_number", how="anti"))
    return Parsed(
        {INJURY_REPORTS: single.select("row_number", *told)},
        together([broken, repeated]),
        unresolved,
        duplicates,
        {INJURY_REPORTS: waiting},
    )


def _typed(frame: pl.DataFrame) -> pl.DataFrame:
    """Read as `Day-To-Day (Oct 1) - Jul 3: Brown is ...`: a verdict on the next game says more than the bare status."""
    cells = Cells(frame)
    said, description = cells.text("said"), cells.text("description")
    words = pl.format("{} ({}) - {}", said, cells.text("back").fill_null(""), description)
    named = frame.with_columns(
        team_id=team_of("team"), player_name=cells.text("first"), reason=pl.coalesce(words, said)
    ).with_columns(player_name=name_of("first", "last"))
    read = {text: find_availability(text).value for text in named["reason"].drop_nulls().unique()}
    return named.with_columns(status=pl.col("reason").replace_strict(read, default=None, return_dtype=pl.String))


INJURIES = CaptureKind(
    "balldontlie", "balldontlie_injuries", "BallDontLie's injured players", (INJURY_REPORTS,), fits, parse
)
