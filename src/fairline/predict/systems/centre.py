"""What every centre offers: it learns from the past, says an expected count or why it cannot, and can be stored."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from numpy.typing import NDArray

STEMS = {
    "points": ("points",), "rebounds": ("rebounds",), "assists": ("assists",), "threes": ("threes_made",),
    "points_rebounds": ("points", "rebounds"), "points_assists": ("points", "assists"),
    "rebounds_assists": ("rebounds", "assists"), "points_rebounds_assists": ("points", "rebounds", "assists"),
}  # fmt: skip
"""Markets that can be forecast, and the feature stems (`{stem}_avg_last_5` ...) that sum to each."""


class Centres(NamedTuple):
    """Expected counts, NaN where there is none, and the reason there is none (else empty)."""

    mean: NDArray[np.float64]
    reason: NDArray[np.str_]


class Centre(ABC):
    """One way to say a player's expected count in a market. Rows are feature rows; the past also has `actual`."""

    name: ClassVar[str]
    version: ClassVar[int] = 1
    """Raised when the same past would give another model; part of every model's identity."""

    def __init__(self, market: str, features: Sequence[str] = ()) -> None:
        """market: one of STEMS. features: the ordered contract, for a centre that reads all of it."""
        self.market, self.features = market, list(features)

    @abstractmethod
    def fit(self, past: pl.DataFrame) -> None:
        """Learn from rows whose outcome was known before any row that will be forecast."""

    @abstractmethod
    def centres(self, rows: pl.DataFrame) -> Centres:
        """The expected count of each row, or the reason there is none."""

    @abstractmethod
    def parts(self) -> dict[str, bytes]:
        """What was learned, as named files in safe formats."""

    @classmethod
    @abstractmethod
    def from_parts(cls, market: str, features: Sequence[str], parts: dict[str, bytes]) -> Self:
        """The centre that `parts` described."""


class DeclaredCentre(Centre):
    """A centre that follows from its definition: there is nothing to learn, and nothing to keep."""

    def fit(self, past: pl.DataFrame) -> None:
        """Nothing to learn."""

    def parts(self) -> dict[str, bytes]:
        """Nothing was learned."""
        return {}

    @classmethod
    def from_parts(cls, market: str, features: Sequence[str], parts: dict[str, bytes]) -> Self:
        """The same system."""
        del parts
        return cls(market, features)


def average(market: str, window: str) -> pl.Expr:
    """The market's mean over one of the contract's windows: the sum of its components' means."""
    import polars as pl

    return pl.sum_horizontal([pl.col(f"{stem}_avg_{window}") for stem in STEMS[market]], ignore_nulls=False)


def explained(mean: NDArray[np.float64], why_not: str) -> Centres:
    """Centres whose missing ones all have one reason."""
    return Centres(mean, np.where(np.isnan(mean), why_not, ""))
