"""CatBoost on the `model` contract: the expected count, from every feature that has not seen a quote."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Self

import numpy as np

from fairline.predict.systems.centre import Centre, Centres, average, explained

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from numpy.typing import NDArray

PARAMETERS = {
    "iterations": 500, "learning_rate": 0.05, "depth": 6, "rsm": 0.3, "l2_leaf_reg": 10, "border_count": 64,
    "loss_function": "RMSE", "random_seed": 1, "thread_count": 2, "allow_writing_files": False, "logging_level": "Silent",
}  # fmt: skip


class GradientBoosting(Centre):
    """Learns what to add to the season's mean; trees see every feature, and a missing one as missing."""

    name = "gradient_boosting"

    def fit(self, past: pl.DataFrame) -> None:
        """Fit on the past rows; the columns are the contract the rows carry."""
        from catboost import CatBoostRegressor, Pool

        self.model = CatBoostRegressor(**PARAMETERS)
        self.model.fit(Pool(self._matrix(past), past["actual"].to_numpy(), baseline=self._baseline(past)))

    def centres(self, rows: pl.DataFrame) -> Centres:
        """The expected count of every row that has a season's mean to start from."""
        if not rows.height:
            return explained(np.empty(0), "")
        baseline = self._baseline(rows)
        known = rows.select(average(self.market, "season").is_not_null().alias("known"))["known"].to_numpy()
        mean = np.where(known, np.maximum(self.model.predict(self._matrix(rows)) + baseline, 0), np.nan)
        return explained(mean, "no_recent_games")

    def _matrix(self, rows: pl.DataFrame) -> NDArray[np.float32]:
        import polars as pl

        return rows.select(pl.col(self.features).cast(pl.Float32).fill_null(float("nan"))).to_numpy()

    def _baseline(self, rows: pl.DataFrame) -> NDArray[np.float64]:
        return rows.select(average(self.market, "season").fill_null(0).alias("base"))["base"].to_numpy()

    def parts(self) -> dict[str, bytes]:
        """CatBoost's own format, which it writes to files only."""
        with TemporaryDirectory() as folder:
            path = Path(folder) / "model.cbm"
            self.model.save_model(str(path))
            return {"model.cbm": path.read_bytes()}

    @classmethod
    def from_parts(cls, market: str, features: Sequence[str], parts: dict[str, bytes]) -> Self:
        """The fitted model."""
        from catboost import CatBoostRegressor

        one = cls(market, features)
        one.model = CatBoostRegressor()
        one.model.load_model(blob=parts["model.cbm"])
        return one
