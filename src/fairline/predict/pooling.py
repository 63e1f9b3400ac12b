"""How systems are combined: a mixture learned from past log scores, and a shift towards the market's price."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fairline.domain.consensus import expit, logit
from fairline.domain.pmf import Pmf

Floats = NDArray[np.float64]

LEAST_GRADED = 300
"""Graded rows before a weight is learned; until then it is the declared prior (evaluation rule 1)."""

MIXTURE_PRIOR = {"moving_average": 0.05, "zone_matchup": 0.05, "similarity": 0.1, "gradient_boosting": 0.8}
POOL_PRIOR = (0.25, 0.75)
"""Weights of the model's and the market's log-odds."""


def mixture_weights(likelihoods: Floats, prior: Floats, rounds: int = 100) -> Floats:
    """Weights that maximise the past log score of the linear pool (EM for mixture proportions), from the prior.

    likelihoods: (rows, systems), probability each gave to the outcome; NaN where a system had none.
    """
    held = ~np.isnan(likelihoods).any(axis=1)
    weights: Floats = prior / prior.sum()
    if held.sum() < LEAST_GRADED:
        return weights
    p = likelihoods[held]
    for _ in range(rounds):
        share = weights * p
        weights = (share / share.sum(axis=1, keepdims=True)).mean(axis=0)
    return weights


def pool_weights(model_p: Floats, market_p: Floats, over: NDArray[np.bool_]) -> tuple[float, float]:
    """Weights of model and market log-odds that minimise past log loss, held to the prior by a ridge.

    The ridge counts as LEAST_GRADED rows of evidence for the prior; fewer rows than that leave it untouched.
    """
    from scipy.optimize import minimize

    if len(over) < LEAST_GRADED:
        return POOL_PRIOR
    x = np.column_stack([logit(model_p), logit(market_p)])
    prior = np.array(POOL_PRIOR)
    scale = LEAST_GRADED * x.var(axis=0).mean() / 4

    def loss(weights: Floats) -> float:
        z = x @ weights
        return float(np.logaddexp(0, z).sum() - z[over].sum() + scale * ((weights - prior) ** 2).sum() / 2)

    best = minimize(loss, prior, method="L-BFGS-B", bounds=[(0, 1.5)] * 2).x
    return float(best[0]), float(best[1])


def pooled_p(model_p: Floats, market_p: Floats, weights: tuple[float, float]) -> Floats:
    """P(over) at the market's line: the weighted sum of both log-odds."""
    return expit(weights[0] * logit(model_p) + weights[1] * logit(market_p))


def tilted(pmf: Pmf, half_points: NDArray[np.integer], p_over: Floats, rounds: int = 40) -> Pmf:
    """Distributions moved so that P(over) at each line, pushes aside, is as given: p(k) x exp(theta k), theta by Newton.

    Exponential tilting is the least change, in relative entropy, that moves the mean (Csiszar 1975).
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
