"""Marginals of players: what a season's player box scores look like, by how much the player plays, in one row."""

import polars as pl

LEAST_GAMES = 20
"""Games from which a player's season says something of him."""

TIERS = {"star": 32.0, "starter": 24.0, "rotation": 16.0, "bench": 0.0}
"""Role to the least mean minutes of the season."""

SEASON = ["season", "PLAYER_ID"]


def of_players(players: pl.DataFrame) -> dict[str, float]:
    """Statistics by name.

    players: columns of LeagueGameLog, a row per player who played, and `season`; regular seasons, all whole.
    """
    regulars = _with_tiers(players)
    return {
        **_by_tier(regulars),
        **_spread(players, regulars),
        **_counts(players),
        **_shooting(players),
        **_absence(regulars),
    }


def _with_tiers(players: pl.DataFrame) -> pl.DataFrame:
    """Those with enough games, with `usual` minutes and points, and `tier`."""
    season = players.with_columns(
        games=pl.len().over(SEASON), usual_minutes=pl.mean("MIN").over(SEASON), usual_points=pl.mean("PTS").over(SEASON)
    ).filter(pl.col("games") >= LEAST_GAMES)
    tier = pl.coalesce(pl.when(pl.col("usual_minutes") >= least).then(pl.lit(name)) for name, least in TIERS.items())
    return season.with_columns(tier=tier)


def _by_tier(regulars: pl.DataFrame) -> dict[str, float]:
    found = {}
    for tier in TIERS:
        rows = regulars.filter(pl.col("tier") == tier)
        points = rows["PTS"].cast(pl.Float64)
        found[f"points mean, {tier}"] = _number(points.mean())
        found[f"points SD, {tier}"] = _number(points.std())
        found[f"scoreless share, {tier}"] = _number((points == 0).mean())
    return found


def _spread(players: pl.DataFrame, regulars: pl.DataFrame) -> dict[str, float]:
    """How one player's games differ: minutes, points around his own mean, from one game to the next."""
    apart = regulars.sort("season", "PLAYER_ID", "GAME_DATE", "GAME_ID").with_columns(
        extra=pl.col("PTS") - pl.col("usual_points"), extra_minutes=pl.col("MIN") - pl.col("usual_minutes")
    )
    lagged = apart.with_columns(before=pl.col("extra").shift(1).over(SEASON)).drop_nulls("before")
    playing = apart.filter(pl.col("tier").is_in(["star", "starter"]))
    per_player = playing.group_by(SEASON).agg(over=pl.var("PTS") / pl.mean("PTS"))
    season = regulars.unique(SEASON)
    best = season.group_by("season").agg(pl.max("usual_points"))["usual_points"]
    return {
        "minutes mean": _number(players["MIN"].mean()),
        "minutes SD": _number(players["MIN"].std()),
        "minutes SD of a player": _number(playing["extra_minutes"].std()),
        "correlation of minutes and points": _correlation(players, "MIN", "PTS"),
        "correlation of minutes and points of a player": _correlation(playing, "extra_minutes", "extra"),
        "points variance over mean, star and starter": _number(per_player["over"].mean()),
        "points autocorrelation, next game": _correlation(lagged, "extra", "before"),
        "points average SD among players": _number(season["usual_points"].std()),
        "points average of the best": _number(best.mean()),
    }


def _counts(players: pl.DataFrame) -> dict[str, float]:
    found = {}
    for name, column in (("rebounds", "REB"), ("assists", "AST"), ("threes", "FG3M")):
        counts = players[column].cast(pl.Float64)
        found[f"{name} mean"] = _number(counts.mean())
        found[f"{name} SD"] = _number(counts.std())
    found["fouled-out share"] = _number((players["PF"] >= 6).mean())
    return found


def _shooting(players: pl.DataFrame) -> dict[str, float]:
    total = {name: float(players[name].cast(pl.Int64).sum()) for name in ("FGM", "FGA", "FG3M", "FG3A", "FTM", "FTA")}
    return {
        "field-goal percentage": total["FGM"] / total["FGA"],
        "three-point percentage": total["FG3M"] / total["FG3A"],
        "free-throw percentage": total["FTM"] / total["FTA"],
        "three-point share of attempts": total["FG3A"] / total["FGA"],
        "free throws per attempt": total["FTA"] / total["FGA"],
    }


def _absence(regulars: pl.DataFrame) -> dict[str, float]:
    """Of the games of a star's or starter's only team, the share he missed."""
    one_team = regulars.filter(
        pl.col("TEAM_ID").n_unique().over(SEASON) == 1, pl.col("tier").is_in(["star", "starter"])
    ).unique(SEASON)
    return {"absence share, star and starter": 1 - _number((one_team["games"] / 82).mean())}


def _correlation(rows: pl.DataFrame, one: str, other: str) -> float:
    return float(rows.select(pl.corr(pl.col(one).cast(pl.Float64), pl.col(other).cast(pl.Float64))).item())


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")
