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
    source: rank
    for rank, source in enumerate(
        (
            "nba_schedule", "nba_scoreboard", "nba_scoreboard_v2",
            "nba_box_score", "nba_box_score_v2", "nba_gamebook",
            "schedule_with_results", "schedule_published", "schedule_export",
            "leaguegamelog_teams", "leaguegamelog_players",
            "espn_scoreboard", "espn_box_score",
            "balldontlie_games", "balldontlie_box_scores", "balldontlie_stats", "balldontlie_advanced_stats",
            "bettingpros",
            "nba_shots", "shots",
        ),
        start=1,
    )
}  # fmt: skip
"""Whose word on a game, a box score or a shot counts first, 1 before 2, among what was known at the time asked about.

NBA.com goes before ESPN, ESPN before BallDontLie, BettingPros last: the league keeps the score, the others copy it. What was captured
from NBA.com goes before files: a schedule captured in November tells of a game moved in October, a file published before
the season does not, and before the capture was had the file alone is known. The season's schedule goes before a day's
scoreboard, which still shows a postponed game on its old date. A box score goes before the game log: it has the seconds
and the starters where the log has whole minutes. Among files: the schedule published with results, the one published
before the season, the export in Eastern times (its 2024-25 part was made in November), what box scores imply.
"""

LINE_PRECEDENCE = {source: rank for rank, source in enumerate(("odds_api", "bettingpros", "quotes"), start=1)}
"""Whose word on a book's line counts when several sources state it at about the same time, 1 before 2.

The Odds API gives each book's own prices; BettingPros gathers them, later; a person's own file comes last, for nobody
checks it. The word of a source not named here counts after all of these.
"""

SAME_LINE_MINUTES = 20
"""Captures of a book's line this near are of about the same time: the better-ranked source counts, not the later one."""

REPORTS_BY_TEAM = ("nba_injury_report",)
"""Injury reports that say which teams they speak of (raw.injury_report_teams); others speak of the whole league."""

ROSTERS_WITH_INJURIES = ("espn_roster",)
"""Rosters that name every injury of the team: whoever is listed without one has none."""

INJURIES_IN_PAGES = ("balldontlie_injuries",)
"""Lists that come in pages: they speak of whom they name, and of nobody else."""

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
        Column("started", "BOOLEAN", "In the starting five, where the source tells"),
        *PROVENANCE,
    ),
    means="One row per player who played in a game. Not playing is no row, never a zero.",
    source="NBA.com LeagueGameLog and box scores, ESPN, BallDontLie",
    known_at="When captured. History, imported or captured more than three days late: tip-off + 4 h; 4:00 Eastern the morning after where no tip-off is held. A correction: its import or capture.",
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
    partition="game_date",
)  # fmt: skip

GAME_LINE_QUOTES = Table(
    "raw", "game_line_quotes", ("source", "game_id", "book", "known_at"),
    (
        GAME_ID, GAME_DATE,
        Column("book", "VARCHAR", "Book in our vocabulary; consensus for a mean over books", required=True),
        Column("home_spread", "DOUBLE", "Points given to the home team; negative when it is the favourite", unit="points", valid=(-60, 60)),
        Column("total", "DOUBLE", "Over/under on both teams' points", unit="points", valid=(100, 320)),
        Column("home_moneyline", "DOUBLE", "Decimal odds of the home team to win", unit="decimal odds", valid=(1.0, 1001)),
        Column("away_moneyline", "DOUBLE", "Decimal odds of the visitors to win", unit="decimal odds", valid=(1.0, 1001)),
        *PROVENANCE,
    ),
    means="Spread, total and moneylines of each game, by book.",
    source="The Odds API, consensus and closing-line files",
    known_at="When captured; files without a capture time: tip-off, so no earlier cutoff sees them.",
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

INJURY_REPORT_TEAMS = Table(
    "raw", "injury_report_teams", ("source", "reported_at", "game_date", "team_id"),
    (
        Column("reported_at", "TIMESTAMPTZ", "Time of the report (UTC)", required=True),
        GAME_DATE, TEAM,
        Column("submitted", "BOOLEAN", "The team has told who is unfit for that game; false when it has not yet or the report is silent on it", required=True),
        Column("players_listed", "INTEGER", "Players it lists for that game", unit="count", valid=(0, 60), required=True),
        *PROVENANCE,
    ),
    means="Which teams a report speaks of, for which game. Only of a team that has submitted does an unlisted player count as available.",
    source="official injury report",
    known_at="The report's own time.",
)  # fmt: skip

LATER_INJURY_REPORTS = Table(
    "raw", "later_injury_reports", ("source", "reported_at", "game_date", "player_id"),
    (
        Column("reported_at", "TIMESTAMPTZ", "Time of the report (UTC)", required=True),
        GAME_DATE, PERSON, TEAM,
        *INJURY_REPORTS.columns[3:6],
        *PROVENANCE,
    ),
    means="Statuses for a game after the team's next one, which raw.injury_reports tells: reports cover two days.",
    source="official injury report",
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

PROVIDER_GAMES = Table(
    "raw", "provider_games", ("source", "provider_game_id", "known_at"),
    (
        Column("provider_game_id", "VARCHAR", "The provider's own id of the game", required=True),
        GAME_ID, GAME_DATE,
        Column("home_team_id", "BIGINT", "Home team as the provider says", required=True),
        Column("away_team_id", "BIGINT", "Away team as the provider says", required=True),
        Column("commence_at", "TIMESTAMPTZ", "Tip-off as the provider says (UTC)"),
        Column("status", "VARCHAR", "State of the game as the provider says", valid=frozenset({"scheduled", "live", "final", "postponed", "unknown"}), required=True),
        *PROVENANCE,
    ),
    means="Other providers' ids of games beside NBA's; the one place where they are translated.",
    source="ESPN, BallDontLie, The Odds API, BettingPros",
    known_at="When captured.",
)  # fmt: skip

PLAYERS = Table(
    "raw", "players", ("source", "player_id", "known_at"),
    (
        PERSON,
        Column("player_name", "VARCHAR", "Name as NBA.com writes it", required=True),
        Column("team_id", "BIGINT", "His team; null without one"),
        Column("position", "VARCHAR", "Position as the source writes it"),
        Column("height_inches", "INTEGER", "Height", unit="inches", valid=(60, 100)),
        Column("weight_pounds", "INTEGER", "Weight", unit="pounds", valid=(120, 400)),
        Column("birth_date", "DATE", "Date of birth, where the source tells"),
        Column("first_season", "INTEGER", "Year his first season began", unit="year", valid=(1946, 2100)),
        Column("last_season", "INTEGER", "Year his last season began", unit="year", valid=(1946, 2100)),
        Column("active", "BOOLEAN", "On a roster, where the source tells"),
        *PROVENANCE,
    ),
    means="Who the players are.",
    source="NBA.com player index",
    known_at="When captured.",
)  # fmt: skip

ROSTERS = Table(
    "raw", "rosters", ("source", "listed_at", "team_id", "player_id"),
    (
        Column("listed_at", "TIMESTAMPTZ", "Time of the listing (UTC); each names the whole roster", required=True),
        TEAM, PERSON,
        Column("player_name", "VARCHAR", "Name as the source writes it", required=True),
        Column("position", "VARCHAR", "Position as the source writes it"),
        Column("jersey", "VARCHAR", "Number on the shirt"),
        *PROVENANCE,
    ),
    means="Each team's players at each listing. A listing replaces the one before.",
    source="NBA.com and ESPN rosters, player index",
    known_at="When captured.",
)  # fmt: skip

PLAYER_MOVEMENTS = Table(
    "raw", "player_movements", ("source", "moved_on", "player_id", "team_id", "movement", "known_at"),
    (
        Column("moved_on", "DATE", "Date of the transaction", required=True),
        PERSON, TEAM,
        Column("movement", "VARCHAR", "signing, waive, trade, award_on_waivers, contract_converted: in lower case as the source says", required=True),
        Column("player_name", "VARCHAR", "The player as the source writes him", required=True),
        Column("words", "VARCHAR", "The source's own words"),
        *PROVENANCE,
    ),
    means="Signings, waivers, trades: the team is the one the player joins, or leaves where the movement is a waiver.",
    source="NBA.com player movement",
    known_at="The end of its date (noon the next day, Eastern), or when captured if that is earlier.",
)  # fmt: skip

REFEREE_ASSIGNMENTS = Table(
    "raw", "referee_assignments", ("source", "game_id", "official", "known_at"),
    (
        GAME_ID, GAME_DATE,
        Column("official", "VARCHAR", "The official's name and number: Kevin Scott (#24)", required=True),
        Column("role", "VARCHAR", "Place in the crew", valid=frozenset({"crew_chief", "referee", "umpire", "alternate", "unknown"}), required=True),
        *PROVENANCE,
    ),
    means="Who officiates each game.",
    source="NBA.com referee assignments and gamebooks",
    known_at="When captured; from gamebooks as player_box_scores.",
)  # fmt: skip

INACTIVES = Table(
    "raw", "inactives", ("source", "game_id", "player_id", "known_at"),
    (
        GAME_ID, GAME_DATE, PERSON, TEAM,
        Column("player_name", "VARCHAR", "Name as the source writes it", required=True),
        Column("absence", "VARCHAR", "did_not_play: dressed and not used; did_not_dress; not_with_team; inactive: on the inactive list", valid=frozenset({"did_not_play", "did_not_dress", "not_with_team", "inactive"}), required=True),
        Column("reason", "VARCHAR", "The source's own words"),
        *PROVENANCE,
    ),
    means="Who did not play in a game, and why. Not playing is a state, never a zero.",
    source="NBA.com box scores and gamebooks, ESPN box scores",
    known_at="As player_box_scores.",
)  # fmt: skip

BOX_SCORE_DETAILS = Table(
    "raw", "box_score_details", ("source", "game_id", "team_id", "player_id", "statistic", "known_at"),
    (
        GAME_ID, GAME_DATE, TEAM,
        Column("player_id", "BIGINT", "NBA person id; 0 for the team's own figure", required=True),
        Column("statistic", "VARCHAR", "The source's name of the figure in lower case: usage_percentage, points_paint, contested_field_goals_made ...", required=True),
        Column("value", "DOUBLE", "The figure as the source states it: percentages as shares of 1, ratings per 100 possessions, distance in miles, speed in miles per hour, the rest counts", valid=(-10000, 10000), required=True),
        *PROVENANCE,
    ),
    means="Advanced, miscellaneous, scoring, usage and tracking figures, one row each. A player who did not play has none.",
    source="NBA.com box scores",
    known_at="As player_box_scores.",
)  # fmt: skip

PLAY_BY_PLAY = Table(
    "raw", "play_by_play", ("source", "game_id", "action_number", "known_at"),
    (
        GAME_ID, GAME_DATE,
        Column("action_number", "INTEGER", "Number of the action in the game", unit="count", valid=(0, 100000), required=True),
        Column("period", "INTEGER", "Quarter, overtimes from 5", unit="count", valid=(1, 15), required=True),
        Column("seconds_left", "DOUBLE", "Seconds left in the period", unit="seconds", valid=(0, 720), required=True),
        Column("team_id", "BIGINT", "The team that acts; null for the game's own actions"),
        Column("player_id", "BIGINT", "The person who acts; null for a team's or the game's own"),
        Column("action", "VARCHAR", "Kind of action as the source says", required=True),
        Column("action_detail", "VARCHAR", "Its sub-kind"),
        Column("made", "BOOLEAN", "Of a shot or free throw: it went in"),
        Column("home_points", "INTEGER", "Score after the action, home", unit="points", valid=(0, 250)),
        Column("away_points", "INTEGER", "Score after the action, away", unit="points", valid=(0, 250)),
        Column("words", "VARCHAR", "The source's description"),
        *PROVENANCE,
    ),
    means="What happened in a game, action by action.",
    source="NBA.com play-by-play",
    known_at="As player_box_scores.",
)  # fmt: skip

USER_NEWS = Table(
    "raw", "user_news", ("news_id", "known_at"),
    (
        Column("news_id", "INTEGER", "Number of the news; the row that takes it back has the same", unit="count", valid=(1, 1_000_000_000), required=True),
        PERSON,
        Column("player_name", "VARCHAR", "Name as NBA.com writes it", required=True),
        Column("team_id", "BIGINT", "His team when it was told", required=True),
        Column("game_date", "DATE", "US Eastern date of the game it is about", required=True),
        Column("status", "VARCHAR", "Status in our vocabulary; withdrawn where the user takes it back", valid=frozenset({"available", "questionable", "out", "withdrawn"}), required=True),
        Column("minutes", "DOUBLE", "Minutes the user expects of him; null where he did not say", unit="minutes", valid=(0, 60)),
        Column("words", "VARCHAR", "Where the user has it from, in his words", required=True),
        *PROVENANCE,
    ),
    means="What the user himself says of who plays. Nothing is deleted: taking it back is one more row.",
    source="fairline news",
    known_at="When he said so.",
)  # fmt: skip

CAPTURE_LOADS = Table(
    "ops", "capture_loads", ("sighting",),
    (
        Column("sighting", "VARCHAR", "Object key of the sighting", required=True),
        Column("capture_id", "VARCHAR", "Hash of its bytes", required=True),
        Column("kind", "VARCHAR", "Kind of capture it was read as", required=True),
        Column("version", "INTEGER", "Version of the parser", required=True),
        Column("captured_at", "TIMESTAMPTZ", "When it was seen (UTC)", required=True),
        Column("loaded_at", "TIMESTAMPTZ", "When its rows were written (UTC)", required=True),
        Column("outcome", "VARCHAR", "loaded; unreadable: set aside as a whole; error_answer: kept, not read", valid=frozenset({"loaded", "unreadable", "error_answer"}), required=True),
        Column("rows_read", "BIGINT", "Records of the document", unit="count", required=True),
        Column("written", "BIGINT", "Rows of tables written", unit="count", required=True),
        Column("unchanged", "BIGINT", "Rows that said nothing new", unit="count", required=True),
        Column("quarantined", "BIGINT", "Records set aside", unit="count", required=True),
        Column("unresolved", "BIGINT", "Records that wait for a name or a game", unit="count", required=True),
    ),
    means="Which captures were read into the tables; written in one transaction with their rows.",
    source="every load of captures",
    known_at="When it was loaded.",
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
    INJURY_SNAPSHOTS, INJURY_REPORT_TEAMS, LATER_INJURY_REPORTS, PROJECTED_LINEUPS, PROVIDER_GAMES, PLAYERS, ROSTERS, PLAYER_MOVEMENTS, REFEREE_ASSIGNMENTS,
    INACTIVES, BOX_SCORE_DETAILS, PLAY_BY_PLAY, USER_NEWS, CAPTURE_LOADS, QUARANTINE, UNRESOLVED_NAMES, NAME_ALIASES,
)  # fmt: skip
