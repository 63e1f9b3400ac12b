"""A small model of points, fitted once on a simulated season and given out afresh to each test."""

from copy import copy
from functools import cache

from tests.evaluate.seasons import season, with_actual

from fairline.evaluate.frames import feature_names
from fairline.features.contract import contract_hash, model_features
from fairline.predict.forecasting import MarketModel, new_centres
from fairline.predict.spread import Spread
from fairline.predict.systems import CENTRES, ENSEMBLE
from fairline.predict.systems.centre import Centre

CONTRACT = contract_hash(model_features())


@cache
def _centres() -> dict[str, Centre]:
    centres = new_centres("points", feature_names())
    past = with_actual(season(dates=30, seed=3))
    for centre in centres.values():
        centre.fit(past)
    return centres


def a_model() -> MarketModel:
    """Every centre with the same spread, the declared stack and pool, and no level of its season, 2024."""
    spread = Spread(base=9.0, per_mean=2.3, per_square=0.2, usual=0.2)
    spreads = dict.fromkeys([*CENTRES, ENSEMBLE], spread)
    return MarketModel("points", CONTRACT, tuple(feature_names()), 2024, copy(_centres()), spreads)
