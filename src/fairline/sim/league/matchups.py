"""Who plays whom in a season, and at whose home: the shape of the real league's 82 games."""

import numpy as np

from fairline.domain.errors import Refused
from fairline.sim.league.places import Place
from fairline.sim.league.talents import Whole

WHOLE_LEAGUE, GAMES = 30, 82


def matchups(where: tuple[Place, ...], games_each: int, year: int) -> Whole:
    """Rows of (home, away), places among the teams; every team plays about `games_each`, half of them at home.

    Thirty teams and 82 games: as the real league, four games against ten of the own conference, three against the
    other four, two against everybody else. Raises Refused for fewer than two teams.
    """
    count = len(where)
    if count < 2:
        message = f"A league of {count} teams plays no games."
        raise Refused(message, hint="Name two teams at least, by their abbreviations.")
    if count == WHOLE_LEAGUE and games_each == GAMES:
        return np.array(_whole_league(where, year))
    rounds = max(1, round(games_each / (count - 1)))
    pairs = [(one, other) for one in range(count) for other in range(one)]
    return np.array([pair[:: 1 if (turn + sum(pair)) % 2 else -1] for turn in range(rounds) for pair in pairs])


def _whole_league(where: tuple[Place, ...], year: int) -> list[tuple[int, int]]:
    games = []
    sides = [[at for at, each in enumerate(where) if each.team.conference == name] for name in ("East", "West")]
    for side in sides:
        size = len(side)
        # Those a step apart on the circle meet three times, once more at the home of the first; steps change yearly.
        steps = {1 + year % 3, 4 + year % 3}
        for first in range(size):
            for apart in range(1, size // 2 + 1):
                one, other = side[first], side[(first + apart) % size]
                games += [(one, other), (other, one)]
                games += [(one, other)] if apart in steps else [(one, other), (other, one)]
    east, west = sides
    return games + [game for one in east for other in west for game in ((one, other), (other, one))]
