"""Quotes: lines, prices, markets and books as files write them."""

from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.raw.world import League, quote, quotes

from fairline.domain.odds import decimal_from_american
from fairline.raw.quotes import _priced
from fairline.raw.schema import PROP_QUOTES, QUARANTINE

WHEN = "2024-11-04 18:00:00+00:00"
GAME = {"home_team": "BOS", "away_team": "NYK"}


def jones(**given: object) -> dict[str, object]:
    return quote("Herb Jones", WHEN, **GAME, **given)


def test_lines_travel_in_halves_and_prices_as_decimal_odds(league: League):
    league.take(quotes(jones(line=24.5, over_american=-200.0, under_american=150.0), jones(line=25.0)))
    rows = league.rows(PROP_QUOTES).select("half_points", "over_decimal", "under_decimal")
    assert rows.row(0) == (49, 1.5, 2.5)
    assert rows["half_points"].to_list() == [49, 50]


def test_a_quote_is_known_when_it_was_captured_even_after_tip_off(league: League):
    league.take(quotes(quote("Herb Jones", "2024-11-05 01:15:00+00:00", **GAME, tipoff="2024-11-05 00:30:00+00:00")))
    captured = datetime(2024, 11, 5, 1, 15, tzinfo=UTC)
    assert league.rows(PROP_QUOTES).select("captured_at", "known_at", "valid_at").rows() == [(captured,) * 3]


def test_one_sided_and_pick_em_quotes_are_kept_with_null_prices(league: League):
    league.take(quotes(jones(under_american=None), jones(line=11.5, over_american=None, under_american=None)))
    rows = league.rows(PROP_QUOTES)
    assert rows["under_decimal"].to_list() == [None, None]
    assert rows["over_decimal"].null_count() == 1


@pytest.mark.parametrize("american", [99.0, -99.9, 0.0, 50.0, -1.5])
def test_odds_no_book_could_mean_are_set_aside(league: League, american: float):
    (report,) = league.take(quotes(jones(over_american=american)))
    assert report.quarantined == {"bad_price": 1}
    assert league.rows(QUARANTINE)["detail"].item() == f"over_american is {american}"


@pytest.mark.parametrize(
    ("line", "reason"),
    [(24.25, "bad_line"), (-0.5, "bad_line"), (None, "missing_line"), (500.0, "impossible_half_points")],
)
def test_a_line_is_never_rounded(league: League, line: float | None, reason: str):
    (report,) = league.take(quotes(jones(line=line)))
    assert report.quarantined == {reason: 1}


def test_a_double_double_without_a_line_is_set_aside_as_such(league: League):
    (report,) = league.take(
        quotes(jones(market="player_double_double", line=None, over_american=None, under_american=None))
    )
    assert report.quarantined == {"no_line": 1}


def test_an_unknown_market_or_team_waits_and_an_unknown_book_is_a_new_book(league: League):
    file = quotes(
        jones(market="fantasy_score"), jones(book="Prophet Exchange"), jones(book=None),
        quote("Herb Jones", WHEN, home_team="Harlem Globetrotters", away_team="NYK"),
        quote("Herb Jones", WHEN, home_team="NYK"),
    )  # fmt: skip
    (report,) = league.take(file)
    assert report.quarantined == {
        "bad_teams": 1,
        "missing_book": 1,
        "unreadable_home_team_id": 1,
        "unreadable_market": 1,
    }
    assert league.rows(PROP_QUOTES)["book"].to_list() == ["prophetexchange"]


def test_spellings_of_books_and_markets_are_one(league: League):
    file = quotes(jones(book="mgm", market="PRA"), jones(book="BetMGM", market="player_points_rebounds_assists"))
    (report,) = league.take(file)
    assert (report.written, report.duplicates) == (1, 1)
    assert league.rows(PROP_QUOTES).select("book", "market").rows() == [("betmgm", "points_rebounds_assists")]


def test_alternate_lines_of_a_book_are_rows_of_their_own(league: League):
    (report,) = league.take(quotes(*(jones(book="bovada", line=line) for line in (9.5, 10.5, 11.5))))
    assert report.written == 3


def test_two_prices_for_one_line_keep_the_first_and_set_the_other_aside(league: League):
    (report,) = league.take(
        quotes(jones(over_american=-110.0), jones(over_american=-120.0), jones(over_american=-110.0))
    )
    assert (report.written, report.duplicates, report.quarantined) == (1, 1, {"conflicting_price": 1})


def test_another_file_that_contradicts_a_held_price_is_set_aside_not_swallowed(league: League):
    league.take(quotes(jones(over_american=-110.0)))
    contradiction = quotes(jones(over_american=-120.0))
    for _ in range(2):
        (report,) = league.take(contradiction)
        assert (report.written, report.unchanged, report.quarantined) == (0, 0, {"conflicting_price": 1})
    assert league.rows(QUARANTINE).height == 1


@given(st.integers(-20000, 20000), st.integers(0, 300))
def test_every_price_and_line_is_read_exactly_or_not_at_all(american: int, quarters: int):
    frame = pl.DataFrame({"line": [quarters / 4], "over_american": [float(american)], "under_american": [None]},
                         schema_overrides={"under_american": pl.Float64})  # fmt: skip
    row = _priced(frame).row(0, named=True)
    assert row["half_points"] == (quarters // 2 if quarters % 2 == 0 else None)
    decimal = decimal_from_american(american) if abs(american) >= 100 else None
    assert row["over_decimal"] == (decimal and pytest.approx(decimal, rel=1e-15))
    assert row["under_decimal"] is None
