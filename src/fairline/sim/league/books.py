"""The books: five of them, each with its own noise, bias and hold, quoting around what an expert would expect.

All share one error, as they copy each other; each has its own beside it; both shrink towards tip-off. None knows the
truth: what an expert expects is near it, and the reports that move it are public.
"""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl

from fairline.domain.markets import Market
from fairline.domain.odds import american_from_decimal
from fairline.sim.league.expectations import Expected, expected
from fairline.sim.league.knowledge import slate_as_known
from fairline.sim.league.seasons import Season, Stretch
from fairline.sim.league.streams import stream
from fairline.sim.league.talents import Floats, Whole
from fairline.sim.league.truth import report_times


@dataclass(frozen=True, slots=True)
class Book:
    """One of them, with the ways it errs.

    key: The Odds API's. noise: SD of the logarithm of its own error at tip-off. bias: added to what it takes for the
    chance of an over. hold: what both prices imply above 1. quotes: share of players it has a line on.
    """

    key: str
    title: str
    noise: float
    bias: float
    hold: float
    quotes: float


BOOKS = (
    Book("draftkings", "DraftKings", 0.022, 0.006, 0.060, 0.98),
    Book("fanduel", "FanDuel", 0.018, 0.004, 0.058, 0.98),
    Book("betmgm", "BetMGM", 0.032, 0.012, 0.068, 0.92),
    Book("williamhill_us", "Caesars", 0.030, 0.008, 0.064, 0.90),
    Book("fanatics", "Fanatics", 0.040, 0.010, 0.048, 0.85),
)

MARKETS = (Market.POINTS, Market.REBOUNDS, Market.ASSISTS, Market.THREES, Market.POINTS_REBOUNDS_ASSISTS)
OVERDISPERSION = {
    Market.POINTS: 2.75, Market.REBOUNDS: 1.35, Market.ASSISTS: 1.25, Market.THREES: 1.08,
    Market.POINTS_REBOUNDS_ASSISTS: 3.2,
}  # fmt: skip
"""Variance over mean of what the books believe in."""

SHARED, SHARED_EARLY, OWN_EARLY = 0.035, 0.055, 2.0
"""SD of the logarithm of the shared error at tip-off, what it has more early; how many times a book's own is then."""
EARLY_HOURS = 12.0
LEAST_MINUTES, LEAST_LIKELY, LEAST_MEAN = 17.0, 0.45, 0.9
"""Whom the books quote: those expected to play so much and so surely, in markets with so much to count."""
LONGEST, SHORTEST = 0.88, 0.12


def prop_quotes(season: Season, stretch: Stretch, rows: Whole, at: list[datetime], seed: int) -> pl.DataFrame:
    """The quotes of the games in these rows, each game's as they stand at a time (UTC) before its tip-off.

    Columns of quote files: `captured_at`, `tipoff`, teams by full name, `player_name`, `market`, `book` (The Odds API's
    key), `line`, `over_american`, `under_american`; beside them `game_id`, `player_id`.
    """
    tips = [stretch.calendar.tip_at[row] for row in rows]
    slate = stretch.slate.only(rows)
    view = view_of(season, stretch, rows, at, seed)
    hours = np.array([(tip - then).total_seconds() / 3600 for tip, then in zip(tips, at, strict=True)])
    early = np.clip(hours / EARLY_HOURS, 0.0, 1.0)
    asked = (view.minutes >= LEAST_MINUTES) & (view.plays >= LEAST_LIKELY)
    game, side, slot = np.nonzero(asked)
    people = slate.slots[game, side, slot]
    errors = _errors(stretch, rows, seed)[:, game, side, slot]
    frames = []
    for place, market in enumerate(MARKETS):
        mean = _mean(view, market)[game, side, slot]
        for which, book in enumerate(BOOKS):
            own, shared = errors[4 * (len(BOOKS) * place + which) + np.arange(4)], errors[-4:]
            offered = (_uniform(own[2]) < book.quotes) & (mean >= LEAST_MEAN)
            late_error = SHARED * shared[0] + book.noise * own[0]
            early_error = SHARED_EARLY * shared[1] + book.noise * OWN_EARLY * own[1]
            believed = mean * np.exp(late_error + early[game] * early_error)
            line, over = main_line(believed, OVERDISPERSION[market])
            prices = _prices(np.clip(over + book.bias, SHORTEST, LONGEST), book.hold)
            frames.append(
                pl.DataFrame({
                    "game": game, "player": people, "market": market.value, "book": book.key, "line": line,
                    "over_american": prices[0], "under_american": prices[1],
                }).filter(pl.Series(offered))
            )  # fmt: skip
    return _told(pl.concat(frames), season, stretch, rows, at)


def view_of(season: Season, stretch: Stretch, rows: Whole, at: list[datetime], seed: int) -> Expected:
    """What the books expect of games, each at its own time. Before the first report only long absences are known."""
    stages = [
        sum(report <= then for report in report_times(stretch.calendar.tip_at[row])[1:])
        for row, then in zip(rows, at, strict=True)
    ]
    chances = [stream(seed, "views", stretch.ids[int(row)]) for row in rows]
    return expected(slate_as_known(season, stretch, rows, seed), np.array(stages, np.int64), chances)


def main_line(mean: Floats, overdispersion: float) -> tuple[Floats, Floats]:
    """The half line at which over and under are most alike, and the chance of over; counts are negative binomial.

    >>> line, over = main_line(np.array([20.0]), 2.75)
    >>> float(line[0]), round(float(over[0]), 2)
    (19.5, 0.49)
    """
    from scipy.special import betainc

    size = mean / (overdispersion - 1)
    below = np.maximum(np.floor(mean) - 2, 0)[None, :] + np.arange(4)[:, None]
    over = 1 - betainc(size, below + 1, 1 / overdispersion)
    best = np.abs(over - 0.5).argmin(axis=0)[None, :]
    line: Floats = np.take_along_axis(below, best, axis=0)[0] + 0.5
    return line, np.take_along_axis(over, best, axis=0)[0]


def american(probability: Floats) -> Floats:
    """The American price, whole, that implies these probabilities."""
    return np.array([round(american_from_decimal(1 / each)) for each in probability], np.float64)


def _prices(over: Floats, hold: float) -> tuple[Floats, Floats]:
    return american(np.clip(over * (1 + hold), 0.02, 0.97)), american(np.clip((1 - over) * (1 + hold), 0.02, 0.97))


def _mean(view: Expected, market: Market) -> Floats:
    parts = {
        Market.POINTS: (view.points,), Market.REBOUNDS: (view.rebounds,), Market.ASSISTS: (view.assists,),
        Market.THREES: (view.threes,), Market.POINTS_REBOUNDS_ASSISTS: (view.points, view.rebounds, view.assists),
    }  # fmt: skip
    total: Floats = np.sum(parts[market], axis=0)
    return total


def _errors(stretch: Stretch, rows: Whole, seed: int) -> Floats:
    """Standard normal draws of each game, the same whenever it is asked about; shape (draws, games, 2, slots)."""
    shape = stretch.slate.slots.shape[1:]
    count = 4 * len(BOOKS) * len(MARKETS) + 4
    return np.stack(
        [stream(seed, "books", stretch.ids[int(row)]).standard_normal((count, *shape)) for row in rows], axis=1
    )


def _uniform(normal: Floats) -> Floats:
    from scipy.special import ndtr

    uniform: Floats = ndtr(normal)
    return uniform


def _told(quotes: pl.DataFrame, season: Season, stretch: Stretch, rows: Whole, at: list[datetime]) -> pl.DataFrame:
    calendar = stretch.calendar
    names = [place.team.name for place in season.where]
    of_game = pl.DataFrame({
        "game": np.arange(len(rows)), "game_id": [stretch.ids[row] for row in rows],
        "captured_at": pl.Series(at, dtype=pl.Datetime("us", "UTC")),
        "tipoff": pl.Series([calendar.tip_at[row] for row in rows], dtype=pl.Datetime("us", "UTC")),
        "home_team": [names[calendar.home[row]] for row in rows],
        "away_team": [names[calendar.away[row]] for row in rows],
    })  # fmt: skip
    of_player = pl.DataFrame({
        "player": np.arange(len(season.people.ids)), "player_id": season.people.ids,
        "player_name": season.people.names,
    })  # fmt: skip
    return (
        quotes.join(of_game, on="game").join(of_player, on="player")
        .with_columns(opponent=pl.lit(None, pl.String))
        .sort("game", "market", "book", "player")
        .select(
            "captured_at", "tipoff", "home_team", "away_team", "opponent", "player_name", "market", "book", "line",
            "over_american", "under_american", "game_id", "player_id",
        )
    )  # fmt: skip
