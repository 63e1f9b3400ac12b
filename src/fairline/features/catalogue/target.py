"""Features of the game to come, computed after the states are joined, from the target's own date and opponent.

Expressions read the features of states by name, after staleness; the row of the game to come (`game_date`, `days_rest`
...); and, by prefix, what else is joined: `player_` dates and seconds of his last games, `other_` and `league_`
shooting by zone, `meetings_` his games against this opponent, `absence_` what absent teammates leave, `lines_` the
game's spread and total.
"""

from fairline.features.contract import Feature


def clamped(expression: str, low: float, high: float) -> str:
    """The expression within bounds. Not least(greatest()): some engines' ignore nulls, and null must stay null."""
    return f"CASE WHEN {expression} < {low} THEN {low} WHEN {expression} > {high} THEN {high} ELSE {expression} END"


def once_played(expression: str) -> str:
    """Null for a player no game of whom is known."""
    return f"CASE WHEN player_last_game_date IS NOT NULL THEN {expression} END"


REST = "game_date - player_last_game_date"
"""Days between the player's games; 1 is a back-to-back."""


def days_ago(game: int) -> str:
    """Days from the player's game-th last game to the target."""
    return f"(game_date - player_date_{game})"


def played_within(days: int) -> str:
    """Games the player played in the last so many days; the state carries nine dates, more than fit in seven days."""
    return " + ".join(f"(CASE WHEN {days_ago(game)} <= {days} THEN 1 ELSE 0 END)" for game in range(1, 10))


SECONDS_IN_7_DAYS = " + ".join(
    f"(CASE WHEN {days_ago(game)} <= 7 THEN player_seconds_{game} ELSE 0 END)" for game in range(1, 7)
)
BACK_TO_BACKS_IN_14_DAYS = " + ".join(
    f"(CASE WHEN {days_ago(game + 1)} <= 14 AND player_date_{game} - player_date_{game + 1} = 1 THEN 1 ELSE 0 END)"
    for game in range(1, 9)
)

SHARED = {
    "player_games_in_7_days": played_within(7),
    "player_seconds_in_7_days": SECONDS_IN_7_DAYS,
    "player_back_to_backs_in_14_days": BACK_TO_BACKS_IN_14_DAYS,
}
"""Long expressions that others repeat, by the column in which `final` computes each once a row."""

FATIGUE = f"""100
    + (CASE WHEN {REST} = 1 THEN -15 WHEN {REST} >= 3 THEN 5 ELSE 0 END)
    + (CASE WHEN {played_within(7)} >= 4 THEN -10 ELSE 0 END)
    + (CASE WHEN {SECONDS_IN_7_DAYS} > 240 * 60 THEN -10 ELSE 0 END)
    + (CASE WHEN {SECONDS_IN_7_DAYS} > 35 * 60 * ({played_within(7)}) THEN -8 ELSE 0 END)
    + (CASE WHEN {BACK_TO_BACKS_IN_14_DAYS} >= 2 THEN -12 WHEN {BACK_TO_BACKS_IN_14_DAYS} = 1 THEN -5 ELSE 0 END)"""

MAIN_ZONE = "greatest(share_paint, share_mid_range, share_three)"


def weaker(zone: str) -> str:
    """Points of percentage by which the opponent defends a zone worse than the league."""
    return f"100 * (other_{zone}_allowed_share - league_{zone}_share)"


MISMATCH = clamped(
    f"""(CASE WHEN {MAIN_ZONE} > 0.5 THEN 1 ELSE {MAIN_ZONE} / 0.5 END) * (CASE
        WHEN share_paint = {MAIN_ZONE} THEN {weaker("paint")}
        WHEN share_mid_range = {MAIN_ZONE} THEN {weaker("mid_range")}
        ELSE {weaker("three")} END)""",
    -10, 10,
)  # fmt: skip
MISMATCH = f"CASE WHEN share_paint IS NOT NULL AND {MAIN_ZONE} > 0 THEN {MISMATCH} END"


def target(
    name: str, expression: str, unit: str, valid: tuple[float, float], means: str, *, required: bool = False,
    constant: str = "",
) -> Feature:  # fmt: skip
    """A feature of the game to come."""
    return Feature(
        name, expression, of="target", unit=unit, valid=valid, means=means, required=required, constant=constant
    )


TARGET = (
    target("games_in_7_days", once_played(played_within(7)), "games", (0, 6),
           "Games he played in the seven days before the game.", required=True),
    target("fatigue", once_played(clamped(FATIGUE, 0, 100)), "points of 100", (0, 100),
           "100 is fresh; the deductions of the design's definition, without the term for age, which is not known.",
           required=True),
    target("shot_zone_mismatch", MISMATCH, "points of percentage", (-10, 10),
           "How much weaker than the league the opponent defends his main zone (15 games), times min(share / 50 %, 1)."),
    target("pace_score", clamped("((opponent_pace - team_pace) / 4)", -3, 3),
           "possessions per 48", (-3, 3), "Expected pace of this game over the team's usual, halved.", required=True),
    target("usage_spike",
           clamped("(0.3 * usage_avg_last_10 * (absence_team_usage_minutes"
                   " / nullif(absence_team_usage_minutes - absence_absent_usage_minutes, 0) - 1))", -3, 3),
           "points of usage", (-3, 3),
           "0.3 x (projected - last-10 usage): the absent teammates' usage-minutes fall to those expected to play."),
    target("rest_advantage", clamped("(days_rest - opponent_days_rest)", -2, 2), "days", (-2, 2),
           "His team's days of rest less the opponent's, within two, by the schedule as known."),
    target("injury_risk",
           "CASE status WHEN 'available' THEN 0 WHEN 'probable' THEN 1 WHEN 'questionable' THEN 2"
           " WHEN 'doubtful' THEN 3 WHEN 'out' THEN 3 END", "class", (0, 3),
           "Available 0, probable 1, questionable 2, doubtful or out 3; null without a report of the last 36 hours.",
           constant="seasons without injury reports hold no value at all"),
    target("home", "CASE WHEN home THEN 1 WHEN NOT home THEN 0 END", "flag", (0, 1),
           "His team plays at home; 0 at a neutral site.", required=True),
    target("back_to_back", "CASE WHEN days_rest = 1 THEN 1 WHEN team_id IS NOT NULL THEN 0 END", "flag",
           (0, 1), "His team played the day before, by the schedule as known.", required=True),
    target("playoff", "CASE WHEN game_type IN ('playoffs', 'play_in') THEN 1 ELSE 0 END", "flag", (0, 1),
           "A play-off or play-in game.", required=True, constant="the box scores held are of regular seasons"),
    target("points_avg_vs_opponent", "meetings_points / nullif(1.0 * meetings_games, 0)", "points", (0, 80),
           "Mean points against this opponent in the three years before the game."),
    target("games_vs_opponent", "CASE WHEN opponent_id IS NOT NULL THEN coalesce(meetings_games, 0) END", "games", (0, 30),
           "Games against this opponent in the three years before the game."),
    target("absent_teammates_minutes", "absence_absent_minutes", "minutes", (0, 240),
           "Recent minutes of teammates reported out or doubtful: last-10 mean x share of the team's last ten games"
           " they played. Null without a report of the last 36 hours.",
           constant="seasons without injury reports hold no value at all"),
    target("absent_teammates_shots", "absence_absent_shots", "shots", (0, 120),
           "Recent field-goal attempts of those teammates, weighted alike.",
           constant="seasons without injury reports hold no value at all"),
    target("vacated_minutes", "absence_vacated_minutes", "minutes", (-240, 240),
           "Minutes his teammates are expected to leave against the last ten games: last-10 mean x (share of them played"
           " - chance of playing, by the last report, else by games missed in a row). Negative when they return."),
    target("vacated_shots", "absence_vacated_shots", "shots", (-120, 120),
           "Field-goal attempts they are expected to leave, alike."),
    target("spread", "CASE WHEN hosts THEN lines_home_spread WHEN NOT hosts THEN -lines_home_spread END", "points", (-60, 60),
           "Points given to his team, the median of the books' latest by the cutoff; negative when it is the favourite.",
           constant="game lines held have no capture time, so no cutoff before tip-off sees them"),
    target("total", "lines_total", "points", (100, 320), "Over/under on both teams' points, the median of the books' latest by the cutoff.",
           constant="game lines held have no capture time, so no cutoff before tip-off sees them"),
    target("days_since_last_game", clamped(f"({REST})", 1, 365), "days", (1, 365), "Days since he last played, at most a year."),
    target("season_day", "game_date - season_start", "days", (0, 330), "Days since the season's first game."),
    target("share_of_team_games", "player_games_of_team_last_10 / 10.0", "share", (0, 1),
           "Share of his team's last ten games that he played for it; null before its tenth."),
)  # fmt: skip
