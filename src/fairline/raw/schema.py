"""The raw tables: one row per fact, source and revision, exactly as a provider stated it, in our ids and units.

Every row carries `valid_at` (when it was so), `known_at` (when we had it), `source`, `capture_id` (the bytes it came
from) and `content_hash` (of its statement). A correction is one more row of the same fact with a later `known_at`.
"""

from fairline.domain.tables import Column, Table

PROVENANCE = (
    Column("source", "VARCHAR", "Provider or import kind that stated the row", required=True),
    Column("valid_at", "TIMESTAMPTZ", "When it was so (UTC)", required=True),
    Column("known_at", "TIMESTAMPTZ", "When we had it (UTC)", required=True),
    Column("capture_id", "VARCHAR", "Hash of the bytes the row was read from", required=True),
    Column("content_hash", "UBIGINT", "Hash of the statement; equal hashes say the same", required=True),
)

GAME_ID = Column("game_id", "VARCHAR", "NBA's ten-digit game id", required=True)
PERSON = Column("player_id", "BIGINT", "NBA person id", required=True)
TEAM = Column("team_id", "BIGINT", "NBA team id", required=True)
GAME_DATE = Column("game_date", "DATE", "US Eastern date of the game", required=True)


def counts(*names: str) -> tuple[Column, ...]:
    """Box-score counts by name, each a non-negative whole number."""
    return tuple(
        Column(name, "INTEGER", name.replace("_", " ").capitalize(), unit="count", valid=(0, 400)) for name in names
    )


BOX_COUNTS = counts(
    "field_goals_made", "field_goals_attempted", "threes_made", "threes_attempted", "free_throws_made",
    "free_throws_attempted", "offensive_rebounds", "defensive_rebounds", "rebounds", "assists", "steals", "blocks",
    "turnovers", "fouls",
)  # fmt: skip

SOURCE_PRECEDENCE = {
    "schedule_with_results": 1,
    "schedule_published": 2,
    "schedule_export": 3,
    "leaguegamelog_teams": 4,
    "leaguegamelog_players": 5,
}
"""Whose word on a game counts first, 1 before 2: the schedule published with results, the one published before the
season, the export in Eastern times (its 2024-25 part was made in November), then what the box scores imply."""

GAMES = Table(
    "raw", "games", ("source", "game_id", "statement", "known_at"),
    (
        GAME_ID, GAME_DATE,
        Column("statement", "VARCHAR", "Which of the two things a source says of a game: when and where, or how it ended", valid=frozenset({"schedule", "result"}), required=True),
        Column("season", "INTEGER", "Year the season began: 2024 is 2024-25", unit="year", valid=(1946, 2100), required=True),
        Column("game_type", "VARCHAR", "Kind of game", valid=frozenset({"preseason", "regular", "play_in", "playoffs", "all_star", "cup_final"}), required=True),
        Column("tip_at", "TIMESTAMPTZ", "Scheduled tip-off (UTC); null when not yet set"),
        Column("home_team_id", "BIGINT", "Home team; null while to be determined"),
        Column("away_team_id", "BIGINT", "Away team; null while to be determined"),
        Column("home_points", "INTEGER", "Final score, home", unit="points", valid=(0, 250)),
        Column("away_points", "INTEGER", "Final score, away", unit="points", valid=(0, 250)),
        Column("status", "VARCHAR", "State of the game; scheduled on the schedule statement of a game that will be or was played", valid=frozenset({"scheduled", "final", "postponed", "unknown"}), required=True),
        Column("overtimes", "INTEGER", "Overtime periods where the source tells", unit="count", valid=(0, 10)),
        Column("arena", "VARCHAR", "Arena name"),
        Column("neutral", "BOOLEAN", "True when neither team is at home, where the source tells"),
        *PROVENANCE,
    ),
    means="Schedule and result of each game, as each source stated it: one row for what was known beforehand, one for how it ended.",
    source="schedule files, NBA.com schedule, the box scores of LeagueGameLog",
    known_at="Schedule facts: 1 Sep before the season; of games whose teams earlier results decide (play-in, play-offs, cup final, all-star): a day before tip-off. Scores and final status: tip-off + 4 h, without a tip-off 4:00 Eastern the morning after. A later correction: its import.",
)  # fmt: skip

PLAYER_BOX_SCORES = Table(
    "raw", "player_box_scores", ("source", "game_id", "player_id", "known_at"),
    (
        GAME_ID, GAME_DATE, PERSON,
        Column("player_name", "VARCHAR", "Name as NBA.com writes it", required=True),
        TEAM,
        Column("won", "BOOLEAN", "The player's team won"),
        Column("minutes", "DOUBLE", "Minutes played (whole minutes in LeagueGameLog)", unit="minutes", valid=(0, 80), required=True),
        Column("points", "INTEGER", "Points scored", unit="points", valid=(0, 120), required=True),
        *BOX_COUNTS,
        Column("plus_minus", "INTEGER", "Score difference while on court", unit="points", valid=(-100, 100)),
        *PROVENANCE,
    ),
    means="One row per player who played in a game. Not playing is no row, never a zero.",
    source="NBA.com LeagueGameLog",
    known_at="Imported history: tip-off + 4 h; 4:00 Eastern the morning after where no tip-off is held. A correction: its import.",
)  # fmt: skip

TEAM_BOX_SCORES = Table(
    "raw", "team_box_scores", ("source", "game_id", "team_id", "known_at"),
    (
        GAME_ID, GAME_DATE, TEAM,
        Column("won", "BOOLEAN", "The team won"),
        Column("minutes", "DOUBLE", "Team minutes; 240 plus 25 per overtime, up to rounding", unit="minutes", valid=(200, 500), required=True),
        Column("points", "INTEGER", "Points scored", unit="points", valid=(0, 250), required=True),
        *BOX_COUNTS,
        *PROVENANCE,
    ),
    means="One row per team and game.",
    source="NBA.com LeagueGameLog",
    known_at="As player_box_scores.",
)  # fmt: skip

EXACT_MINUTES = Table(
    "raw", "exact_minutes", ("source", "player_id", "game_date", "known_at"),
    (
        PERSON, GAME_DATE,
        Column("minutes", "DOUBLE", "Minutes played, decimal", unit="minutes", valid=(0, 80), required=True),
        *PROVENANCE,
    ),
    means="Decimal minutes per player and date, where a source has them.",
    source="exact-minutes files",
    known_at="As player_box_scores.",
)  # fmt: skip

SHOTS = Table(
    "raw", "shots", ("source", "game_id", "player_id", "period", "seconds_left", "ordinal", "known_at"),
    (
        GAME_ID, GAME_DATE, PERSON, TEAM,
        Column("period", "INTEGER", "Quarter, overtimes from 5", unit="count", valid=(1, 15), required=True),
        Column("seconds_left", "INTEGER", "Seconds left in the period", unit="seconds", valid=(0, 720), required=True),
        Column("ordinal", "INTEGER", "Distinguishes real shots that share player and clock", unit="count", valid=(0, 20), required=True),
        Column("made", "BOOLEAN", "The shot went in", required=True),
        Column("three", "BOOLEAN", "Attempted from behind the arc", required=True),
        Column("distance", "INTEGER", "Distance from the rim", unit="feet", valid=(0, 95), required=True),
        Column("x", "DOUBLE", "Across the court from the rim", unit="feet", valid=(-26, 26)),
        Column("y", "DOUBLE", "Along the court from the baseline", unit="feet", valid=(-5, 95)),
        *PROVENANCE,
    ),
    means="One row per shot attempt.",
    source="NBA.com shot charts",
    known_at="As player_box_scores.",
)  # fmt: skip

PROP_QUOTES = Table(
    "raw", "prop_quotes", ("source", "game_id", "player_id", "market", "book", "captured_at", "half_points"),
    (
        GAME_ID,
        Column("game_date", "DATE", "US Eastern date the quote was for; a game postponed to another date leaves its quotes on this one, and their bets are no action", required=True),
        PERSON,
        Column("team_id", "BIGINT", "The player's team as the quote itself tells it (its opponent is stated); else null"),
        Column("player_name", "VARCHAR", "Name as the book wrote it", required=True),
        Column("market", "VARCHAR", "Market in our vocabulary", required=True),
        Column("book", "VARCHAR", "Book in our vocabulary", required=True),
        Column("captured_at", "TIMESTAMPTZ", "When the quote was seen (UTC)", required=True),
        Column("half_points", "INTEGER", "The line in halves: 49 is 24.5", unit="half points", valid=(0, 400), required=True),
        Column("over_decimal", "DOUBLE", "Decimal odds of over; null when not offered", unit="decimal odds", valid=(1.0, 1001)),
        Column("under_decimal", "DOUBLE", "Decimal odds of under; null when not offered", unit="decimal odds", valid=(1.0, 1001)),
        Column("commence_at", "TIMESTAMPTZ", "Tip-off the provider gave with the quote (UTC); null when it gave none or a wrong one"),
        *PROVENANCE,
    ),
    means="One row per quoted line: player, market, book, line and both prices at the time seen.",
    source="The Odds API and recorded quote files",
    known_at="Its own capture time.",
)  # fmt: skip

GAME_LINE_QUOTES = Table(
    "raw", "game_line_quotes", ("source", "game_id", "known_at"),
    (
        GAME_ID, GAME_DATE,
        Column("home_spread", "DOUBLE", "Points given to the home team; negative when it is the favourite", unit="points", valid=(-60, 60)),
        Column("total", "DOUBLE", "Over/under on both teams' points", unit="points", valid=(100, 320)),
        *PROVENANCE,
    ),
    means="Spread and total of each game; consensus over books.",
    source="consensus and closing-line files",
    known_at="No capture time is given, so tip-off: no earlier cutoff sees it.",
)  # fmt: skip

INJURY_REPORTS = Table(
    "raw", "injury_reports", ("source", "reported_at", "player_id"),
    (
        Column("reported_at", "TIMESTAMPTZ", "Time of the report or snapshot (UTC)", required=True),
        PERSON,
        Column("team_id", "BIGINT", "Team the report lists him under"),
        Column("player_name", "VARCHAR", "Name as the report writes it", required=True),
        Column("status", "VARCHAR", "Status in our vocabulary", valid=frozenset({"available", "probable", "questionable", "doubtful", "out", "unknown"}), required=True),
        Column("reason", "VARCHAR", "The source's own words"),
        *PROVENANCE,
    ),
    means="Status of each listed player at each report. A report replaces the one before; a player not listed is available.",
    source="injury snapshots, official injury report",
    known_at="The report's own time.",
)  # fmt: skip

INJURY_SNAPSHOTS = Table(
    "raw", "injury_snapshots", ("source", "reported_at"),
    (
        Column("reported_at", "TIMESTAMPTZ", "Time of the report or snapshot (UTC)", required=True),
        Column("players_listed", "INTEGER", "Players on the report", unit="count", valid=(0, 600), required=True),
        *PROVENANCE,
    ),
    means="One row per report, so that an empty or missing report can be told from a healthy league.",
    source="injury snapshots, official injury report",
    known_at="The report's own time.",
)  # fmt: skip

PROJECTED_LINEUPS = Table(
    "raw", "projected_lineups", ("source", "reported_at", "team_id", "player_id"),
    (
        Column("reported_at", "TIMESTAMPTZ", "Time of the projection (UTC)", required=True),
        TEAM, PERSON,
        Column("player_name", "VARCHAR", "Name as the projection writes it", required=True),
        Column("position", "VARCHAR", "Position in the projected five", valid=frozenset({"PG", "SG", "SF", "PF", "C"})),
        *PROVENANCE,
    ),
    means="Projected starters of each team at each projection.",
    source="projected line-ups",
    known_at="The projection's own time.",
)  # fmt: skip

QUARANTINE = Table(
    "ops", "quarantine", ("capture_id", "kind", "row_number", "reason"),
    (
        Column("capture_id", "VARCHAR", "Hash of the bytes the row came from", required=True),
        Column("kind", "VARCHAR", "Kind of file or capture", required=True),
        Column("row_number", "BIGINT", "Row in the file, from 0", required=True),
        Column("reason", "VARCHAR", "Short code: wrong_game, bad_price, unknown_market ...", required=True),
        Column("detail", "VARCHAR", "What was wrong, with the value"),
        Column("row_json", "VARCHAR", "The row as it came", required=True),
        Column("quarantined_at", "TIMESTAMPTZ", "When it was set aside (UTC)", required=True),
    ),
    means="Rows that broke their contract. Nothing is dropped: each waits here with its reason.",
    source="every import and parse",
    known_at="When it was set aside.",
)  # fmt: skip

UNRESOLVED_NAMES = Table(
    "ops", "unresolved_names", ("capture_id", "name", "team_id"),
    (
        Column("capture_id", "VARCHAR", "Hash of the bytes the rows came from", required=True),
        Column("source", "VARCHAR", "Who wrote the name", required=True),
        Column("name", "VARCHAR", "The name as written", required=True),
        Column("team_id", "BIGINT", "Team it was written with; 0 when none or only the game is known", required=True),
        Column("problem", "VARCHAR", "unknown or ambiguous", valid=frozenset({"unknown", "ambiguous"}), required=True),
        Column("candidates", "VARCHAR", "Nearest names with their person ids, best first"),
        Column("rows", "BIGINT", "Rows that wait for it", unit="count", valid=(0, 1e12), required=True),
        Column("first_seen", "TIMESTAMPTZ", "Earliest row (UTC)"),
        Column("last_seen", "TIMESTAMPTZ", "Latest row (UTC)"),
    ),
    means="Names no rule could resolve; `fairline names alias` answers one.",
    source="every import",
    known_at="When it was set aside.",
)  # fmt: skip

NAME_ALIASES = Table(
    "ops", "name_aliases", ("name", "team_id"),
    (
        Column("name", "VARCHAR", "The name as written", required=True),
        Column("team_id", "BIGINT", "Only for this team; 0 for any", required=True),
        Column("player_id", "BIGINT", "NBA person id it stands for", required=True),
        Column("added_at", "TIMESTAMPTZ", "When a person said so (UTC)", required=True),
    ),
    means="Names a person resolved by hand.",
    source="fairline names alias",
    known_at="When it was added.",
)  # fmt: skip

TABLES = (
    GAMES, PLAYER_BOX_SCORES, TEAM_BOX_SCORES, EXACT_MINUTES, SHOTS, PROP_QUOTES, GAME_LINE_QUOTES, INJURY_REPORTS,
    INJURY_SNAPSHOTS, PROJECTED_LINEUPS, QUARANTINE, UNRESOLVED_NAMES, NAME_ALIASES,
)  # fmt: skip
