"""How systems are combined: centres stacked by their past errors, and the market's price moved by what they add."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fairline.domain.consensus import expit, logit
from fairline.domain.pmf import Pmf

Floats = NDArray[np.float64]

LEAST_GRADED = 300
"""Graded rows before a weight is learned; until then it is the declared prior (evaluation rule 1)."""

STACK_PRIOR = {"moving_average": 0.05, "similarity": 0.05, "gradient_boosting": 0.9}
"""The centres that cover every player in every season, and their weights before any are learned."""
POOL_PRIOR = 0.3
"""Share of the bounded disagreement that is believed."""
DISAGREEMENT = 0.35
"""Log-odds beyond which a disagreement with the market grows no further: the further a model is from the market, the
likelier it is that the market knows something, such as who plays. Chosen on both quote periods (decision 008)."""

LEVEL_ROWS = 2_000
"""Forecasts of this season that weigh as much as the belief that the level of scoring has not moved."""


def level(mean: Floats, actual: Floats) -> float:
    """Factor by which this season's outcomes stand above a centre's means, shrunk towards 1.

    Scoring moves between seasons (by two percent in October 2025) before any player's own games can tell.
    """
    held = ~np.isnan(mean)
    forecast, seen = float(mean[held].sum()), float(actual[held].sum())
    if forecast <= 0:
        return 1.0
    rows = int(held.sum())
    return 1 + (seen / forecast - 1) * rows / (rows + LEVEL_ROWS)


def stack_weights(means: Floats, actual: Floats, prior: Floats) -> Floats:
    """Weights of the centres' means, summing to 1, that minimise the past squared error per unit of variance.

    means: (rows, centres) without NaN. Fewer than LEAST_GRADED rows leave the prior. Counts vary about as their mean,
    so each row weighs by its inverse (stacked regression, Breiman 1996, with weights held at zero or above).
    """
    from scipy.optimize import nnls

    weights: Floats = prior / prior.sum()
    if len(actual) < LEAST_GRADED:
        return weights
    scale = 1 / np.sqrt(1 + means.mean(axis=1))
    learned, _ = nnls(means * scale[:, None], actual * scale)
    stacked: Floats = learned / learned.sum()
    return stacked


def pool_weight(model_p: Floats, market_p: Floats, over: NDArray[np.bool_]) -> float:
    """The share of the bounded disagreement that minimises past log loss, held to the prior by a ridge.

    The ridge weighs as LEAST_GRADED rows for the prior; fewer rows than that leave it untouched.
    """
    from scipy.optimize import minimize_scalar

    if len(over) < LEAST_GRADED:
        return POOL_PRIOR
    market, gap = logit(market_p), _bounded_gap(model_p, market_p)
    held = LEAST_GRADED * float((gap**2).mean()) / 4

    def loss(share: float) -> float:
        z = market + share * gap
        return float(np.logaddexp(0, z).sum() - z[over].sum() + held * (share - POOL_PRIOR) ** 2 / 2)

    return float(minimize_scalar(loss, bounds=(0, 1), method="bounded").x)


def pooled_p(model_p: Floats, market_p: Floats, share: float) -> Floats:
    """P(over) at the market's line: the market's log-odds, moved by a share of the bounded disagreement."""
    return expit(logit(market_p) + share * _bounded_gap(model_p, market_p))


def _bounded_gap(model_p: Floats, market_p: Floats) -> Floats:
    gap: Floats = DISAGREEMENT * np.tanh((logit(model_p) - logit(market_p)) / DISAGREEMENT)
    return gap


def tilted(pmf: Pmf, half_points: NDArray[np.integer], p_over: Floats, rounds: int = 40) -> Pmf:
    """Distributions moved so that P(over) at each line, pushes aside, is as given.

    p(k) x exp(theta k), theta by Newton, each step at most one half. Exponential tilting is the least change, in
    relative entropy, that moves the mean (Csiszar 1975). Lines must leave counts on both sides.
    """
    counts = np.arange(pmf.size)
    above = 2 * counts > half_points[:, None]
    below = 2 * counts < half_points[:, None]
    log_p = np.log(np.maximum(pmf.p, 1e-300))
    target, theta = logit(np.clip(p_over, 1e-6, 1 - 1e-6)), np.zeros(len(p_over))
    for _ in range(rounds):
        over, mean_over = _mass(log_p, theta, counts, above)
        under, mean_under = _mass(log_p, theta, counts, below)
        theta += np.clip((target - (over - under)) / np.maximum(mean_over - mean_under, 1e-6), -0.5, 0.5)
    weights = log_p + theta[:, None] * counts
    p = np.exp(weights - weights.max(axis=1, keepdims=True))
    return Pmf(p / p.sum(axis=1, keepdims=True))


def _mass(log_p: Floats, theta: Floats, counts: NDArray[np.integer], where: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Log of the tilted mass on one side of the line, and its mean count."""
    weights = np.where(where, log_p + theta[:, None] * counts, -np.inf)
    top = weights.max(axis=1, keepdims=True)
    mass = np.exp(weights - top)
    total = mass.sum(axis=1)
    return np.log(total) + top[:, 0], (mass @ counts) / total
