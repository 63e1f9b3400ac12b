"""Walk forward: every forecast from what was known at its cutoff, everything learned from windows before its own.

A window's centres are fitted once on all outcomes known by its first cutoff, and their means kept (by hash, so a second
backtest finds them). Spreads, stack and pool are then learned, window by window, from the means of earlier windows, as
far as their outcomes were known by then.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from fairline.domain.errors import NotFound
from fairline.evaluate.frames import LEAST_GAMES, actual, feature_names, teaches
from fairline.evaluate.scores import uniform_draws
from fairline.features.contract import contract_hash, model_features
from fairline.predict.forecasting import MarketModel, new_centres, stacked, unpushed
from fairline.predict.pooling import STACK_PRIOR, level, pool_weight, stack_weights
from fairline.predict.spread import Spread
from fairline.predict.systems import CENTRES, ENSEMBLE
from fairline.predict.systems.gradient_boosting import PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from fairline.platform.objects import Objects
    from fairline.predict.systems.centre import Centre

    Floats = NDArray[np.float64]

LEAST_TAUGHT = 300
"""Player-games below which nothing is fitted."""
SAMPLED = 4_000
"""Rows of all players per window whose means teach the spreads; every quoted row is kept besides."""
WARM_UP_DATES, WINDOW_DATES = 90, 30
"""Game dates before the first judged window whose means are also made, and how many make a window."""
LONGEST_PAUSE = 14
"""Days without a wanted game date within a window: a fit is not asked about a time long after it."""


@dataclass(frozen=True, slots=True)
class Material:
    """All rows of one market.

    rows: every player-game, with outcomes. quoted: those judged, with the consensus. void: quoted players of finished
    games who did not play, by game date; no forecast of them can be judged.
    """

    market: str
    rows: pl.DataFrame
    quoted: pl.DataFrame
    void: pl.Series

    @classmethod
    def of(cls, market: str, rows: pl.DataFrame, quoted: pl.DataFrame) -> Material:
        """Rows with `actual`; of the quoted, those of players who played and have five games behind them."""
        import polars as pl

        labelled = rows.with_columns(actual=actual(market))
        if labelled["actual"].null_count():  # else a copy of every season, per market
            labelled = labelled.drop_nulls("actual")
        settled = quoted.with_columns(actual=actual(market))
        judged = settled.drop_nulls("actual").filter(pl.col("career_games") >= LEAST_GAMES)
        void = settled.filter(pl.col("result_held") & pl.col("outcome_known_at").is_null())
        return cls(market, labelled, judged, void["game_date"])


class Window(NamedTuple):
    """Game dates forecast by one fit, both ends included."""

    first: date
    last: date


class Means(NamedTuple):
    """What a window's centres said of its rows: `sample` of all players, `quoted` of those judged; columns mean_*.

    starts: the window's first cutoff; nothing known later was learned from.
    """

    window: Window
    starts: datetime
    sample: pl.DataFrame
    quoted: pl.DataFrame

    def known_by(self, moment: datetime) -> Means:
        """Those whose outcome was known: last night's late games are not, for a quote of yesterday."""
        known = [frame.filter(frame["outcome_known_at"] <= moment) for frame in (self.sample, self.quoted)]
        return Means(self.window, self.starts, *known)


def warm_up(material: Material, before: date) -> list[Window]:
    """Windows before a date: those with quotes, which teach the pool, and the last game dates, for the spreads."""
    import polars as pl

    dates = material.rows.filter(pl.col("game_date") < before)["game_date"].unique().sort()
    quoted = material.quoted.filter(pl.col("game_date") < before)["game_date"].unique()
    wanted = dates.filter(dates.is_in(quoted.implode()) | (pl.Series(range(len(dates))) >= len(dates) - WARM_UP_DATES))
    paused = pl.col("day").diff().dt.total_days() > LONGEST_PAUSE
    chunks = (
        wanted.to_frame("day")
        .with_columns(run=paused.fill_null(value=False).cum_sum())
        .with_columns(chunk=pl.int_range(pl.len()).over("run") // WINDOW_DATES)
        .group_by("run", "chunk", maintain_order=True)
        .agg(first=pl.col("day").first(), last=pl.col("day").last())
    )
    return [Window(first, last) for first, last in chunks.select("first", "last").iter_rows()]


def weekly(first: date, last: date, days: int = 7) -> list[Window]:
    """Windows of so many days from the first date on."""
    from datetime import timedelta

    starts = range(0, (last - first).days + 1, days)
    return [Window(first + timedelta(s), min(first + timedelta(s + days - 1), last)) for s in starts]


def means(material: Material, window: Window, cache: Objects) -> Means | None:
    """The centres' means for a window's rows, fitted on what was known by its first cutoff.

    None for a window without rows, or with too little known before it to fit anything.
    """
    import polars as pl

    inside = pl.col("game_date").is_between(*window)
    quoted = material.quoted.filter(inside)
    everyone = material.rows.filter(inside & (pl.col("career_games") >= LEAST_GAMES))
    if not everyone.height and not quoted.height:
        return None
    sample = _sampled(everyone, material.market)
    starts: datetime = pl.concat([quoted["cutoff"], everyone["cutoff"]]).min()  # type: ignore[assignment]
    past = teaches(material.rows.filter(pl.col("outcome_known_at") <= starts))
    if past.height < LEAST_TAUGHT:
        return None
    key = f"folds/{material.market}/{_identity(material.market, past, quoted, sample)}"
    said = _held(cache, key) or _kept(cache, key, fitted(material.market, past), (sample, quoted))
    return Means(window, starts, sample.hstack(said[0]), quoted.hstack(said[1]))


def fitted(market: str, past: pl.DataFrame) -> dict[str, Centre]:
    """Every centre, fitted on the past. Raises NotFound when it holds fewer rows than anything can be learned from."""
    if past.height < LEAST_TAUGHT:
        message = f"{past.height} player-games teach {market}, {LEAST_TAUGHT} are needed"
        raise NotFound(message, hint="`fairline import PATH...` with LeagueGameLog files of more games")
    centres = new_centres(market, feature_names())
    for centre in centres.values():
        centre.fit(past)
    return centres


def learned(market: str, centres: dict[str, Centre], earlier: Sequence[Means], season: int) -> MarketModel:
    """A whole model for a season: the centres, and what earlier windows teach of levels, spreads, stack and pool.

    earlier: known by the first forecast of the model. Raises NotFound when they hold no forecast at all.
    """
    import numpy as np
    import polars as pl

    if not any(one.sample.height for one in earlier):
        message = f"no earlier window of {market} could be forecast, so how far outcomes fall is not known"
        raise NotFound(message, hint="`fairline import PATH...` with box scores of more weeks")
    sample = pl.concat([one.sample for one in earlier])
    truth = sample["actual"].cast(pl.Float64).to_numpy()
    said = {name: sample[f"mean_{name}"].to_numpy() for name in CENTRES}
    now = (sample["season"] == season).to_numpy()
    model = MarketModel(
        market,
        contract_hash(model_features()),
        tuple(feature_names()),
        season,
        centres,
        spreads={},
        levels={name: level(said[name][now], truth[now]) for name in CENTRES},
        stack=_stack(said, truth),
    )
    said[ENSEMBLE] = stacked(said, model.stack)
    model.spreads = {n: Spread.learned(mean, truth, sample) for n, mean in said.items() if not np.isnan(mean).all()}
    model.pool = _pool(model, pl.concat([one.quoted for one in earlier]))
    return model


def _sampled(rows: pl.DataFrame, market: str) -> pl.DataFrame:
    """About SAMPLED of the rows, the same ones whatever their order and on every machine."""
    import polars as pl

    if rows.height <= SAMPLED:
        return rows
    draws = uniform_draws(rows.select("game_id", "player_id", pl.lit(market).alias("market")))
    return rows.filter(draws < SAMPLED / rows.height)


def _stack(said: dict[str, Floats], truth: Floats) -> dict[str, float]:
    """Weights of the centres that cover every player."""
    import numpy as np

    means = np.column_stack([said[name] for name in STACK_PRIOR])
    able = ~np.isnan(means).any(axis=1)
    weights = stack_weights(means[able], truth[able], np.array(list(STACK_PRIOR.values())))
    return dict(zip(STACK_PRIOR, (float(one) for one in weights), strict=True))


def _pool(model: MarketModel, quoted: pl.DataFrame) -> float:
    """The share of the ensemble's disagreement that past quoted rows, pushes aside, would have believed."""
    import polars as pl

    decided = quoted.filter(2 * pl.col("actual") != pl.col("half_points"))
    centres = {name: decided[f"mean_{name}"].to_numpy() for name in CENTRES}
    ensemble = model.distributions(decided, centres, None)[ENSEMBLE]
    rows = decided.filter(ensemble.able)
    p = unpushed(ensemble.pmf, rows["half_points"].cast(pl.Int64).to_numpy())
    over = (2 * rows["actual"] > rows["half_points"]).to_numpy()
    return pool_weight(p, rows["p_over"].to_numpy(), over)


def _held(cache: Objects, key: str) -> list[pl.DataFrame] | None:
    """The kept means of sample and quoted rows. The second was written last: where it is, both are."""
    import polars as pl

    if not cache.exists(f"{key}/quoted.parquet"):
        return None
    return [pl.read_parquet(io.BytesIO(cache.get(f"{key}/{part}.parquet"))) for part in ("sample", "quoted")]


def _kept(
    cache: Objects, key: str, centres: dict[str, Centre], frames: tuple[pl.DataFrame, pl.DataFrame]
) -> list[pl.DataFrame]:
    """What the centres say of each frame's rows, in their order; kept under the key."""
    import polars as pl

    said = [
        pl.DataFrame({f"mean_{name}": centre.centres(rows).mean for name, centre in centres.items()}) for rows in frames
    ]
    for part, frame in zip(("sample", "quoted"), said, strict=True):
        buffer = io.BytesIO()
        frame.write_parquet(buffer)
        cache.put(f"{key}/{part}.parquet", buffer.getvalue())
    return said


def _identity(market: str, *frames: pl.DataFrame) -> str:
    """Everything the means depend on: the contract, the systems and their parameters, and what they read of every row.

    Polars promises its row hashes within a version alone: after another is installed, folds are fitted again.
    """
    read = ["game_id", "player_id", "cutoff", *feature_names(), "actual"]
    versions = {name: centre.version for name, centre in CENTRES.items()}
    digest = hashlib.sha256(f"{market}|{contract_hash(model_features())}|{PARAMETERS}|{versions}".encode())
    for frame in frames:
        digest.update(b"|")
        digest.update(frame.select(read).hash_rows(seed=2).to_numpy().tobytes())
    return digest.hexdigest()[:20]
