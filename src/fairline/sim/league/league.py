"""The simulated league: thirty teams with the real teams' names, fictional players, seasons from a seed.

Nothing in it happened. Its players have person ids from 9,000,001 on, its arenas are called simulated.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from fairline.domain.errors import NotFound
from fairline.sim.league.matchups import GAMES
from fairline.sim.league.people import People, Registry, first_people, next_people
from fairline.sim.league.places import Place, places
from fairline.sim.league.playoffs import playoffs_of
from fairline.sim.league.seasons import Season, Stretch, season_of
from fairline.sim.league.streams import stream

LABEL = "Simulated league: made-up players and results"
"""Shown wherever the league appears."""


@dataclass(frozen=True)
class League:
    """A league from a seed: equal arguments give equal bytes. Each season is simulated when it is first asked for.

    years: in which its seasons begin, one after the other. teams: abbreviations, all thirty without any. games_each:
    of a team in a regular season.
    """

    seed: int
    years: tuple[int, ...] = (2024, 2025)
    teams: tuple[str, ...] = ()
    games_each: int = GAMES

    @cached_property
    def where(self) -> tuple[Place, ...]:
        """The teams and where they play."""
        return places(self.teams)

    def season(self, year: int) -> Season:
        """The season that began in that year. Raises NotFound."""
        if year not in self.years:
            message = f"The simulated league has no season that began in {year}."
            raise NotFound(message, hint=f"It has those of {', '.join(map(str, self.years))}.")
        if year not in self._seasons:
            self._seasons[year] = season_of(self.seed, year, self.where, self._people[year], self.games_each)
        return self._seasons[year]

    def playoffs(self, year: int) -> tuple[Stretch, ...]:
        """The evenings of a season's play-offs. Raises NotFound."""
        season = self.season(year)
        if year not in self._playoffs:
            self._playoffs[year] = playoffs_of(season, self.seed)
        return self._playoffs[year]

    def stretches(self, year: int) -> tuple[Stretch, ...]:
        """The regular season and the evenings of the play-offs. Raises NotFound."""
        return (self.season(year).regular, *self.playoffs(year))

    def year_of(self, day: date) -> int:
        """The season a day belongs to: the last that began by then, else the first."""
        begun = [year for year in self.years if self.season(year).first <= day]
        return max(begun, default=self.years[0])

    def game(self, game_id: str) -> tuple[Season, Stretch, int]:
        """A game's season, stretch and row in it. Raises NotFound."""
        for year in self.years:
            if game_id[3:5] != f"{year % 100:02d}":
                continue
            # The play-offs are simulated only for those who ask about them.
            for stretch in self.playoffs(year) if game_id.startswith("004") else (self.season(year).regular,):
                if game_id in stretch.ids:
                    return self.season(year), stretch, stretch.ids.index(game_id)
        message = f"The simulated league has no game {game_id}."
        raise NotFound(message, hint="Its regular seasons begin with game 0022400001 or the like.")

    @cached_property
    def _people(self) -> dict[int, People]:
        registry, people = Registry(self.seed), {}
        for place, year in enumerate(self.years):
            rng = stream(self.seed, "people", year)
            if place == 0:
                people[year] = first_people(len(self.where), year, registry, rng)
            else:
                people[year] = next_people(people[self.years[place - 1]], year, registry, rng)
        return people

    @cached_property
    def _seasons(self) -> dict[int, Season]:
        return {}

    @cached_property
    def _playoffs(self) -> dict[int, tuple[Stretch, ...]]:
        return {}
