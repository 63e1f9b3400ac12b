"""NBA.com's box scores: who played, to the second, who started, who did not play and why."""

import copy
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.raw.nba.reading import accounted_for, answer, instant, kinds_of, read, reasons, row
from tests.raw.world import League

from fairline.raw.capture_loading import write_reading
from fairline.raw.schema import BOX_SCORE_DETAILS, GAMES, INACTIVES, PLAYER_BOX_SCORES, TEAM_BOX_SCORES

TORONTO = "stats_nba_com/nba_api_docs_boxscoretraditionalv3.json.gz"
PHILADELPHIA = "stats_nba_com/nbac_team_boxscore_raw_12f99055.json"
LOG = "stats_nba_com/nbac_player_boxscore_raw_2ad17718.json"
THAT_NIGHT = "2025-11-05T04:00:00"

DETAILS = {
    "nba_box_score_advanced": "stats_nba_com/nba_api_docs_boxscoreadvancedv3.json.gz",
    "nba_box_score_misc": "stats_nba_com/nba_api_docs_boxscoremiscv3.json",
    "nba_box_score_scoring": "stats_nba_com/nba_api_docs_boxscorescoringv3.json",
    "nba_box_score_usage": "stats_nba_com/nba_api_docs_boxscoreusagev3.json",
    "nba_box_score_player_track": "stats_nba_com/nba_api_docs_boxscoreplayertrackv3.json.gz",
}


@pytest.fixture
def toronto(shared: Path) -> dict[str, Any]:
    """The answer of Milwaukee at Toronto, to be changed."""
    changed: dict[str, Any] = copy.deepcopy(answer(shared, TORONTO))
    return changed


def test_minutes_are_exact_and_starters_known(toronto: dict[str, Any], held: League) -> None:
    reading = read(toronto, "nba_box_score", THAT_NIGHT, held)

    assert reasons(reading) == {}
    assert accounted_for(reading)
    ingram = row(reading, PLAYER_BOX_SCORES, player_id=1627742)
    assert ingram["minutes"] == pytest.approx(30 + 49 / 60)
    told = ("player_name", "points", "rebounds", "assists", "plus_minus", "won", "started", "game_date")
    assert tuple(ingram[column] for column in told[:-1]) == ("Brandon Ingram", 13, 8, 4, 17, True, True)
    assert ingram["known_at"] == instant(THAT_NIGHT)
    assert row(reading, PLAYER_BOX_SCORES, player_id=1629018)["player_name"] == "Gary Trent Jr."
    players = reading.parsed.rows[PLAYER_BOX_SCORES]
    assert players.filter("started").group_by("team_id").len()["len"].to_list() == [5, 5]
    assert players.group_by("team_id").agg(pl.col("minutes").sum().round(6))["minutes"].to_list() == [240, 240]


def test_players_points_sum_to_the_teams_and_the_result(toronto: dict[str, Any], held: League) -> None:
    reading = read(toronto, "nba_box_score", THAT_NIGHT, held)
    sums = reading.parsed.rows[PLAYER_BOX_SCORES].group_by("team_id").agg(pl.col("points").sum())
    assert dict(sums.iter_rows()) == {1610612761: 128, 1610612749: 100}
    assert row(reading, TEAM_BOX_SCORES, team_id=1610612761)["turnovers"] == 9
    result = row(reading, GAMES)
    assert (result["home_points"], result["away_points"], result["status"], result["overtimes"]) == (
        128,
        100,
        "final",
        0,
    )
    assert (result["home_team_id"], result["neutral"]) == (1610612761, None)


def test_who_did_not_play_has_a_reason_and_no_box_score(toronto: dict[str, Any], held: League) -> None:
    temple, antetokounmpo = 202066, 203648
    toronto["boxScoreTraditional"]["awayTeam"]["players"][-1]["comment"] = "NWT - Injury/Illness"
    reading = read(toronto, "nba_box_score", THAT_NIGHT, held)

    at_home = row(reading, INACTIVES, player_id=temple)
    assert (at_home["absence"], at_home["reason"]) == ("did_not_play", "Coach's Decision")
    assert row(reading, INACTIVES, player_id=antetokounmpo)["absence"] == "not_with_team"
    played = reading.parsed.rows[PLAYER_BOX_SCORES]
    assert played.filter(pl.col("player_id").is_in([temple, antetokounmpo])).is_empty()
    assert played.height == 27


def test_neither_minutes_nor_a_reason_is_set_aside(toronto: dict[str, Any], held: League) -> None:
    toronto["boxScoreTraditional"]["homeTeam"]["players"][-1]["comment"] = ""
    assert reasons(read(toronto, "nba_box_score", THAT_NIGHT, held)) == {"no_minutes": 1}


@pytest.mark.parametrize("minutes", ["PT30M49.00S", "30.000000:49", "30:49"])
def test_every_spelling_of_minutes_is_the_same_time(minutes: str, toronto: dict[str, Any], held: League) -> None:
    toronto["boxScoreTraditional"]["homeTeam"]["players"][0]["statistics"]["minutes"] = minutes
    reading = read(toronto, "nba_box_score", THAT_NIGHT, held)
    assert row(reading, PLAYER_BOX_SCORES, player_id=1627742)["minutes"] == pytest.approx(30.816667)


def test_unreadable_minutes_are_set_aside_and_the_others_stay(toronto: dict[str, Any], held: League) -> None:
    toronto["boxScoreTraditional"]["homeTeam"]["players"][0]["statistics"]["minutes"] = "half an hour"
    reading = read(toronto, "nba_box_score", THAT_NIGHT, held)
    assert reasons(reading) == {"unreadable_minutes": 1}
    assert reading.parsed.rows[PLAYER_BOX_SCORES].height == 26


@pytest.mark.parametrize(
    ("minutes", "home", "away"),
    [("197:30", 128, 100), ("240:00", 100, 100), ("251:40", 110, 104), ("239:50", 101, 100)],
)
def test_a_game_that_is_not_over_states_nothing(
    minutes: str, home: int, away: int, toronto: dict[str, Any], held: League
) -> None:
    box = toronto["boxScoreTraditional"]
    for side, points in (("homeTeam", home), ("awayTeam", away)):
        box[side]["statistics"] |= {"minutes": minutes, "points": points}
    reading = read(toronto, "nba_box_score", "2025-11-05T03:00:00", held)
    assert reasons(reading) == {"unfinished_game": 31}
    assert all(rows.is_empty() for rows in reading.parsed.rows.values())


def test_a_game_whose_clock_went_wrong_is_over_by_the_next_morning(toronto: dict[str, Any], held: League) -> None:
    toronto["boxScoreTraditional"]["homeTeam"]["statistics"]["minutes"] = "244:20"
    assert reasons(read(toronto, "nba_box_score", "2025-11-05T03:00:00", held)) == {"unfinished_game": 31}
    assert reasons(read(toronto, "nba_box_score", "2025-11-05T14:00:00", held)) == {}


def test_a_box_score_stamped_before_its_tip_off_is_known_only_after_it(toronto: dict[str, Any], held: League) -> None:
    assert toronto["meta"]["time"] == "2025-11-04T23:50:11.5011Z", "an Eastern time that calls itself UTC"
    reading = read(toronto, "nba_box_score", "2025-11-04T23:50:11", held)
    assert row(reading, PLAYER_BOX_SCORES, player_id=1627742)["known_at"] == instant("2025-11-05T04:30:00")
    assert row(reading, GAMES)["known_at"] == instant("2025-11-05T04:30:00")


def test_without_a_schedule_the_rows_are_shown_and_wait(toronto: dict[str, Any], nothing: League) -> None:
    reading = read(toronto, "nba_box_score", THAT_NIGHT, nothing)
    assert reasons(reading) == {"no_game": 31}
    assert all(rows.is_empty() for rows in reading.parsed.rows.values())
    waiting = reading.parsed.waiting
    assert (waiting[PLAYER_BOX_SCORES].height, waiting[TEAM_BOX_SCORES].height, waiting[INACTIVES].height) == (27, 2, 2)
    shown = waiting[PLAYER_BOX_SCORES].filter(player_id=1627742).row(0, named=True)
    assert (shown["points"], shown["started"], shown["game_date"]) == (13, True, None)


def test_a_corrected_box_score_is_one_more_revision_known_from_the_correction(
    toronto: dict[str, Any], held: League
) -> None:
    for at, assists in ((THAT_NIGHT, 4), ("2025-11-05T16:00:00", 5), ("2025-11-06T16:00:00", 5)):
        toronto["boxScoreTraditional"]["homeTeam"]["players"][0]["statistics"]["assists"] = assists
        write_reading(held.warehouse, read(toronto, "nba_box_score", at, held), instant(at))
    told = held.rows(PLAYER_BOX_SCORES).filter(player_id=1627742)
    assert told.select("assists", "known_at").rows() == [
        (4, instant(THAT_NIGHT)), (5, instant("2025-11-05T16:00:00")),
    ]  # fmt: skip


def test_the_second_version_tells_overtime_and_who_did_not_dress(shared: Path, held: League) -> None:
    reading = read(answer(shared, PHILADELPHIA), "nba_box_score_v2", "2025-01-16T06:00:00", held)

    assert reasons(reading) == {}
    assert accounted_for(reading)
    result = row(reading, GAMES)
    assert (result["home_points"], result["away_points"], result["overtimes"]) == (119, 125, 1)
    hart = row(reading, PLAYER_BOX_SCORES, player_id=1628404)
    assert (hart["minutes"], hart["turnovers"], hart["started"]) == (pytest.approx(49 + 25 / 60), 3, True)
    assert row(reading, PLAYER_BOX_SCORES, player_id=1630173)["started"] is False
    assert row(reading, INACTIVES, player_id=203083)["absence"] == "did_not_dress"
    assert reading.parsed.rows[INACTIVES].height == 8


def test_a_game_log_reads_like_the_file_of_the_same_name(shared: Path, held: League) -> None:
    reading = read(answer(shared, LOG), "leaguegamelog_players", "2025-03-16T12:00:00", held)
    assert reasons(reading) == {}
    assert reading.parsed.rows[PLAYER_BOX_SCORES].height == 157
    assert reading.parsed.rows[GAMES].height == 8
    curry = row(reading, PLAYER_BOX_SCORES, player_id=201939)
    assert (curry["minutes"], curry["points"], curry["won"], curry["known_at"]) == (
        35, 28, True, instant("2025-03-16T12:00:00"),
    )  # fmt: skip


def test_a_game_log_captured_long_after_says_nothing_the_file_did_not(shared: Path, held: League) -> None:
    held.take_files(shared / "data" / "box_scores" / "leaguegamelog_player_2024-25.parquet")
    reading = read(answer(shared, LOG), "leaguegamelog_players", "2025-08-01T12:00:00", held)
    report = write_reading(held.warehouse, reading, instant("2025-08-01T12:00:00"))
    assert (report.written, report.unchanged) == (0, 165)


def test_a_game_log_of_a_game_under_way_and_of_a_changed_shape(shared: Path, held: League) -> None:
    came = answer(shared, LOG)
    log = came["resultSets"][0]
    won = log["headers"].index("WL")
    log["rowSet"][0][won] = None
    log["rowSet"][1] = log["rowSet"][1][:-1]
    reading = read(came, "leaguegamelog_players", "2025-03-16T12:00:00", held)
    assert reasons(reading) == {"not_a_record": 1, "unfinished_game": 1}
    log["headers"][won] = "RESULT"
    assert "has no column WL" in read(came, "leaguegamelog_players", "2025-03-16T12:00:00", held).error


def test_details_are_one_row_a_figure_for_players_and_teams(shared: Path, held: League) -> None:
    reading = read(answer(shared, DETAILS["nba_box_score_misc"]), "nba_box_score_misc", "2025-11-03T12:00:00", held)
    assert reasons(reading) == {}
    players_and_teams, figures = 26 + 2, 12
    assert reading.parsed.rows[BOX_SCORE_DETAILS].height == players_and_teams * figures
    wiggins = row(reading, BOX_SCORE_DETAILS, player_id=1630598, statistic="points_paint")
    assert (wiggins["value"], wiggins["team_id"], wiggins["known_at"]) == (
        6, 1610612760, instant("2025-11-03T12:00:00"),
    )  # fmt: skip
    assert row(reading, BOX_SCORE_DETAILS, team_id=1610612760, player_id=0, statistic="points_paint")["value"] == 48
    absent = reading.parsed.rows[BOX_SCORE_DETAILS].filter(player_id=201599)
    assert absent.is_empty(), "the zeros of a player who did not play are no measurements"


def test_usage_of_an_overtime_game_of_history_is_known_four_hours_after_tip_off(shared: Path, held: League) -> None:
    reading = read(answer(shared, DETAILS["nba_box_score_usage"]), "nba_box_score_usage", "2025-11-05T22:22:18", held)
    james = row(reading, BOX_SCORE_DETAILS, player_id=2544, statistic="percentage_assists")
    assert (james["value"], james["known_at"]) == (0.484, instant("2018-02-08T05:00:00"))


@pytest.mark.parametrize("kind", ["nba_box_score_advanced", "nba_box_score_scoring"])
def test_another_leagues_box_score_is_set_aside_as_such(kind: str, shared: Path, held: League) -> None:
    reading = read(answer(shared, DETAILS[kind]), kind, "2025-11-05T22:00:00", held)
    assert reasons(reading) == {"other_league": 26}
    assert reading.parsed.rows[BOX_SCORE_DETAILS].is_empty()


@pytest.mark.parametrize(
    ("path", "kind"),
    [(TORONTO, "nba_box_score"), (PHILADELPHIA, "nba_box_score_v2"), (LOG, "leaguegamelog_players")]
    + [(path, kind) for kind, path in DETAILS.items()],
)
def test_each_is_recognised_by_its_content_alone(shared: Path, path: str, kind: str) -> None:
    assert kinds_of((shared / "payloads" / path).read_bytes()) == [kind]
