"""The analytics tables: games played, summarised; games to come, in context."""

from fairline.domain.tables import Column, Table
from fairline.raw.schema import BOX_COUNTS, GAME_DATE, GAME_ID, PERSON, TEAM

SEASON = Column("season", "INTEGER", "Year the season began: 2024 is 2024-25", unit="year", valid=(1946, 2100))
GAME_TYPE = Column("game_type", "VARCHAR", "Kind of game: regular, play_in, playoffs, preseason, all_star, cup_final")
OPPONENT = Column("opponent_id", "BIGINT", "NBA team id of the opponent")
HOME = Column("home", "BOOLEAN", "The team plays at home; false at a neutral site")
OVERTIMES = Column(
    "overtimes", "INTEGER", "Overtime periods: team minutes over 240, in 25s", unit="count", valid=(0, 10)
)
REVISION = (
    Column("valid_at", "TIMESTAMPTZ", "Tip-off (UTC)", required=True),
    Column("known_at", "TIMESTAMPTZ", "When this state of the game was known (UTC)", required=True),
    Column(
        "superseded_at", "TIMESTAMPTZ", "When the next one was; far in the future for the last (UTC)", required=True
    ),
)
BOX_SOURCE = Column(
    "box_source", "VARCHAR", "Whose box score the row is made of, all of the game being of one source", required=True
)
RATING = "points per 100 possessions"

NEUTRAL_ARENAS = (
    "AccorHotels Arena", "Accor Arena", "AdventHealth Arena", "Arena CDMX", "Arena Ciudad de Mexico", "Mexico City Arena",
    "T-Mobile Arena", "The Field House", "The O2 Arena", "Uber Arena", "VISA Athletic Center",
)  # fmt: skip
"""Arenas that are no team's, as schedules write them: Paris, Mexico City, Las Vegas (cup), London, Berlin, and the three
of the 2020 bubble. A team that moves one of its home games within its region is at home there."""


def whole(name: str, means: str, unit: str = "count", high: int = 400) -> Column:
    """A non-negative whole number, null where a source lacks it."""
    return Column(name, "INTEGER", means, unit=unit, valid=(0, high))


ZONES = (
    whole("paint_attempted", "Twos attempted from 8 feet or nearer; null where no shots are held"),
    whole("paint_made", "Of those, made"),
    whole("mid_range_attempted", "Other twos attempted; null where no shots are held"),
    whole("mid_range_made", "Of those, made"),
)

GAME_VERSIONS = Table(
    "analytics", "game_versions", ("game_id", "known_at"),
    (
        GAME_ID, GAME_DATE, SEASON, GAME_TYPE,
        Column("tip_at", "TIMESTAMPTZ", "Scheduled tip-off (UTC); null while not set"),
        Column("home_team_id", "BIGINT", "Home team; null while to be determined"),
        Column("away_team_id", "BIGINT", "Away team; null while to be determined"),
        whole("home_points", "Final score, home", "points"), whole("away_points", "Final score, away", "points"),
        Column("status", "VARCHAR", "scheduled, final, postponed or unknown"),
        Column("arena", "VARCHAR", "Arena name"),
        Column("neutral", "BOOLEAN", "Neither team is at home, by the arena or where a source tells; null without both"),
        *REVISION[1:],
    ),
    means="What was held about each game from one moment to the next, the best source first.",
    source="raw.games", known_at="Each moment at which a source said something new.",
)  # fmt: skip

GAME_REVISIONS = Table(
    "analytics", "game_revisions", ("game_id", "known_at"),
    (
        GAME_ID, *REVISION[1:],
        Column("box_source", "VARCHAR", "Whose box score counts: the best-ranked source that is complete for the game", required=True),
        Column("shot_source", "VARCHAR", "Whose shots count: the best-ranked source that has any; null where none has"),
    ),
    means="The moments at which what is held about a game's box score changed, and the source that counts from then.",
    source="raw.player_box_scores, raw.shots, raw.exact_minutes, analytics.game_versions",
    known_at="The latest of its parts.",
)  # fmt: skip

PLAYER_GAME_SUMMARY = Table(
    "analytics", "player_game_summary", ("game_id", "player_id", "known_at"),
    (
        GAME_ID, GAME_DATE, SEASON, GAME_TYPE, PERSON, Column("player_name", "VARCHAR", "Name as NBA.com writes it"), TEAM,
        OPPONENT, HOME, Column("won", "BOOLEAN", "The player's team won"), OVERTIMES,
        whole("seconds", "Seconds played; whole minutes where no source has better", "seconds", 4800),
        whole("points", "Points scored", "points", 120), *BOX_COUNTS, *ZONES,
        Column("usage", "DECIMAL(12, 4)", "Share of the team's plays he ended while on court; null without minutes", unit="percent", valid=(0, 2000)),
        BOX_SOURCE, *REVISION,
    ),
    means="One row per player, game and revision. Not playing is no row, never a zero.",
    source="raw.player_box_scores, raw.exact_minutes, raw.shots", known_at="As game_revisions.",
)  # fmt: skip

TEAM_OFFENSE = Table(
    "analytics", "team_offense_game_summary", ("game_id", "team_id", "known_at"),
    (
        GAME_ID, GAME_DATE, SEASON, GAME_TYPE, TEAM, OPPONENT, HOME, Column("won", "BOOLEAN", "The team won"), OVERTIMES,
        whole("points", "Points scored", "points"),
        *(column for column in BOX_COUNTS if column.name in {"field_goals_made", "field_goals_attempted", "threes_made",
          "threes_attempted", "free_throws_made", "free_throws_attempted", "rebounds", "assists", "turnovers"}),
        *ZONES,
        whole("possession_hundredths", "Possessions x 100: FGA + 0.44 FTA + TOV - OREB", "possessions / 100", 30000),
        Column("pace", "DECIMAL(12, 4)", "Possessions x 48 / (team minutes / 5)", unit="possessions per 48", valid=(50, 160)),
        Column("offensive_rating", "DECIMAL(12, 4)", "Points per 100 possessions", unit=RATING, valid=(30, 200)),
        BOX_SOURCE, *REVISION,
    ),
    means="What each team produced in each game.", source="analytics.player_game_summary", known_at="As game_revisions.",
)  # fmt: skip

TEAM_DEFENSE = Table(
    "analytics", "team_defense_game_summary", ("game_id", "team_id", "known_at"),
    (
        GAME_ID, GAME_DATE, SEASON, GAME_TYPE, TEAM, OPPONENT,
        *(whole(f"{name}_allowed", f"The opponent's {name.replace('_', ' ')}") for name in (
            "points", "rebounds", "assists", "threes_made", "threes_attempted", "paint_attempted", "paint_made",
            "mid_range_attempted", "mid_range_made")),
        whole("possession_hundredths_allowed", "The opponent's possessions x 100", "possessions / 100", 30000),
        Column("defensive_rating", "DECIMAL(12, 4)", "Points allowed per 100 possessions", unit=RATING, valid=(30, 200)),
        *REVISION,
    ),
    means="What each team allowed in each game.", source="analytics.team_offense_game_summary",
    known_at="As game_revisions.",
)  # fmt: skip

ROSTER_SPELLS = Table(
    "analytics", "roster_spells", ("player_id", "known_at"),
    (PERSON, Column("team_id", "BIGINT", "His team; null where he belongs to none"), *REVISION[1:]),
    means="Which team each player belonged to, from one piece of evidence to the next that says otherwise.",
    source="analytics.player_game_summary, raw.projected_lineups, raw.rosters, raw.players, raw.player_movements",
    known_at="The evidence's own.",
)  # fmt: skip

SCOPE = Column("scope", "VARCHAR", "Of whom the source speaks: league; a team's id, or that and the date of the game; list: of whom it names alone; absence: of a game gone by; news and a date: the user's own of that date's game", required=True)  # fmt: skip
REPORT = (
    Column("game_date", "DATE", "Date of the game the report is about; null where it names none"),
    Column("reported_at", "TIMESTAMPTZ", "Time of the report, of the first where several say the same (UTC)", required=True),
)  # fmt: skip

INJURY_COVERAGE = Table(
    "analytics", "injury_coverage", ("source", "scope", "reported_at"),
    (
        Column("source", "VARCHAR", "Who reports", required=True), SCOPE,
        Column("team_id", "BIGINT", "The team it speaks of; null for all"), *REPORT,
        Column("known_at", "TIMESTAMPTZ", "When it was had (UTC)", required=True),
        Column("superseded_at", "TIMESTAMPTZ", "When the next of that source and scope was, or 36 hours after the report (UTC)", required=True),
    ),
    means="Of whom each injury report speaks, and how long it counts: an unlisted player of those is available.",
    source="raw.injury_snapshots, raw.injury_report_teams, raw.rosters", known_at="The report's own.",
)  # fmt: skip

NEWS_ID = Column("news_id", "INTEGER", "The user's own news it rests on; null where it rests on reports", unit="count")

PLAYER_AVAILABILITY = Table(
    "analytics", "player_availability", ("player_id", "source", "scope", "known_at"),
    (
        PERSON, Column("source", "VARCHAR", "Who said it", required=True), SCOPE,
        Column("team_id", "BIGINT", "Team the source lists him under"),
        Column("status", "VARCHAR", "Status in our vocabulary", required=True),
        Column("words", "VARCHAR", "The source's own words"), *REPORT,
        Column("status_since", "TIMESTAMPTZ", "Since when the source has said that status without a break (UTC)", required=True),
        Column("known_at", "TIMESTAMPTZ", "When it was first said in these words (UTC)", required=True),
        Column("superseded_at", "TIMESTAMPTZ", "When it no longer counted (UTC)", required=True),
        NEWS_ID,
    ),
    means="What each source said of each player it named, in spells of the same words; the user's own news until he takes it back, says otherwise, or a report says something new. Whom no report names is no row: analytics.injury_coverage tells whether he was spoken of.",
    source="raw.injury_reports, raw.later_injury_reports, raw.inactives, raw.user_news, analytics.injury_coverage",
    known_at="The report's own.",
)  # fmt: skip

CUTOFF = Column("cutoff", "TIMESTAMPTZ", "Nothing known later was read (UTC)", required=True)

UPCOMING_TEAM = Table(
    "analytics", "upcoming_team_game_context", ("game_id", "team_id", "cutoff"),
    (
        GAME_ID, CUTOFF, GAME_DATE, SEASON, Column("season_start", "DATE", "First regular-season game date"), GAME_TYPE,
        Column("tip_at", "TIMESTAMPTZ", "Scheduled tip-off as known (UTC)"), TEAM, OPPONENT,
        Column("hosts", "BOOLEAN", "Listed as the home team, at a neutral site too"), HOME,
        Column("days_rest", "INTEGER", "Days since the team's game before, by the schedule; 1 is a back-to-back", unit="days", valid=(1, 400)),
        Column("opponent_days_rest", "INTEGER", "The same of the opponent", unit="days", valid=(1, 400)),
        whole("games_scheduled", "Games of the team in the 30 days before, finished by the cutoff", "games"),
        whole("games_held", "Of those, with box scores held at the cutoff", "games"),
    ),
    means="Both sides of each game to come, as the schedule was known at the cutoff.",
    source="analytics.game_versions", known_at="The cutoff.",
)  # fmt: skip

UPCOMING_PLAYER = Table(
    "analytics", "upcoming_player_game_context", ("game_id", "player_id", "cutoff"),
    (
        GAME_ID, CUTOFF, PERSON, Column("team_id", "BIGINT", "His team as known; null when not known"),
        Column("rostered", "BOOLEAN", "His team is known from rosters or a quote of the game, not only from who asks", required=True),
        Column("asked", "BOOLEAN", "He is asked for: a quote names him", required=True),
        Column("status", "VARCHAR", "Availability by the last reports of 36 hours that speak of him, the gravest where sources differ, or by the user's own news; null without one"),
        Column("reported_at", "TIMESTAMPTZ", "Time of that report or news (UTC)"),
        NEWS_ID,
    ),
    means="Who may play in each game to come: rosters and quoted players as known, never the game's own box score.",
    source="analytics.roster_spells, analytics.player_availability, raw.prop_quotes", known_at="The cutoff.",
)  # fmt: skip

BUILT = (
    GAME_VERSIONS,
    GAME_REVISIONS,
    PLAYER_GAME_SUMMARY,
    TEAM_OFFENSE,
    TEAM_DEFENSE,
    ROSTER_SPELLS,
    INJURY_COVERAGE,
    PLAYER_AVAILABILITY,
)
"""Rebuilt from raw, in this order."""

BUILT_FROM = Table(
    "analytics", "built_from", ("table_name",),
    (
        Column("table_name", "VARCHAR", "Table that was built, with its schema", required=True),
        Column("fingerprint", "VARCHAR", "What its rows were made from: its statement and all it reads", required=True),
    ),
    means="What each built table was made from: one that reads something else now is stale.",
    source="the tables themselves", known_at="When it was built.",
)  # fmt: skip

TABLES = (*BUILT, BUILT_FROM, UPCOMING_TEAM, UPCOMING_PLAYER)
