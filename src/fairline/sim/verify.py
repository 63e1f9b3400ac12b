"""Systems held against the truth, which only a simulated league knows: how far off each is, and in what way.

The home's systems forecast its latest games as they would have, by a model that knows no later outcome; the league
plays each of those games again and again from what was reported by the same cutoff.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from fairline.analytics.build import refresh
from fairline.domain.errors import NotFound
from fairline.domain.markets import Market
from fairline.domain.pmf import Pmf
from fairline.features import assemble, market
from fairline.features.contract import contract_hash, model_features
from fairline.features.quality import scored
from fairline.ops.training import train
from fairline.predict import registry
from fairline.sim.closeness import Bets, Closeness, Quotes, Truths, bets, closeness
from fairline.sim.league.truth import truth

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from fairline.platform.home import Home
    from fairline.predict.forecasting import Forecast
    from fairline.sim.league.league import League

CUTOFF = timedelta(hours=5)
"""Before tip-off: an hour after quotes were seen, and no report is newer than the snapshots of it that files hold."""
GAMES, DRAWS = 40, 1000
AGAIN = "the truth, drawn again"
"""Nights drawn anew, judged as if they were a system: what is found of a perfect one."""


class Verdict(NamedTuple):
    """One system on one market beside the truth."""

    market: str
    system: str
    games: int
    closeness: Closeness
    bets: Bets


@dataclass(frozen=True, slots=True)
class Material:
    """What forecasts are judged by. keys: game_id and player_id of each row; quotes are about those rows."""

    market: Market
    keys: pl.DataFrame
    truths: Truths
    again: Pmf
    quotes: Quotes

    def judged(self, system: str, said: Pmf, able: np.ndarray) -> Verdict:
        """A system's forecasts of the rows it is able to forecast."""
        truths, quotes = self.truths.only(able), self.quotes.only(able)
        games = self.keys.filter(pl.Series(able))["game_id"].n_unique()
        return Verdict(self.market.value, system, games, closeness(said, truths), bets(said, truths.pmf, quotes))


def verify(
    home: Home,
    league: League,
    *,
    markets: Sequence[str] = ("points",),
    games: int = GAMES,
    draws: int = DRAWS,
    told: Callable[[str], None] = lambda _: None,
) -> list[Verdict]:
    """Hold every system of a simulated home against the truth, on the latest games it has the results of.

    Trains, when every model kept knows too much. Raises NotFound without games that had quotes.
    """
    refresh(home.warehouse)
    cutoffs = _cutoffs(home, league, games)
    verdicts = []
    for name in markets:
        forecasts, rows, quotes = _forecasts(home, cutoffs, name, told)
        material, known = material_of(league, Market(name), rows, quotes, draws, told)
        verdicts.append(material.judged(AGAIN, material.again, np.ones(known.sum(), bool)))
        for system, forecast in forecasts.items():
            able = forecast.able & known
            if able[known].any():
                said = forecast.pmf[known[forecast.able]]
                verdicts.append(material.judged(system, said, able[known]))
    return verdicts


def material_of(
    league: League, of: Market, rows: pl.DataFrame, quotes: pl.DataFrame, draws: int, told: Callable[[str], None]
) -> tuple[Material, np.ndarray]:
    """What the rows are judged by, and which of them the truth says anything of.

    rows: game_id, player_id, cutoff. quotes: game_id, player_id, half_points and decimal odds.
    """
    found: dict[tuple[str, int], tuple[np.ndarray, np.ndarray, float]] = {}
    asked = rows.group_by("game_id", maintain_order=True).agg(pl.col("cutoff").first())
    for place, (game, cutoff) in enumerate(asked.iter_rows()):
        told(f"{of.value}: the truth of game {place + 1}/{asked.height}")
        # Another number of nights is another stream of chances.
        one, other = (truth(league, [game], cutoff, draws=count, markets=[of]) for count in (draws, draws + 1))
        second = dict(zip(other.player_ids.tolist(), other.pmfs[of].p, strict=True))
        for player, p, plays in zip(one.player_ids.tolist(), one.pmfs[of].p, one.plays, strict=True):
            if player in second:
                found[game, player] = (p, second[player], draws * float(plays))
    keys = list(rows.select("game_id", "player_id").iter_rows())
    known = np.array([key in found for key in keys])
    mine = [found[key] for key in keys if key in found]
    told_of = rows.filter(pl.Series(known)).select("game_id", "player_id")
    truths = Truths(
        _batch([one[0] for one in mine]), told_of["game_id"].cast(pl.Int64).to_numpy(),
        np.array([one[2] for one in mine]),
    )  # fmt: skip
    priced = quotes.join(told_of.with_row_index("row"), on=["game_id", "player_id"])
    decimal = pl.col("over_decimal", "under_decimal").cast(pl.Float64).fill_null(np.nan)
    odds = priced.select("row", "half_points", decimal)
    quoted = Quotes(
        odds["row"].cast(pl.Int64).to_numpy(), odds["half_points"].cast(pl.Int64).to_numpy(),
        odds["over_decimal"].to_numpy(), odds["under_decimal"].to_numpy(),
    )  # fmt: skip
    return Material(of, told_of, truths, _batch([one[1] for one in mine]), quoted), known


def _batch(rows: list[np.ndarray]) -> Pmf:
    size = max(len(row) for row in rows)
    return Pmf(np.stack([np.pad(row, (0, size - len(row))) for row in rows]))


def _cutoffs(home: Home, league: League, games: int) -> pl.DataFrame:
    """game_id and cutoff of the latest games that were quoted by then and are over."""
    regular = league.season(league.years[-1]).regular
    told = pl.DataFrame(
        {"game_id": regular.ids, "cutoff": [tip - CUTOFF for tip in regular.calendar.tip_at]},
        schema_overrides={"cutoff": pl.Datetime("us", "UTC")},
    )
    with home.warehouse.frame("simulated", told):
        found = home.warehouse.query(
            """
            SELECT DISTINCT game_id, cutoff FROM simulated
            JOIN raw.prop_quotes AS quote USING (game_id)
            SEMI JOIN analytics.player_game_summary AS played ON played.game_id = simulated.game_id
            WHERE quote.known_at <= cutoff AND quote.captured_at <= cutoff AND cutoff < ?
            ORDER BY cutoff DESC, game_id LIMIT ?
            """,
            [home.clock.now(), games],
        )
    if found.is_empty():
        raise NotFound("no game of this league is held with quotes", hint="`fairline demo` makes a home that has them")
    return found.sort("cutoff", "game_id")


def _forecasts(
    home: Home, cutoffs: pl.DataFrame, name: str, told: Callable[[str], None]
) -> tuple[dict[str, Forecast], pl.DataFrame, pl.DataFrame]:
    """By system what it says of each row; the rows' keys, and the quotes that stood."""
    first: datetime = cutoffs["cutoff"].min()  # type: ignore[assignment] # an instant, as the query has it
    if not _has_honest(home, name, first):
        train(home, (name,), known_by=first, told=told)
    model, _, _ = registry.load(home.objects, name, first)
    told(f"{name}: features of {cutoffs.height} games")
    with home.warehouse.frame("wanted", cutoffs):
        quoted = home.warehouse.query(_QUOTED, [name])
    rows = scored(assemble.build(home.warehouse, cutoffs, quoted))
    standing = market.quotes_as_of(home.warehouse, rows.select(market.PLAYER), name)
    lines = rows.select(market.PLAYER).join(
        market.consensus(standing), on=market.PLAYER, how="left", maintain_order="left"
    )
    lines = lines.select("half_points", "p_over")
    forecasts = model.forecast(rows, lines, contract_hash(model_features()))
    return forecasts, rows.select(market.PLAYER), standing.filter("latest", ~pl.col("suspect"))


def _has_honest(home: Home, name: str, moment: datetime) -> bool:
    try:
        return registry.has_honest(home.objects, name, moment)
    except NotFound:
        return False


_QUOTED = """
SELECT quote.game_id, wanted.cutoff, quote.player_id, max(quote.team_id) AS team_id
FROM raw.prop_quotes AS quote
JOIN wanted ON wanted.game_id = quote.game_id AND quote.captured_at <= wanted.cutoff AND quote.known_at <= wanted.cutoff
WHERE quote.market = ?
GROUP BY ALL
"""
