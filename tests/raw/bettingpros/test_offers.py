"""Quotes from BettingPros' offers. The offers are made up in the described shape."""

from datetime import UTC, datetime

import pytest
from tests.raw.answers import accounted_for, read, reasons, row
from tests.raw.bettingpros.made_up import line, offer, page, selection
from tests.raw.world import League

from fairline.domain.tables import Table
from fairline.raw.capture_reading import Reading
from fairline.raw.schema import PROP_QUOTES

DRAFTKINGS, FANDUEL, CONSENSUS, NOBODYS = 12, 10, 0, 4711


def quotes(league: League, *offers: object) -> Reading:
    """What a page of offers says, captured two and a half hours before tip-off."""
    return read(page(*offers), "bettingpros_offers", league, at="2024-11-12T22:00:00")


def lines(reading: Reading, table: Table = PROP_QUOTES) -> list[tuple[object, ...]]:
    """Book, line, and which sides have a price."""
    rows = reading.parsed.rows[table].sort("book", "half_points")
    return [
        (book, half / 2, over is not None, under is not None)
        for book, half, over, under in rows.select("book", "half_points", "over_decimal", "under_decimal").iter_rows()
    ]


def test_both_selections_of_a_line_are_one_quote_of_its_book_seen_at_the_capture(listed: League) -> None:
    over, under = (
        selection("over", {DRAFTKINGS: [line(10.5, -115)]}),
        selection("under", {DRAFTKINGS: [line(10.5, 105)]}),
    )
    told = row(quotes(listed, offer("Herb Jones", over, under)), PROP_QUOTES)
    assert (told["player_id"], told["game_id"], told["book"], told["market"]) == (
        903,
        "0022400105",
        "draftkings",
        "points",
    )
    assert (round(told["over_decimal"], 6), told["under_decimal"]) == (1.869565, 2.05)
    assert told["captured_at"] == told["known_at"] == datetime(2024, 11, 12, 22, tzinfo=UTC)
    assert told["commence_at"] == datetime(2024, 11, 13, 0, 30, tzinfo=UTC)


def test_sides_at_different_lines_are_two_quotes_with_one_side_each(listed: League) -> None:
    over, under = selection("over", {FANDUEL: [line(10.5, -115)]}), selection("under", {FANDUEL: [line(11.5, -120)]})
    reading = quotes(listed, offer("Herb Jones", over, under))
    assert lines(reading) == [("fanduel", 10.5, True, False), ("fanduel", 11.5, False, True)]


@pytest.mark.parametrize(
    "no_quote",
    [
        offer("Herb Jones", selection("over", {DRAFTKINGS: [line(10.5, -115, active=False)]})),
        offer("Herb Jones", selection("over", {DRAFTKINGS: [line(10.5, -115, is_off=True)]})),
        offer("Herb Jones", selection("over", {DRAFTKINGS: [line(10.5, -115)]}, active=False)),
        offer("Herb Jones", selection("over", {DRAFTKINGS: [line(10.5, -115)]}), active=False),
        offer("Herb Jones", selection("over", {CONSENSUS: [line(10.4, -113)]})),
    ],
    ids=["line not active", "off the board", "selection not active", "offer not active", "consensus"],
)
def test_what_nobody_can_bet_on_is_no_quote(no_quote: dict[str, object], listed: League) -> None:
    reading = quotes(listed, no_quote)
    assert (lines(reading), reasons(reading)) == ([], {})


def test_an_opening_line_with_a_time_is_a_quote_of_that_time_known_when_the_page_was(listed: League) -> None:
    opening = {"line": 9.5, "cost": -118, "book_id": 19, "created": "2024-11-12 13:05:00"}
    sides = [selection(side, {DRAFTKINGS: [line(10.5, -110)]}, opening_line=opening) for side in ("over", "under")]
    reading = quotes(listed, offer("Herb Jones", *sides))
    assert lines(reading) == [("betmgm", 9.5, True, True), ("draftkings", 10.5, True, True)]
    told = row(reading, PROP_QUOTES, book="betmgm")
    assert told["captured_at"] == datetime(2024, 11, 12, 13, 5, tzinfo=UTC)
    assert told["known_at"] == datetime(2024, 11, 12, 22, tzinfo=UTC)


def test_an_opening_line_of_no_or_of_a_later_time_is_no_quote(listed: League) -> None:
    later = {"line": 9.5, "cost": -118, "book_id": 19, "created": "2024-11-13 13:05:00"}
    reading = quotes(listed, offer("Herb Jones", selection("over", {}), selection("under", {}, opening_line=later)))
    assert (lines(reading), reasons(reading)) == ([], {"opened_later": 1})


def test_a_book_of_no_known_number_is_a_new_book(listed: League) -> None:
    reading = quotes(listed, offer("Herb Jones", selection("over", {NOBODYS: [line(10.5, -115)]})))
    assert lines(reading) == [("bettingpros4711", 10.5, True, False)]


def test_the_market_asked_for_counts_where_an_offer_names_none(listed: League) -> None:
    nameless = offer("Herb Jones", selection("over", {FANDUEL: [line(10.5, -115)]}), market_id=None)
    assert row(quotes(listed, nameless), PROP_QUOTES)["market"] == "points"


def test_unknown_markets_torn_places_and_bad_prices_are_set_aside_and_the_rest_is_read(listed: League) -> None:
    good = selection("over", {DRAFTKINGS: [line(10.5, -115)]})
    torn = selection("under", {DRAFTKINGS: [line(10.5, 50), {"line": 11.5, "cost": -110}, "a line"]})  # type: ignore[list-item]
    reading = quotes(
        listed,
        offer("Herb Jones", good, torn),
        offer("Herb Jones", good, market_id=346),
        offer("Herb Jones", good, participants=[]),
        offer("Herb Jones", selection("draw", {})),
        offer("Herb Jones", selection("over", {}) | {"books": None}),
        "an offer",
    )
    assert reasons(reading) == {"bad_price": 1, "unknown_market": 1, "malformed": 6}


def test_offers_on_an_event_that_is_not_held_wait_and_say_which(league: League) -> None:
    reading = quotes(league, offer("Herb Jones", selection("over", {DRAFTKINGS: [line(10.5, -115)]})))
    assert reading.parsed.rows[PROP_QUOTES].is_empty()
    assert reasons(reading) == {"no_event": 1}
    assert reading.parsed.aside["detail"].item() == "event 30001 is not among the events held"
    assert reading.parsed.waiting[PROP_QUOTES]["player_name"].item() == "Herb Jones"


def test_on_a_machine_without_any_data_the_quotes_are_shown_waiting(nothing: League) -> None:
    reading = quotes(nothing, offer("Herb Jones", selection("over", {DRAFTKINGS: [line(10.5, -115)]})))
    assert reading.parsed.waiting[PROP_QUOTES].height == 1
    assert accounted_for(reading) == {0}
