"""The thirty teams, and every spelling of them that a provider uses."""

from dataclasses import dataclass

from fairline.domain.errors import NotFound
from fairline.domain.spelling import spelling


@dataclass(frozen=True, slots=True)
class Team:
    """One team. team_id and abbreviation are NBA.com's; conference is East or West."""

    team_id: int
    abbreviation: str
    city: str
    nickname: str
    conference: str

    @property
    def name(self) -> str:
        """City and nickname.

        >>> team("lac").name
        'LA Clippers'
        """
        return f"{self.city} {self.nickname}"


TEAMS = (
    Team(1610612737, "ATL", "Atlanta", "Hawks", "East"),
    Team(1610612738, "BOS", "Boston", "Celtics", "East"),
    Team(1610612739, "CLE", "Cleveland", "Cavaliers", "East"),
    Team(1610612740, "NOP", "New Orleans", "Pelicans", "West"),
    Team(1610612741, "CHI", "Chicago", "Bulls", "East"),
    Team(1610612742, "DAL", "Dallas", "Mavericks", "West"),
    Team(1610612743, "DEN", "Denver", "Nuggets", "West"),
    Team(1610612744, "GSW", "Golden State", "Warriors", "West"),
    Team(1610612745, "HOU", "Houston", "Rockets", "West"),
    Team(1610612746, "LAC", "LA", "Clippers", "West"),
    Team(1610612747, "LAL", "Los Angeles", "Lakers", "West"),
    Team(1610612748, "MIA", "Miami", "Heat", "East"),
    Team(1610612749, "MIL", "Milwaukee", "Bucks", "East"),
    Team(1610612750, "MIN", "Minnesota", "Timberwolves", "West"),
    Team(1610612751, "BKN", "Brooklyn", "Nets", "East"),
    Team(1610612752, "NYK", "New York", "Knicks", "East"),
    Team(1610612753, "ORL", "Orlando", "Magic", "East"),
    Team(1610612754, "IND", "Indiana", "Pacers", "East"),
    Team(1610612755, "PHI", "Philadelphia", "76ers", "East"),
    Team(1610612756, "PHX", "Phoenix", "Suns", "West"),
    Team(1610612757, "POR", "Portland", "Trail Blazers", "West"),
    Team(1610612758, "SAC", "Sacramento", "Kings", "West"),
    Team(1610612759, "SAS", "San Antonio", "Spurs", "West"),
    Team(1610612760, "OKC", "Oklahoma City", "Thunder", "West"),
    Team(1610612761, "TOR", "Toronto", "Raptors", "East"),
    Team(1610612762, "UTA", "Utah", "Jazz", "West"),
    Team(1610612763, "MEM", "Memphis", "Grizzlies", "West"),
    Team(1610612764, "WAS", "Washington", "Wizards", "East"),
    Team(1610612765, "DET", "Detroit", "Pistons", "East"),
    Team(1610612766, "CHA", "Charlotte", "Hornets", "East"),
)

# Beside NBA.com's own: ESPN and SBR (GS, NO, NY, SA, UTAH, WSH), Basketball-Reference (BRK, CHO, PHO), BettingPros,
# NBA.com's older files (GOS, PHL, SAN, UTH), short names, and former names of teams that kept their id.
_OTHER_SPELLINGS = {
    "ATL": (),
    "BOS": (),
    "CLE": ("Cavs",),
    "NOP": ("NO", "NOR", "NOH", "NOK", "New Orleans Hornets", "New Orleans/Oklahoma City Hornets"),
    "CHI": (),
    "DAL": ("Mavs",),
    "DEN": (),
    "GSW": ("GS", "GOS"),
    "HOU": (),
    "LAC": ("Los Angeles Clippers",),
    "LAL": ("LA Lakers",),
    "MIA": (),
    "MIL": (),
    "MIN": ("Wolves",),
    "BKN": ("BRK", "BK", "NJN", "NJ", "New Jersey Nets"),
    "NYK": ("NY",),
    "ORL": (),
    "IND": (),
    "PHI": ("PHL", "Sixers", "Philadelphia Sixers"),
    "PHX": ("PHO",),
    "POR": ("Blazers", "Portland Blazers"),
    "SAC": (),
    "SAS": ("SA", "SAN"),
    "OKC": ("OKL", "SEA", "Seattle SuperSonics"),
    "TOR": (),
    "UTA": ("UTH",),
    "MEM": ("VAN", "Vancouver Grizzlies"),
    "WAS": ("WSH", "WSB", "Washington Bullets"),
    "DET": (),
    "CHA": ("CHO", "CHH", "Charlotte Bobcats", "Bobcats"),
}

# A city names a team only where it has one.
_SHARED_CITIES = frozenset({"LA", "Los Angeles"})


def _spellings(one: Team) -> set[str]:
    own = {str(one.team_id), one.abbreviation, one.name, one.nickname}
    city = {one.city} - _SHARED_CITIES
    return {spelling(name) for name in own | city | set(_OTHER_SPELLINGS[one.abbreviation])}


TEAM_NAMES: dict[str, int] = {name: one.team_id for one in TEAMS for name in _spellings(one)}
"""Spelling (as `spelling` compares it) to NBA team id."""

_BY_ID = {one.team_id: one for one in TEAMS}


def find_team(text: str | int) -> Team | None:
    """The team a provider means by an id, abbreviation or name, or None (an exhibition side, a torn row).

    >>> find_team("gs") is find_team("Golden State Warriors") is find_team(1610612744)
    True
    >>> find_team("<<<<<<< HEAD")
    """
    team_id = TEAM_NAMES.get(spelling(str(text)))
    return None if team_id is None else _BY_ID[team_id]


def team(text: str | int) -> Team:
    """The team a provider or person means. Raises NotFound.

    >>> team("Los Angeles Clippers").abbreviation
    'LAC'
    """
    found = find_team(text)
    if found is None:
        message = f"{text!r} is not one of the thirty teams."
        raise NotFound(message, hint="Give NBA.com's abbreviation, like BOS or GSW, or the full name.")
    return found
