"""Questions to NBA.com: its statistics API, its CDN, its pages, the reports of its officials and the injury report.

Addresses and parameters as the site itself uses them. The API refuses those who do not look like its own page, and
ranges of addresses of clouds; a proxy can be set for it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta

from fairline.domain.dates import EASTERN, season_label, season_of
from fairline.domain.ids import GameType, game_type_of
from fairline.domain.teams import TEAMS, find_team
from fairline.scrape.contract import HTML, JSON, PDF, GameWanted, Question, Scraper, Source, Wanted

LEAGUE = "00"

BROWSER = {
    "User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"
    " Safari/537.36",
    "Accept-Language": "en-US,en;q=0.9",
}
OF_THE_PAGE = {
    **BROWSER,
    "Accept": "application/json, text/plain, */*",
    "Origin": "https://www.nba.com",
    "Referer": "https://www.nba.com/",
}

STATS = Source(
    "nba_stats", "NBA.com statistics", ("stats.nba.com",), apart=timedelta(seconds=1), late=timedelta(minutes=30),
    headers={**OF_THE_PAGE, "x-nba-stats-origin": "stats", "x-nba-stats-token": "true"},
)  # fmt: skip
CDN = Source(
    "nba_cdn", "NBA.com live files", ("cdn.nba.com",), apart=timedelta(seconds=0.5), late=timedelta(minutes=1),
    headers=OF_THE_PAGE,
)  # fmt: skip
PAGES = Source(
    "nba_pages", "NBA.com pages", ("www.nba.com",), apart=timedelta(seconds=2), late=timedelta(hours=12),
    headers=BROWSER,
)  # fmt: skip
OFFICIAL = Source(
    "nba_official", "NBA officiating, injury reports and game books",
    ("official.nba.com", "ak-static.cms.nba.com", "statsdmz.nba.com"),
    apart=timedelta(seconds=1), late=timedelta(minutes=15), headers=BROWSER,
)  # fmt: skip

NOT_YET = frozenset({403, 404})
"""How the stores of files answer for one that is not, or not yet, there."""

SEASON_TYPES = {
    GameType.PRESEASON: "Pre Season", GameType.REGULAR: "Regular Season", GameType.ALL_STAR: "All Star",
    GameType.PLAYOFFS: "Playoffs", GameType.PLAY_IN: "PlayIn", GameType.CUP_FINAL: "IST",
}  # fmt: skip

GAME_LASTS = timedelta(hours=2)
"""The shortest; before it no box score is asked for."""

QUARTER_HOURS_SINCE = date(2025, 12, 23)
"""The day the injury report began to come every quarter of an hour, with minutes in its file name."""

REPORTS = "https://ak-static.cms.nba.com/referee/injury"


def _api(endpoint: str) -> str:
    return f"https://stats.nba.com/stats/{endpoint}"


def begun(wanted: Wanted) -> Iterator[GameWanted]:
    """The day's games that may be over: tipped off two hours ago. Those without a tip-off: on a day before this one."""
    today = wanted.now.astimezone(EASTERN).date()
    for game in wanted.games:
        played = game.tip_at + GAME_LASTS <= wanted.now if game.tip_at else game.game_date < today
        if played and game.status != "postponed":
            yield game


def _season_types(wanted: Wanted) -> list[str]:
    """The kinds of game of the day; the regular season where none is held."""
    kinds = {game_type_of(game.game_id) for game in wanted.games} or {GameType.REGULAR}
    return [SEASON_TYPES[kind] for kind in GameType if kind in kinds]


def schedule(wanted: Wanted) -> Iterable[Question]:
    """The season's schedule."""
    season = season_label(season_of(wanted.day))
    yield Question(_api("scheduleleaguev2"), {"LeagueID": LEAGUE, "Season": season}, what=f"schedule {season}")


def schedule_cdn(wanted: Wanted) -> Iterable[Question]:  # noqa: ARG001 - the file is of the present season
    """The present season's schedule."""
    yield Question("https://cdn.nba.com/static/json/staticData/scheduleLeagueV2.json", what="schedule")


def scoreboard(wanted: Wanted) -> Iterable[Question]:
    """The day's games."""
    params = {"GameDate": wanted.day.isoformat(), "LeagueID": LEAGUE}
    yield Question(_api("scoreboardv3"), params, wanted.day, f"scoreboard {wanted.day}")


def scoreboard_live(wanted: Wanted) -> Iterable[Question]:
    """Today's games; the file turns to the next day about noon."""
    if wanted.day == wanted.now.astimezone(EASTERN).date():
        url = "https://cdn.nba.com/static/json/liveData/scoreboard/todaysScoreboard_00.json"
        yield Question(url, day=wanted.day, what="live scoreboard")


def scoreboard_v2(wanted: Wanted) -> Iterable[Question]:
    """The day's games."""
    params = {"GameDate": f"{wanted.day:%m/%d/%Y}", "LeagueID": LEAGUE, "DayOffset": "0"}
    yield Question(_api("scoreboardv2"), params, wanted.day, f"scoreboard {wanted.day}")


def game_log(player_or_team: str) -> Callable[[Wanted], Iterable[Question]]:
    """The day's log of players (P) or teams (T), once for each kind of game of the day."""

    def questions(wanted: Wanted) -> Iterable[Question]:
        for kind in _season_types(wanted):
            params = {
                "Counter": "0", "DateFrom": wanted.day.isoformat(), "DateTo": wanted.day.isoformat(),
                "Direction": "ASC", "LeagueID": LEAGUE, "PlayerOrTeam": player_or_team,
                "Season": season_label(season_of(wanted.day)), "SeasonType": kind, "Sorter": "DATE",
            }  # fmt: skip
            yield Question(_api("leaguegamelog"), params, wanted.day, f"{kind.lower()} {wanted.day}")

    return questions


def box_score(endpoint: str) -> Callable[[Wanted], Iterable[Question]]:
    """One question for each of the day's games that may be over."""
    whole_game = {"StartPeriod": "0", "EndPeriod": "0", "StartRange": "0", "EndRange": "0", "RangeType": "0"}
    return _per_game(lambda game: (_api(endpoint), {"GameID": game.game_id, **whole_game}))


def play_by_play(game: GameWanted) -> tuple[str, Mapping[str, str]]:
    """Every action of the game."""
    return _api("playbyplayv3"), {"GameID": game.game_id, "StartPeriod": "0", "EndPeriod": "0"}


def play_by_play_live(game: GameWanted) -> tuple[str, Mapping[str, str]]:
    """Every action of the game, from the live file."""
    return f"https://cdn.nba.com/static/json/liveData/playbyplay/playbyplay_{game.game_id}.json", {}


def shots(game: GameWanted) -> tuple[str, Mapping[str, str]]:
    """Every shot attempt of the game. The endpoint answers only when each of its filters is named."""
    unfiltered = (
        "AheadBehind", "ClutchTime", "ContextFilter", "DateFrom", "DateTo", "EndPeriod", "EndRange", "GameSegment",
        "Location", "Outcome", "PlayerPosition", "PointDiff", "Position", "RangeType", "RookieYear", "SeasonSegment",
        "StartPeriod", "StartRange", "VsConference", "VsDivision",
    )  # fmt: skip
    every = dict.fromkeys(("LastNGames", "Month", "OpponentTeamID", "Period", "PlayerID", "TeamID"), "0")
    kind = SEASON_TYPES[game_type_of(game.game_id)]
    asked = {
        "ContextMeasure": "FGA", "GameID": game.game_id, "LeagueID": LEAGUE,
        "Season": season_label(season_of(game.game_date)), "SeasonType": kind,
    }  # fmt: skip
    return _api("shotchartdetail"), {**dict.fromkeys(unfiltered, ""), **every, **asked}


def gamebook(game: GameWanted) -> tuple[str, Mapping[str, str]]:
    """The game book, one PDF a game, filed under the date and both teams, the visitors first."""
    away, home = find_team(game.away_team_id), find_team(game.home_team_id)
    day = f"{game.game_date:%Y%m%d}"
    teams = f"{away.abbreviation if away else ''}{home.abbreviation if home else ''}"
    return f"https://statsdmz.nba.com/pdfs/{day}/{day}_{teams}.pdf", {}


def _per_game(asked: Callable[[GameWanted], tuple[str, Mapping[str, str]]]) -> Callable[[Wanted], Iterable[Question]]:
    """The question of one game, for each of the day's that may be over."""

    def questions(wanted: Wanted) -> Iterable[Question]:
        for game in begun(wanted):
            url, params = asked(game)
            yield Question(url, params, game.game_date, f"game {game.game_id}")

    return questions


def players(wanted: Wanted) -> Iterable[Question]:
    """Everyone on a roster in the season."""
    season = season_label(season_of(wanted.day))
    unfiltered = (
        "Active", "AllStar", "College", "Country", "DraftPick", "DraftYear", "Height", "PlayerPosition", "TeamID",
        "Weight",
    )  # fmt: skip
    params = {**dict.fromkeys(unfiltered, ""), "Historical": "0", "LeagueID": LEAGUE, "Season": season}
    yield Question(_api("playerindex"), params, what=f"players {season}")


def player_movement(wanted: Wanted) -> Iterable[Question]:  # noqa: ARG001 - the file holds every season
    """Every transaction since 2015."""
    yield Question("https://stats.nba.com/js/data/playermovement/NBA_Player_Movement.json", what="player movement")


def referees(wanted: Wanted) -> Iterable[Question]:
    """The day's assignments, published about nine in the morning."""
    url = "https://official.nba.com/wp-json/api/v1/get-game-officials"
    yield Question(url, {"date": wanted.day.isoformat()}, wanted.day, f"referees {wanted.day}")


def rosters(wanted: Wanted) -> Iterable[Question]:  # noqa: ARG001 - pages show the present
    """Each team's page, on which its roster is embedded."""
    for team in TEAMS:
        slug = "sixers" if team.abbreviation == "PHI" else team.nickname.split()[-1].lower()
        yield Question(f"https://www.nba.com/team/{team.team_id}/{slug}/roster", what=f"roster {team.abbreviation}")


def report_times(day: date) -> list[datetime]:
    """When injury reports of the day come, in UTC: at half past each hour, since 23 Dec 2025 each quarter of an hour.

    >>> len(report_times(date(2025, 12, 22))), len(report_times(date(2025, 12, 23)))
    (24, 96)
    """
    every = timedelta(minutes=15) if day >= QUARTER_HOURS_SINCE else timedelta(hours=1)
    first = timedelta() if day >= QUARTER_HOURS_SINCE else timedelta(minutes=30)
    midnight = datetime.combine(day, time())
    wall = [midnight + first + place * every for place in range(timedelta(days=1) // every)]
    return [each.replace(tzinfo=EASTERN).astimezone(UTC) for each in wall]


def report_url(at: datetime) -> str:
    """The address of the injury report of that time.

    >>> report_url(datetime(2025, 12, 22, 17, 30, tzinfo=EASTERN)).rpartition("/")[2]
    'Injury-Report_2025-12-22_05PM.pdf'
    >>> report_url(datetime(2025, 12, 23, 17, 30, tzinfo=EASTERN)).rpartition("/")[2]
    'Injury-Report_2025-12-23_05_30PM.pdf'
    >>> report_url(datetime(2025, 12, 23, 0, 0, tzinfo=EASTERN)).rpartition("/")[2]
    'Injury-Report_2025-12-23_12_00AM.pdf'
    """
    local = at.astimezone(EASTERN)
    pattern = "%Y-%m-%d_%I_%M%p" if local.date() >= QUARTER_HOURS_SINCE else "%Y-%m-%d_%I%p"
    return f"{REPORTS}/Injury-Report_{local.strftime(pattern)}.pdf"


def injury_reports(wanted: Wanted) -> Iterable[Question]:
    """The day's reports that should be there by now, the latest first."""
    for at in reversed(report_times(wanted.day)):
        if at <= wanted.now:
            yield Question(report_url(at), day=wanted.day, what=f"injury report {at.astimezone(EASTERN):%H:%M} ET")


def _v3(kind: str, endpoint: str, means: str) -> Scraper:
    return Scraper(kind, STATS, kind, means, JSON, box_score(endpoint), timedelta(hours=24), needs="games")


SCRAPERS = (
    Scraper("nba_schedule", STATS, "nba_schedule", "Schedule of the season", JSON, schedule, timedelta(hours=24)),
    Scraper("nba_schedule_cdn", CDN, "nba_schedule", "Schedule of the present season, from the CDN", JSON, schedule_cdn,
            timedelta(hours=24)),
    Scraper("nba_scoreboard", STATS, "nba_scoreboard", "Games of the day", JSON, scoreboard, timedelta(hours=6)),
    Scraper("nba_scoreboard_live", CDN, "nba_scoreboard", "Games of today, from the CDN", JSON, scoreboard_live,
            timedelta(hours=6)),
    Scraper("nba_scoreboard_v2", STATS, "nba_scoreboard_v2", "Games of the day, older endpoint", JSON, scoreboard_v2,
            timedelta(hours=6)),
    Scraper("nba_game_log_players", STATS, "leaguegamelog_players", "Players' box scores of the day", JSON,
            game_log("P"), timedelta(hours=24)),
    Scraper("nba_game_log_teams", STATS, "leaguegamelog_teams", "Teams' box scores of the day", JSON, game_log("T"),
            timedelta(hours=24)),
    _v3("nba_box_score", "boxscoretraditionalv3", "Box score with starters and absences, per game"),
    _v3("nba_box_score_advanced", "boxscoreadvancedv3", "Ratings, pace and possessions, per game"),
    _v3("nba_box_score_misc", "boxscoremiscv3", "Points in the paint, off turnovers and the like, per game"),
    _v3("nba_box_score_scoring", "boxscorescoringv3", "Where the points came from, per game"),
    _v3("nba_box_score_usage", "boxscoreusagev3", "Each player's shares of his team's figures, per game"),
    _v3("nba_box_score_player_track", "boxscoreplayertrackv3", "Touches, passes, distance run, per game"),
    _v3("nba_box_score_v2", "boxscoretraditionalv2", "Box score of the older endpoint, per game"),
    Scraper("nba_play_by_play", STATS, "nba_play_by_play", "Every action, per game", JSON, _per_game(play_by_play),
            timedelta(hours=24), needs="games"),
    Scraper("nba_play_by_play_live", CDN, "nba_play_by_play_live", "Every action, per game, from the CDN", JSON,
            _per_game(play_by_play_live), timedelta(hours=24), needs="games", absent=NOT_YET),
    Scraper("nba_shots", STATS, "nba_shots", "Every shot attempt, per game", JSON, _per_game(shots),
            timedelta(hours=24), needs="games"),
    Scraper("nba_players", STATS, "nba_players", "Everyone on a roster", JSON, players, timedelta(hours=24)),
    Scraper("nba_player_movement", STATS, "nba_player_movement", "Signings, waivers and trades", JSON, player_movement,
            timedelta(hours=24)),
    Scraper("nba_referees", OFFICIAL, "nba_referees", "Referees of the day's games", JSON, referees,
            timedelta(hours=24)),
    Scraper("nba_roster", PAGES, "nba_roster", "Roster of each team", HTML, rosters, timedelta(hours=24)),
    Scraper("nba_gamebook", OFFICIAL, "nba_gamebook", "Game book, per game", PDF, _per_game(gamebook),
            timedelta(hours=24), needs="games", absent=NOT_YET),
    Scraper("nba_injury_report", OFFICIAL, "nba_injury_report", "Official injury reports of the day", PDF,
            injury_reports, timedelta(hours=2), absent=NOT_YET, settled=True),
)  # fmt: skip
