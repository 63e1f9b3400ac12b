"""Lines on games: spread, total and moneylines of each book, around what an expert would expect of both sides."""

from datetime import datetime

import numpy as np
import polars as pl

from fairline.sim.league.books import BOOKS, EARLY_HOURS, american, view_of
from fairline.sim.league.seasons import Season, Stretch
from fairline.sim.league.streams import stream
from fairline.sim.league.talents import Floats, Whole

MARGIN_SD = 13.0
"""Of the final margin around a good spread: turns a spread into a chance to win."""

SPREAD_ERROR, TOTAL_ERROR, OWN_ERROR = 1.0, 1.8, 0.5
"""Points: SD of the error all books share at tip-off, and of each one's own; early, twice as much."""
HOLD = 0.045


def game_lines(season: Season, stretch: Stretch, rows: Whole, at: list[datetime], seed: int) -> pl.DataFrame:
    """A row a game and book: `game_id`, `captured_at`, `tipoff`, both teams by full name, `book`, `home_spread`,
    `total`, `home_american`, `away_american`. at: of each game, a time before its tip-off.
    """  # noqa: D205 - a list of columns
    team = view_of(season, stretch, rows, at, seed).team
    names = [place.team.name for place in season.where]
    told = []
    for place, row in enumerate(rows):
        tip = stretch.calendar.tip_at[row]
        early = 1 + min(max((tip - at[place]).total_seconds() / 3600 / EARLY_HOURS, 0.0), 1.0)
        errors = early * stream(seed, "game lines", stretch.ids[row]).standard_normal((len(BOOKS) + 1, 2))
        for number, book in enumerate(BOOKS, start=1):
            margin = team[place, 0] - team[place, 1] + SPREAD_ERROR * errors[0, 0] + OWN_ERROR * errors[number, 0]
            total = team[place].sum() + TOTAL_ERROR * errors[0, 1] + OWN_ERROR * errors[number, 1]
            home, away = _moneylines(margin)
            told.append((
                stretch.ids[row], at[place], tip, names[stretch.calendar.home[row]], names[stretch.calendar.away[row]],
                book.key, -_halves(margin), _halves(total), home, away,
            ))  # fmt: skip
    columns = (
        "game_id", "captured_at", "tipoff", "home_team", "away_team", "book", "home_spread", "total", "home_american",
        "away_american",
    )  # fmt: skip
    instants = dict.fromkeys(("captured_at", "tipoff"), pl.Datetime("us", "UTC"))
    return pl.DataFrame(told, schema=list(columns), schema_overrides=instants, orient="row")


def _halves(points: float) -> float:
    return round(2 * float(points)) / 2 + 0.0


def _moneylines(margin: float) -> tuple[float, float]:
    from scipy.special import ndtr

    chance = np.clip(ndtr(margin / MARGIN_SD), 0.03, 0.97)
    both: Floats = american(np.clip(np.array([chance, 1 - chance]) * (1 + HOLD), 0.02, 0.985))
    return float(both[0]), float(both[1])
