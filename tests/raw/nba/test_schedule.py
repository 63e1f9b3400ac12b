"""NBA.com's schedule and scoreboards: games in our words, known when captured."""

import copy
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.raw.nba.reading import answer, instant, kinds_of, read, reasons, row
from tests.raw.world import BOS, NYK, League, schedule

from fairline.analytics.build import rebuild
from fairline.analytics.schema import BUILT
from fairline.raw.capture_loading import write_reading
from fairline.raw.held import latest_games_sql
from fairline.raw.schema import GAMES

SEASON = "cdn_nba_com/nbac_schedule_api_raw_80cb1fd6.json.gz"
TO_COME = "cdn_nba_com/nbac_schedule_cdn_raw_68953816.json.gz"
SCOREBOARD = "stats_nba_com/nba_api_docs_scoreboardv3.json.gz"


def game(**given: Any) -> dict[str, Any]:
    """One game of a schedule: New York at Boston, to be played; `given` replaces fields."""
    return {
        "gameId": "0022400101", "gameStatus": 1, "gameStatusText": "7:30 pm ET", "gameDateEst": "2024-11-04T00:00:00Z",
        "gameDateTimeUTC": "2024-11-05T00:30:00Z", "arenaName": "TD Garden", "isNeutral": False, "postponedStatus": "N",
        "homeTeam": {"teamId": BOS, "score": 0}, "awayTeam": {"teamId": NYK, "score": 0},
    } | given  # fmt: skip


def season(*games: dict[str, Any]) -> dict[str, Any]:
    """A schedule of those games."""
    return {"leagueSchedule": {"gameDates": [{"gameDate": "11/04/2024 00:00:00", "games": list(games)}]}}


def test_a_played_season_gives_each_games_schedule_and_result(shared: Path, nothing: League) -> None:
    reading = read(answer(shared, SEASON), "nba_schedule", "2025-08-27T17:13:27", nothing)

    assert reading.came.height == 1400
    assert reasons(reading) == {"not_nba_team": 10}
    assert reading.parsed.rows[GAMES]["statement"].value_counts().sort("statement").rows() == [
        ("result", 1390), ("schedule", 1390),
    ]  # fmt: skip
    last = row(reading, GAMES, game_id="0042400407", statement="result")
    assert (last["home_points"], last["away_points"], last["status"]) == (103, 91, "final")
    assert last["known_at"] == instant("2025-06-23T04:00:00"), "history: four hours after tip-off"
    paris = row(reading, GAMES, game_id="0022400621", statement="schedule")
    assert (paris["neutral"], paris["arena"], paris["tip_at"]) == (True, "Accor Arena", instant("2025-01-23T19:00:00"))
    twice = reading.parsed.rows[GAMES].filter(pl.col("overtimes") == 2)
    assert twice.height == 4


def test_the_played_season_says_what_the_schedule_file_with_results_says(shared: Path, nothing: League) -> None:
    nothing.take_files(shared / "data" / "schedule" / "schedule_2024_25_with_results.parquet")
    reading = read(answer(shared, SEASON), "nba_schedule", "2025-08-27T17:13:27", nothing)

    same = ["game_id", "statement", "game_date", "tip_at", "home_team_id", "home_points", "overtimes", "known_at"]
    captured = reading.parsed.rows[GAMES].select(same)
    filed = nothing.rows(GAMES).select(same).with_columns(pl.col("home_points", "overtimes").cast(pl.Int64))
    assert captured.join(filed, on=same, how="anti", nulls_equal=True).height == 0


def test_a_schedule_of_games_to_come_is_known_when_captured_and_its_zeros_are_no_score(
    shared: Path, nothing: League
) -> None:
    reading = read(answer(shared, TO_COME), "nba_schedule", "2025-07-17T18:11:02", nothing)

    assert reasons(reading) == {"not_nba_team": 2}
    games = reading.parsed.rows[GAMES]
    assert games.height == 11
    assert games["statement"].unique().to_list() == ["schedule"]
    assert games["known_at"].unique().to_list() == [instant("2025-07-17T18:11:02")]
    first = row(reading, GAMES, game_id="0012500008")
    assert (first["tip_at"], first["home_points"], first["neutral"]) == (instant("2025-10-02T16:00:00"), None, True)


def test_a_scoreboard_gives_the_day(shared: Path, nothing: League) -> None:
    reading = read(answer(shared, SCOREBOARD), "nba_scoreboard", "2025-11-06T17:00:34", nothing)

    assert reasons(reading) == {}
    philadelphia = row(reading, GAMES, game_id="0022500171", statement="result")
    assert (philadelphia["home_points"], philadelphia["away_points"]) == (132, 121)
    assert philadelphia["known_at"] == instant("2025-11-06T17:00:34")
    assert row(reading, GAMES, game_id="0022500181", statement="schedule")["tip_at"] == instant("2025-11-06T03:00:00")


@pytest.mark.parametrize(
    ("path", "kind"), [(SEASON, "nba_schedule"), (TO_COME, "nba_schedule"), (SCOREBOARD, "nba_scoreboard")]
)
def test_each_is_recognised_by_its_content_alone(shared: Path, path: str, kind: str) -> None:
    assert kinds_of((shared / "payloads" / path).read_bytes()) == [kind]


def test_another_providers_scoreboard_under_nbas_name_is_none_of_nbas(shared: Path) -> None:
    assert kinds_of((shared / "payloads/cdn_nba_com/nbac_game_ids_core_raw_20250214.json").read_bytes()) == []


def test_a_score_under_way_is_no_result(nothing: League) -> None:
    playing = game(gameStatus=2, gameStatusText="Q3 4:12", homeTeam={"teamId": BOS, "score": 71})
    reading = read(season(playing), "nba_schedule", "2024-11-05T02:00:00", nothing)
    assert reading.parsed.rows[GAMES]["statement"].to_list() == ["schedule"]
    assert reasons(reading) == {}


@pytest.mark.parametrize(
    "off",
    [
        {"postponedStatus": "Y"},
        {"gameStatusText": "PPD"},
        {"gameStatus": 3, "gameStatusText": "PPD"},
        {"gameStatusText": "Cancelled"},
    ],
)
def test_a_game_called_off_is_postponed_from_the_moment_we_saw_it(off: dict[str, Any], nothing: League) -> None:
    reading = read(season(game(**off)), "nba_schedule", "2024-11-04T15:00:00", nothing)
    told = row(reading, GAMES, statement="result")
    assert (told["status"], told["home_points"], told["known_at"]) == (
        "postponed", None, instant("2024-11-04T15:00:00"),
    )  # fmt: skip


def test_a_final_by_a_clock_that_shows_the_time_before_tip_off_is_known_after_the_game(nothing: League) -> None:
    over = game(gameStatus=3, gameStatusText="Final", homeTeam={"teamId": BOS, "score": 99})
    reading = read(season(over), "nba_schedule", "2024-11-04T23:10:00", nothing)
    assert row(reading, GAMES, statement="result")["known_at"] == instant("2024-11-05T04:30:00")


def test_undecided_teams_and_tip_offs_are_null(nothing: League) -> None:
    unset = game(
        gameStatusText="TBD", gameDateTimeUTC="2024-11-04T05:00:00Z", homeTeam={"teamId": 0}, awayTeam={"teamId": 0}
    )
    told = row(read(season(unset), "nba_schedule", "2024-10-01T00:00:00", nothing), GAMES)
    assert (told["tip_at"], told["home_team_id"], told["away_team_id"]) == (None, None, None)


def test_another_leagues_games_are_set_aside_as_such(nothing: League) -> None:
    reading = read(season(game(gameId="1022400101")), "nba_schedule", "2024-10-01T00:00:00", nothing)
    assert reasons(reading) == {"other_league": 1}


def test_a_game_moved_in_november_is_moved_from_when_we_saw_it_whatever_the_file_says(nothing: League) -> None:
    nothing.take(schedule())
    captured = "2024-11-02T12:00:00"
    moved = game(gameDateEst="2024-11-06T00:00:00Z", gameDateTimeUTC="2024-11-07T00:30:00Z")
    reading = read(season(moved), "nba_schedule", captured, nothing)
    write_reading(nothing.warehouse, reading, instant(captured))

    def tip(cutoff: str) -> object:
        games = nothing.warehouse.query(latest_games_sql(), {"cutoff": instant(cutoff)})
        return games.filter(game_id="0022400101")["tip_at"].item()

    assert tip("2024-11-02T11:00:00") == instant("2024-11-05T00:30:00")
    assert tip("2024-11-02T12:00:00") == instant("2024-11-07T00:30:00")


def test_a_postponed_game_keeps_the_schedules_new_date_over_the_old_scoreboards(nothing: League) -> None:
    board = {"scoreboard": {"games": [game(gameEt="2024-11-04T19:30:00Z", gameTimeUTC="2024-11-05T00:30:00Z")]}}
    moved = game(gameDateEst="2024-12-06T00:00:00Z", gameDateTimeUTC="2024-12-07T00:30:00Z")
    for came, kind, at in (
        (season(game()), "nba_schedule", "2024-11-04T12:00:00"),
        (board, "nba_scoreboard", "2024-11-04T20:00:00"),
        (season(moved), "nba_schedule", "2024-11-05T12:00:00"),
    ):
        write_reading(nothing.warehouse, read(came, kind, at, nothing), instant(at))
    games = nothing.warehouse.query(latest_games_sql(), {"cutoff": instant("2024-11-06")})
    assert games["tip_at"].to_list() == [instant("2024-12-07T00:30:00")]


def test_a_scoreboard_which_tells_no_arena_leaves_the_one_the_schedule_told(nothing: League) -> None:
    nothing.take(schedule().with_columns(ARENA=pl.lit("Accor Arena")))
    board = {"scoreboard": {"games": [game(gameEt="2024-11-04T20:00:00Z", gameTimeUTC="2024-11-05T01:00:00Z")]}}
    at = instant("2024-11-04T20:00:00")
    write_reading(nothing.warehouse, read(board, "nba_scoreboard", "2024-11-04T20:00:00", nothing), at)
    nothing.warehouse.ensure(*BUILT)
    rebuild(nothing.warehouse)
    latest = nothing.warehouse.query(
        "SELECT tip_at, arena, neutral FROM analytics.game_versions WHERE game_id = '0022400101' AND known_at = ?", [at]
    )
    assert latest.rows() == [(instant("2024-11-05T01:00:00"), "Accor Arena", True)]


HEADERS = ("GAME_DATE_EST", "GAME_ID", "GAME_STATUS_ID", "GAME_STATUS_TEXT", "HOME_TEAM_ID", "VISITOR_TEAM_ID")
HEADER = ("2024-11-04T00:00:00", "0022400101", 1, "7:30 pm ET", BOS, NYK)


def scoreboard_v2(header: tuple[object, ...], *scores: tuple[object, ...]) -> dict[str, Any]:
    """A scoreboard of the second version with one game."""
    header_set = {"name": "GameHeader", "headers": list(HEADERS), "rowSet": [list(header)]}
    line_score = {
        "name": "LineScore",
        "headers": ["GAME_ID", "TEAM_ID", "PTS"],
        "rowSet": [list(each) for each in scores],
    }
    return {"resource": "scoreboardV2", "parameters": {}, "resultSets": [header_set, line_score]}


def test_the_second_versions_scoreboard_tells_tip_off_in_its_status(nothing: League) -> None:
    came = scoreboard_v2(HEADER, ("0022400101", BOS, None), ("0022400101", NYK, None))
    told = row(read(came, "nba_scoreboard_v2", "2024-11-04T12:00:00", nothing), GAMES)
    assert (told["statement"], told["tip_at"]) == ("schedule", instant("2024-11-05T00:30:00"))


def test_the_second_versions_final_scoreboard_does_not_take_the_tip_off_back(nothing: League) -> None:
    final = (*HEADER[:2], 3, "Final/OT", *HEADER[4:])
    came = scoreboard_v2(final, ("0022400101", BOS, 112), ("0022400101", NYK, 110), ("0022400999", NYK, 1))
    reading = read(came, "nba_scoreboard_v2", "2024-11-05T12:00:00", nothing)
    told = row(reading, GAMES)
    assert told["statement"] == "result"
    assert (told["home_points"], told["away_points"], told["overtimes"]) == (112, 110, 1)
    assert reasons(reading) == {"no_header": 1}


def test_a_game_listed_on_two_dates_is_told_once_and_the_other_set_aside(nothing: League) -> None:
    other = copy.deepcopy(game(arenaName="Elsewhere"))
    reading = read(season(game(), game(), other), "nba_schedule", "2024-10-01T00:00:00", nothing)
    assert reading.parsed.duplicates == 1
    assert reasons(reading) == {"conflicting_game": 1}
