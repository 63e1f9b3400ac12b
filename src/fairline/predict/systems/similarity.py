"""What players in like situations did: the nearest past rows in form, role and opponent, and how they beat form."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Self

import numpy as np

from fairline.predict.systems.centre import Centre, Centres, average, explained
from fairline.predict.systems.moving_average import blended

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from numpy.typing import NDArray

NEIGHBOURS = 200
REMEMBERED = 60_000
"""Latest rows kept: about three seasons of rotation players."""


class Similarity(Centre):
    """The mean, over the nearest past rows, of outcome less form, added to the row's own form."""

    name = "similarity"

    def fit(self, past: pl.DataFrame) -> None:
        """Remember the latest rows: where they lay and by how much each beat its form."""
        rows = past.tail(REMEMBERED)
        situations, form = self._situations(rows)
        whole = np.flatnonzero(~np.isnan(situations).any(axis=1))
        known = situations[whole] if len(whole) >= NEIGHBOURS else situations[:0]
        # What never differs tells no one apart, at any scale.
        spread = known.std(axis=0) if len(known) else np.zeros(situations.shape[1])
        centre, scale = known.mean(axis=0) if len(known) else spread, np.where(spread > 0, spread, 1.0)
        surprise = (rows["actual"].to_numpy() - form)[whole[: len(known)]].astype(np.float32)
        self._remember(centre, scale, ((known - centre) / scale).astype(np.float32), surprise)

    def _remember(
        self, centre: NDArray[np.float64], scale: NDArray[np.float64], situations: NDArray[np.float32],
        surprise: NDArray[np.float32],
    ) -> None:  # fmt: skip
        """situations: standardised by centre and scale; a tree finds them. surprise: of each, outcome less form."""
        from scipy.spatial import cKDTree

        self.centre, self.scale, self.situations, self.surprise = centre, scale, situations, surprise
        self.tree = cKDTree(situations)

    def centres(self, rows: pl.DataFrame) -> Centres:
        """Form plus the neighbours' mean surprise."""
        mean = np.full(rows.height, np.nan)
        if not len(self.situations):
            return explained(mean, "too_few_past_games")
        situations, form = self._situations(rows)
        whole = ~np.isnan(situations).any(axis=1)
        if whole.any():
            _, nearest = self.tree.query((situations[whole] - self.centre) / self.scale, k=NEIGHBOURS, workers=2)
            mean[whole] = np.maximum(form[whole] + self.surprise[nearest].mean(axis=1), 0)
        return explained(mean, "no_recent_games")

    def _situations(self, rows: pl.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        import polars as pl

        frame = rows.select(
            blended(self.market).alias("form"),
            average(self.market, "season").alias("season"),
            average(self.market, "last_20").fill_null(average(self.market, "last_10")).alias("long"),
            pl.col("minutes_avg_last_5", "minutes_avg_season", "usage_avg_last_10", "opponent_defensive_rating"),
        ).cast(pl.Float64)
        values = frame.fill_null(float("nan")).to_numpy()
        return values, values[:, 0]

    def parts(self) -> dict[str, bytes]:
        """The remembered rows as plain arrays."""
        buffer = io.BytesIO()
        np.savez_compressed(
            buffer, centre=self.centre, scale=self.scale, situations=self.situations, surprise=self.surprise
        )
        return {"neighbours.npz": buffer.getvalue()}

    @classmethod
    def from_parts(cls, market: str, features: Sequence[str], parts: dict[str, bytes]) -> Self:
        """The system that remembered those rows."""
        one = cls(market, features)
        with np.load(io.BytesIO(parts["neighbours.npz"]), allow_pickle=False) as held:
            one._remember(*(held[name] for name in ("centre", "scale", "situations", "surprise")))
        return one
