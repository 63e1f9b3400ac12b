"""What is reported of the unfit at a time: every listed player of the games to come, with the word that stands then."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from fairline.sim.league.health import PARTS, Word
from fairline.sim.league.seasons import Season, Stretch
from fairline.sim.league.truth import report_times

AHEAD = timedelta(hours=36)
"""How far ahead reports look: today's games and, from the evening on, tomorrow's."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A player on a report for a game. row: of the game; side: of his team; player: row of the people."""

    row: int
    side: int
    player: int
    word: Word
    reason: str

    @property
    def status(self) -> str:
        """As the official report writes it."""
        return self.word.name.title()


def reported(season: Season, stretch: Stretch, at: datetime) -> tuple[list[int], list[Listed]]:
    """The games a report of that time speaks of (rows by tip-off), and whom it lists for them."""
    tips = stretch.calendar.tip_at
    coming = [row for row, tip in enumerate(tips) if at < tip <= at + AHEAD]
    spoken = [row for row in coming if report_times(tips[row])[0] <= at]
    return spoken, [listed for row in spoken for listed in listed_for(season, stretch, row, at)]


def listed_for(season: Season, stretch: Stretch, row: int, at: datetime) -> list[Listed]:
    """Who is listed for one game by the latest of its reports, in the order of the sides."""
    stage = sum(time <= at for time in report_times(stretch.calendar.tip_at[row])) - 1
    if stage < 0:
        return []
    slate, day = stretch.slate, int(stretch.calendar.day[row])
    found = []
    for side, slot in np.argwhere((slate.slots[row] >= 0) & (slate.words[row, :, :, stage] > Word.UNLISTED)):
        player = int(slate.slots[row, side, slot])
        part = PARTS[int(season.bodies.part[day, player])]
        word = Word(int(slate.words[row, side, slot, stage]))
        found.append(Listed(row, int(side), player, word, f"Injury/Illness - {part}"))
    return found
