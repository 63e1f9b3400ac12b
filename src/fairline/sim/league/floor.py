"""The floor: every game still going, who is on it, the clock and the score, and what is counted."""

from dataclasses import fields

import numpy as np

from fairline.sim.league.lineups import FOULED_OUT, chosen, starters
from fairline.sim.league.talents import Flags, Floats, Talents, Whole
from fairline.sim.league.tally import AT, COUNTS, Played, Pregame

PERIOD, OVERTIME = 720, 300
CHECK_EVERY = 5
"""Plays between two looks at who should be on the floor."""

CAREFUL = np.array([1.0, 1.0, 1.0, 0.85, 0.5, 0.22, 0.0])
"""How a player's fouling falls with the fouls he has."""

ON_FLOOR = ("use", "passing", "oreb", "dreb", "steal", "block", "foul")
"""Talents by which one of five is drawn."""


class Floor:
    """The games still going. Arrays have a row for each of them; `row` is its place among all."""

    def __init__(self, game: Pregame, rng: np.random.Generator, *, keep: bool) -> None:
        """Throw up the ball of every game."""
        self.game, self.keep, self._rng = game, keep, rng
        games, _, self.slots = game.plan.shape
        self.talents = {each.name: _flat(getattr(game.talents, each.name)) for each in fields(Talents)}
        self._first = starters(game.plan)
        self._counts = np.zeros((games, 2, self.slots, len(COUNTS)), np.int16)
        self._flat_counts = self._counts.reshape(-1)
        self._overtimes = np.zeros(games, np.int64)
        self._log: list[dict[str, Whole]] = []
        self._plays = 0
        self.row = np.arange(games)
        self.clock = np.full(games, PERIOD)
        self.period = np.ones(games, np.int64)
        self.side: Whole = np.asarray(rng.integers(0, 2, games))
        self.second = np.zeros(games, bool)
        self.score = np.zeros((games, 2), np.int64)
        self.team_fouls = np.zeros((games, 2), np.int64)
        self.on = np.zeros((games, 2, 5), np.int64)
        self._weights = {name: np.zeros((games, 2, 5)) for name in ON_FLOOR}
        self._guard = np.zeros((games, 2))
        self._since = np.zeros(games, np.int64)
        self._lead_then = np.zeros(games, np.int64)
        self._due = np.ones(games, bool)

    def played(self) -> Played:
        """What came of it all."""
        columns = self._log[0] if self._log else {}
        events = {name: np.concatenate([each[name] for each in self._log]) for name in columns}
        return Played(self._counts, self._overtimes, self._first, events)

    def place(self, side: Whole, slot: Whole) -> Whole:
        """Where each game's player stands among the talents."""
        place: Whole = (self.game.origin[self.row] * 2 + side) * self.slots + slot
        return place

    def talent(self, name: str, place: Whole) -> Floats:
        """A talent of the players at these places."""
        found: Floats = self.talents[name][place]
        return found

    def weights(self, name: str, side: Whole) -> Floats:
        """A talent of the five of a side; shape (games, 5)."""
        five: Floats = self._weights[name][np.arange(len(side)), side]
        return five

    def guard(self, side: Whole) -> Floats:
        """By how much the five of a side lower a shot's chances."""
        mean: Floats = self._guard[np.arange(len(side)), side]
        return mean

    def count(self, rows: Whole, name: str, side: Whole, slot: Whole, amount: Whole | int = 1) -> None:
        """Add to a count of one player in each of these rows."""
        player = (self.row[rows] * 2 + side) * self.slots + slot
        self._flat_counts[player * len(COUNTS) + AT[name]] += np.asarray(amount, np.int16)

    def fouls_of(self, rows: Whole, side: Whole, slot: Whole) -> Whole:
        """A player's fouls so far."""
        found: Whole = self._counts[self.row[rows], side, slot, AT["fouls"]]
        return found

    def add_points(self, side: Whole, points: Whole) -> None:
        """Points for a side of each game."""
        self.score[np.arange(len(side)), side] += points

    def pass_time(self, seconds: Whole) -> None:
        """Let the clocks run."""
        self.clock -= seconds
        self._since += seconds

    def call(self, rows: Whole) -> None:
        """Somebody in these rows must come off before the next play."""
        self._due[rows] = True

    def note(self, **columns: np.ndarray) -> None:
        """Keep what happened in this play."""
        told = {"game": self.row, "period": self.period, "clock": self.clock, "side": self.side, **columns}
        self._log.append({name: np.array(column, np.int32) for name, column in told.items()})

    def substitute(self) -> None:
        """Look at who should be on the floor: every few plays, and at once where somebody must come off."""
        due = np.flatnonzero(self._due | (self._plays % CHECK_EVERY == 0))
        self._plays += 1
        if not due.size:
            return
        self._settle(due)
        row = self.row[due]
        counts, plan = self._counts[row], self.game.plan[row]
        played = counts[..., AT["seconds"]] / 60
        on = np.zeros(plan.shape, bool)
        if self._plays > 1:
            np.put_along_axis(on, self.on[due], True, axis=2)
        elapsed = self._elapsed(due) / 60
        lead = self.score[due, 0] - self.score[due, 1]
        fouls = counts[..., AT["fouls"]].astype(np.int64)
        gone = elapsed[:, None, None] >= self.game.leaves[row]
        five = chosen(plan, self._first[row], played, fouls, on, elapsed, lead.astype(np.float64), gone)
        self.on[due] = five
        self._due[due] = False
        place = (self.game.origin[row][:, None, None] * 2 + np.arange(2)[None, :, None]) * self.slots + five
        for name in ON_FLOOR[1:]:
            self._weights[name][due] = self.talents[name][place]
        careful = CAREFUL[np.minimum(np.take_along_axis(fouls, five, axis=2), FOULED_OUT)]
        self._weights["foul"][due] *= careful
        self._weights["use"][due] = np.take_along_axis(self.game.use[row], five, axis=2)
        self._guard[due] = self.talents["guard"][place].mean(axis=2)

    def end_periods(self) -> None:
        """Begin the next period where one is over, and take away the games that are."""
        over = self.clock <= 0
        if not over.any():
            return
        level = self.score[:, 0] == self.score[:, 1]
        final = over & (self.period >= 4) & ~level
        more = over & ~final
        self.period[more] += 1
        self.clock[more] = np.where(self.period[more] > 4, OVERTIME, PERIOD)
        self.team_fouls[more], self.second[more], self._due[more] = 0, False, True
        self.side[more] = self._rng.integers(0, 2, int(more.sum()))
        if final.any():
            self._settle(np.flatnonzero(final))
            self._overtimes[self.row[final]] = self.period[final] - 4
            self._keep_only(~final)

    def _elapsed(self, rows: Whole) -> Whole:
        period = self.period[rows]
        past = np.where(period > 4, 4 * PERIOD + (period - 5) * OVERTIME, (period - 1) * PERIOD)
        whole = np.where(period > 4, OVERTIME, PERIOD)
        elapsed: Whole = past + whole - self.clock[rows]
        return elapsed

    def _settle(self, rows: Whole) -> None:
        """Write the time since the last change, and the lead won in it, to those on the floor."""
        lead = self.score[rows, 0] - self.score[rows, 1]
        won, since = lead - self._lead_then[rows], self._since[rows]
        player = (self.row[rows][:, None, None] * 2 + np.arange(2)[None, :, None]) * self.slots + self.on[rows]
        signed = np.stack([won, -won], axis=1)[:, :, None]
        some = since > 0
        place = player[some] * len(COUNTS)
        self._flat_counts[place + AT["seconds"]] += since[some].astype(np.int16)[:, None, None]
        place = player * len(COUNTS)
        moved = np.flatnonzero(won != 0)
        self._flat_counts[place[moved] + AT["plus_minus"]] += signed[moved].astype(np.int16)
        self._since[rows], self._lead_then[rows] = 0, lead

    def _keep_only(self, going: Flags) -> None:
        for name in ("row", "clock", "period", "side", "second", "score", "team_fouls", "on"):
            setattr(self, name, getattr(self, name)[going])
        self._guard, self._since = self._guard[going], self._since[going]
        self._lead_then, self._due = self._lead_then[going], self._due[going]
        self._weights = {name: five[going] for name, five in self._weights.items()}


def _flat(column: Floats) -> Floats:
    """(sources, 2, slots, ...) with the first three axes as one."""
    return column.reshape(-1, *column.shape[3:])
