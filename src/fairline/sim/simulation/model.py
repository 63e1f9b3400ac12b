"""A model that costs nothing: a moving average with a declared spread, and the systems that rest on it alone."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from fairline.features.contract import contract_hash, model_features
from fairline.ops import starting
from fairline.predict import registry
from fairline.predict.forecasting import MarketModel
from fairline.predict.spread import Spread
from fairline.predict.systems import CENTRES, ENSEMBLE, MARKET_POOLED
from fairline.predict.systems.moving_average import MovingAverage
from fairline.predict.systems.zone_matchup import ZoneMatchup

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from fairline.platform.objects import Objects

MARKET = "points"
OFFERED = "SYSTEMS"
CHEAP = (MovingAverage, ZoneMatchup)
SYSTEMS = (*(centre.name for centre in CHEAP), ENSEMBLE, MARKET_POOLED)


def keep_model(objects: Objects, season: int, known_to: datetime) -> str:
    """Keep the model of points as one that knows outcomes to that moment; its hash."""
    spread = Spread(base=9.0, per_mean=2.3, per_square=0.2, usual=0.2)
    features = tuple(feature.name for feature in model_features())
    model = MarketModel(
        MARKET, contract_hash(model_features()), features, season,
        {centre.name: centre(MARKET) for centre in CHEAP}, dict.fromkeys([*(c.name for c in CHEAP), ENSEMBLE], spread),
        stack={MovingAverage.name: 1.0},
    )  # fmt: skip
    return registry.save(objects, model, {"metrics": {}}, known_to)


@contextmanager
def cheap_systems() -> Iterator[None]:
    """For the block this process has no other systems: those with trees and neighbours would have to be trained."""
    centres, systems = dict(CENTRES), getattr(starting, OFFERED)
    kept = {name: kind for name, kind in centres.items() if kind in CHEAP}
    try:
        CENTRES.clear()
        CENTRES.update(kept)
        setattr(starting, OFFERED, SYSTEMS)
        yield
    finally:
        CENTRES.clear()
        CENTRES.update(centres)
        setattr(starting, OFFERED, systems)
