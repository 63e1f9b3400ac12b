"""A market's whole model: its centres, their spreads, how they are stacked and pooled, and what it was trained on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from fairline.domain.errors import ContractMismatch, NotFound
from fairline.domain.pmf import Pmf
from fairline.predict.pooling import POOL_PRIOR, STACK_PRIOR, pooled_p, tilted
from fairline.predict.spread import Spread, size
from fairline.predict.systems import CENTRES, ENSEMBLE, MARKET_POOLED, SYSTEMS
from fairline.predict.systems.centre import STEMS, Centre, Centres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import polars as pl
    from numpy.typing import NDArray


class Forecast(NamedTuple):
    """One system on a slate: distributions of the rows it is able to forecast, and the reason for each other row."""

    pmf: Pmf
    able: NDArray[np.bool_]
    reason: NDArray[np.str_]


@dataclass(slots=True)
class MarketModel:
    """Everything needed to forecast one market.

    contract_hash, features: the ordered `model` contract it was trained on; rows of another are refused.
    levels: factor on each centre's means in `season`, for what it scores above its forecasts; absent is 1.
    stack: weight of each centre's mean in the ensemble, whose spread is learned like a centre's.
    pool: share of the ensemble's bounded disagreement with the market that is believed.
    """

    market: str
    contract_hash: str
    features: tuple[str, ...]
    season: int
    centres: dict[str, Centre]
    spreads: dict[str, Spread]
    levels: dict[str, float] = field(default_factory=dict)
    stack: dict[str, float] = field(default_factory=lambda: dict(STACK_PRIOR))
    pool: float = POOL_PRIOR

    @property
    def counts(self) -> int:
        """How many counts its distributions have."""
        return size(STEMS[self.market])

    def forecast(self, rows: pl.DataFrame, market: pl.DataFrame | None, contract_hash: str) -> dict[str, Forecast]:
        """Every system's forecast of every row.

        rows: feature rows. market: half_points and p_over of the same rows in the same order (null without a quote),
        or None. Raises ContractMismatch when the rows follow another contract than the model's.
        """
        self.check_contract(contract_hash)
        centres = {name: centre.centres(rows) for name, centre in self.centres.items()}
        forecasts = self.distributions(rows, {name: one.mean for name, one in centres.items()}, market)
        return forecasts | {name: _explained(forecasts[name], one) for name, one in centres.items()}

    def forecast_one(
        self,
        system: str,
        rows: pl.DataFrame,
        market: pl.DataFrame | None,
        contract_hash: str,
        asked: Callable[[str], Centres] | None = None,
    ) -> Forecast:
        """What `forecast` says of one system, to the last bit; only the centres it rests on are asked.

        asked: what a centre says of these rows, by its name, where the caller knows it already. Raises
        ContractMismatch as `forecast` does, NotFound for a system there is not.
        """
        self.check_contract(contract_hash)
        ask = asked or (lambda name: self.centres[name].centres(rows))
        centres = {name: ask(name) for name in needed(system, self.stack)}
        said = self._levelled(rows, {name: one.mean for name, one in centres.items()})
        if system in centres:
            return _explained(self._spread(system, said[system], rows), centres[system])
        ensemble = self._spread(ENSEMBLE, stacked(said, self.stack), rows)
        return ensemble if system == ENSEMBLE else self._pooled(ensemble, market, rows.height)

    def check_contract(self, contract_hash: str) -> None:
        """Raise ContractMismatch when feature rows of that contract are not the model's."""
        if contract_hash != self.contract_hash:
            message = f"the {self.market} model follows contract {self.contract_hash}, the rows follow {contract_hash}"
            raise ContractMismatch(message, hint="`fairline train` fits models to the current contract.")

    def distributions(
        self, rows: pl.DataFrame, means: Mapping[str, NDArray[np.float64]], market: pl.DataFrame | None
    ) -> dict[str, Forecast]:
        """Distributions from the centres' means: each with its spread, their stack, and the stack pooled."""
        said = self._levelled(rows, means)
        said[ENSEMBLE] = stacked(said, self.stack)
        forecasts = {name: self._spread(name, mean, rows) for name, mean in said.items()}
        forecasts[MARKET_POOLED] = self._pooled(forecasts[ENSEMBLE], market, rows.height)
        return forecasts

    def _levelled(self, rows: pl.DataFrame, means: Mapping[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
        """The means at the level of the season the model learned in last."""
        now = (rows["season"] == self.season).to_numpy()
        return {name: mean * np.where(now, self.levels.get(name, 1.0), 1.0) for name, mean in means.items()}

    def _spread(self, name: str, mean: NDArray[np.float64], rows: pl.DataFrame) -> Forecast:
        if name not in self.spreads:
            none = np.zeros(rows.height, dtype=bool)
            return Forecast(Pmf(np.empty((0, self.counts))), none, np.full(rows.height, "no_past_forecasts"))
        able = ~np.isnan(mean)
        pmf = self.spreads[name].pmf(mean[able], rows.filter(able), self.counts)
        return Forecast(pmf, able, np.where(able, "", "no_recent_games"))

    def _pooled(self, ensemble: Forecast, market: pl.DataFrame | None, rows: int) -> Forecast:
        """The ensemble tilted to the pooled probability at the market's line."""
        if market is None:
            reason = np.where(ensemble.able, "no_quotes", ensemble.reason)
            return Forecast(ensemble.pmf[:0], np.zeros(rows, dtype=bool), reason)
        priced = market["p_over"].is_not_null().to_numpy()
        # Beyond the counts held, one side has no mass to tilt.
        within = market["half_points"].is_between(1, 2 * self.counts - 3).fill_null(value=False).to_numpy()
        able = ensemble.able & priced & within
        unable = np.where(priced, "line_out_of_range", "no_quotes")
        reason = np.where(able, "", np.where(ensemble.able, unable, ensemble.reason))
        base, lined = ensemble.pmf[able[ensemble.able]], market.filter(able)
        lines = lined["half_points"].cast(int).to_numpy()
        p_over = pooled_p(unpushed(base, lines), lined["p_over"].to_numpy(), self.pool)
        return Forecast(tilted(base, lines, p_over), able, reason)


def needed(system: str, stack: Iterable[str]) -> tuple[str, ...]:
    """The centres a system rests on: itself, or those that are stacked. Raises NotFound for an unknown one.

    >>> needed("similarity", ["gradient_boosting", "moving_average"]), needed("ensemble", ["similarity"])
    (('similarity',), ('similarity',))
    """
    if system not in SYSTEMS:
        message = f"no system is named {system}"
        raise NotFound(message, hint=f"choose among {', '.join(SYSTEMS)}")
    return (system,) if system in CENTRES else tuple(sorted(stack))


def _explained(forecast: Forecast, centre: Centres) -> Forecast:
    """A centre's own reason says more than that it has no mean."""
    return forecast._replace(reason=np.where(centre.reason != "", centre.reason, forecast.reason))


SMALLEST = 1e-4
"""Chance of a side below which an ensemble tells no more: its log-odds stay finite."""


def unpushed(pmf: Pmf, half_points: NDArray[np.integer]) -> NDArray[np.float64]:
    """P(over) given no push, kept off 0 and 1 so that its log-odds are finite."""
    over, under = pmf.over(half_points), pmf.under(half_points)
    return np.clip(over / (over + under), SMALLEST, 1 - SMALLEST)


def stacked(means: Mapping[str, NDArray[np.float64]], weights: Mapping[str, float]) -> NDArray[np.float64]:
    """The weighted mean of whatever centres have one, row by row; NaN where none has."""
    names = sorted(
        weights
    )  # a sum depends on its order in the last digit, and a stored model's order is the alphabet's
    held = np.column_stack([means[name] for name in names])
    share = np.where(np.isnan(held), 0.0, np.array([weights[name] for name in names]))
    with np.errstate(invalid="ignore"):
        mean: NDArray[np.float64] = (np.nan_to_num(held) * share).sum(axis=1) / share.sum(axis=1)
    return mean


def new_centres(market: str, features: Sequence[str]) -> dict[str, Centre]:
    """One unfitted centre of each kind."""
    return {name: kind(market, features) for name, kind in CENTRES.items()}
