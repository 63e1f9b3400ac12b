"""CatBoost over a ridge regression, on the `model` contract: every feature that has not seen a quote."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Self

import numpy as np

from fairline.predict.systems.centre import Centre, Centres, average, explained
from fairline.predict.systems.ridge import Ridge

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from numpy.typing import NDArray

PARAMETERS = {
    "iterations": 300, "learning_rate": 0.05, "depth": 6, "rsm": 0.3, "l2_leaf_reg": 10, "border_count": 64,
    "loss_function": "RMSE", "random_seed": 1, "thread_count": 2, "allow_writing_files": False,
    "logging_level": "Silent",
}  # fmt: skip

OF_THE_RUN = ("model_guid", "train_finish_time")
"""What CatBoost notes of the run and not of the trees; without it the same past gives the same bytes."""


class GradientBoosting(Centre):
    """Trees learn what the ridge leaves; they see every feature, a missing one as missing, and the ridge's answer."""

    name = "gradient_boosting"
    version = 2

    def fit(self, past: pl.DataFrame) -> None:
        """Fit on the past rows. The ridge has few weights for its rows, so its own residuals are nearly honest."""
        from catboost import CatBoostRegressor

        x, y = self._matrix(past), past["actual"].cast(float).to_numpy()
        self.ridge = Ridge.fitted(x, y)
        straight = self.ridge.predicted(x)
        self.trees = CatBoostRegressor(**PARAMETERS)
        self.trees.fit(np.column_stack([x, straight]), y - straight)

    def centres(self, rows: pl.DataFrame) -> Centres:
        """The expected count of every player with games this season, or carried from the last."""
        if not rows.height:
            return explained(np.empty(0), "")
        x = self._matrix(rows)
        straight = self.ridge.predicted(x)
        mean = np.maximum(straight + self.trees.predict(np.column_stack([x, straight])), 0)
        known = rows.select(average(self.market, "season").is_not_null().alias("known"))["known"].to_numpy()
        return explained(np.where(known, mean, np.nan), "no_recent_games")

    def _matrix(self, rows: pl.DataFrame) -> NDArray[np.float32]:
        import polars as pl

        return rows.select(pl.col(self.features).cast(pl.Float32).fill_null(float("nan"))).to_numpy()

    def parts(self) -> dict[str, bytes]:
        """CatBoost's own format, which it writes to files only."""
        noted = self.trees.get_metadata()
        for name in OF_THE_RUN:
            noted[name] = ""
        with TemporaryDirectory() as folder:
            path = Path(folder) / "model.cbm"
            self.trees.save_model(str(path))
            return {"trees.cbm": path.read_bytes(), "ridge.npz": self.ridge.to_bytes()}

    @classmethod
    def from_parts(cls, market: str, features: Sequence[str], parts: dict[str, bytes]) -> Self:
        """The fitted model."""
        from catboost import CatBoostRegressor

        one = cls(market, features)
        one.ridge = Ridge.from_bytes(parts["ridge.npz"])
        one.trees = CatBoostRegressor()
        one.trees.load_model(blob=parts["trees.cbm"])
        return one
