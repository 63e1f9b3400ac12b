"""What is asked of BallDontLie, page by page."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.raw.answers import content
from tests.raw.balldontlie.conftest import INJURIES, STATISTICS

from fairline.domain.errors import BrokenContract
from fairline.domain.teams import team
from fairline.scrape.balldontlie import SCRAPERS, SOURCE, box_scores, games, next_page, statistics
from fairline.scrape.contract import GameWanted, Wanted

DAY = date(2024, 1, 15)
NOON, NIGHT = datetime(2024, 1, 15, 17, tzinfo=UTC), datetime(2024, 1, 16, 6, tzinfo=UTC)
TONIGHT = (
    GameWanted("0022300565", DAY, team("LAL").team_id, team("OKC").team_id, datetime(2024, 1, 16, 3, 30, tzinfo=UTC)),
)


def test_games_and_statistics_are_asked_for_by_date_a_hundred_at_a_time() -> None:
    (question,) = games(Wanted(DAY, NOON, TONIGHT))
    assert question.url == "https://api.balldontlie.io/v1/games"
    assert question.params == {"dates[]": "2024-01-15", "per_page": "100"}
    (question,) = statistics(Wanted(DAY, NIGHT, TONIGHT))
    assert question.url == "https://api.balldontlie.io/v1/stats"


def test_no_box_score_is_asked_for_before_a_game_may_be_over() -> None:
    assert list(box_scores(Wanted(DAY, NOON, TONIGHT))) == []
    (question,) = box_scores(Wanted(DAY, NIGHT, TONIGHT))
    assert (question.params, question.day) == ({"date": "2024-01-15"}, DAY)


def test_a_day_of_which_no_schedule_is_held_is_asked_for_all_the_same() -> None:
    assert len(list(box_scores(Wanted(DAY, NIGHT)))) == 1


def test_pages_are_followed_until_the_last(shared: Path) -> None:
    assert next_page(content(shared, INJURIES)) == {"cursor": "4082934"}
    assert next_page(content(shared, STATISTICS)) is None


@given(st.one_of(st.binary(max_size=60), st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["data", "meta", "next_cursor", "x"]), inner, max_size=3
    ),
).map(lambda told: json.dumps(told).encode())))  # fmt: skip
def test_whatever_comes_is_a_page_or_a_broken_contract(came: bytes) -> None:
    try:
        following = next_page(came)
    except BrokenContract:
        return
    assert following is None or set(following) == {"cursor"}


def test_an_error_page_is_not_taken_for_the_last_one() -> None:
    with pytest.raises(BrokenContract):
        next_page(b"<html>502 Bad Gateway</html>")
    with pytest.raises(BrokenContract):
        next_page(b'{"error": "rate limit"}')


def test_the_pace_is_that_of_the_free_tier_and_the_key_goes_into_a_header() -> None:
    assert SOURCE.apart == timedelta(seconds=12)
    assert (SOURCE.key_header, SOURCE.key_param) == ("Authorization", "")
    asked = [question for each in SCRAPERS for question in each.questions(Wanted(DAY, NIGHT, TONIGHT))]
    assert {question.url.split("/")[2] for question in asked} == set(SOURCE.hosts)
