"""ESPN's scoreboard."""

from datetime import date
from pathlib import Path

from tests.raw.answers import answer, content, instant, kinds_that_fit, read, reasons, row
from tests.raw.espn.conftest import NO_GAMES, SCOREBOARD
from tests.raw.world import BOS, NYK, League

from fairline.domain.teams import team
from fairline.raw.schema import GAMES, PROVIDER_GAMES

MIAMI, BROOKLYN = team("MIA").team_id, team("BKN").team_id


def test_the_day_s_events_are_translated_to_nba_s_games_and_those_over_have_results(shared: Path, held: League) -> None:
    reading = read(content(shared, SCOREBOARD), "espn_scoreboard", held, "2024-01-16T06:00:00")

    known = row(reading, PROVIDER_GAMES, provider_game_id="401585190")
    assert known["game_id"] == "0022300562"
    assert known["commence_at"] == instant("2024-01-16T00:30:00")
    assert known["game_date"] == date(2024, 1, 15)
    overtime = row(reading, GAMES, game_id="0022300562")
    assert (overtime["home_team_id"], overtime["away_team_id"]) == (BROOKLYN, MIAMI)
    assert (overtime["home_points"], overtime["away_points"], overtime["overtimes"]) == (95, 96, 1)
    assert overtime["known_at"] == instant("2024-01-16T06:00:00")
    # Seven of the eleven are on no schedule held here: they wait in sight, and are not lost.
    assert reasons(reading) == {"no_game": 7}
    assert reading.parsed.waiting[PROVIDER_GAMES].height == 7


def test_a_scoreboard_read_years_later_makes_no_result_known_late(shared: Path, held: League) -> None:
    reading = read(content(shared, SCOREBOARD), "espn_scoreboard", held, "2026-01-01T00:00:00")
    assert row(reading, GAMES, game_id="0022300555")["known_at"] == instant("2024-01-15T22:00:00")
    assert row(reading, PROVIDER_GAMES, game_id="0022300555")["known_at"] == instant("2026-01-01T00:00:00")


def test_a_day_without_games_states_nothing_under_whatever_name_it_was_filed(shared: Path, nothing: League) -> None:
    misfiled = content(shared, "cdn_nba_com/nbac_game_ids_core_raw_20250214.json")
    assert misfiled == content(shared, NO_GAMES)
    assert kinds_that_fit(misfiled) == ["espn_scoreboard"]
    reading = read(misfiled, "espn_scoreboard", nothing)
    assert (reading.error, reading.came.height, reasons(reading)) == ("", 0, {})


def test_a_score_of_a_game_still_on_or_not_begun_is_no_result(shared: Path, held: League) -> None:
    told = answer(shared, SCOREBOARD)
    told["events"] = told["events"][:3]
    for event, (state, name) in zip(
        told["events"],
        [("in", "STATUS_IN_PROGRESS"), ("pre", "STATUS_SCHEDULED"), ("post", "STATUS_POSTPONED")],
        strict=True,
    ):
        event["status"]["type"] |= {"state": state, "name": name, "completed": False}
    reading = read(told, "espn_scoreboard", held)
    assert reading.parsed.rows[GAMES].height == 0
    told_states = dict(reading.parsed.rows[PROVIDER_GAMES].select("game_id", "status").iter_rows())
    assert told_states == {"0022300555": "live", "0022300556": "scheduled", "0022300557": "postponed"}


def test_an_event_without_an_hour_yet_is_placed_by_its_date(shared: Path, held: League) -> None:
    told = answer(shared, SCOREBOARD)
    told["events"] = told["events"][:1]
    told["events"][0]["competitions"][0] |= {"date": "2024-01-15T05:00Z", "timeValid": False}
    known = row(read(told, "espn_scoreboard", held), PROVIDER_GAMES)
    assert (known["game_id"], known["commence_at"]) == ("0022300555", None)


def test_a_final_without_a_winner_is_set_aside(shared: Path, held: League) -> None:
    told = answer(shared, SCOREBOARD)
    told["events"] = told["events"][:2]
    told["events"][0]["competitions"][0]["competitors"][0]["score"] = "115"
    del told["events"][1]["competitions"][0]["competitors"][0]["score"]
    assert reasons(read(told, "espn_scoreboard", held)) == {"drawn_game": 1, "missing_score": 1}


def test_games_of_other_leagues_and_of_all_stars_are_set_aside(shared: Path, held: League) -> None:
    told = answer(shared, SCOREBOARD)
    told["events"] = told["events"][:1]
    told["events"][0]["competitions"][0]["competitors"][0]["team"]["abbreviation"] = "SHAQ"
    assert reasons(read(told, "espn_scoreboard", held)) == {"unknown_team": 1}
    told["leagues"][0]["slug"] = "wnba"
    assert reasons(read(told, "espn_scoreboard", held)) == {"other_league": 1}


def test_on_neutral_ground_the_result_is_seen_from_nba_s_home_team(league: League, shared: Path) -> None:
    told = answer(shared, SCOREBOARD)
    told["events"] = told["events"][:1]
    competition = told["events"][0]["competitions"][0]
    competition |= {"date": "2024-11-05T00:30Z", "neutralSite": True}
    for side, abbreviation in zip(competition["competitors"], ("NY", "BOS"), strict=True):
        side["team"]["abbreviation"] = abbreviation
    result = row(read(told, "espn_scoreboard", league, "2024-11-05T04:00:00"), GAMES)
    assert (result["game_id"], result["home_team_id"], result["away_team_id"]) == ("0022400101", BOS, NYK)
    assert (result["home_points"], result["away_points"], result["neutral"]) == (115, 124, True)
