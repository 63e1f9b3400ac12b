"""How an explained feature row looks on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from fairline.cli.printing import on_clock, print_frame

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    import polars as pl

    from fairline.ops.explaining import Explained

OF_PLAYER = (
    "back", "game_date", "opponent", "minutes", "points", "rebounds", "assists", "threes_made", "field_goals_attempted",
    "usage", "game_id",
)  # fmt: skip
OF_TEAM = (
    "back", "game_date", "opponent", "points", "points_allowed", "pace", "offensive_rating", "defensive_rating",
    "game_id",
)  # fmt: skip
GAMES_SHOWN = 20
LEAST_VACATED = 0.5
"""Minutes a teammate must be expected to leave, or to take back, to be shown."""


def print_explanation(explained: Explained, now: datetime, zone: str) -> None:
    """The row's heading, its values, and the games, teammates and quotes behind them."""
    from zoneinfo import ZoneInfo

    clock = ZoneInfo(zone)
    _print_heading(explained, now, clock)
    _print_values(explained.row.values)
    _print_games(explained)
    _print_teammates(explained)
    _print_quotes(explained, now, clock)


def _print_heading(explained: Explained, now: datetime, zone: tzinfo) -> None:
    from fairline.domain.dates import describe_instant

    about = explained.row.about
    game = f"{_short(about['team_id'])} against {_short(about['opponent_id'])}"
    typer.echo(
        f"{explained.person.name} ({explained.person.player_id}), {game}, {explained.day} (game {about['game_id']})"
    )
    typer.echo(f"  known by      {describe_instant(about['cutoff'], now, zone)}")
    if about["tip_at"]:
        typer.echo(f"  tip-off       {describe_instant(about['tip_at'], now, zone)}")
    typer.echo(f"  status        {about['status'] or 'no injury report of the 36 hours before is held'}")
    ready = "ready" if about["is_production_ready"] else "not ready"
    typer.echo(
        f"  quality       {about['quality']:.1f} of 100, {about['tier']}, {ready};"
        f" {about['completeness']:.0%} of the contract is present, box scores of {about['games_held'] or 0} of the"
        f" team's {about['games_scheduled'] or 0} games of the last 30 days are held"
    )


def _print_values(values: pl.DataFrame) -> None:
    import polars as pl

    drawn = pl.concat_str(
        "drawn_from", pl.when(pl.col("games") > 0).then(pl.format(" ({})", "games")).otherwise(pl.lit(""))
    )
    shown = values.select(
        "feature", "value", "unit", "source", "quality",
        **{"drawn from (games)": pl.when(pl.col("note") == "").then(drawn).otherwise(pl.col("note"))},
    )  # fmt: skip
    print_frame(shown, "Values, in the order of the contract", folded=["drawn from (games)"])


def _print_games(explained: Explained) -> None:
    found, about = explained.row.evidence, explained.row.about
    _print_some(found["player_games"], "His games as known, the latest first: last_5 are 1 to 5", OF_PLAYER)
    _print_some(found["meetings"], f"Of them, against {_short(about['opponent_id'])} in three years", OF_PLAYER)
    _print_some(found["team_games"], f"Games of {_short(about['team_id'])} as known", OF_TEAM, most=15)
    _print_some(found["opponent_games"], f"Games of {_short(about['opponent_id'])} as known", OF_TEAM, most=15)


def _print_some(games: pl.DataFrame, title: str, columns: tuple[str, ...], most: int = GAMES_SHOWN) -> None:
    import polars as pl

    from fairline.domain.teams import TEAMS

    short = {team.team_id: team.abbreviation for team in TEAMS}
    named = games.with_columns(
        opponent=pl.col("opponent_id").replace_strict(short, default=None, return_dtype=pl.String)
    )
    more = f" ({most} of {games.height})" if games.height > most else f" ({games.height})"
    if games.height:
        print_frame(named.select(columns).head(most), f"{title}{more}")
    else:
        typer.echo(f"{title}: none")


def _print_teammates(explained: Explained) -> None:
    import polars as pl

    mates = explained.row.evidence["teammates"].filter(pl.col("vacated_minutes").abs() >= LEAST_VACATED)
    names = pl.col("player_id").replace_strict(explained.names, default=None, return_dtype=pl.String)
    if mates.height:
        shown = mates.select(teammate=names, **{name: pl.col(name) for name in mates.columns if name != "player_id"})
        print_frame(shown, "Teammates expected to leave minutes (or, negative, to take them back)")


def _print_quotes(explained: Explained, now: datetime, zone: tzinfo) -> None:
    import polars as pl

    quotes = explained.row.evidence["quotes"].filter("latest")
    if quotes.is_empty():
        typer.echo(f"No quote of his {explained.row.about['market']} was known by then.")
        return
    shown = quotes.select(
        "market",
        "book",
        "source",
        "captured_at",
        line=pl.col("half_points") / 2,
        over="over_decimal",
        under="under_decimal",
    )
    ordered = shown.select("market", "book", "line", "over", "under", "captured_at", "source")
    print_frame(on_clock(ordered, now, zone), "Quotes standing then")


def _short(team_id: int | None) -> str:
    from fairline.domain.teams import team

    return team(team_id).abbreviation if team_id else "a team not known"
