"""What is asked of BettingPros, page by page."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.raw.bettingpros.made_up import page

from fairline.domain.errors import BrokenContract
from fairline.domain.teams import team
from fairline.scrape.bettingpros import next_page
from fairline.scrape.contract import GameWanted, Wanted
from fairline.scrape.scrapers import scraper_named

DAY = date(2025, 11, 28)
NOON = datetime(2025, 11, 28, 17, tzinfo=UTC)
TIP = datetime(2025, 11, 29, 0, 40, tzinfo=UTC)
FIRST = GameWanted("0022500073", DAY, team("IND").team_id, team("WAS").team_id, TIP, ids={"bettingpros": "30001"})
SECOND = replace(FIRST, game_id="0022500074", ids={"bettingpros": "30002"})
BEGUN = replace(FIRST, game_id="0022500072", tip_at=NOON, ids={"bettingpros": "30003"})
WANTED = Wanted(DAY, NOON, (FIRST, SECOND, BEGUN), ("points", "threes", "turnovers"))


def test_events_are_asked_for_by_date() -> None:
    (question,) = scraper_named("bettingpros_events").questions(WANTED)
    assert question.url == "https://api.bettingpros.com/v3/events"
    assert question.params == {"sport": "NBA", "date": "2025-11-28"}


def test_each_market_it_has_is_one_question_about_all_games_to_come() -> None:
    points, threes = scraper_named("bettingpros_offers").questions(WANTED)
    assert (points.params["market_id"], threes.params["market_id"]) == ("156", "162")
    assert points.params["event_id"] == "30001:30002"
    assert (points.params["page"], points.credits, points.day) == ("1", 0, DAY)


def test_nothing_is_asked_before_its_events_are_known() -> None:
    assert list(scraper_named("bettingpros_offers").questions(replace(WANTED, games=()))) == []


def test_pages_are_followed_until_the_last() -> None:
    assert next_page(json.dumps(page(number=1, pages=3)).encode()) == {"page": "2"}
    assert next_page(json.dumps(page(number=3, pages=3)).encode()) is None


@given(st.one_of(st.binary(max_size=60), st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["_pagination", "page", "total_pages", "x"]), inner, max_size=3
    ),
).map(lambda told: json.dumps(told).encode())))  # fmt: skip
def test_whatever_comes_is_a_page_or_a_broken_contract(came: bytes) -> None:
    try:
        following = next_page(came)
    except BrokenContract:
        return
    assert following is None or set(following) == {"page"}


def test_an_answer_that_does_not_count_its_pages_is_a_broken_contract() -> None:
    with pytest.raises(BrokenContract, match="how many pages"):
        next_page(b'{"offers": []}')
