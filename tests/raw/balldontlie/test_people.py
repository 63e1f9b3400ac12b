"""BallDontLie's players and injuries."""

from datetime import date
from pathlib import Path

import pytest
from tests.raw.answers import answer, content, holding, instant, read, reasons, row
from tests.raw.balldontlie.conftest import INJURIES, PLAYERS_ACTIVE, full_name
from tests.raw.world import League

from fairline.domain.teams import team
from fairline.raw.schema import INJURY_REPORTS, INJURY_SNAPSHOTS, PLAYERS

SUMMER = "2025-07-18T15:00:00"


@pytest.fixture
def people(shared: Path, nothing: League) -> League:
    """A home that knows the players of the first page."""
    told = [(full_name(each), each["team"]["abbreviation"]) for each in answer(shared, PLAYERS_ACTIVE)["data"]]
    return holding(nothing, (), [*told, ("Jayson Tatum", "BOS"), ("Thomas Sorber", "OKC")], date(2025, 4, 10))


def test_a_page_of_players_tells_who_they_are(shared: Path, people: League) -> None:
    reading = read(content(shared, PLAYERS_ACTIVE), "balldontlie_players", people, SUMMER)
    assert (reading.parsed.rows[PLAYERS].height, reasons(reading)) == (100, {})
    adams = row(reading, PLAYERS, player_name="Steven Adams")
    assert (adams["height_inches"], adams["weight_pounds"], adams["position"]) == (83, 265, "C")
    assert (adams["team_id"], adams["active"]) == (team("HOU").team_id, None)


def test_only_the_question_tells_that_players_are_active(shared: Path, people: League) -> None:
    url = "https://api.balldontlie.io/v1/players/active"
    reading = read(content(shared, PLAYERS_ACTIVE), "balldontlie_players", people, SUMMER, url)
    assert reading.parsed.rows[PLAYERS]["active"].all()


def test_a_height_that_no_one_has_is_set_aside(shared: Path, people: League) -> None:
    told = answer(shared, PLAYERS_ACTIVE)
    told["data"] = told["data"][:3]
    for each, height in zip(told["data"], ("2-11", "tall", None), strict=True):
        each["height"] = height
    reading = read(told, "balldontlie_players", people, SUMMER)
    assert reasons(reading) == {"impossible_height_inches": 1, "unreadable_height_inches": 1}
    assert row(reading, PLAYERS)["height_inches"] is None


def test_an_injured_player_has_the_status_and_the_words_of_the_source(shared: Path, people: League) -> None:
    reading = read(content(shared, INJURIES), "balldontlie_injuries", people, SUMMER)
    tatum = row(reading, INJURY_REPORTS, player_name="Jayson Tatum")
    assert (tatum["status"], tatum["reported_at"]) == ("out", instant(SUMMER))
    assert tatum["reason"].startswith("Out (Feb 1) - Jul 3: Tatum will miss the rest of the season")
    # A page is part of a list: whoever is on another would count as available.
    assert INJURY_SNAPSHOTS not in reading.parsed.rows


def test_whom_no_box_score_names_waits_with_his_status_in_sight(shared: Path, people: League) -> None:
    reading = read(content(shared, INJURIES), "balldontlie_injuries", people, SUMMER)
    told, waiting = reading.parsed.rows[INJURY_REPORTS], reading.parsed.waiting[INJURY_REPORTS]
    assert told.height + waiting.height == 100
    assert waiting.height == reading.parsed.unresolved["rows"].sum() > 0


def test_a_verdict_on_the_next_game_says_more_than_day_to_day(shared: Path, people: League) -> None:
    told = answer(shared, INJURIES)
    tatum = next(each for each in told["data"] if each["player"]["last_name"] == "Tatum")
    tatum |= {"status": "Day-To-Day", "description": "Dec 5: Tatum (back) is probable for Friday's game."}
    other = tatum | {"description": None}
    for record, status in ((tatum, "probable"), (other, "questionable"), (tatum | {"status": "Doubtful"}, "doubtful")):
        reading = read({"data": [record]}, "balldontlie_injuries", people, SUMMER)
        assert row(reading, INJURY_REPORTS)["status"] == status


def test_a_player_of_no_team_of_today_is_set_aside(shared: Path, people: League) -> None:
    told = answer(shared, INJURIES)
    told["data"] = told["data"][:1]
    told["data"][0]["player"]["team_id"] = 42
    assert reasons(read(told, "balldontlie_injuries", people, SUMMER)) == {"unknown_team": 1}
