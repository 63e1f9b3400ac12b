"""Questions to ESPN: the API behind its site, which needs no key and publishes no limits, and its pages."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from fairline.domain.teams import TEAMS
from fairline.scrape.contract import HTML, JSON, GameWanted, Question, Scraper, Source, Wanted
from fairline.scrape.nba import begun

API = "https://site.api.espn.com/apis/site/v2/sports/basketball/nba"
PAGES = "https://www.espn.com/nba"

SOURCE = Source(
    "espn", "ESPN", ("site.api.espn.com", "www.espn.com"), apart=timedelta(seconds=1), late=timedelta(minutes=10),
    headers={"Accept-Language": "en-US,en;q=0.9"},
)  # fmt: skip

TEAM_NUMBERS = {
    "ATL": 1, "BOS": 2, "NOP": 3, "CHI": 4, "CLE": 5, "DAL": 6, "DEN": 7, "DET": 8, "GSW": 9, "HOU": 10, "IND": 11,
    "LAC": 12, "LAL": 13, "MIA": 14, "MIL": 15, "MIN": 16, "BKN": 17, "NYK": 18, "ORL": 19, "PHI": 20, "PHX": 21,
    "POR": 22, "SAC": 23, "SAS": 24, "OKC": 25, "UTA": 26, "WAS": 27, "TOR": 28, "MEM": 29, "CHA": 30,
}  # fmt: skip
"""NBA.com's abbreviation to ESPN's number of the team."""

OWN_ABBREVIATIONS = {"GSW": "gs", "NOP": "no", "NYK": "ny", "SAS": "sa", "UTA": "utah", "WAS": "wsh"}

KNOWN_AS = ("espn_scoreboard", "espn_box_score")
"""The kinds of capture that tell ESPN's ids of games."""


def event_id(game: GameWanted) -> str | None:
    """ESPN's id of a game, once a scoreboard told it."""
    return next((game.ids[kind] for kind in KNOWN_AS if kind in game.ids), None)


def scoreboard(wanted: Wanted) -> Iterable[Question]:
    """The day's games."""
    yield Question(f"{API}/scoreboard", {"dates": f"{wanted.day:%Y%m%d}"}, wanted.day, f"scoreboard {wanted.day}")


def rosters(wanted: Wanted) -> Iterator[Question]:  # noqa: ARG001 - rosters are those of the present
    """Each team's roster with its injuries."""
    for team in TEAMS:
        url = f"{API}/teams/{TEAM_NUMBERS[team.abbreviation]}"
        yield Question(url, {"enable": "roster"}, what=f"roster {team.abbreviation}")


def roster_pages(wanted: Wanted) -> Iterator[Question]:  # noqa: ARG001 - likewise
    """Each team's roster page."""
    for team in TEAMS:
        own = OWN_ABBREVIATIONS.get(team.abbreviation, team.abbreviation.lower())
        yield Question(f"{PAGES}/team/roster/_/name/{own}", what=f"roster page {team.abbreviation}")


def box_scores(wanted: Wanted) -> Iterator[Question]:
    """The page of each game that may be over and whose ESPN id is known."""
    for game in begun(wanted):
        if (event := event_id(game)) is not None:
            yield Question(f"{PAGES}/boxscore/_/gameId/{event}", day=game.game_date, what=f"box score {game.game_id}")


SCRAPERS: tuple[Scraper, ...] = (
    Scraper("espn_scoreboard", SOURCE, "espn_scoreboard", "Games of the day", JSON, scoreboard, timedelta(hours=6)),
    Scraper("espn_roster", SOURCE, "espn_roster", "Roster of each team, with injuries", JSON, rosters,
            timedelta(hours=24)),
    Scraper("espn_roster_page", SOURCE, "espn_roster_page", "Roster page of each team", HTML, roster_pages,
            timedelta(hours=24)),
    Scraper("espn_box_score", SOURCE, "espn_box_score", "Box score with starters and absences, per game", HTML,
            box_scores, timedelta(hours=24), needs="events"),
)  # fmt: skip
