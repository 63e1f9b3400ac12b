"""What an answer may show: a league as it stands at an instant, and the games of the day asked about."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

import numpy as np

from fairline.ops.frames import DEFAULT_MARKETS
from fairline.scrape.contract import GameWanted, Question, Wanted
from fairline.scrape.nba import GAME_LASTS
from fairline.scrape.scrapers import scraper_named
from fairline.sim.league.league import League
from fairline.sim.league.seasons import Season, Stretch
from fairline.sim.replay import Recorded

EVENT_SOURCE, ESPN_SOURCE = "odds_api", "espn_scoreboard"


@dataclass(frozen=True, slots=True)
class View:
    """A league seen at an instant (UTC), of one day. stretch: that day's games alone. books: of the settings."""

    league: League
    season: Season
    stretch: Stretch
    day: date
    now: datetime
    books: tuple[str, ...] = ()

    @property
    def over(self) -> list[int]:
        """Rows of the games that have ended: a simulated game lasts two hours."""
        return [row for row, tip in enumerate(self.stretch.calendar.tip_at) if tip + GAME_LASTS <= self.now]

    @property
    def coming(self) -> list[int]:
        """Rows of the games that have not tipped off."""
        return [row for row, tip in enumerate(self.stretch.calendar.tip_at) if tip > self.now]

    def wanted(self, *rows: int) -> Wanted:
        """These games as the scrapers would want them; the whole day's without any."""
        chosen = rows or range(len(self.stretch.ids))
        return Wanted(self.day, self.now, tuple(map(self._game, chosen)), DEFAULT_MARKETS, self.books)

    def questions(self, scraper: str, *rows: int) -> Iterator[Question]:
        """What the scraper of that name would ask about these games, or about the day."""
        yield from scraper_named(scraper).questions(self.wanted(*rows))

    def answers(self, scraper: str, content: bytes, *rows: int) -> Iterator[Recorded]:
        """One content at every address at which the scraper would ask for it."""
        for question in self.questions(scraper, *rows):
            yield Recorded(question.url, content, params=question.params, at=self.now)

    def team(self, place: int) -> dict[str, object]:
        """A team as NBA.com names it."""
        team = self.season.where[place].team
        return {
            "teamId": team.team_id, "teamCity": team.city, "teamName": team.nickname,
            "teamTricode": team.abbreviation, "teamSlug": team.nickname.lower().replace(" ", ""),
        }  # fmt: skip

    def _game(self, row: int) -> GameWanted:
        calendar, where = self.stretch.calendar, self.season.where
        game, tip = self.stretch.ids[row], calendar.tip_at[row]
        home, away = where[calendar.home[row]].team.team_id, where[calendar.away[row]].team.team_id
        status = "scheduled" if tip + GAME_LASTS > self.now else "final"
        ids = {EVENT_SOURCE: event_id(game), ESPN_SOURCE: espn_id(game)}
        return GameWanted(game, self.day, home, away, tip, status, ids)


def view_of(league: League, day: date, now: datetime, books: tuple[str, ...] = ()) -> View:
    """The view of a day at an instant; a day outside every season has no games."""
    season = league.season(league.year_of(day))
    stretch = season.regular
    if day > stretch.calendar.dates()[-1]:
        stretch = next((each for each in league.playoffs(season.year) if day in each.calendar.dates()), stretch)
    rows = np.flatnonzero(stretch.calendar.day == (day - season.first).days)
    return View(league, season, stretch.only(rows), day, now, books)


def event_id(game_id: str) -> str:
    """The Odds API's id of a game, of the same shape as its own.

    >>> len(event_id("0022400001"))
    32
    """
    return sha256(f"simulated {game_id}".encode()).hexdigest()[:32]


def espn_id(game_id: str) -> str:
    """ESPN's id of a game, of the same shape as its own.

    >>> espn_id("0022400001")
    '922400001'
    """
    return f"9{game_id[2:]}"


def as_json(value: object) -> bytes:
    """Compact JSON, the same for the same value."""
    return json.dumps(value, separators=(",", ":")).encode()


def iso(instant: datetime) -> str:
    """An instant as the providers write it, whole seconds in UTC."""
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


AHEAD_OF_PLAYOFFS = timedelta(days=2)
"""How long before its first tip-off a round's game is on the schedule."""
