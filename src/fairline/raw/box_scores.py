"""LeagueGameLog of players and of teams. Each file states box scores, and with them how its games ended."""

import polars as pl

from fairline.domain.tables import Table
from fairline.raw import known
from fairline.raw.cells import Cells
from fairline.raw.contracts import Rule, contract, readable, rule, split, stated
from fairline.raw.held import Held
from fairline.raw.parsed import Parsed, one_per_key, together
from fairline.raw.schedules import game_kind
from fairline.raw.schema import GAMES, PLAYER_BOX_SCORES, TEAM_BOX_SCORES

COUNTS = {
    "points": "PTS", "field_goals_made": "FGM", "field_goals_attempted": "FGA", "threes_made": "FG3M",
    "threes_attempted": "FG3A", "free_throws_made": "FTM", "free_throws_attempted": "FTA", "offensive_rebounds": "OREB",
    "defensive_rebounds": "DREB", "rebounds": "REB", "assists": "AST", "steals": "STL", "blocks": "BLK",
    "turnovers": "TOV", "fouls": "PF",
}  # fmt: skip

IDENTITY = {"game_id": "GAME_ID", "game_date": "GAME_DATE", "team_id": "TEAM_ID", "minutes": "MIN", "won": "WL"}
OF_PLAYERS = {"player_id": "PLAYER_ID", "player_name": "PLAYER_NAME", "plus_minus": "PLUS_MINUS"}

LEAST_TEAM_MINUTES = 225
"""Below it players are missing: 240 are played, and rounding each player's to whole minutes takes a few at most."""


def parse_players(frame: pl.DataFrame, held: Held) -> Parsed:
    """Box scores of players, and the results their sums imply for games of which both teams are here."""
    return _parse(frame, held, PLAYER_BOX_SCORES, {**IDENTITY, **COUNTS, **OF_PLAYERS}, ["game_id", "player_id"])


def parse_teams(frame: pl.DataFrame, held: Held) -> Parsed:
    """Box scores of teams, and the results they state."""
    return _parse(frame, held, TEAM_BOX_SCORES, {**IDENTITY, **COUNTS}, ["game_id", "team_id"])


def _parse(frame: pl.DataFrame, held: Held, table: Table, given: dict[str, str], key: list[str]) -> Parsed:
    typed = frame.select("row_number", "MATCHUP", *stated(given), *_typed(frame, given))
    good, broken = split(typed, [*readable(frame, given), *contract(table, "started"), *adds_up()])
    statement = [column for column in given if column not in key]
    good, conflicting, duplicates = one_per_key(good, key, statement, "conflicting_box_score")
    timed = good.join(held.games.select("game_id", "tip_at"), on="game_id", how="left").with_columns(**_clocks())
    absent = [pl.lit(None, pl.Boolean).alias("started")] if table is PLAYER_BOX_SCORES else []
    rows = timed.select("row_number", *key, *statement, *absent, "valid_at", "known_at")
    return Parsed({table: rows, GAMES: _results(timed, held)}, together([broken, conflicting]), duplicates=duplicates)


def _typed(frame: pl.DataFrame, given: dict[str, str]) -> list[pl.Expr]:
    cells = Cells(frame)
    readers = {
        "game_id": cells.game,
        "game_date": cells.day,
        "minutes": cells.number,
        "won": cells.yes,
        "player_name": cells.text,
    }
    return [readers.get(ours, cells.whole)(theirs).alias(ours) for ours, theirs in given.items()]


def adds_up() -> list[Rule]:
    """Points are those of the shots made, where the shots are told; no shot is made that was not attempted."""
    column = pl.col
    of_shots = 2 * column("field_goals_made") + column("threes_made") + column("free_throws_made")
    more_made = pl.any_horizontal(
        column(f"{shot}_made") > column(f"{shot}_attempted") for shot in ("field_goals", "threes", "free_throws")
    )
    return [
        rule(
            "points_do_not_add_up",
            column("points") != of_shots,
            "{} points, {} by the shots made",
            column("points"),
            of_shots,
        ),
        rule("more_made_than_attempted", more_made, "more shots made than attempted"),
    ]


def _clocks() -> dict[str, pl.Expr]:
    tip, day = pl.col("tip_at"), pl.col("game_date")
    return {"valid_at": pl.coalesce(tip, known.eastern(day, 12)), "known_at": known.result_known(tip, day)}


def _results(timed: pl.DataFrame, held: Held) -> pl.DataFrame:
    """How the games ended: 'BOS vs. NYK' names the team at home, '@' the visitor; both visit on neutral ground.

    There the schedule, where it is held, says who counts as at home.
    """
    teams = timed.group_by("game_id", "team_id").agg(
        pl.col("game_date", "valid_at", "known_at").first(),
        pl.col("points").sum().cast(pl.Int64),
        pl.col("minutes").sum(),
        row_number=pl.col("row_number").min(),
        at_home=pl.col("MATCHUP").cast(pl.String).str.contains("vs.", literal=True).first(),
    )
    schedule = held.games.select("game_id", "tip_at", listed_home="home_team_id")
    sides = teams.join(schedule, on="game_id", how="left").with_columns(
        both_away=(~pl.col("at_home")).all().over("game_id"),
        is_home=pl.coalesce(pl.col("team_id") == pl.col("listed_home"), pl.col("at_home")),
        whole_teams=(pl.col("minutes") >= LEAST_TEAM_MINUTES).sum().over("game_id"),
    )
    home, away = (pl.col("is_home"), ~pl.col("is_home"))
    return (
        sides.filter(pl.col("whole_teams") == 2)
        .group_by("game_id", "game_date", "tip_at")
        .agg(
            pl.col("row_number").min(), pl.col("known_at").max(), pl.col("valid_at").max(),
            home_team_id=pl.col("team_id").filter(home).first(), away_team_id=pl.col("team_id").filter(away).first(),
            home_points=pl.col("points").filter(home).first(), away_points=pl.col("points").filter(away).first(),
            neutral=pl.col("both_away").first(), homes=home.sum(),
        )
        .filter(pl.col("homes") == 1)
        .drop("homes")
        .with_columns(
            *game_kind(), statement=pl.lit("result"), status=pl.lit("final"), overtimes=pl.lit(None, pl.Int64),
            arena=pl.lit(None, pl.String),
        )
    )  # fmt: skip
