"""What a feature row was drawn from: the games of each window, meetings, teammates, quotes, all as of its cutoff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairline.features.calls import OF_SEASON, SIZES, of_season

if TYPE_CHECKING:
    import polars as pl

    from fairline.features.contract import Feature
    from fairline.platform.warehouse import Warehouse

PLAYER_GAMES = """
SELECT row_number() OVER (ORDER BY valid_at DESC, game_id DESC) AS back, game_date, season, opponent_id, home,
    round(seconds / 60, 1) AS minutes, points, rebounds, assists, threes_made, field_goals_attempted, usage, game_id,
    known_at
FROM analytics.player_game_summary
WHERE player_id = $player AND known_at <= $cutoff AND $cutoff < superseded_at
ORDER BY back
"""

TEAM_GAMES = """
SELECT row_number() OVER (ORDER BY own.valid_at DESC, own.game_id DESC) AS back, own.game_date, own.season,
    own.opponent_id, own.won, own.points, allowed.points_allowed, own.pace, own.offensive_rating,
    allowed.defensive_rating, own.game_id, own.known_at
FROM analytics.team_offense_game_summary AS own
JOIN analytics.team_defense_game_summary AS allowed
    ON allowed.game_id = own.game_id AND allowed.team_id = own.team_id AND allowed.known_at = own.known_at
WHERE own.team_id = $team AND own.known_at <= $cutoff AND $cutoff < own.superseded_at
ORDER BY back
"""

TEAMMATES = """
SELECT player_id, status, games_of_team_last_10, missed_in_a_row, round(chance_of_playing, 3) AS chance_of_playing,
    CAST(recent_minutes_avg AS DOUBLE) AS recent_minutes, CAST(vacated_minutes AS DOUBLE) AS vacated_minutes
FROM people
WHERE game_id = $game AND cutoff = $cutoff AND team_id = $team AND player_id <> $player
ORDER BY abs(vacated_minutes) DESC, player_id
"""

MEETING_YEARS = 3

DRAWN_FROM = {
    "games_in_7_days": "his last 10 games' dates",
    "fatigue": "his last 10 games' dates and minutes",
    "shot_zone_mismatch": "his last 10 games, opponent's last 15, league's last 225",
    "pace_score": "both teams' last 10 games",
    "usage_spike": "his last 10 games, teammates",
    "rest_advantage": "the schedule as known",
    "injury_risk": "the last injury report of 36 hours",
    "home": "the schedule as known",
    "back_to_back": "the schedule as known",
    "playoff": "the schedule as known",
    "points_avg_vs_opponent": "meetings",
    "games_vs_opponent": "meetings",
    "absent_teammates_minutes": "teammates",
    "absent_teammates_shots": "teammates",
    "vacated_minutes": "teammates",
    "vacated_shots": "teammates",
    "spread": "game lines known by the cutoff",
    "total": "game lines known by the cutoff",
    "days_since_last_game": "his last game's date",
    "season_day": "the schedule as known",
    "share_of_team_games": "his and his team's last 10 games' dates",
}
"""What a feature of the game to come reads; those of states read their window, those of the market its quotes."""

NO_REPORT = "no injury report in the 36 hours before the cutoff"
NO_SHOTS = "no shots are held of those games"
NO_LINES = "no line of the game was known by the cutoff"
WHY_NULL = {
    "share_paint": NO_SHOTS, "share_mid_range": NO_SHOTS, "shot_zone_mismatch": NO_SHOTS,
    "usage_spike": NO_REPORT, "injury_risk": NO_REPORT,
    "absent_teammates_minutes": NO_REPORT, "absent_teammates_shots": NO_REPORT,
    "spread": NO_LINES, "total": NO_LINES,
    "points_avg_vs_opponent": "no meeting in three years",
}  # fmt: skip
"""Why a value is missing, where the window's size does not tell."""

WHOSE = {"player": "his", "team": "his team's", "opponent": "the opponent's"}
GAMES = {"player": "player_games", "team": "team_games", "opponent": "opponent_games"}


def drawn_from(feature: Feature) -> str:
    """In words, what a feature's value was computed from.

    >>> from fairline.features.contract import feature
    >>> drawn_from(feature("points_avg_last_5")), drawn_from(feature("opponent_pace"))
    ('his last 5 games of the season', "the opponent's last 10 games")
    """
    if feature.of == "market":
        return "quotes"
    if feature.of == "target":
        return DRAWN_FROM[feature.name]
    named = {"season": "games of the season", "career": "games, all seasons"}
    last = f"last {SIZES[feature.window]} games" + " of the season" * (feature.window in OF_SEASON)
    return f"{WHOSE[feature.of]} {named.get(feature.window, last)}"


def games(feature: Feature, found: dict[str, pl.DataFrame]) -> int | None:
    """How many games the window of a state's feature holds; None where a feature has none."""
    held = of_window(feature, found)
    return None if held is None else held.height


def of_window(feature: Feature, found: dict[str, pl.DataFrame]) -> pl.DataFrame | None:
    """The games a feature's window holds, the latest first."""
    import polars as pl

    if feature.name in ("points_avg_vs_opponent", "games_vs_opponent"):
        return found["meetings"]
    if not feature.window:
        return None
    all_games = found[GAMES[feature.of]]
    if of_season(feature.window):
        all_games = all_games.filter(pl.col("season") == pl.col("season").first())
    return all_games.filter(pl.col("back") <= (SIZES[feature.window] or all_games.height))


def gathered(warehouse: Warehouse, row: dict[str, Any], quotes: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Frames behind a row just built: player_games, team_games, opponent_games, meetings, teammates, quotes.

    Games are those known at the cutoff, the latest first. Reads the relations that `assemble.build` left.
    """
    key = {"cutoff": row["cutoff"]}
    player = {"player": row["player_id"]}
    team, opponent = ({"team": row[side]} for side in ("team_id", "opponent_id"))
    played = warehouse.query(PLAYER_GAMES, key | player)
    return {
        "player_games": played,
        "team_games": warehouse.query(TEAM_GAMES, key | team),
        "opponent_games": warehouse.query(TEAM_GAMES, key | opponent),
        "meetings": _meetings(played, row),
        "teammates": warehouse.query(TEAMMATES, key | player | team | {"game": row["game_id"]}),
        "quotes": quotes.drop("game_id", "player_id", "cutoff"),
    }


def _meetings(played: pl.DataFrame, row: dict[str, Any]) -> pl.DataFrame:
    """His games against the opponent in the three years before, as `meetings.sql` takes them."""
    import polars as pl

    day = pl.lit(row["game_date"])
    recent = pl.col("game_date").is_between(day.dt.offset_by(f"-{MEETING_YEARS}y"), day, closed="left")
    return played.filter(recent & (pl.col("opponent_id") == row["opponent_id"]))
