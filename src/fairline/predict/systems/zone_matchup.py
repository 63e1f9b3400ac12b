"""Form, corrected for how the opponent defends the player's main zone and for the pace of the game.

Extra points = field-goal attempts x mismatch / 100. The mismatch is the opponent's weakness, in points of percentage,
times min(share / 50 %, 1): twice the zone's share, which is what its makes are worth at two points each. Pace scales
the whole by its change; the feature halves that, so it counts twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairline.predict.systems.centre import Centres, DeclaredCentre, explained
from fairline.predict.systems.moving_average import blended

if TYPE_CHECKING:
    import polars as pl


class ZoneMatchup(DeclaredCentre):
    """Only for points, and only where shots of the last games are held."""

    name = "zone_matchup"

    def centres(self, rows: pl.DataFrame) -> Centres:
        """Form plus the zone's extra points, scaled by pace."""
        import numpy as np
        import polars as pl

        if self.market != "points":
            return explained(np.full(rows.height, np.nan), "points_only")
        extra = pl.col("field_goals_attempted_avg_last_10") * pl.col("shot_zone_mismatch") / 100
        pace = 1 + 2 * pl.col("pace_score") / pl.col("team_pace")
        mean = rows.select(((blended(self.market) + extra) * pace).clip(0).cast(float).alias("mean"))["mean"]
        return explained(mean.fill_null(float("nan")).to_numpy(), "no_shots")
