"""The systems, by name. Each is its own class and its own rows; none stands in for another.

A centre says the expected count; its spread, learned from its own past errors, makes it a distribution. The ensemble
stacks the centres; the pooled system moves the market's price by a share of what the ensemble says against it.
"""

from fairline.predict.systems.centre import Centre
from fairline.predict.systems.gradient_boosting import GradientBoosting
from fairline.predict.systems.moving_average import MovingAverage
from fairline.predict.systems.similarity import Similarity
from fairline.predict.systems.zone_matchup import ZoneMatchup

CENTRES: dict[str, type[Centre]] = {
    centre.name: centre for centre in (MovingAverage, ZoneMatchup, Similarity, GradientBoosting)
}
ENSEMBLE = "ensemble"
MARKET_POOLED = "market_pooled"
SYSTEMS = (*CENTRES, ENSEMBLE, MARKET_POOLED)
