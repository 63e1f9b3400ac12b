"""ESPN's rosters, from the API and from the page."""

from datetime import date
from pathlib import Path

import pytest
from tests.raw.answers import answer, content, holding, instant, kinds_that_fit, read, reasons, row
from tests.raw.espn.conftest import ROSTER, ROSTER_PAGE, as_page, page_content
from tests.raw.world import BOS, League

from fairline.raw.schema import INJURY_REPORTS, INJURY_SNAPSHOTS, ROSTERS

SUMMER = "2025-07-17T15:00:00"


@pytest.fixture
def celtics(shared: Path, nothing: League) -> League:
    """A home that knows the Celtics of the spring of 2025."""
    names = [each["displayName"] for each in answer(shared, ROSTER)["team"]["athletes"]]
    return holding(nothing, (), [(name, "BOS") for name in names], date(2025, 4, 10))


@pytest.mark.parametrize(("path", "kind"), [(ROSTER, "espn_roster"), (ROSTER_PAGE, "espn_roster_page")])
def test_the_api_and_the_page_list_the_same_seventeen(path: str, kind: str, shared: Path, celtics: League) -> None:
    assert kinds_that_fit(content(shared, path)) == [kind]
    reading = read(content(shared, path), kind, celtics, SUMMER)
    assert (reading.parsed.rows[ROSTERS].height, reasons(reading)) == (17, {})
    holiday = row(reading, ROSTERS, player_name="Jrue Holiday")
    assert (holiday["team_id"], holiday["position"], holiday["jersey"]) == (BOS, "PG", "4")
    assert holiday["listed_at"] == instant(SUMMER)
    # A number is a text: Jayson Tatum's is no absent one.
    assert row(reading, ROSTERS, player_name="Jayson Tatum")["jersey"] == "0"


def test_an_injury_is_told_in_espn_s_words_and_says_nothing_of_other_teams(shared: Path, celtics: League) -> None:
    reading = read(content(shared, ROSTER), "espn_roster", celtics, SUMMER)
    injured = reading.parsed.rows[INJURY_REPORTS]
    assert sorted(injured["player_name"]) == ["Jaylen Brown", "Jayson Tatum"]
    tatum = row(reading, INJURY_REPORTS, player_name="Jayson Tatum")
    assert (tatum["status"], tatum["reported_at"]) == ("out", instant(SUMMER))
    assert tatum["reason"].startswith("Out (Achilles) - Tatum will miss the rest of the season")
    # With a snapshot everyone of the other twenty-nine teams would count as available.
    assert INJURY_SNAPSHOTS not in reading.parsed.rows


def test_of_several_injuries_the_latest_change_counts(shared: Path, celtics: League) -> None:
    told = answer(shared, ROSTER)
    brown = told["team"]["athletes"][0]
    brown["injuries"].append(
        brown["injuries"][0]
        | {"status": "Day-To-Day", "date": "2025-07-01T10:00Z", "shortComment": "Brown is Probable for Friday."}
    )
    reading = read(told, "espn_roster", celtics, SUMMER)
    assert row(reading, INJURY_REPORTS, player_name="Jaylen Brown")["status"] == "probable"


def test_a_roster_asked_for_on_its_own_reads_alike(shared: Path, celtics: League) -> None:
    team = answer(shared, ROSTER)["team"]
    alone = {"timestamp": "2025-07-17T15:00:00Z", "athletes": team["athletes"], "team": {"abbreviation": "BOS"}}
    assert read(alone, "espn_roster", celtics, SUMMER).parsed.rows[ROSTERS].height == 17


def test_a_name_no_one_bears_waits_in_sight(shared: Path, celtics: League) -> None:
    told = answer(shared, ROSTER)
    told["team"]["athletes"][13]["displayName"] = "Jaysson Tattum"
    reading = read(told, "espn_roster", celtics, SUMMER)
    assert reading.parsed.rows[ROSTERS].height == 16
    assert reading.parsed.unresolved["name"].to_list() == ["Jaysson Tattum"]
    assert reading.parsed.waiting[ROSTERS]["player_name"].to_list() == ["Jaysson Tattum"]
    assert reading.parsed.waiting[INJURY_REPORTS]["status"].to_list() == ["out"]


def test_a_side_of_another_league_has_no_roster_here(shared: Path, celtics: League) -> None:
    told = page_content(shared, ROSTER_PAGE)
    told["page"]["content"]["roster"]["team"]["abbrev"] = "LVA"
    reading = read(as_page(told), "espn_roster_page", celtics, SUMMER)
    assert reasons(reading) == {"unknown_team": 17}


def test_a_page_redesigned_is_told_apart_from_an_empty_roster(celtics: League) -> None:
    reading = read(b"<html>Roster</html>", "espn_roster_page", celtics, SUMMER)
    assert "redesigned" not in reading.error
    assert "window['__espnfitt__']=" in reading.error
    assert reasons(reading) == {"unreadable_document": 1}
