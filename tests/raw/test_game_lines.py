"""Spreads and totals."""

from datetime import UTC, datetime

import polars as pl
import pytest
from tests.raw.world import League

from fairline.raw.schema import GAME_LINE_QUOTES

TIP = datetime(2024, 11, 5, 0, 30, tzinfo=UTC)


def consensus(
    home: str, away: str, spread: float | None, total: float | None, at: str = "2024-11-05T00:40:00Z"
) -> dict[str, object]:
    return {"home_team": home, "away_team": away, "commence_time": at, "spread_point": spread, "total_point": total}


def test_a_line_without_a_capture_time_is_known_at_tip_off(league: League):
    league.take(pl.DataFrame([consensus("Boston Celtics", "New York Knicks", -4.5, 226.5)]))
    rows = league.rows(GAME_LINE_QUOTES).select("game_id", "home_spread", "total", "known_at")
    assert rows.rows() == [("0022400101", -4.5, 226.5, TIP)]


def test_on_swapped_sides_the_spread_turns(league: League):
    league.take(pl.DataFrame([consensus("New York Knicks", "Boston Celtics", 4.5, 226.5)]))
    assert league.rows(GAME_LINE_QUOTES)["home_spread"].item() == -4.5


@pytest.mark.parametrize(("favourite", "spread"), [("home", -4.5), ("away", 4.5)])
def test_the_favourite_gives_the_points(league: League, favourite: str, spread: float):
    row = {"date": "2024-11-04", "home": "bos", "away": "ny", "whos_favored": favourite, "spread": 4.5, "total": 226.5}
    league.take(pl.DataFrame([row]))
    assert league.rows(GAME_LINE_QUOTES)["home_spread"].item() == spread


def test_an_event_listed_anew_carries_the_later_line(league: League):
    early, late = consensus("BOS", "NYK", -3.0, None), consensus("BOS", "NYK", -4.0, 221.0, "2024-11-05T00:50:00Z")
    (report,) = league.take(pl.DataFrame([late, early]))
    assert league.rows(GAME_LINE_QUOTES)["home_spread"].item() == -4.0
    assert report.quarantined == {"conflicting_line": 1}


def test_lines_without_game_or_number_wait(league: League):
    file = pl.DataFrame([
        consensus("BOS", "NYK", -3.0, 220.0, "2024-11-07T00:40:00Z"), consensus("BOS", "NYK", None, None),
        consensus("BOS", "Nobody", -3.0, 220.0), consensus("BOS", "NYK", -3.0, 22.0),
    ])  # fmt: skip
    (report,) = league.take(file)
    assert report.quarantined == {"impossible_total": 1, "no_game": 1, "no_line": 1, "unreadable_away_team_id": 1}
