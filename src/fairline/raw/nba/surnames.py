"""Players written by surname alone, among those who were with the team that day: one fits, or the name waits."""

from datetime import timedelta

import polars as pl

from fairline.raw.held import Held
from fairline.raw.listed import waiting
from fairline.raw.names import read_name

WITH_THE_TEAM = timedelta(days=300)
"""A last or next game this near shows whose player someone was; a name nobody so near bears is not guessed."""

LISTED_WITHIN = timedelta(days=21)

LISTED, PLAYED = 0, 1
"""What says that someone was with the team: a roster of those weeks goes before his games."""


def resolve(frame: pl.DataFrame, present: pl.DataFrame, held: Held) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows whose surname means one person, with his `player_id`, and the names that wait.

    frame: `row_number`, `player_name`, `team_id`, `day`, `reported_at`. present: `player_id` of those who were on the
    court or the bench: they are not on the inactive list.
    """
    team_mates = _with_the_team(frame, held).join(present, on="player_id", how="anti")
    asked = _parts(frame["player_name"], "asked")
    people = _parts(team_mates["player_name"], "own")
    fits = (
        frame.select("row_number", "player_name", "team_id", "day")
        .join(asked, on="player_name")
        .join(team_mates.join(people, on="player_name").drop("player_name"), on=["team_id", "day"])
        .filter(_same_surname())
        .with_columns(other_suffix=pl.col("asked_suffix") != pl.col("own_suffix"))
        .filter(pl.col("evidence") == pl.col("evidence").min().over("row_number"))
        .filter(pl.col("other_suffix") == pl.col("other_suffix").min().over("row_number"))
        .group_by("row_number")
        .agg(people=pl.col("player_id").unique().sort())
    )
    answered = frame.join(fits, on="row_number", how="left").with_columns(
        player_id=pl.when(pl.col("people").list.len() == 1).then(pl.col("people").list.first()),
        problem=pl.when(pl.col("people").list.len() > 1).then(pl.lit("ambiguous")),
    )
    resolved = answered.filter(pl.col("player_id").is_not_null()).drop("people", "problem")
    return resolved, waiting(answered.filter(pl.col("player_id").is_null()), held)


def _with_the_team(frame: pl.DataFrame, held: Held) -> pl.DataFrame:
    """`team_id`, `day`, `player_id`, `player_name`, `evidence` of whoever was with the teams on those days."""
    asked = frame.select("team_id", "day").unique()
    listed = held.rosters.join(asked, on="team_id").filter((pl.col("listed_on") - pl.col("day")).abs() <= LISTED_WITHIN)
    return pl.concat(
        [
            _nearest_games(asked, held),
            listed.select("team_id", "day", "player_id", "player_name", evidence=pl.lit(LISTED, pl.Int32)),
        ]
    ).unique()


def _nearest_games(asked: pl.DataFrame, held: Held) -> pl.DataFrame:
    """Whose last game up to the day, or whose next one, was for the team."""
    games = held.appearances.select("player_id", "player_name", "game_date", playing_for="team_id")
    days = asked.select("day").unique()
    near = games.join(days, how="cross").filter((pl.col("game_date") - pl.col("day")).abs() <= WITH_THE_TEAM)
    later = pl.col("game_date") > pl.col("day")
    last = near.filter(~later).sort("game_date").group_by("player_id", "day").last()
    following = near.filter(later).sort("game_date").group_by("player_id", "day").first()
    played = pl.concat([last, following]).rename({"playing_for": "team_id"})
    return played.join(asked, on=["team_id", "day"]).select(
        "team_id", "day", "player_id", "player_name", evidence=pl.lit(PLAYED, pl.Int32)
    )


def _same_surname() -> pl.Expr:
    """The surname alone, all of the name, or its first letter and the surname; one who says "Jr." is no "III"."""
    whole, surname = pl.col("own_whole"), pl.col("own_surname")
    asked, rest = pl.col("asked_whole"), pl.col("asked_surname")
    initial = (rest == surname) & whole.str.starts_with(pl.col("asked_first")) & (rest != "")
    suffix, own = pl.col("asked_suffix"), pl.col("own_suffix")
    return ((asked == surname) | (asked == whole) | initial) & ((suffix == own) | (suffix == "") | (own == ""))


def _parts(names: pl.Series, prefix: str) -> pl.DataFrame:
    """`player_name` and in plain letters `{prefix}_whole`, `_surname` (all but the first word), `_first`, `_suffix`."""
    read = {text: read_name(text) for text in names.unique()}
    rows = [
        (text, name.whole, "".join(name.words[1:]), name.words[0], name.suffix)
        for text, name in read.items()
        if name is not None
    ]
    columns = ["player_name", *(f"{prefix}_{part}" for part in ("whole", "surname", "first", "suffix"))]
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
