"""BallDontLie's box scores, statistics and advanced statistics."""

from pathlib import Path
from typing import Any

import polars as pl
from tests.raw.answers import answer, content, instant, read, reasons, row
from tests.raw.balldontlie.conftest import ADVANCED, BOX_SCORES, STATISTICS
from tests.raw.world import League

from fairline.platform.home import Home
from fairline.raw.schema import BOX_SCORE_DETAILS, GAMES, INACTIVES, PLAYER_BOX_SCORES, PROVIDER_GAMES

MORNING = "2024-01-16T12:00:00"
PARADE = "2025-06-23T12:00:00"


def one_line(told: dict[str, Any], last_name: str) -> dict[str, Any]:
    """A player's line in an answer of box scores."""
    return next(
        line
        for game in told["data"]
        for side in ("home_team", "visitor_team")
        for line in game[side]["players"]
        if line["player"]["last_name"] == last_name
    )


def test_a_day_s_answer_tells_results_and_who_played(shared: Path, afternoon: League) -> None:
    reading = read(content(shared, BOX_SCORES), "balldontlie_box_scores", afternoon, MORNING)
    embiid = row(reading, PLAYER_BOX_SCORES, player_name="Joel Embiid")
    told = ("points", "field_goals_made", "field_goals_attempted", "threes_made", "threes_attempted",
            "free_throws_made", "free_throws_attempted", "offensive_rebounds", "defensive_rebounds", "rebounds",
            "assists", "steals", "blocks", "turnovers", "fouls")  # fmt: skip
    assert tuple(embiid[name] for name in told) == (41, 12, 21, 1, 5, 16, 17, 2, 8, 10, 3, 1, 1, 2, 5)
    assert (embiid["minutes"], embiid["won"], embiid["plus_minus"], embiid["started"]) == (31.0, True, None, None)
    overtime = row(reading, GAMES, game_id="0022300562")
    assert (overtime["home_points"], overtime["away_points"], overtime["overtimes"]) == (95, 96, 1)
    # Games have no ids here, so none is translated.
    assert PROVIDER_GAMES not in reading.parsed.rows


def test_who_sat_out_is_no_row_and_no_one_says_why(shared: Path, afternoon: League) -> None:
    reading = read(content(shared, BOX_SCORES), "balldontlie_box_scores", afternoon, MORNING)
    rows = reading.parsed.rows
    assert "Mo Bamba" not in rows[PLAYER_BOX_SCORES]["player_name"].to_list()
    assert rows[PLAYER_BOX_SCORES].filter(pl.col("game_id") == "0022300555").height == 23
    assert INACTIVES not in rows


def test_a_player_of_a_few_seconds_who_scored_did_play(shared: Path, afternoon: League) -> None:
    told = answer(shared, BOX_SCORES)
    one_line(told, "Bamba").update({"pts": 3, "fgm": 1, "fga": 1, "fg3m": 1, "fg3a": 1})
    bamba = row(read(told, "balldontlie_box_scores", afternoon, MORNING), PLAYER_BOX_SCORES, player_name="Mo Bamba")
    assert (bamba["minutes"], bamba["points"]) == (0.0, 3)


def test_minutes_with_seconds_are_read_exactly(shared: Path, afternoon: League) -> None:
    told = answer(shared, BOX_SCORES)
    one_line(told, "Embiid")["min"] = "31:24"
    embiid = row(read(told, "balldontlie_box_scores", afternoon, MORNING), PLAYER_BOX_SCORES, player_name="Joel Embiid")
    assert embiid["minutes"] == 31.4


def test_lines_that_break_the_contract_are_set_aside_alone(shared: Path, afternoon: League) -> None:
    told = answer(shared, BOX_SCORES)
    told["data"] = told["data"][:1]
    one_line(told, "Embiid")["pts"] = 42
    one_line(told, "Maxey")["ast"] = "many"
    one_line(told, "Harris")["min"] = None
    one_line(told, "Brooks")["fgm"] = 10
    one_line(told, "Batum")["player"] = None
    told["data"][0]["visitor_team"]["players"].append("nobody")
    reading = read(told, "balldontlie_box_scores", afternoon, MORNING)
    assert reasons(reading) == {
        "points_do_not_add_up": 2, "unreadable_assists": 1, "missing_minutes": 1, "missing_player_name": 1,
        "not_a_record": 1,
    }  # fmt: skip
    assert reading.parsed.rows[PLAYER_BOX_SCORES].height == 18


def test_a_game_in_its_third_quarter_has_no_box_score_yet(shared: Path, afternoon: League) -> None:
    told = answer(shared, BOX_SCORES)
    told["data"] = [told["data"][0] | {"status": "3rd Qtr"}]
    reading = read(told, "balldontlie_box_scores", afternoon, "2024-01-15T19:30:00")
    assert set(reasons(reading)) == {"unfinished_game"}
    assert [rows.height for rows in reading.parsed.rows.values()] == [0, 0]


def test_a_page_of_statistics_names_its_game_once(shared: Path, finals: League) -> None:
    reading = read(content(shared, STATISTICS), "balldontlie_stats", finals, PARADE)
    assert (row(reading, PROVIDER_GAMES)["provider_game_id"], row(reading, GAMES)["home_points"]) == ("18444564", 103)
    assert reading.parsed.rows[PLAYER_BOX_SCORES].height == 24
    # Seven minutes, nine points: the night of the torn tendon.
    hurt = row(reading, PLAYER_BOX_SCORES, player_name="Tyrese Haliburton")
    assert (hurt["minutes"], hurt["points"], hurt["threes_made"], hurt["won"]) == (7.0, 9, 3, False)


def test_a_player_under_a_team_that_did_not_play_is_set_aside(shared: Path, finals: League) -> None:
    told = answer(shared, STATISTICS)
    told["data"] = told["data"][:2]
    told["data"][0]["team"]["id"] = 2
    assert reasons(read(told, "balldontlie_stats", finals, PARADE)) == {"wrong_game": 1}


def test_advanced_figures_of_those_on_the_court_and_no_zeros_of_the_others(shared: Path, finals: League) -> None:
    reading = read(content(shared, ADVANCED), "balldontlie_advanced_stats", finals, PARADE)
    details = reading.parsed.rows[BOX_SCORE_DETAILS]
    assert (details.height, details["player_id"].n_unique(), details["statistic"].n_unique()) == (24 * 15, 24, 15)
    shai = row(read(content(shared, STATISTICS), "balldontlie_stats", finals, PARADE), PLAYER_BOX_SCORES, points=29)
    figures = dict(details.filter(player_id=shai["player_id"]).select("statistic", "value").iter_rows())
    assert (figures["usage_percentage"], figures["pace"], figures["assist_to_turnover"]) == (0.362, 90.77, 12.0)
    # A zero of one who played is a measurement: he made no rebound.
    hurt = details.filter(pl.col("player_id") == _haliburton(shared, finals), statistic="rebound_percentage")
    assert hurt["value"].to_list() == [0.0]


def _haliburton(shared: Path, finals: League) -> int:
    reading = read(content(shared, STATISTICS), "balldontlie_stats", finals, PARADE)
    return int(row(reading, PLAYER_BOX_SCORES, player_name="Tyrese Haliburton")["player_id"])


def test_figures_of_one_quarter_are_not_taken_for_the_game_s(shared: Path, finals: League) -> None:
    told = answer(shared, ADVANCED)
    told["data"] = [told["data"][0] | {"period": 0}, told["data"][1] | {"period": 1}]
    reading = read(told, "balldontlie_advanced_stats", finals, PARADE)
    assert reasons(reading) == {"part_of_a_game": 1}
    assert "period" not in reading.parsed.rows[BOX_SCORE_DETAILS]["statistic"].to_list()


def test_a_box_score_seen_in_time_is_known_from_then(shared: Path, finals: League) -> None:
    reading = read(content(shared, STATISTICS), "balldontlie_stats", finals, "2025-06-23T02:45:00")
    assert set(reading.parsed.rows[PLAYER_BOX_SCORES]["known_at"]) == {instant("2025-06-23T02:45:00")}


def test_nba_com_and_balldontlie_name_the_same_players_and_points_of_a_day(shared: Path, imported: Path) -> None:
    from fairline.ops.catalogue import open_home
    from fairline.platform.settings import load_settings

    with open_home("tests", settings=load_settings(home=imported), read_only=True) as home:
        ours, theirs = _both(shared, home)
    both = ours.join(theirs, on=["game_id", "player_id"], how="full", suffix="_nba", coalesce=True)
    assert both.height == ours.height == theirs.height == 229
    counts = [column for column in theirs.columns if column not in ("game_id", "player_id", "minutes", "plus_minus")]
    differing = {column: both.filter(pl.col(column).ne_missing(pl.col(f"{column}_nba"))).height for column in counts}
    # Not errors of reading: NBA.com corrected eleven counts afterwards, none of them points.
    assert {column: number for column, number in differing.items() if number} == {
        "field_goals_attempted": 1, "offensive_rebounds": 1, "defensive_rebounds": 1, "rebounds": 2, "assists": 4,
        "blocks": 3,
    }  # fmt: skip
    assert (both["minutes"] - both["minutes_nba"]).abs().max() == 1.0


def _both(shared: Path, home: Home) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The day's box scores as BallDontLie and as NBA.com state them."""

    class Imported:
        warehouse = home.warehouse

    reading = read(content(shared, BOX_SCORES), "balldontlie_box_scores", Imported(), "2026-01-01T00:00:00")  # type: ignore[arg-type]
    theirs = home.warehouse.query(
        """
        SELECT * EXCLUDE (
            source, capture_id, content_hash, valid_at, known_at, game_date, player_name, started, plus_minus
        )
        FROM raw.player_box_scores WHERE game_date = DATE '2024-01-15'
        """
    )
    return reading.parsed.rows[PLAYER_BOX_SCORES], theirs
