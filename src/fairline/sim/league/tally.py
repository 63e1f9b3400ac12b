"""What is known of games as they begin, and what is counted of each player in them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairline.sim.league.talents import Flags, Floats, Talents, Whole

COUNTS = (
    "seconds", "points", "fgm", "fga", "fg3m", "fg3a", "ftm", "fta", "oreb", "dreb", "assists", "steals", "blocks",
    "turnovers", "fouls", "plus_minus",
)  # fmt: skip
AT = {name: place for place, name in enumerate(COUNTS)}


@dataclass(frozen=True, slots=True)
class Pregame:
    """What is known of each game as it begins; shapes (games, 2, slots), side 0 is at home.

    talents: of who sits in each slot, (sources, 2, slots); origin: which of these each game has. plan: minutes meant
    (see `lineups.chosen`). use: tonight's weight among the five. shooting: added tonight to a player's chances.
    leaves: the minute at which he is hurt, else 99. shift: (games, 2) added to a side's chances. pace: (games) seconds
    of an ordinary play.
    """

    talents: Talents
    origin: Whole
    plan: Floats
    use: Floats
    shooting: Floats
    leaves: Floats
    shift: Floats
    pace: Floats


@dataclass(frozen=True, slots=True)
class Played:
    """Games that are over. counts: (games, 2, slots, COUNTS). overtimes: (games). started: (games, 2, slots).

    events: a row a play, if kept: `game`, `period`, `clock` (seconds left after it), `side`, and what `possessions`
    notes.
    """

    counts: NDArray[np.int16]
    overtimes: Whole
    started: Flags
    events: dict[str, Whole]
