"""Quotes and game lines of The Odds API's answers: which, at what price, seen when."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.raw.answers import accounted_for, answer, content, instant, read, reasons, row
from tests.raw.odds_api.conftest import CALLED_PROPS, MONEYLINES, SLATE, SPREADS, both, event, side
from tests.raw.world import League

from fairline.ops.catalogue import open_home
from fairline.platform.captures import capture_of
from fairline.platform.settings import load_settings
from fairline.raw.capture_loading import write_reading
from fairline.raw.capture_reading import read_capture
from fairline.raw.held import Held
from fairline.raw.schema import GAME_LINE_QUOTES, PROP_QUOTES, PROVIDER_GAMES

AFTERNOON = "2024-11-12T22:00:00"
QUOTED = ["player_id", "player_name", "market", "book", "half_points", "over_decimal", "under_decimal", "captured_at"]


def test_a_real_slate_gives_the_quotes_that_the_recorded_file_of_that_evening_has(shared: Path, imported: Path) -> None:
    came = content(shared, SLATE)
    capture = capture_of(came, source="odds_api", kind="odds_api_event_odds", at=instant("2025-11-28T17:00:39"))
    with open_home("tests", settings=load_settings(home=imported), read_only=True) as home:
        reading = read_capture(came, capture, Held(home.warehouse))
        quotes = reading.parsed.rows[PROP_QUOTES].select(QUOTED).sort(QUOTED[:5])
        recorded = home.warehouse.query(
            f"""
            SELECT {", ".join(QUOTED)} FROM raw.prop_quotes
            WHERE game_id = '0022500073' AND captured_at = TIMESTAMPTZ '2025-11-28 17:00:39+00'
                AND market IN ('points', 'rebounds', 'assists', 'threes')
            """
        )
    assert quotes.height == 568
    assert quotes.equals(recorded.cast(dict(quotes.schema)).sort(QUOTED[:5]))
    assert reasons(reading) == {}


def test_moneylines_are_stated_by_book_as_the_decimals_they_are(shared: Path, january: League) -> None:
    reading = read(content(shared, MONEYLINES), "odds_api_historical_event_odds", january)
    told = row(reading, GAME_LINE_QUOTES, book="draftkings")
    assert (told["game_id"], told["home_moneyline"], told["away_moneyline"]) == ("0022300626", 1.32, 3.3)
    assert (told["home_spread"], told["total"]) == (None, None)
    assert told["known_at"] == datetime(2024, 1, 25, 3, 55, 40, tzinfo=UTC)
    assert row(reading, GAME_LINE_QUOTES, book="fanduel")["away_moneyline"] == 3.8


@pytest.mark.parametrize("path", [SPREADS, CALLED_PROPS])
def test_a_file_called_player_props_that_holds_game_lines_gives_game_lines(
    path: str, shared: Path, january: League
) -> None:
    reading = read(content(shared, path), "odds_api_historical_event_odds", january)
    told = row(reading, GAME_LINE_QUOTES, book="fanduel")
    assert (told["home_spread"], told["total"]) == (-7.5, 247.5)
    assert reading.parsed.rows[PROP_QUOTES].is_empty()
    assert reading.parsed.rows[PROVIDER_GAMES].height == 1
    assert accounted_for(reading) == {0, 1, 2}


def test_on_neutral_ground_spread_and_moneylines_turn_with_the_sides(shared: Path, january: League) -> None:
    came = answer(shared, SPREADS)
    came["data"] |= {"home_team": "Atlanta Hawks", "away_team": "Golden State Warriors"}
    reading = read(came, "odds_api_historical_event_odds", january)
    assert row(reading, GAME_LINE_QUOTES, book="draftkings")["home_spread"] == -6.5


def test_both_sides_of_a_line_are_one_quote_seen_at_the_capture(league: League) -> None:
    came = event(("williamhill_us", {"player_points": both("Herb Jones", -115, 105)}))
    told = row(read(came, "odds_api_event_odds", league, at=AFTERNOON), PROP_QUOTES)
    assert (told["player_id"], told["game_id"], told["book"]) == (903, "0022400105", "caesars")
    assert (told["market"], told["half_points"]) == ("points", 21)
    assert (round(told["over_decimal"], 6), told["under_decimal"]) == (1.869565, 2.05)
    assert told["captured_at"] == datetime(2024, 11, 12, 22, tzinfo=UTC)
    assert told["commence_at"] == datetime(2024, 11, 13, 0, 30, tzinfo=UTC)


def test_decimal_prices_are_kept_as_stated_not_rounded_through_american_odds(league: League) -> None:
    came = event(("draftkings", {"player_points": both("Herb Jones", 1.87, 1.957)}))
    told = row(read(came, "odds_api_event_odds", league, at=AFTERNOON), PROP_QUOTES)
    assert (told["over_decimal"], told["under_decimal"]) == (1.87, 1.957)


def test_one_torn_price_does_not_turn_american_odds_into_decimal_ones(league: League) -> None:
    came = event(
        ("draftkings", {"player_points": both("Herb Jones", -115, 7), "player_rebounds": both("Herb Jones", 120, -150)})
    )
    reading = read(came, "odds_api_event_odds", league, at=AFTERNOON)
    assert row(reading, PROP_QUOTES)["over_decimal"] == 2.2
    assert reasons(reading) == {"bad_price": 1}


def test_alternate_lines_are_lines_of_their_market_and_repeat_the_main_one_once(league: League) -> None:
    alternates = [side("Over", "Herb Jones", -110), side("Over", "Herb Jones", 210, 15.5)]
    came = event(
        ("draftkings", {"player_points_alternate": alternates, "player_points": both("Herb Jones", -110, -120)})
    )
    reading = read(came, "odds_api_event_odds", league, at=AFTERNOON)
    lines = reading.parsed.rows[PROP_QUOTES].sort("half_points").select("market", "half_points", "under_decimal")
    assert [(*each[:2], each[2] is None) for each in lines.rows()] == [("points", 21, False), ("points", 31, True)]
    assert reading.parsed.duplicates == 1
    assert reasons(reading) == {}


def test_two_prices_for_one_side_of_a_line_are_a_conflict(league: League) -> None:
    outcomes = [*both("Herb Jones", -110, -120), side("Over", "Herb Jones", 140)]
    reading = read(event(("draftkings", {"player_points": outcomes})), "odds_api_event_odds", league, at=AFTERNOON)
    assert row(reading, PROP_QUOTES)["under_decimal"] is not None
    assert reasons(reading) == {"conflicting_price": 1}


def test_yes_no_markets_unknown_markets_and_torn_places_are_set_aside_with_their_reasons(league: League) -> None:
    doubles = [side("Yes", "Herb Jones", 600, None), side("No", "Herb Jones", -1000, None)]
    came = event(
        (
            "draftkings",
            {"player_double_double": doubles, "player_first_basket": [side("Yes", "Herb Jones", 900, None)]},
        ),
        ("fanduel", {"player_points": [side("Odd", "Herb Jones", -110), "an outcome"]}),  # type: ignore[list-item]
    )
    came["bookmakers"].append({"key": "bovada"})  # type: ignore[attr-defined]
    reading = read(came, "odds_api_event_odds", league, at=AFTERNOON)
    assert reading.parsed.rows[PROP_QUOTES].is_empty()
    assert reasons(reading) == {"no_line": 1, "unreadable_market": 1, "malformed": 3}
    details = reading.parsed.aside.filter(reason="malformed")["detail"].sort().to_list()
    assert details == ["an outcome named Odd", "markets is NoneType, not a list", "str in outcomes, not an object"]


def test_a_spread_whose_sides_disagree_is_set_aside(league: League) -> None:
    spreads = [
        {"name": "New York Knicks", "price": -110, "point": -4.5},
        {"name": "Boston Celtics", "price": -110, "point": 5.5},
    ]
    reading = read(event(("draftkings", {"spreads": spreads})), "odds_api_event_odds", league, at=AFTERNOON)
    assert reasons(reading) == {"unequal_spread": 1}


def test_the_odds_of_all_games_in_one_answer_are_read_alike(league: League) -> None:
    lines = {"h2h": [{"name": "New York Knicks", "price": -140}, {"name": "Boston Celtics", "price": 120}]}
    other = event(("fanduel", lines), id="other", sport_key="basketball_ncaab")
    reading = read([event(("draftkings", lines)), other], "odds_api_event_odds", league, at=AFTERNOON)
    told = row(reading, GAME_LINE_QUOTES)
    assert (told["book"], round(told["home_moneyline"], 4), told["away_moneyline"]) == ("draftkings", 1.7143, 2.2)
    assert reasons(reading) == {"other_league": 1}


def test_on_a_machine_without_any_data_the_quotes_are_shown_waiting(shared: Path, nothing: League) -> None:
    reading = read(content(shared, SLATE), "odds_api_event_odds", nothing, at="2025-11-28T17:00:39")
    assert reading.parsed.rows[PROP_QUOTES].is_empty()
    assert reading.parsed.waiting[PROP_QUOTES].height == 568
    assert set(reading.parsed.waiting[PROP_QUOTES].columns) == set(reading.parsed.rows[PROP_QUOTES].columns)
    assert int(reading.parsed.unresolved["rows"].sum()) == 568
    assert accounted_for(reading) == set(range(569))


def test_snapshots_of_the_past_fetched_in_any_order_leave_the_moves_of_a_line_at_their_own_times(
    shared: Path, january: League
) -> None:
    moved = answer(shared, SPREADS)
    moved["timestamp"] = "2024-01-25T03:00:38Z"
    for book in moved["data"]["bookmakers"]:
        book["markets"][1]["outcomes"] = [side("Over", None, 1.9, 246.5), side("Under", None, 1.9, 246.5)]
    fetched = "2026-02-01T00:00:00", "2026-02-01T00:00:01"
    for came, at in zip((content(shared, SPREADS), moved), fetched, strict=True):
        reading = read(came, "odds_api_historical_event_odds", january, at=at)
        write_reading(january.warehouse, reading, january.clock.now())
    rows = january.rows(GAME_LINE_QUOTES).filter(book="fanduel").sort("known_at")
    assert rows.select("total", "known_at").rows() == [
        (246.5, datetime(2024, 1, 25, 3, 0, 38, tzinfo=UTC)),
        (247.5, datetime(2024, 1, 25, 3, 55, 40, tzinfo=UTC)),
    ]
