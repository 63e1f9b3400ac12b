"""Players listed under a team at a time (injury reports, line-ups) to person ids."""

import polars as pl

from fairline.raw import known
from fairline.raw.held import Held
from fairline.raw.names import candidates, decide, narrowed, proposals
from fairline.raw.parsed import nothing_unresolved
from fairline.raw.rosters import teams_at


def resolve(frame: pl.DataFrame, held: Held) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows whose `player_name`, `team_id` and `reported_at` tell a person, and the names that wait.

    Adds `player_id` and `fits`: the box scores agree on his team. Each distinct question is asked once.
    """
    dated = frame.with_columns(day=known.eastern_date(pl.col("reported_at")))
    question = ["player_name", "team_id", "day"]
    asks = dated.select(question).unique(maintain_order=True).with_row_index("ask")
    found = asks.join(candidates(asks["player_name"], held), left_on="player_name", right_on="name")
    teams = teams_at(found, held).group_by("player_id", "day").agg(teams=pl.col("team_id"))
    placed = (
        narrowed(found)
        .join(teams, on=["player_id", "day"])
        .with_columns(fits=pl.col("team_id").is_in(pl.col("teams")).fill_null(value=False))
    )
    answers = asks.join(decide(placed), on="ask", how="left")
    answered = dated.join(answers.drop("ask"), on=question, how="left", nulls_equal=True)
    resolved = answered.filter(pl.col("player_id").is_not_null()).drop("problem", "people", "day")
    return resolved, waiting(answered.filter(pl.col("player_id").is_null()), held)


def waiting(unanswered: pl.DataFrame, held: Held) -> pl.DataFrame:
    """Unresolved names counted, with whom they may mean: who remains of an ambiguous one, the likest of an unknown.

    unanswered: `player_name`, `team_id`, `problem`, `people`, `reported_at`, `row_number`.
    """
    if unanswered.is_empty():
        return nothing_unresolved()
    likest = proposals(unanswered["player_name"].unique().sort(), held)
    problem = pl.when((pl.col("problem") == "ambiguous").any()).then(pl.lit("ambiguous")).otherwise(pl.lit("unknown"))
    return (
        unanswered.group_by(name="player_name", team_id=pl.col("team_id").fill_null(0))
        .agg(
            problem=problem,
            rows=pl.col("row_number").n_unique().cast(pl.Int64),
            first_seen=pl.col("reported_at").min(),
            last_seen=pl.col("reported_at").max(),
        )
        .join(_remaining(unanswered, held), on="name", how="left")
        .with_columns(
            candidates=pl.coalesce(
                "candidates", pl.col("name").replace_strict(likest, default=None, return_dtype=pl.String)
            )
        )
        .sort("name", "team_id")
    )


def _remaining(unanswered: pl.DataFrame, held: Held) -> pl.DataFrame:
    """`name` and `candidates` of ambiguous names."""
    own = held.people.group_by("player_id").agg(pl.col("player_name").min())
    people = (
        unanswered.select(name="player_name", player_id="people").explode("player_id").drop_nulls().unique()
        .join(own, on="player_id")
        .sort("name", "player_id")
        .select("name", shown=pl.format("{} ({})", "player_name", "player_id"))
    )  # fmt: skip
    return people.group_by("name", maintain_order=True).agg(candidates=pl.col("shown").str.join("; "))
