"""What the books of the simulated league know: less than everything, and as much as the real ones seem to."""

from datetime import timedelta
from functools import cache

import numpy as np
import polars as pl
import pytest
from tests.sim.leagues import whole_league

from fairline.sim.league import knowledge
from fairline.sim.league.books import prop_quotes
from fairline.sim.league.knowledge import EVERYTHING, OF_BOOKS, SEEN, Knowledge, slate_as_known
from fairline.sim.league.seasons import Season, Stretch
from fairline.sim.league.tables import player_log

REAL_EDGE, WITHIN = 0.27, 0.05
"""By how much the real books' points lines of ten and more beat the mean of the last ten games in autumn 2025."""
CLOSING, GAMES = timedelta(minutes=40), np.arange(300, 1200)


@cache
def points() -> pl.DataFrame:
    """Points of every game of both seasons, with the mean of the player's ten before."""
    league = whole_league()
    logs = [player_log(season, season.regular, league.seed) for season in map(league.season, league.years)]
    told = pl.concat(logs).sort("PLAYER_ID", "GAME_DATE", "GAME_ID")
    before = pl.col("PTS").shift(1).rolling_mean(10).over("PLAYER_ID")
    return told.select(game_id="GAME_ID", player_id="PLAYER_ID", points="PTS", last_ten=before)


def edge(season: Season) -> float:
    """Absolute error of the mean of the last ten games, less that of the books' closing lines."""
    tips = [season.regular.calendar.tip_at[row] - CLOSING for row in GAMES]
    quotes = prop_quotes(season, season.regular, GAMES, tips, whole_league().seed).filter(market="points")
    lines = quotes.group_by("game_id", "player_id").agg(pl.median("line")).filter(pl.col("line") >= 10)
    played = lines.join(points(), on=["game_id", "player_id"]).drop_nulls("last_ten")
    assert played.height > 5000
    errors = played.select(
        (pl.col("points") - pl.col(guess)).abs().mean().alias(guess) for guess in ("last_ten", "line")
    )
    return float(errors["last_ten"][0] - errors["line"][0])


def test_the_books_beat_an_average_of_ten_games_by_as_much_as_real_books_do(season: Season):
    assert edge(season) == pytest.approx(REAL_EDGE, abs=WITHIN)


def test_books_that_knew_everything_would_beat_it_by_more(season: Season, monkeypatch: pytest.MonkeyPatch):
    usual = edge(season)
    monkeypatch.setattr(knowledge.slate_as_known, "__defaults__", (EVERYTHING,))
    assert edge(season) > usual + 0.08


def test_who_knows_everything_sees_the_slate_as_it_is(season: Season, regular: Stretch):
    rows = np.arange(300, 320)
    slate, known = regular.slate.only(rows), slate_as_known(season, regular, rows, 1, EVERYTHING)
    sat = slate.slots >= 0
    assert known.usual == pytest.approx(slate.usual)
    for name in SEEN:
        assert getattr(known.talents, name)[sat] == pytest.approx(getattr(slate.talents, name)[sat])
    assert known.words is not None
    assert np.array_equal(known.words, slate.words)


def test_the_less_is_seen_the_more_alike_people_seem_and_never_surer_than_is_right(season: Season, regular: Stretch):
    rows = np.arange(300, 420)
    sat = regular.slate.slots[rows] >= 0
    true = np.log(regular.slate.only(rows).talents.oreb[sat])
    spreads = []
    for sees in (0.2, 0.5, 0.8):
        known = slate_as_known(season, regular, rows, 1, Knowledge(sees, 0))
        believed = np.log(known.talents.oreb[sat])
        spreads.append(believed.std())
        # Unbiased where it matters: of those believed to be so good, the mean is as good.
        slope = np.cov(believed, true)[0, 1] / believed.var()
        assert slope == pytest.approx(1, abs=0.15)
    assert spreads == sorted(spreads)


def test_the_books_learn_of_roles_late(season: Season, regular: Stretch):
    rows = np.arange(600, 640)
    known = slate_as_known(season, regular, rows, 1)
    slots, day = regular.slate.slots[rows], regular.calendar.day[rows]
    then = season.form.minutes[day[:, None, None] - OF_BOOKS.late_days, np.maximum(slots, 0)]
    assert known.usual == pytest.approx(np.where(slots >= 0, then, 0.0))
