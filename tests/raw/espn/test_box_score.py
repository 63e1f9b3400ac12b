"""ESPN's box score page."""

from pathlib import Path

import polars as pl
from tests.raw.answers import content, instant, kinds_that_fit, read, reasons, row
from tests.raw.espn.conftest import BOX_SCORE, as_page, package, page_content
from tests.raw.world import League

from fairline.domain.teams import team
from fairline.raw.schema import GAMES, INACTIVES, PLAYER_BOX_SCORES, PROVIDER_GAMES, TEAM_BOX_SCORES

PHILADELPHIA, HOUSTON = team("PHI").team_id, team("HOU").team_id


def test_the_page_tells_who_played_started_sat_and_won(shared: Path, held: League) -> None:
    assert kinds_that_fit(content(shared, BOX_SCORE)) == ["espn_box_score"]
    reading = read(content(shared, BOX_SCORE), "espn_box_score", held)

    assert (reading.came.height, reading.error, reasons(reading)) == (28, "", {})
    players = reading.parsed.rows[PLAYER_BOX_SCORES]
    assert (players.height, players["started"].sum()) == (23, 10)
    embiid = row(reading, PLAYER_BOX_SCORES, player_name="Joel Embiid")
    told = ("points", "field_goals_made", "field_goals_attempted", "threes_made", "threes_attempted",
            "free_throws_made", "free_throws_attempted", "offensive_rebounds", "defensive_rebounds", "rebounds",
            "assists", "steals", "blocks", "turnovers", "fouls", "plus_minus")  # fmt: skip
    assert tuple(embiid[name] for name in told) == (41, 12, 21, 1, 5, 16, 17, 2, 8, 10, 3, 1, 1, 2, 5, 7)
    assert (embiid["minutes"], embiid["won"], embiid["team_id"]) == (31.0, True, PHILADELPHIA)
    assert row(reading, PLAYER_BOX_SCORES, player_name="Jeff Green")["plus_minus"] == -30
    bullock = row(reading, INACTIVES, player_name="Reggie Bullock Jr.")
    assert (bullock["absence"], bullock["reason"]) == ("did_not_play", "DNP-COACH'S DECISION")
    rockets = row(reading, TEAM_BOX_SCORES, team_id=HOUSTON)
    assert (rockets["points"], rockets["field_goals_made"], rockets["rebounds"], rockets["minutes"]) == (
        115,
        44,
        46,
        240,
    )
    result = row(reading, GAMES)
    assert (result["home_points"], result["away_points"], result["overtimes"]) == (124, 115, 0)
    assert row(reading, PROVIDER_GAMES)["provider_game_id"] == "401585183"


def test_players_sum_to_their_team(shared: Path, held: League) -> None:
    rows = read(content(shared, BOX_SCORE), "espn_box_score", held).parsed.rows
    counts = ("points", "rebounds", "assists", "turnovers", "fouls", "field_goals_attempted", "threes_made")
    summed = rows[PLAYER_BOX_SCORES].group_by("team_id").agg(pl.col(counts).sum())
    both = rows[TEAM_BOX_SCORES].join(summed, on="team_id", suffix="_summed")
    for count in counts:
        assert both[count].to_list() == both[f"{count}_summed"].to_list(), count


def test_a_page_seen_during_the_game_states_no_box_score_yet(shared: Path, held: League) -> None:
    told = page_content(shared, BOX_SCORE)
    package(told)["gmStrp"]["status"] |= {"state": "in", "desc": "Halftime"}
    reading = read(as_page(told), "espn_box_score", held, "2024-01-15T19:00:00")
    assert reasons(reading) == {"unfinished_game": 27}
    assert {table: rows.height for table, rows in reading.parsed.rows.items() if rows.height} == {PROVIDER_GAMES: 1}


def test_a_page_seen_before_tip_off_tells_the_game_alone(shared: Path, held: League) -> None:
    told = page_content(shared, BOX_SCORE)
    package(told)["gmStrp"]["status"] |= {"state": "pre", "desc": "Scheduled"}
    del package(told)["bxscr"]
    reading = read(as_page(told), "espn_box_score", held, "2024-01-15T15:00:00")
    assert (reading.error, reasons(reading)) == ("", {})
    assert row(reading, PROVIDER_GAMES)["status"] == "scheduled"


def test_team_minutes_hold_for_any_number_of_overtimes(shared: Path, held: League) -> None:
    told = page_content(shared, BOX_SCORE)
    for side in package(told)["gmStrp"]["tms"]:
        side["linescores"] += [{"displayValue": "8"}, {"displayValue": "9"}]
    reading = read(as_page(told), "espn_box_score", held)
    assert set(reading.parsed.rows[TEAM_BOX_SCORES]["minutes"]) == {290.0}
    assert row(reading, GAMES)["overtimes"] == 2


def test_a_box_score_whose_points_do_not_add_up_is_set_aside_alone(shared: Path, held: League) -> None:
    told = page_content(shared, BOX_SCORE)
    starters = package(told)["bxscr"][1]["stats"][0]["athlts"]
    starters[2]["stats"][-1] = "40"
    reading = read(as_page(told), "espn_box_score", held)
    assert reasons(reading) == {"points_do_not_add_up": 1}
    assert reading.parsed.rows[PLAYER_BOX_SCORES].height == 22


def test_cells_that_do_not_read_are_set_aside_and_never_become_absent_ones(shared: Path, held: League) -> None:
    told = page_content(shared, BOX_SCORE)
    starters = package(told)["bxscr"][1]["stats"][0]["athlts"]
    starters[0]["stats"][1] = "2 of 7"
    starters[1]["stats"][7] = "--"
    starters[2]["stats"].pop()
    reading = read(as_page(told), "espn_box_score", held)
    assert reasons(reading) == {"unreadable_field_goals_made": 1, "unreadable_assists": 1, "not_a_cell": 1}


def test_an_absence_in_words_never_seen_waits_for_a_person(shared: Path, held: League) -> None:
    told = page_content(shared, BOX_SCORE)
    bench = package(told)["bxscr"][0]["stats"][1]["athlts"]
    bench[-1]["dnpRsn"] = "HAS NOT ENTERED GAME"
    bench[-2]["dnpRsn"] = "DND-LEFT KNEE SORENESS"
    reading = read(as_page(told), "espn_box_score", held)
    assert reasons(reading) == {"unknown_absence": 1}
    assert row(reading, INACTIVES)["absence"] == "did_not_dress"


def test_without_any_game_held_every_line_waits_in_sight(shared: Path, nothing: League) -> None:
    reading = read(content(shared, BOX_SCORE), "espn_box_score", nothing)
    assert reasons(reading) == {"no_game": 28}
    waiting = {table.name: rows.height for table, rows in reading.parsed.waiting.items()}
    assert waiting == {"games": 1, "provider_games": 1, "player_box_scores": 23, "inactives": 2, "team_box_scores": 2}


def test_a_box_score_read_in_time_is_known_when_it_was_seen(shared: Path, held: League) -> None:
    early = read(content(shared, BOX_SCORE), "espn_box_score", held, "2024-01-15T20:30:00")
    assert set(early.parsed.rows[PLAYER_BOX_SCORES]["known_at"]) == {instant("2024-01-15T20:30:00")}
    late = read(content(shared, BOX_SCORE), "espn_box_score", held, "2024-06-01T00:00:00")
    assert set(late.parsed.rows[PLAYER_BOX_SCORES]["known_at"]) == {instant("2024-01-15T22:00:00")}
