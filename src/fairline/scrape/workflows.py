"""Workflows: scrapers in order, and whom to ask when one fails or has nothing to say of a game. All of it is pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from fairline.domain.errors import NotFound
from fairline.scrape.contract import GameWanted, Wanted
from fairline.scrape.nba import begun
from fairline.scrape.scrapers import scrapers

BOX_SCORES, QUOTES = "box_scores", "quotes"
"""What a game may be told of; ops knows where it is kept."""


def coming(wanted: Wanted) -> Iterator[GameWanted]:
    """The day's games that have not tipped off."""
    for game in wanted.games:
        if game.status == "scheduled" and (game.tip_at is None or game.tip_at > wanted.now):
            yield game


def all_games(wanted: Wanted) -> Iterator[GameWanted]:
    """The day's games."""
    yield from wanted.games


@dataclass(frozen=True, slots=True)
class Step:
    """One fact and the ways to it, the preferred first; each is a few scrapers in order.

    tells: the fact each of the `due` games must be told of; the next way is asked for those that were not. Without it,
    the next way is asked when the one before failed. days_before: how long before the day asked about.
    """

    ways: tuple[tuple[str, ...], ...]
    tells: str = ""
    due: Callable[[Wanted], Iterator[GameWanted]] = all_games
    days_before: int = 0


@dataclass(frozen=True, slots=True)
class Workflow:
    """Steps in order. tries, every: how often, and how far apart, it is run until each step found something."""

    name: str
    means: str
    steps: tuple[Step, ...]
    tries: int = 1
    every: timedelta = timedelta(minutes=10)


def _one(*names: str) -> Step:
    """A step of one way, or of one scraper and those that stand in for it."""
    return Step(tuple((name,) for name in names))


def _box_scores(days_before: int) -> Step:
    ways = (
        ("nba_game_log_teams", "nba_game_log_players", "nba_box_score"),
        ("espn_scoreboard", "espn_box_score"),
        ("balldontlie_games", "balldontlie_box_scores"),
    )
    return Step(ways, BOX_SCORES, begun, days_before)


WORKFLOWS = (
    Workflow(
        "morning", "6-10 ET: schedule, players, rosters, referees, yesterday's box scores",
        (
            _one("nba_schedule", "nba_schedule_cdn"), _one("nba_scoreboard", "nba_scoreboard_live"),
            _one("nba_players"), _one("nba_roster", "espn_roster"), _one("nba_player_movement"), _one("nba_referees"),
            _box_scores(1),
        ),
    ),
    Workflow(
        "lines", "from 12 h before the first tip-off: prop quotes and game lines",
        (
            Step(
                (
                    ("odds_api_events", "odds_api_game_lines", "odds_api_event_odds"),
                    ("bettingpros_events", "bettingpros_offers"),
                ),
                QUOTES, coming,
            ),
        ),
    ),
    Workflow(
        "injuries", "hourly, then every 15 min near tip-off: who is out",
        (_one("nba_injury_report", "balldontlie_injuries"),),
    ),
    Workflow(
        "post_game", "after each final, at 01:00 and 04:00 ET: box scores, actions, shots, game books",
        (
            _one("nba_scoreboard", "nba_scoreboard_live"), _box_scores(0), _one("nba_box_score_advanced"),
            _one("nba_box_score_misc"), _one("nba_box_score_scoring"), _one("nba_box_score_usage"),
            _one("nba_box_score_player_track"), _one("nba_play_by_play", "nba_play_by_play_live"), _one("nba_shots"),
            _one("nba_gamebook"),
        ),
    ),
    Workflow(
        "discovery", "what is published some time in the day, tried until found, an hour at most",
        (_one("nba_referees"), _one("nba_injury_report")), tries=6,
    ),
)  # fmt: skip


def workflow_named(name: str) -> Workflow:
    """The workflow of that name; a scraper is a workflow of its own. Raises NotFound naming them all."""
    for each in WORKFLOWS:
        if each.name == name:
            return each
    for scraper in scrapers():
        if scraper.name == name:
            return Workflow(name, scraper.means, (_one(name),))
    message = f"There is no scraper or workflow called {name!r}."
    workflows = ", ".join(each.name for each in WORKFLOWS)
    hint = f"The workflows are {workflows}; the scrapers {', '.join(each.name for each in scrapers())}."
    raise NotFound(message, hint=hint)
