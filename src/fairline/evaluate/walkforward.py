"""Walk forward: every forecast from what was known at its cutoff, everything learned from windows before its own.

A window's centres are fitted once on all outcomes known by its first cutoff, and their means kept (by hash, so a second
backtest finds them). Spreads, stack and pool are then learned, window by window, from the means of earlier windows.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from fairline.evaluate.frames import LEAST_GAMES, actual, feature_names, teaches
from fairline.features.contract import contract_hash, model_features
from fairline.predict.forecasting import MarketModel, new_centres, stacked, unpushed
from fairline.predict.pooling import STACK_PRIOR, level, pool_weight, stack_weights
from fairline.predict.spread import Spread
from fairline.predict.systems import CENTRES, ENSEMBLE
from fairline.predict.systems.gradient_boosting import PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from fairline.platform.objects import Objects
    from fairline.predict.systems.centre import Centre

    Floats = NDArray[np.float64]

SAMPLED = 4_000
"""Rows of all players per window whose means teach the spreads; every quoted row is kept besides."""
WARM_UP_DATES, WINDOW_DATES = 90, 30
"""Game dates before the first judged window whose means are also made, and how many make a window."""


@dataclass(frozen=True, slots=True)
class Material:
    """All rows of one market. rows: every player-game, with outcomes. quoted: those judged, with the consensus."""

    market: str
    rows: pl.DataFrame
    quoted: pl.DataFrame

    @classmethod
    def of(cls, market: str, rows: pl.DataFrame, quoted: pl.DataFrame) -> Material:
        """Rows with `actual`; of the quoted, those of players who played and have five games behind them."""
        import polars as pl

        labelled = rows.with_columns(actual=actual(market)).drop_nulls("actual")
        judged = (
            quoted.with_columns(actual=actual(market))
            .drop_nulls("actual")
            .filter(pl.col("career_games") >= LEAST_GAMES)
        )
        return cls(market, labelled, judged)


class Window(NamedTuple):
    """Game dates forecast by one fit, both ends included."""

    first: date
    last: date


class Means(NamedTuple):
    """What a window's centres said of its rows: `sample` of all players, `quoted` of those judged; columns mean_*."""

    window: Window
    sample: pl.DataFrame
    quoted: pl.DataFrame


def warm_up(material: Material, before: date) -> list[Window]:
    """Windows before a date: those with quotes, which teach the pool, and the last ninety game dates, for the spreads."""
    import polars as pl

    dates = material.rows.filter(pl.col("game_date") < before)["game_date"].unique().sort()
    quoted = material.quoted.filter(pl.col("game_date") < before)["game_date"].unique()
    wanted = dates.filter(dates.is_in(quoted.implode()) | (pl.Series(range(len(dates))) >= len(dates) - WARM_UP_DATES))
    chunks = [wanted[start : start + WINDOW_DATES] for start in range(0, len(wanted), WINDOW_DATES)]
    return [Window(chunk[0], chunk[-1]) for chunk in chunks]


def weekly(first: date, last: date, days: int = 7) -> list[Window]:
    """Windows of so many days from the first date on."""
    from datetime import timedelta

    starts = range(0, (last - first).days + 1, days)
    return [Window(first + timedelta(s), min(first + timedelta(s + days - 1), last)) for s in starts]


def means(material: Material, window: Window, cache: Objects) -> Means | None:
    """The centres' means for a window's rows, fitted on what was known by its first cutoff. None for an empty window."""
    import polars as pl

    inside = pl.col("game_date").is_between(*window)
    quoted = material.quoted.filter(inside)
    everyone = material.rows.filter(inside & (pl.col("career_games") >= LEAST_GAMES))
    if not everyone.height and not quoted.height:
        return None
    sample = _sampled(everyone)
    starts = pl.concat([quoted["cutoff"], everyone["cutoff"]]).min()
    past = teaches(material.rows.filter(pl.col("outcome_known_at") <= starts))
    key = f"folds/{material.market}/{_identity(material.market, past, quoted, sample)}"
    if cache.exists(f"{key}/quoted.parquet"):
        held = [pl.read_parquet(io.BytesIO(cache.get(f"{key}/{part}.parquet"))) for part in ("sample", "quoted")]
        return Means(window, sample.hstack(held[0]), quoted.hstack(held[1]))
    centres = fitted(material.market, past)
    said = [_said(centres, frame) for frame in (sample, quoted)]
    for part, frame in zip(("sample", "quoted"), said, strict=True):
        buffer = io.BytesIO()
        frame.write_parquet(buffer)
        cache.put(f"{key}/{part}.parquet", buffer.getvalue())
    return Means(window, sample.hstack(said[0]), quoted.hstack(said[1]))


def _sampled(rows: pl.DataFrame) -> pl.DataFrame:
    """About SAMPLED of the rows, the same ones whatever their order."""
    draws = rows.select("game_id", "player_id").hash_rows(seed=1) % 1000
    return rows.filter(draws < 1000 * SAMPLED // max(rows.height, 1))


def fitted(market: str, past: pl.DataFrame) -> dict[str, Centre]:
    """Every centre, fitted on the past."""
    centres = new_centres(market, feature_names())
    for centre in centres.values():
        centre.fit(past)
    return centres


def learned(market: str, centres: dict[str, Centre], earlier: Sequence[Means], season: int) -> MarketModel:
    """A whole model for a season: the centres, and what earlier windows teach of levels, spreads, stack and pool."""
    import numpy as np
    import polars as pl

    sample = pl.concat([one.sample for one in earlier])
    truth = sample["actual"].cast(pl.Float64).to_numpy()
    said = {name: sample[f"mean_{name}"].to_numpy() for name in CENTRES}
    stack = _stack(said, truth)
    said[ENSEMBLE] = stacked(said, stack)
    spreads = {name: Spread.learned(mean, truth, sample) for name, mean in said.items() if not np.isnan(mean).all()}
    features, identity = tuple(feature_names()), contract_hash(model_features())
    now = (sample["season"] == season).to_numpy()
    levels = {name: level(said[name][now], truth[now]) for name in CENTRES}
    model = MarketModel(market, identity, features, centres, spreads, levels, stack)
    model.pool = _pool(model, pl.concat([one.quoted for one in earlier]))
    return model


def _stack(said: dict[str, Floats], truth: Floats) -> dict[str, float]:
    """Weights of the centres that cover every player."""
    import numpy as np

    means = np.column_stack([said[name] for name in STACK_PRIOR])
    able = ~np.isnan(means).any(axis=1)
    weights = stack_weights(means[able], truth[able], np.array(list(STACK_PRIOR.values())))
    return dict(zip(STACK_PRIOR, (float(one) for one in weights), strict=True))


def _pool(model: MarketModel, quoted: pl.DataFrame) -> float:
    import numpy as np
    import polars as pl

    decided = quoted.filter(2 * pl.col("actual") != pl.col("half_points"))
    if not decided.height:
        return model.pool
    centres = {name: decided[f"mean_{name}"].to_numpy() for name in CENTRES if name in model.spreads}
    forecasts = model.distributions(decided, centres, None)
    ensemble = forecasts[ENSEMBLE]
    rows = decided.filter(ensemble.able)
    p = unpushed(ensemble.pmf, rows["half_points"].cast(pl.Int64).to_numpy())
    over = (2 * rows["actual"] > rows["half_points"]).to_numpy()
    return pool_weight(p, rows["p_over"].to_numpy(), np.asarray(over))


def _said(centres: dict[str, Centre], rows: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame({f"mean_{name}": centre.centres(rows).mean for name, centre in centres.items()})


def _identity(market: str, *frames: pl.DataFrame) -> str:
    """Everything the means depend on: the contract, the systems and their parameters, and every row."""
    parts = [market, contract_hash(model_features()), str(PARAMETERS), str({n: c.version for n, c in CENTRES.items()})]
    parts += [str(frame.hash_rows(seed=2).sum()) for frame in frames]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:20]
