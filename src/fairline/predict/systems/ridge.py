"""A ridge regression on the whole contract: the straight part of the answer, for the trees to bend."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PENALTY = 300.0
CLIP = 4.0
"""Standard deviations beyond which a feature says no more; a missing one stands at its mean."""

Matrix = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Ridge:
    """mean, scale: of each feature in the past. weights: intercept first."""

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    weights: NDArray[np.float64]

    @classmethod
    def fitted(cls, x: Matrix, y: NDArray[np.float64]) -> Ridge:
        """Least squares with PENALTY on every weight but the intercept, by the normal equations."""
        count = np.maximum((~np.isnan(x)).sum(axis=0), 1)
        mean: NDArray[np.float64] = np.nansum(x, axis=0, dtype=np.float64) / count
        scale: NDArray[np.float64] = np.sqrt(np.nansum((x - mean) ** 2, axis=0) / count).astype(np.float64)
        scale[scale == 0] = 1.0
        z = _standardised(x, mean, scale)
        penalty = PENALTY * np.eye(z.shape[1])
        penalty[0, 0] = 0.0
        weights: NDArray[np.float64] = np.linalg.solve(z.T @ z + penalty, z.T @ y).astype(np.float64)
        return cls(mean, scale, weights)

    def predicted(self, x: Matrix) -> NDArray[np.float64]:
        """The linear prediction of each row."""
        predicted: NDArray[np.float64] = _standardised(x, self.mean, self.scale) @ self.weights
        return predicted

    def to_bytes(self) -> bytes:
        """Plain arrays."""
        buffer = io.BytesIO()
        np.savez(buffer, mean=self.mean, scale=self.scale, weights=self.weights)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Ridge:
        """The regression that was stored."""
        with np.load(io.BytesIO(content), allow_pickle=False) as held:
            return cls(held["mean"], held["scale"], held["weights"])


def _standardised(x: Matrix, mean: NDArray[np.float64], scale: NDArray[np.float64]) -> NDArray[np.float64]:
    z = np.nan_to_num(np.clip((x - mean) / scale, -CLIP, CLIP))
    return np.column_stack([np.ones(len(z)), z])
