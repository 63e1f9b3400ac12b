"""The walk-forward backtest of a market: windows, forecasts, scores. What `fairline backtest` reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fairline.evaluate import walkforward
from fairline.evaluate.schema import OPTIONAL
from fairline.evaluate.scores import score
from fairline.predict.systems import CENTRES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    import polars as pl

    from fairline.evaluate.walkforward import Material, Means, Window
    from fairline.platform.objects import Objects
    from fairline.predict.forecasting import Forecast


class Replay(NamedTuple):
    """Scored rows of every judged window and system, and what was said of every window, in order.

    untaught: judged windows with quotes that were left out, because too little was known before them.
    """

    scored: pl.DataFrame
    means: tuple[Means, ...]
    untaught: tuple[Window, ...]


def windows(material: Material, first: date, last: date, refit_days: int) -> tuple[list[Window], list[Window]]:
    """(those before, which only teach; those judged)."""
    return walkforward.warm_up(material, first), walkforward.weekly(first, last, refit_days)


def replay(
    material: Material, before: Sequence[Window], judged: Sequence[Window], cache: Objects, told: Callable[[str], None]
) -> Replay:
    """Forecast every window in turn and score the judged ones. `told` hears of each as it begins."""
    import polars as pl

    earlier: list[Means] = []
    scored: list[pl.DataFrame] = []
    untaught: list[Window] = []
    for window in [*before, *judged]:
        told(f"{material.market}: {window.first} to {window.last}")
        said = walkforward.means(material, window, cache)
        teachers = [one.known_by(said.starts) for one in earlier] if said is not None else []
        if said is not None and any(one.sample.height for one in teachers):
            scored += _scored(material.market, said, teachers) if window in judged else []
        elif window in judged and material.quoted["game_date"].is_between(*window).any():
            untaught.append(window)
        if said is not None:
            earlier.append(said)
    return Replay(pl.concat(scored) if scored else pl.DataFrame(), tuple(earlier), tuple(untaught))


def _scored(market: str, said: Means, earlier: Sequence[Means]) -> Iterator[pl.DataFrame]:
    """One window forecast with what the windows before it taught."""
    rows = said.quoted
    if rows.is_empty():
        return
    model = walkforward.learned(market, {}, earlier, season=rows["season"].item(0))
    centres = {name: rows[f"mean_{name}"].to_numpy() for name in CENTRES}
    yield from scored_forecasts(market, rows, model.distributions(rows, centres, rows.select("half_points", "p_over")))


def scored_forecasts(market: str, rows: pl.DataFrame, forecasts: Mapping[str, Forecast]) -> Iterator[pl.DataFrame]:
    """Each system's forecasts of quoted rows with their outcomes, as they come in `Material.quoted`, scored."""
    import polars as pl

    about = rows.select(
        "game_id", "player_id", "player_name", "game_date", "cutoff", pl.lit(market).alias("market"), "half_points",
        pl.col("p_over").alias("market_p_over"),
        ((pl.col("tip_off_at") - pl.col("quoted_at")).dt.total_seconds() / 60).alias("quote_age_minutes"),
        pl.col("actual").cast(pl.Int64), pl.col("minutes_avg_last_10").alias("role"),
        *(column.name for column in OPTIONAL),
    )  # fmt: skip
    for system, forecast in forecasts.items():
        if forecast.able.any():
            yield score(about.filter(forecast.able).with_columns(system=pl.lit(system)), forecast.pmf)
