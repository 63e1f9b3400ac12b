"""Marginals of games: pace, scores, home edge, overtime, rest, and the teams' counts."""

import polars as pl

COUNTED = ("PTS", "FGA", "FTA", "TOV", "OREB", "DREB", "AST", "STL", "BLK", "PF", "MIN")

SHORT_REST = 1
"""Days between a team's games that make the second a back-to-back."""

OVERTIME_FROM = 255
"""Rounded minutes of a team from which a game went into overtime."""


def of_games(teams: pl.DataFrame, players: pl.DataFrame) -> dict[str, float]:
    """Statistics by name.

    teams: columns of LeagueGameLog, a row per team and game, and `season`; players: as `of_players` takes them.
    """
    whole = teams.with_columns(pl.col(COUNTED).cast(pl.Float64))
    return {**_scores(whole), **_pace(whole), **_counts(whole), **_rest(whole), **_played(players)}


def _scores(teams: pl.DataFrame) -> dict[str, float]:
    """On neutral ground both teams are written as visitors: such games have no home edge."""
    columns = ["GAME_ID", "PTS"]
    home = teams.filter(pl.col("MATCHUP").str.contains("vs.", literal=True)).select(columns)
    away = teams.filter(pl.col("MATCHUP").str.contains("@", literal=True)).select(columns)
    games = home.join(away, on="GAME_ID", suffix="_away").with_columns(margin=pl.col("PTS") - pl.col("PTS_away"))
    strength = teams.with_columns(margin=_margin()).group_by("season", "TEAM_ID").agg(pl.mean("margin"))
    return {
        "team points mean": _number(teams["PTS"].mean()),
        "team points SD": _number(teams["PTS"].std()),
        "home edge": _number(games["margin"].mean()),
        "home win share": _number((games["margin"] > 0).mean()),
        "margin SD": _number(games["margin"].std()),
        "average margin SD among teams": _number(strength["margin"].std()),
        "correlation of both teams' points": float(games.select(pl.corr("PTS", "PTS_away")).item()),
        "overtime share": _number((teams["MIN"] >= OVERTIME_FROM).mean()),
    }


def _margin() -> pl.Expr:
    return 2 * pl.col("PTS") - pl.col("PTS").sum().over("GAME_ID")


def _pace(teams: pl.DataFrame) -> dict[str, float]:
    possessions = pl.col("FGA") + 0.44 * pl.col("FTA") + pl.col("TOV") - pl.col("OREB")
    paces = teams.select(possessions * 48 / (pl.col("MIN") / 5)).to_series()
    return {"pace": _number(paces.mean()), "pace SD": _number(paces.std())}


def _counts(teams: pl.DataFrame) -> dict[str, float]:
    named = {"turnovers": "TOV", "steals": "STL", "blocks": "BLK", "fouls": "PF", "assists": "AST"}
    found = {f"{name} of a team": _number(teams[column].mean()) for name, column in named.items()}
    offensive, defensive = float(teams["OREB"].sum()), float(teams["DREB"].sum())
    return {**found, "offensive share of rebounds": offensive / (offensive + defensive)}


def _rest(teams: pl.DataFrame) -> dict[str, float]:
    day = pl.col("GAME_DATE").cast(pl.String).str.slice(0, 10).str.to_date()
    ordered = teams.with_columns(day=day).sort("season", "TEAM_ID", "day")
    rest = ordered.select(pl.col("day").diff().dt.total_days().over("season", "TEAM_ID")).to_series().drop_nulls()
    return {"back-to-back share": _number((rest == SHORT_REST).mean())}


def _played(players: pl.DataFrame) -> dict[str, float]:
    sides = players.group_by("GAME_ID", "TEAM_ID").len()
    return {"players of a team in a game": _number(sides["len"].mean())}


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")
