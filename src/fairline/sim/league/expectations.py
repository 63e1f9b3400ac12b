"""What an expert would expect of each player: minutes times rates, by the talents as they are and the latest report.

It is what the books begin with. It knows nothing of decided games, foul trouble or nights: those are the books' errors.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fairline.sim.league.health import PLAYS
from fairline.sim.league.hustle import ASSISTED
from fairline.sim.league.plans import meant_minutes
from fairline.sim.league.possessions import DESPITE, FOULED
from fairline.sim.league.slates import SECONDS, Slate
from fairline.sim.league.talents import THREES, Floats, Whole

PLANS = 24
"""Plans of the coach that are weighed."""

PLAYS_OF_A_TEAM, REBOUNDS_OF_A_TEAM, MISSES_OF_A_GAME = 112.0, 43.5, 94.0
WORTH = np.array([2.0, 2.0, 2.0, 3.0, 3.0])
TIMES = {"minutes": 0.98, "points": 0.866, "rebounds": 0.93, "assists": 0.80, "threes": 0.90}
MORE = {"minutes": -0.15, "points": 1.15, "rebounds": 0.20, "assists": 0.40, "threes": 0.075}
"""How the means of many games turned out against what minutes times rates say: decided games take from the best."""

TOTAL_MORE, TOTAL_TIMES, MARGIN_TIMES = 51.0, 0.75, 0.715
BONUS_POINTS = 0.045
"""Points a play from free throws without a shot."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Means given that he plays, shapes (games, 2, slots); plays: how likely that is; team: (games, 2) points."""

    minutes: Floats
    points: Floats
    rebounds: Floats
    assists: Floats
    threes: Floats
    plays: Floats
    team: Floats


def expected(slate: Slate, stage: Whole, chances: Sequence[np.random.Generator]) -> Expected:
    """The expectations for games, each at a stage of its reports (place in health.STAGES), with its own chances."""
    words = np.take_along_axis(slate.words, stage[:, None, None, None], axis=3)[..., 0]
    plays = np.where(slate.slots >= 0, PLAYS[stage[:, None, None], words], 0.0)
    minutes = _minutes(slate, plays, chances)
    talents = slate.talents
    made = np.clip(talents.make + slate.shift[:, :, None, None], 0.03, 0.95)
    points, threes, shots, hits = _of_a_play(talents.zones, made, talents.drawn, talents.free_throw, talents.turnover)
    ended = PLAYS_OF_A_TEAM * (SECONDS / slate.seconds)[:, None, None] * _part(talents.use, minutes, plays)
    misses = (ended * (shots - hits) * plays).sum(axis=2, keepdims=True)
    helped = (ended * hits * plays).sum(axis=2, keepdims=True) * float(ASSISTED.mean() * 0.96)
    loose = misses.sum(axis=1, keepdims=True) / MISSES_OF_A_GAME * REBOUNDS_OF_A_TEAM
    boards = loose * (0.245 * _part(talents.oreb, minutes, plays) + 0.755 * _part(talents.dreb, minutes, plays))
    scored = ended * points
    named = {
        "minutes": minutes, "points": scored, "rebounds": boards, "threes": ended * threes,
        "assists": helped * _part(talents.passing, minutes, plays),
    }  # fmt: skip
    set_right = {name: MORE[name] + TIMES[name] * means for name, means in named.items()}
    return Expected(**set_right, plays=plays, team=_of_teams((scored * plays).sum(axis=2)))


def _of_teams(points: Floats) -> Floats:
    """Points of both sides, their sum and their difference drawn in as games turned out."""
    total = TOTAL_MORE + TOTAL_TIMES * points.sum(axis=1)
    margin = MARGIN_TIMES * (points[:, 0] - points[:, 1])
    return np.stack([(total + margin) / 2, (total - margin) / 2], axis=1)


def _minutes(slate: Slate, plays: Floats, chances: Sequence[np.random.Generator]) -> Floats:
    """Mean minutes meant for each when he is there."""
    means = np.zeros(plays.shape)
    for game, rng in enumerate(chances):
        shape = (PLANS, *plays.shape[1:])
        there, well = rng.random(shape) < plays[game], rng.standard_normal(shape)
        usual, position = np.broadcast_to(slate.usual[game], shape), np.broadcast_to(slate.position[game], shape)
        plan = meant_minutes(usual, there, position, well, rng, playoffs=slate.playoffs)
        means[game] = np.where(there, plan, 0.0).sum(axis=0) / np.maximum(there.sum(axis=0), 1)
    return means


def _part(weight: Floats, minutes: Floats, plays: Floats) -> Floats:
    """What part of a team's is his, when he plays: weight times minutes, over that of all who may play."""
    own = weight * minutes
    part: Floats = own / np.maximum((own * plays).sum(axis=2, keepdims=True), 1e-9)
    return part


def _of_a_play(
    zones: Floats, made: Floats, drawn: Floats, free_throw: Floats, turnover: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Of one play a player ends: points, threes made, shots, shots made."""
    fouled = np.clip(FOULED * drawn[..., None], 0, 0.8)
    throw = free_throw[..., None]
    in_spite = made * DESPITE
    value = (1 - fouled) * made * WORTH + fouled * (in_spite * (WORTH + throw) + (1 - in_spite) * WORTH * throw)
    hit = (1 - fouled) * made + fouled * in_spite
    kept = 1 - turnover
    three = list(THREES)
    return (
        kept * (zones * value).sum(axis=-1) + BONUS_POINTS,
        kept * (zones[..., three] * hit[..., three]).sum(axis=-1),
        kept * (zones * (1 - fouled + fouled * in_spite)).sum(axis=-1),
        kept * (zones * hit).sum(axis=-1),
    )
