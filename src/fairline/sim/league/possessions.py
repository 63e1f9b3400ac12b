"""Games played possession by possession, many at once: each step is one play of every game still going.

A play begins with the ball at one side and ends with a shot, free throws or a turnover. Who ends it, from which zone,
against whom, who passed, who rebounded: each is drawn by the talents of the ten on the floor.
"""

import numpy as np

from fairline.sim.league import hustle
from fairline.sim.league.floor import Floor
from fairline.sim.league.talents import THREES, Flags, Floats, Whole
from fairline.sim.league.tally import Played, Pregame

FOULED = np.array([0.222, 0.113, 0.052, 0.012, 0.014])
"""Of a shot from each zone, how often the shooter is fouled."""
DESPITE = 0.40
"""Of the chance of a shot, what remains when fouled."""
COMMON_FOUL = 0.070
"""Fouls of the defence away from a shot, a play."""
USUAL_FOULS = 14.5
"""The talents of a usual five together."""
PENALTY = 5
"""Team fouls in a period from which such a foul gives two free throws."""
RUBBER, MOST_RUBBER = 0.0016, 25
"""By how much each point of lead lowers the leader's chances and raises the other's, up to so many points."""
COMEBACK, COMEBACK_WITHIN, COMEBACK_FROM = 0.085, 3, 75
"""What whoever trails by so little gains near the end, when the leader only defends; from when, in seconds."""
DESPERATE, WITHIN = 35, 8
"""Seconds before the end from which whoever trails by a little fouls at once, and how little."""
QUICK, QUICK_FROM, HELD = 0.5, 120, 30
"""How much faster those who trail late play, from when; when a level game is held for the last shot. Seconds."""
ORDINARY_SD, SECOND_SECONDS, SECOND_SD, SHOT_CLOCK = 5.2, 6.5, 3.0, 24


def play(pregame: Pregame, rng: np.random.Generator, *, keep: bool = False) -> Played:
    """Play all games to their end. keep: also what happened, play by play."""
    floor = Floor(pregame, rng, keep=keep)
    while floor.row.size:
        floor.substitute()
        _play(floor, rng)
        floor.end_periods()
    return floor.played()


def _play(floor: Floor, rng: np.random.Generator) -> None:
    chance = rng.random((11, floor.row.size))
    every, off = np.arange(floor.row.size), floor.side
    lead = floor.score[every, off] - floor.score[every, 1 - off]
    late = floor.period >= 4
    hurried = late & (lead > 0) & (lead <= WITHIN) & (floor.clock <= DESPERATE)
    down_three = late & (lead == -3) & (floor.clock <= HELD)
    alive = floor.clock > 1
    floor.pass_time(np.where(alive, _seconds(floor, lead, rng, hurried), floor.clock))
    at = hustle.picked(floor.weights("use", off), chance[0])
    slot = floor.on[every, off, at]
    who = floor.place(off, slot)

    eager = floor.weights("foul", 1 - off).sum(axis=1) / USUAL_FOULS
    common = alive & (hurried | (chance[1] < COMMON_FOUL * eager))
    floor.team_fouls[every, 1 - off] += common
    bonus = common & (hurried | (floor.team_fouls[every, 1 - off] >= PENALTY))
    lost = alive & ~bonus & (chance[2] < floor.talent("turnover", who))
    shot = alive & ~bonus & ~lost
    zone = hustle.picked(floor.talent("zones", who), chance[3])
    zone = np.where(down_three & (zone < THREES[0]), THREES[1], zone)
    three = zone >= THREES[0]
    fouled = shot & (chance[4] < FOULED[zone] * floor.talent("drawn", who) * np.sqrt(eager))
    floor.team_fouls[every, 1 - off] += fouled
    likely = _likely(floor, lead, slot, who, zone)
    made = shot & (chance[5] < np.where(fouled, likely * DESPITE, likely))
    worth = np.where(three, 3, 2)
    throws = np.where(bonus, 2, np.where(fouled, np.where(made, 1, worth), 0))
    hit, last_missed = _free_throws(floor, who, throws, rng)
    tried = shot & ~(fouled & ~made)
    missed = tried & ~made
    points = made * worth + hit

    some = np.flatnonzero(tried | (throws > 0))
    counted = {"fga": tried, "fgm": made, "fg3a": tried & three, "fg3m": made & three, "fta": throws, "ftm": hit}
    for name, amount in {**counted, "points": points}.items():
        floor.count(some, name, off[some], slot[some], amount[some])
    floor.add_points(off, points)
    fouler = hustle.fouls(floor, off, common | fouled, chance[6])
    thief = hustle.turnovers(floor, off, slot, lost, chance[7], rng)
    helper = hustle.assists(floor, off, at, floor.talent("use", who), zone, made, chance[8], rng)
    blocker = hustle.blocks(floor, off, zone, missed, chance[9], rng)
    kept, rebounder = hustle.rebounds(floor, off, zone, missed, last_missed, chance[10], rng)
    if floor.keep:
        floor.note(
            slot=np.where(alive, slot, -1), zone=np.where(shot, zone, -1), tried=tried, made=made, throws=throws,
            hit=hit, last_missed=last_missed, lost=lost, fouler=fouler, thief=thief, helper=helper, blocker=blocker,
            kept=kept, rebounder=rebounder,
        )  # fmt: skip
    floor.second = kept
    floor.side = np.where(kept, off, 1 - off)


def _seconds(floor: Floor, lead: Whole, rng: np.random.Generator, hurried: Flags) -> Whole:
    """How long the play takes: shorter after an offensive rebound, and for those who trail late."""
    late = floor.period >= 4
    usual = np.where(floor.second, SECOND_SECONDS, floor.game.pace[floor.row])
    drawn = usual + rng.standard_normal(len(usual)) * np.where(floor.second, SECOND_SD, ORDINARY_SD)
    drawn = np.where(late & (floor.clock <= QUICK_FROM) & (lead < 0), drawn * QUICK, drawn)
    drawn = np.where(hurried, 4.0, drawn)
    seconds = np.minimum(np.clip(np.rint(drawn), 2, SHOT_CLOCK).astype(np.int64), floor.clock)
    held: Whole = np.where(late & (lead == 0) & (floor.clock <= HELD), floor.clock, seconds)
    return held


def _likely(floor: Floor, lead: Whole, slot: Whole, who: Whole, zone: Whole) -> Floats:
    """Chance that the shot goes in, were the shooter not fouled."""
    skill = floor.talents["make"][who, zone] + floor.game.shooting[floor.row, floor.side, slot]
    shift = floor.game.shift[floor.row, floor.side] - floor.guard(1 - floor.side)
    rubber = RUBBER * np.clip(lead, -MOST_RUBBER, MOST_RUBBER)
    trailing = (floor.period >= 4) & (floor.clock <= COMEBACK_FROM) & (lead < 0) & (lead >= -COMEBACK_WITHIN)
    likely: Floats = np.clip(skill + shift - rubber + COMEBACK * trailing, 0.03, 0.95)
    return likely


def _free_throws(floor: Floor, who: Whole, throws: Whole, rng: np.random.Generator) -> tuple[Whole, Flags]:
    """How many went in, and whether the last was missed."""
    hits = (rng.random((3, len(throws))) < floor.talent("free_throw", who)) & (np.arange(1, 4)[:, None] <= throws)
    last = np.take_along_axis(hits, np.maximum(throws - 1, 0)[None, :], axis=0)[0]
    return hits.sum(axis=0), (throws > 0) & ~last
