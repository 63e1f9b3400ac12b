"""Where the teams play: zones, coordinates and arenas of the simulated league. Cities are real, arenas made up."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

import numpy as np

from fairline.domain.teams import TEAMS, Team, find_team
from fairline.sim.league.talents import Floats

EARTH_MILES = 3959.0

_PLACES = {
    "ATL": (33.8, -84.4, "E"), "BOS": (42.4, -71.1, "E"), "CLE": (41.5, -81.7, "E"), "NOP": (29.9, -90.1, "C"),
    "CHI": (41.9, -87.7, "C"), "DAL": (32.8, -96.8, "C"), "DEN": (39.7, -105.0, "M"), "GSW": (37.8, -122.4, "P"),
    "HOU": (29.8, -95.4, "C"), "LAC": (33.9, -118.3, "P"), "LAL": (34.0, -118.3, "P"), "MIA": (25.8, -80.2, "E"),
    "MIL": (43.0, -87.9, "C"), "MIN": (45.0, -93.3, "C"), "BKN": (40.7, -74.0, "E"), "NYK": (40.8, -74.0, "E"),
    "ORL": (28.5, -81.4, "E"), "IND": (39.8, -86.2, "E"), "PHI": (39.9, -75.2, "E"), "PHX": (33.4, -112.1, "M"),
    "POR": (45.5, -122.7, "P"), "SAC": (38.6, -121.5, "P"), "SAS": (29.4, -98.4, "C"), "OKC": (35.5, -97.5, "C"),
    "TOR": (43.6, -79.4, "E"), "UTA": (40.8, -111.9, "M"), "MEM": (35.1, -90.1, "C"), "WAS": (38.9, -77.0, "E"),
    "DET": (42.3, -83.1, "E"), "CHA": (35.2, -80.8, "E"),
}  # fmt: skip
"""Latitude, longitude, and clock: Eastern, Central, Mountain, Pacific."""

HOURS_BEHIND = {"E": 0, "C": 1, "M": 2, "P": 3}


@dataclass(frozen=True, slots=True)
class Place:
    """A team and where it plays. behind: hours its clocks are behind the Eastern ones."""

    team: Team
    latitude: float
    longitude: float
    behind: int

    @property
    def arena(self) -> str:
        """Made up, and says so."""
        return f"Simulated Arena, {self.team.city}"


def places(abbreviations: tuple[str, ...] = ()) -> tuple[Place, ...]:
    """The places of these teams, of all thirty without any, in the order of `domain.teams`."""
    wanted = [find_team(each) for each in abbreviations] if abbreviations else list(TEAMS)
    found = []
    for team in TEAMS:
        if team in wanted:
            latitude, longitude, clock = _PLACES[team.abbreviation]
            found.append(Place(team, latitude, longitude, HOURS_BEHIND[clock]))
    return tuple(found)


def miles_between(here: Place, there: Place) -> float:
    """As the plane flies.

    >>> boston, miami = places(("BOS", "MIA"))
    >>> round(miles_between(boston, miami), -2)
    1300.0
    """
    one, other = radians(here.latitude), radians(there.latitude)
    across = sin((other - one) / 2) ** 2
    along = cos(one) * cos(other) * sin(radians(there.longitude - here.longitude) / 2) ** 2
    return 2 * EARTH_MILES * asin(sqrt(across + along))


def distances(where: tuple[Place, ...]) -> Floats:
    """Miles between all of them; shape (teams, teams)."""
    return np.array([[miles_between(here, there) for there in where] for here in where])
