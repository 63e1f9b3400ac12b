"""Of several sources of a book's line the better-ranked counts, where a forecast takes its quotes."""

import re
from datetime import date, timedelta
from importlib.resources import files

import polars as pl
import pytest
from tests.features.league import BOS, NYK, League, evening

from fairline.features.market import consensus, quotes_as_of
from fairline.raw.schema import LINE_PRECEDENCE, SAME_LINE_MINUTES

DAY, GAME, CUTOFF = date(2023, 12, 1), "0022300001", evening(date(2023, 12, 1), 18)


@pytest.fixture
def league() -> League:
    """Boston meets New York tonight."""
    league = League()
    league.game(GAME, DAY, BOS, NYK)
    return league


def seen(league: League, source: str, minutes: int, half_points: int, **told: object) -> None:
    league.quote(GAME, DAY, 1, CUTOFF - timedelta(minutes=minutes), half_points, source=source, **told)


def standing(league: League, flag: str = "latest") -> list[tuple[str, int]]:
    asked = pl.DataFrame({"game_id": [GAME], "player_id": [1], "cutoff": [CUTOFF]})
    rows = quotes_as_of(league.warehouse(), asked, "points").filter(flag)
    return rows.select("source", "half_points").rows()


def test_the_statement_ranks_sources_as_they_are_declared():
    text = files("fairline.features").joinpath("quotes.sql").read_text()
    ranks = re.findall(r"WHEN '(\w+)' THEN (\d)", text)
    assert {source: int(rank) for source, rank in ranks} == LINE_PRECEDENCE
    assert re.findall(r"INTERVAL (\d+) MINUTE", text) == ["10", str(SAME_LINE_MINUTES), str(SAME_LINE_MINUTES)]


def test_the_odds_api_counts_before_bettingpros_seen_minutes_later_and_before_a_file(league: League):
    for source, minutes, half_points in (("odds_api", 30, 49), ("bettingpros", 15, 51), ("quotes", 12, 53)):
        seen(league, source, minutes, half_points)
    assert standing(league) == [("odds_api", 49)]


def test_what_the_better_source_saw_half_an_hour_before_is_old(league: League):
    seen(league, "odds_api", 60, 49)
    seen(league, "bettingpros", 20, 51)
    seen(league, "quotes", 10, 53)
    assert standing(league) == [("bettingpros", 51)]


def test_the_lines_of_two_sources_are_never_mixed_in_one_book(league: League):
    seen(league, "odds_api", 10, 49)
    for half_points in (47, 51):
        seen(league, "bettingpros", 10, half_points)
    assert standing(league) == [("odds_api", 49)]
    asked = pl.DataFrame({"game_id": [GAME], "player_id": [1], "cutoff": [CUTOFF]})
    line = consensus(quotes_as_of(league.warehouse(), asked, "points")).row(0, named=True)
    assert (line["line"], line["opening_line"], line["books"]) == (24.5, 24.5, 1)


def test_a_book_only_the_worse_source_has_is_taken_from_it(league: League):
    seen(league, "odds_api", 10, 49)
    seen(league, "bettingpros", 10, 51, book="fanduel")
    assert standing(league) == [("odds_api", 49), ("bettingpros", 51)]


def test_the_opening_is_the_better_sources_of_the_first_captures(league: League):
    seen(league, "bettingpros", 300, 45)
    seen(league, "odds_api", 290, 47)
    seen(league, "odds_api", 10, 49)
    assert standing(league, "opening") == [("odds_api", 47)]
    seen(league, "quotes", 400, 43)
    assert standing(league, "opening") == [("quotes", 43)]
