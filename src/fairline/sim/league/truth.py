"""The truth: how likely each count of each player is, by all that could be known before a game.

The games are played again and again from the same state: talents and form as they are, absences as they are reported.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray

from fairline.domain.dates import EASTERN, game_date, utc
from fairline.domain.errors import LookAhead, Refused
from fairline.domain.markets import Market, components
from fairline.domain.pmf import Pmf
from fairline.sim.league.league import League
from fairline.sim.league.possessions import play
from fairline.sim.league.seasons import Season, Stretch
from fairline.sim.league.streams import stream
from fairline.sim.league.talents import Floats, Whole
from fairline.sim.league.tally import AT, Played

MARKETS = (Market.POINTS, Market.REBOUNDS, Market.ASSISTS, Market.THREES, Market.POINTS_REBOUNDS_ASSISTS)
DRAWS = 2000
LEAST_PLAYED = 25
"""Draws in which somebody must have played for anything to be said of him."""

COLUMNS = {
    "points": ("points",), "rebounds": ("oreb", "dreb"), "assists": ("assists",), "threes_made": ("fg3m",),
    "steals": ("steals",), "blocks": ("blocks",), "turnovers": ("turnovers",),
}  # fmt: skip
"""Column of a box score to the counts that make it."""

EVENING, MORNING, BEFORE_TIP = time(17), time(11, 30), timedelta(minutes=45)


@dataclass(frozen=True, slots=True)
class Truth:
    """A row a player of the games asked about. plays: how likely he plays. pmfs: by market, given that he plays."""

    game_ids: tuple[str, ...]
    player_ids: Whole
    plays: Floats
    pmfs: dict[Market, Pmf]

    def of(self, game_id: str, player_id: int, market: Market) -> Pmf | None:
        """One player's distribution; None for somebody not in that game, or who hardly ever plays."""
        for row, (game, player) in enumerate(zip(self.game_ids, self.player_ids, strict=True)):
            if (game, int(player)) == (game_id, player_id):
                return self.pmfs[market][row]
        return None


def stage_at(cutoff: datetime, tip_at: datetime) -> int:
    """The latest report out by then, place in health.STAGES.

    Raises LookAhead from tip-off on, Refused before the first report, when nobody has said anything.
    """
    if cutoff >= tip_at:
        message = f"The game tips off at {tip_at:%Y-%m-%d %H:%M} UTC; {cutoff:%Y-%m-%d %H:%M} is no time before it."
        raise LookAhead(message, hint="Ask for a cutoff before tip-off.")
    reached = [stage for stage, at in enumerate(report_times(tip_at)) if at <= utc(cutoff)]
    if not reached:
        message = f"Nothing is reported yet at {cutoff:%Y-%m-%d %H:%M} UTC of the game of {game_date(tip_at)}."
        raise Refused(message, hint="The first report is of five in the evening before, Eastern.")
    return max(reached)


def report_times(tip_at: datetime) -> list[datetime]:
    """When the reports of a game are made, by health.STAGES, UTC: the evening before, the morning, before tip-off."""
    day = game_date(tip_at)
    evening = datetime.combine(day - timedelta(days=1), EVENING, EASTERN)
    morning = datetime.combine(day, MORNING, EASTERN)
    final = tip_at - BEFORE_TIP
    return [utc(evening), min(utc(morning), final - timedelta(minutes=15)), final]


def truth(
    league: League, game_ids: Sequence[str], cutoff: datetime, *, draws: int = DRAWS,
    markets: Iterable[Market] = MARKETS,
) -> Truth:  # fmt: skip
    """The distributions of everyone in these games, by what is known at the cutoff.

    draws: nights of each game. Raises NotFound for a game that is none, and as `stage_at`.
    """
    found = [league.game(each) for each in game_ids]
    parts = []
    for season, stretch, row in found:
        stage = stage_at(cutoff, stretch.calendar.tip_at[row])
        rng = stream(league.seed, "truth", stretch.ids[row], stage, draws)
        nights = stretch.slate.only(np.array([row])).nights(stage, draws, rng)
        parts.append(_counted(season, stretch, row, play(nights, rng), draws, tuple(markets)))
    return _joined(parts, tuple(markets))


_Part = tuple[tuple[str, ...], Whole, Floats, dict[Market, list[Floats]]]


def _counted(
    season: Season, stretch: Stretch, row: int, played: Played, draws: int, markets: tuple[Market, ...]
) -> _Part:
    slots = stretch.slate.slots[row]
    counts = played.counts.reshape(draws, -1, played.counts.shape[-1])
    on_floor = counts[..., AT["seconds"]] > 0
    seats = [at for at in np.flatnonzero(slots.ravel() >= 0) if on_floor[:, at].sum() >= LEAST_PLAYED]
    ids = season.people.ids[slots.ravel()[seats]]
    pmfs = {market: [shares(amounts(counts[on_floor[:, at], at], market)) for at in seats] for market in markets}
    return (stretch.ids[row],) * len(seats), ids, on_floor[:, seats].mean(axis=0), pmfs


def amounts(counts: NDArray[np.int16], market: Market) -> Whole:
    """What a market counts, of rows of floor.COUNTS."""
    names = [name for column in components(market) for name in COLUMNS[column]]
    total: Whole = counts[..., [AT[name] for name in names]].astype(np.int64).sum(axis=-1)
    return total


def shares(amount: Whole) -> Floats:
    """How often each count came, from 0."""
    seen: Floats = np.bincount(amount) / len(amount)
    return seen


def _joined(parts: list[_Part], markets: tuple[Market, ...]) -> Truth:
    games = tuple(game for part in parts for game in part[0])
    pmfs = {}
    for market in markets:
        rows = [row for part in parts for row in part[3][market]]
        whole = np.zeros((len(rows), max((len(row) for row in rows), default=1)))
        for place, row in enumerate(rows):
            whole[place, : len(row)] = row
        pmfs[market] = Pmf(whole)
    ids = np.concatenate([part[1] for part in parts])
    return Truth(games, ids, np.concatenate([part[2] for part in parts]), pmfs)
