"""The date itself: its games with what is held about each, and what it produced of what it was to produce."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from fairline.ops.produced import LACKING, NOT_DUE, TOO_MANY, compared
from fairline.ops.validation.sections import Section

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    import polars as pl

    from fairline.platform.home import Home

SHOWN = 3
"""Games named of an output that is not as planned; the rest are counted."""


def sections(home: Home, day: date) -> Iterator[Section]:
    """Games, coverage, and the outputs that are not as planned."""
    yield Section(
        "games", "Games", "What is held of each game of the date, by all that is known now.",
        "No game of the date is held.", _games(home, day),
    )  # fmt: skip
    outputs = compared(home, day)
    yield Section(
        "coverage", "Expected against actual",
        "Of how many games (or dates) each output is expected, and of how many it is there, whole. Where the number of"
        " rows is not known beforehand, some are expected.",
        "Nothing was expected of this date.", _coverage(outputs),
    )  # fmt: skip
    yield Section(
        "gaps", "Outputs that are not as planned", "Due and not there, fewer or more than planned, or not due yet.",
        "Every output is as planned.", _gaps(outputs),
    )  # fmt: skip


def _games(home: Home, day: date) -> pl.DataFrame:
    import polars as pl

    from fairline.domain.teams import TEAMS

    short = {team.team_id: team.abbreviation for team in TEAMS}
    text = files("fairline.ops.validation").joinpath("games.sql").read_text(encoding="utf-8")
    rows = home.warehouse.query(text, {"day": day})
    home_team, away_team = (
        pl.col(f"{side}_team_id").replace_strict(short, default="?", return_dtype=pl.String)
        for side in ("home", "away")
    )
    score = pl.when(pl.col("home_points").is_not_null()).then(pl.format("{}-{}", "away_points", "home_points"))
    named = rows.with_columns(game=pl.format("{} @ {}", away_team, home_team), score=score)
    return named.select(
        "game_id", "game", "tip_at", "status", "score", "players", "quoted", "quotes", "feature_rows", "forecast",
        "box_source",
    )  # fmt: skip


def _coverage(outputs: pl.DataFrame) -> pl.DataFrame:
    """By output: of the rows expected where their number is known, else of the games, the share that is there."""
    import polars as pl

    expected, actual = pl.col("expected"), pl.col("actual")
    there = (~pl.col("verdict").is_in([LACKING, NOT_DUE])).sum()
    known = expected.null_count() == 0
    held = pl.min_horizontal(expected, actual).sum()
    return (
        outputs.filter(expected.is_null() | (expected > 0))
        .group_by("phase", "output", maintain_order=True)
        .agg(
            pl.len().alias("of"), there.alias("there"),
            pl.when(known).then(expected.sum()).alias("rows_expected"), actual.sum().alias("rows_held"),
            pl.when(known).then(held / expected.sum()).otherwise(there / pl.len()).round(4).alias("share"),
        )
    )  # fmt: skip


def _gaps(outputs: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    # A sum over numbers of which one is not known beforehand is not known either; none expected of a postponed game is.
    known = pl.col("expected").null_count() == 0
    named = pl.col("game_id").head(SHOWN).str.join(", ")
    more = pl.when(pl.len() > SHOWN).then(pl.format("{} and {} more", named, pl.len() - SHOWN)).otherwise(named)
    return (
        outputs.filter(pl.col("verdict").is_in([LACKING, TOO_MANY, NOT_DUE]))
        .group_by("phase", "output", "verdict", maintain_order=True)
        .agg(
            pl.len().alias("outputs"), pl.when(known).then(pl.col("expected").sum()).alias("expected"),
            pl.col("actual").sum(), pl.col("due_at").min(), more.alias("games"),
        )
    )  # fmt: skip


def counted(found: dict[str, Section]) -> dict[str, int]:
    """The date in numbers: games, postponed, finals, outputs, lacking."""
    games, coverage, gaps = (found[name].rows for name in ("games", "coverage", "gaps"))
    postponed = games.filter(status="postponed").height
    return {
        "games": games.height - postponed, "postponed": postponed, "finals": games.filter(status="final").height,
        "outputs": int(coverage["of"].sum()), "lacking": int(gaps.filter(verdict=LACKING)["outputs"].sum()),
    }  # fmt: skip
