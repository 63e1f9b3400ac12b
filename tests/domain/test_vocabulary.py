from pathlib import Path

import polars as pl
import pytest

from fairline.domain.books import ALTERNATE_LINE_BOOKS, BOOK_NAMES, find_book
from fairline.domain.errors import BrokenContract, NotFound
from fairline.domain.markets import DOUBLES, MARKET_NAMES, Market, components, find_market, market
from fairline.domain.spelling import DROPPED, spelling
from fairline.domain.teams import TEAM_NAMES, TEAMS, find_team, team


def spellings_in(files: list[Path], *columns: str) -> set[str]:
    frames = [pl.read_parquet(file, columns=list(columns)) for file in files]
    return {name for frame in frames for column in columns for name in frame[column].drop_nulls().unique()}


def test_there_are_thirty_teams_fifteen_to_a_conference_with_nbas_ids() -> None:
    assert [one.team_id for one in TEAMS] == list(range(1610612737, 1610612767))
    assert sum(one.conference == "East" for one in TEAMS) == sum(one.conference == "West" for one in TEAMS) == 15
    assert len({one.abbreviation for one in TEAMS}) == 30


@pytest.mark.parametrize(
    ("abbreviation", "spellings"),
    [
        ("GSW", ["GS", "gs", "Golden State Warriors", "warriors", 1610612744, "1610612744"]),
        ("NOP", ["NO", "no", "New Orleans Pelicans", "NOH"]),
        ("NYK", ["NY", "New York Knicks", "New York"]),
        ("SAS", ["SA", "sa", "San Antonio"]),
        ("UTA", ["UTAH", "utah", "Utah Jazz"]),
        ("WAS", ["WSH", "wsh"]),
        ("BKN", ["BRK", "Brooklyn Nets", "NJN", "New Jersey Nets"]),
        ("CHA", ["CHO", "Charlotte Bobcats"]),
        ("PHX", ["PHO", "Phoenix Suns"]),
        ("PHI", ["Philadelphia 76ers", "Sixers"]),
        ("POR", ["Portland Trail Blazers", "Trail Blazers", "Trailblazers"]),
        ("LAC", ["LA Clippers", "L.A. Clippers", "Los Angeles Clippers", "Clippers"]),
        ("LAL", ["Los Angeles Lakers", "LA Lakers"]),
        ("OKC", ["Seattle SuperSonics", "Oklahoma City"]),
    ],
)
def test_a_team_is_known_by_every_providers_spelling(abbreviation: str, spellings: list[str | int]) -> None:
    assert {team(written).abbreviation for written in spellings} == {abbreviation}


@pytest.mark.parametrize("written", ["Los Angeles", "LA", "Real Madrid", "TBD", "<<<<<<< HEAD", "=====", "", 0, 12315])
def test_what_is_not_one_of_the_thirty_teams_is_not_taken_for_one(written: str | int) -> None:
    assert find_team(written) is None
    with pytest.raises(NotFound, match="not one of the thirty"):
        team(written)


def test_no_spelling_belongs_to_two_teams() -> None:
    for one in TEAMS:
        assert find_team(one.abbreviation) is find_team(one.name) is find_team(one.nickname) is one
    assert set(TEAM_NAMES.values()) == {one.team_id for one in TEAMS}


def test_every_team_in_the_quotes_and_lines_held_is_known(shared: Path) -> None:
    quotes = spellings_in(sorted(shared.glob("data/odds/quotes_*.parquet")), "home_team", "away_team", "opponent")
    consensus = spellings_in([shared / "data/odds/game_lines_consensus_2019_2025.parquet"], "home_team", "away_team")
    sbr = spellings_in([shared / "data/odds/game_lines_sbr_2014_2023.parquet"], "home", "away")
    assert {written for written in quotes | consensus | sbr if find_team(written) is None} == set()


def test_every_market_and_book_in_the_quotes_held_is_known(shared: Path) -> None:
    files = sorted(shared.glob("data/odds/quotes_*.parquet"))
    assert {written for written in spellings_in(files, "market") if find_market(written) is None} == set()
    assert {written for written in spellings_in(files, "book") if spelling(written) not in BOOK_NAMES} == set()


def test_a_frame_maps_spellings_set_based_to_what_the_scalar_functions_find() -> None:
    books = pl.Series(["PointsBet (US)", "BetOnline.ag", "williamhill_us"])
    mapped = books.str.to_lowercase().str.replace_all(DROPPED, "").replace_strict(BOOK_NAMES)
    assert mapped.to_list() == [find_book(book) for book in books] == ["pointsbet", "betonline", "caesars"]


@pytest.mark.parametrize(
    ("name", "spellings"),
    [
        ("points", ["player_points", "Points", "pts"]),
        ("threes", ["player_threes", "3pt", "3PM", "Three Pointers Made", "3-pointers"]),
        ("points_rebounds_assists", ["player_points_rebounds_assists", "pra", "Pts + Reb + Ast"]),
        ("steals_blocks", ["blocks_steals", "player_blocks_steals", "stocks"]),
        ("double_double", ["player_double_double", "Double-Double", "dd"]),
    ],
)
def test_a_market_is_known_by_every_providers_spelling(name: str, spellings: list[str]) -> None:
    assert {market(written) for written in spellings} == {Market(name)}


def test_an_unknown_market_is_not_found_and_the_answer_lists_those_that_are() -> None:
    assert find_market("player_first_basket") is None
    with pytest.raises(NotFound) as missing:
        market("player_first_basket")
    assert "points_rebounds_assists" in missing.value.hint


def test_each_market_counts_box_score_columns_and_only_doubles_have_no_line() -> None:
    assert components(Market.THREES) == ("threes_made",)
    assert components(Market.POINTS_REBOUNDS_ASSISTS) == ("points", "rebounds", "assists")
    assert all(components(one) for one in Market)
    assert {one for one in Market if not one.has_line} == set(DOUBLES) == {Market.DOUBLE_DOUBLE, Market.TRIPLE_DOUBLE}
    assert set(MARKET_NAMES.values()) == {one.value for one in Market}


@pytest.mark.parametrize(
    ("book", "spellings"),
    [
        ("betmgm", ["mgm", "betmgm", "BetMGM"]),
        ("caesars", ["williamhill_us", "Caesars"]),
        ("betonline", ["BetOnline.ag", "betonlineag"]),
        ("pointsbet", ["pointsbet", "PointsBet (US)"]),
        ("barstool", ["Barstool Sportsbook"]),
    ],
)
def test_one_book_has_one_key_whatever_a_source_calls_it(book: str, spellings: list[str]) -> None:
    assert {find_book(written) for written in spellings} == {book}


def test_a_book_never_seen_is_a_new_book_but_no_name_is_no_book() -> None:
    assert find_book("Sporttrade (NJ)") == find_book("sporttrade_nj") == "sporttradenj"
    with pytest.raises(BrokenContract):
        find_book(" - ")


def test_the_books_with_alternate_lines_are_books() -> None:
    assert set(BOOK_NAMES.values()) >= ALTERNATE_LINE_BOOKS
