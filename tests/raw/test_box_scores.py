"""Box scores, shots and exact minutes."""

from datetime import UTC, datetime

import polars as pl
from tests.raw.world import BOS, NYK, League, box_scores, schedule

from fairline.raw.schema import EXACT_MINUTES, GAMES, PLAYER_BOX_SCORES, QUARANTINE, SHOTS, TEAM_BOX_SCORES

LINE = {
    "GAME_ID": "0022400101", "GAME_DATE": "2024-11-04", "PLAYER_ID": 901, "PLAYER_NAME": "Nikola Vučević",
    "TEAM_ID": BOS, "MATCHUP": "BOS vs. NYK", "WL": "W", "MIN": 35, "FGM": 8, "FGA": 15, "FG3M": 2, "FG3A": 5, "FTM": 4,
    "FTA": 4, "OREB": 3, "DREB": 9, "REB": 12, "AST": 5, "STL": 1, "BLK": 2, "TOV": 3, "PF": 2, "PTS": 22,
    "PLUS_MINUS": -4,
}  # fmt: skip


def lines(*changes: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame([LINE | {"PLAYER_ID": 901 + place} | change for place, change in enumerate(changes)])


def test_a_box_score_is_known_four_hours_after_its_tip_off(nothing: League):
    nothing.take(lines({}), schedule())
    row = nothing.rows(PLAYER_BOX_SCORES)
    assert row["known_at"].item() == datetime(2024, 11, 5, 4, 30, tzinfo=UTC)
    assert row.select("won", "minutes", "points", "rebounds", "threes_made", "plus_minus").rows() == [
        (True, 35, 22, 12, 2, -4)
    ]


def test_without_a_tip_off_it_is_known_only_the_morning_after(nothing: League):
    nothing.take(lines({}))
    assert nothing.rows(PLAYER_BOX_SCORES)["known_at"].item() == datetime(2024, 11, 5, 9, tzinfo=UTC)


def test_a_source_without_some_statistics_keeps_its_rows(nothing: League):
    lean = lines({}).select("GAME_ID", "GAME_DATE", "PLAYER_ID", "PLAYER_NAME", "TEAM_ID", "MIN", "PTS")
    nothing.take(lean)
    row = nothing.rows(PLAYER_BOX_SCORES).row(0, named=True)
    assert (row["points"], row["minutes"]) == (22, 35)
    assert {
        row[column] for column in ("offensive_rebounds", "fouls", "field_goals_attempted", "won", "plus_minus")
    } == {None}


def test_null_cells_are_kept_as_null_and_never_as_zero(nothing: League):
    nothing.take(lines({"OREB": None, "PF": None, "FTM": None}))
    row = nothing.rows(PLAYER_BOX_SCORES)
    assert row.select("offensive_rebounds", "fouls", "free_throws_made", "rebounds").rows() == [(None, None, None, 12)]


def test_a_row_without_id_date_team_minutes_or_points_waits(nothing: League):
    required = ("GAME_ID", "GAME_DATE", "PLAYER_ID", "TEAM_ID", "MIN", "PTS", "PLAYER_NAME")
    (report,) = nothing.take(lines({}, *({column: None} for column in required)))
    assert report.quarantined == dict.fromkeys(
        ["missing_game_date", "missing_game_id", "missing_minutes", "missing_player_id", "missing_player_name",
         "missing_points", "missing_team_id"], 1,
    )  # fmt: skip
    assert report.written == 1


def test_rows_that_cannot_be_true_wait(nothing: League):
    file = lines({"PTS": 23}, {"FGA": 7}, {"MIN": 200}, {"FOUL": 1, "PF": -1}, {"GAME_DATE": "4 November"})
    (report,) = nothing.take(file)
    assert report.quarantined == dict.fromkeys(
        ["impossible_fouls", "impossible_minutes", "more_made_than_attempted", "points_do_not_add_up",
         "unreadable_game_date"], 1,
    )  # fmt: skip
    assert nothing.rows(PLAYER_BOX_SCORES).is_empty()
    assert '"PTS":23' in nothing.rows(QUARANTINE).filter(pl.col("reason") == "points_do_not_add_up")["row_json"].item()


def test_two_rows_on_one_player_and_game_keep_the_first_and_say_so(nothing: League):
    (report,) = nothing.take(pl.DataFrame([LINE, LINE, LINE | {"AST": 6}]))
    assert (report.written, report.duplicates, report.quarantined) == (1, 1, {"conflicting_box_score": 1})
    assert nothing.rows(PLAYER_BOX_SCORES)["assists"].to_list() == [5]


def test_a_corrected_box_score_is_one_more_row_known_from_its_import(nothing: League):
    nothing.take(lines({}))
    nothing.take(lines({"AST": 6}))
    rows = nothing.rows(PLAYER_BOX_SCORES)
    assert rows.select("assists", "known_at").rows() == [
        (5, datetime(2024, 11, 5, 9, tzinfo=UTC)),
        (6, nothing.clock.now()),
    ]


def team(team_id: int, matchup: str, points: int) -> dict[str, object]:
    return {
        "GAME_ID": "0022400147",
        "GAME_DATE": "2024-11-08",
        "TEAM_ID": team_id,
        "MATCHUP": matchup,
        "MIN": 240,
        "PTS": points,
    }


def test_teams_state_the_result_of_their_game(nothing: League):
    nothing.take(pl.DataFrame([team(BOS, "BOS vs. NYK", 120), team(NYK, "NYK @ BOS", 110)]))
    assert nothing.rows(TEAM_BOX_SCORES)["points"].to_list() == [120, 110]
    game = nothing.rows(GAMES).select("home_team_id", "home_points", "away_points", "neutral", "status")
    assert game.rows() == [(BOS, 120, 110, False, "final")]


def test_on_neutral_ground_the_schedule_says_who_is_at_home(nothing: League):
    both_away = pl.DataFrame([team(BOS, "BOS @ NYK", 120), team(NYK, "NYK @ BOS", 110)])
    nothing.take(schedule([("0022400147", "2024-11-08", "19:30:00", NYK, BOS)]), both_away)
    game = nothing.rows(GAMES).filter(pl.col("statement") == "result")
    assert game.select("home_team_id", "home_points", "away_points", "neutral").rows() == [(NYK, 110, 120, True)]


def shot(**given: object) -> dict[str, object]:
    return {
        "GAME_ID": "0022400101", "GAME_DATE": "2024-11-04", "TEAM_ID": BOS, "PLAYER_ID": 901, "SHOT_MADE": False,
        "SHOT_TYPE": "2PT Field Goal", "SHOT_DISTANCE": 2, "QUARTER": 1, "MINS_LEFT": 3, "SECS_LEFT": 20, "LOC_X": 0.5,
        "LOC_Y": 6.0,
    } | given  # fmt: skip


def test_shots_that_look_like_duplicates_are_shots(nothing: League):
    twice = pl.DataFrame([shot(), shot(), shot(SHOT_MADE=True)])
    (report,) = nothing.take(twice)
    assert (report.written, report.duplicates, report.quarantined) == (3, 0, {})
    assert nothing.rows(SHOTS)["ordinal"].to_list() == [0, 1, 2]


def test_a_file_of_shots_in_another_order_changes_nothing(nothing: League):
    shots = pl.DataFrame([shot(), shot(SHOT_MADE=True), shot(SHOT_DISTANCE=4), shot(QUARTER=2)])
    nothing.take(shots)
    (report,) = nothing.take(shots.reverse())
    assert (report.written, report.unchanged) == (0, 4)


def test_a_shot_of_neither_kind_waits(nothing: League):
    (report,) = nothing.take(pl.DataFrame([shot(SHOT_TYPE="Free Throw"), shot(SHOT_DISTANCE=200)]))
    assert report.quarantined == {"impossible_distance": 1, "unreadable_three": 1}


def test_exact_minutes_are_known_when_the_box_score_is(nothing: League):
    minutes = pl.DataFrame(
        {"PLAYER_ID": [901, 901], "GAME_DATE": ["2024-11-04", "2024-11-05"], "MINUTES": [30.25, 12.5]}
    )
    nothing.take(minutes, schedule(), box_scores())
    assert nothing.rows(EXACT_MINUTES)["known_at"].to_list() == [
        datetime(2024, 11, 5, 4, 30, tzinfo=UTC), datetime(2024, 11, 6, 9, tzinfo=UTC),
    ]  # fmt: skip
