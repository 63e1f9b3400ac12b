"""Schedules: what was known beforehand, how it ended, and what is neither."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
from tests.raw.world import BOS, GSW, LAL, NYK, League, box_scores, schedule

from fairline.raw.held import Held, latest_games_sql
from fairline.raw.schema import GAMES, QUARANTINE


def published(*games: tuple[str, str, str, int, int]) -> pl.DataFrame:
    return pl.DataFrame(list(games), schema=["GAME_ID", "GAME_DATE_ET", "TIP_UTC", "HOME_ID", "AWAY_ID"], orient="row")


def with_results(*games: tuple[object, ...]) -> pl.DataFrame:
    columns = ["game_id", "date_et", "tip_utc", "home_id", "away_id", "home_score", "away_score", "status_text"]
    return pl.DataFrame(list(games), schema=columns, orient="row")


def exported(status: str, home: float | None, away: float | None, game: str = "0022400021") -> pl.DataFrame:
    columns = ["GAME_ID", "GAME_DATE_ET", "TIP_ET", "HOME_ID", "AWAY_ID", "HOME_PTS", "AWAY_PTS", "STATUS"]
    return pl.DataFrame([(game, "2024-11-19", "19:00:00", BOS, NYK, home, away, status)], schema=columns, orient="row")


def test_a_schedule_is_known_in_september_and_its_score_four_hours_after_tip_off(nothing: League):
    nothing.take(with_results(("0022400001", "2024-11-08", "2024-11-09T00:30:00Z", BOS, NYK, 120, 110, "Final/OT2")))
    rows = nothing.rows(GAMES).sort("known_at")
    assert rows.select("statement", "status", "home_points", "overtimes", "known_at").rows() == [
        ("schedule", "scheduled", None, None, datetime(2024, 9, 1, 4, tzinfo=UTC)),
        ("result", "final", 120, 2, datetime(2024, 11, 9, 4, 30, tzinfo=UTC)),
    ]


def test_a_schedule_imported_before_september_is_known_from_its_import_and_may_be_revised(nothing: League):
    nothing.take(published(("0022600001", "2026-10-20", "2026-10-20T23:30:00Z", BOS, LAL)))
    assert nothing.rows(GAMES)["known_at"].item() == nothing.clock.now()
    nothing.clock.advance(timedelta(days=1))
    (report,) = nothing.take(published(("0022600001", "2026-10-20", "2026-10-20T23:00:00Z", BOS, LAL)))
    assert (report.error, report.written) == ("", 1)


def test_a_play_off_game_is_not_on_the_schedule_in_september(nothing: League):
    nothing.take(published(("0042400401", "2025-06-05", "2025-06-06T00:30:00Z", BOS, LAL)))
    assert nothing.rows(GAMES)["known_at"].item() == datetime(2025, 6, 5, 0, 30, tzinfo=UTC)


def test_the_score_of_a_game_still_going_on_is_no_result(nothing: League):
    (report,) = nothing.take(exported("1st Qtr", 12, 4))
    assert report.quarantined == {"unfinished_game": 1}
    assert nothing.rows(GAMES).select("statement", "home_points").rows() == [("schedule", None)]
    assert "12-4 with status 1st Qtr" in nothing.rows(QUARANTINE)["detail"].item()


def test_a_postponed_game_was_not_known_to_be_before_its_tip_off(nothing: League):
    nothing.take(exported("PPD", None, None))
    rows = nothing.rows(GAMES).sort("known_at")
    assert rows.select("statement", "status", "known_at").rows() == [
        ("schedule", "scheduled", datetime(2024, 9, 1, 4, tzinfo=UTC)),
        ("result", "postponed", datetime(2024, 11, 20, 0, tzinfo=UTC)),
    ]


def test_teams_and_tip_off_to_be_determined_are_null(nothing: League):
    nothing.take(published(("0022501201", "2025-12-09", "2025-12-09 05:00:00+00:00", 0, 0)))
    assert nothing.rows(GAMES).select("game_date", "tip_at", "home_team_id", "away_team_id").rows() == [
        (date(2025, 12, 9), None, None, None)
    ]


def test_a_guest_of_the_preseason_keeps_its_id_and_its_odd_hour(nothing: League):
    nothing.take(schedule([("0011500010", "2015-10-07", "00:00:00", LAL, 15020)]))
    row = nothing.rows(GAMES)
    assert row.select("game_type", "away_team_id", "tip_at").rows() == [
        ("preseason", 15020, datetime(2015, 10, 7, 4, tzinfo=UTC))
    ]


def test_a_tip_off_is_read_in_eastern_time_winter_and_summer(nothing: League):
    nothing.take(
        schedule(
            [("0022400001", "2024-11-01", "19:30:00", BOS, NYK), ("0022400002", "2024-11-05", "19:30:00", BOS, NYK)]
        )
    )
    hours = nothing.rows(GAMES).sort("game_id")["tip_at"].dt.hour().to_list()
    assert hours == [23, 0]


def test_rows_that_cannot_be_a_game_are_set_aside_each_with_its_reason(nothing: League):
    file = with_results(
        ("0022400001", "2024-11-08", "2024-11-09T00:30:00Z", BOS, BOS, 1, 2, "Final"),
        ("0022400002", "2024-11-09", "2024-11-09T00:30:00Z", BOS, NYK, 1, 2, "Final"),
        ("0022400003", "2024-11-08", "2024-11-09T00:30:00Z", BOS, NYK, 100, 100, "Final"),
        ("0022400004", "2024-11-08", "2024-11-09T00:30:00Z", BOS, NYK, 100, None, "Final"),
        ("0922400005", "2024-11-08", "2024-11-09T00:30:00Z", BOS, NYK, 100, 90, "Final"),
        ("0022400006", "2024-11-08", "tonight", BOS, NYK, 100, 90, "Final"),
        ("0022400007", "2024-11-08", "2024-11-09T00:30:00Z", BOS, NYK, 100, 990, "Final"),
    )
    (report,) = nothing.take(file)
    assert report.quarantined == dict.fromkeys(
        ["drawn_game", "half_a_score", "impossible_away_points", "same_team_twice", "tip_on_another_date",
         "unreadable_game_id", "unreadable_tip_at"], 1,
    )  # fmt: skip
    assert nothing.rows(GAMES).is_empty()


def latest(league: League, cutoff: datetime) -> list[tuple[object, ...]]:
    games = league.warehouse.query(latest_games_sql(), {"cutoff": cutoff})
    return games.select("game_date", "home_points", "status").rows()


def test_the_source_that_counts_first_gives_the_date_and_no_cutoff_sees_a_score_too_early(nothing: League):
    nothing.take(exported("7:00 pm ET", None, None, "0022400001"))
    nothing.take(with_results(("0022400001", "2024-12-09", "2024-12-10T00:30:00Z", BOS, NYK, 120, 110, "Final")))
    tip = datetime(2024, 12, 10, 0, 30, tzinfo=UTC)
    assert latest(nothing, tip) == [(date(2024, 12, 9), None, "scheduled")]
    assert latest(nothing, tip.replace(hour=5)) == [(date(2024, 12, 9), 120, "final")]
    assert sorted(Held(nothing.warehouse).slots["slot_date"].to_list()) == [date(2024, 11, 19), date(2024, 12, 9)]


def test_a_game_whose_schedule_file_has_no_score_is_final_by_its_box_scores(nothing: League):
    players = [
        (900 + n, f"Player {n}", team, ())
        for team in (BOS, NYK, LAL, GSW)
        for n in range(team % 10 * 8, team % 10 * 8 + 8)
    ]
    nothing.take(schedule(), box_scores(players))
    game = nothing.warehouse.query(latest_games_sql(), {"cutoff": datetime(2025, 1, 1, tzinfo=UTC)}).row(0, named=True)
    assert (game["status"], game["home_points"], game["away_points"]) == ("final", 80, 80)


def test_a_handful_of_players_does_not_make_a_final_score(league: League):
    assert league.rows(GAMES).filter(pl.col("statement") == "result").is_empty()


def test_a_later_export_that_says_otherwise_is_a_revision(nothing: League):
    nothing.take(schedule([("0022400001", "2024-12-20", "19:30:00", BOS, NYK)]))
    (report,) = nothing.take(schedule([("0022400001", "2024-12-20", "20:30:00", BOS, NYK)]))
    assert (report.written, report.unchanged) == (1, 0)
    assert nothing.rows(GAMES)["known_at"].to_list() == [datetime(2024, 9, 1, 4, tzinfo=UTC), nothing.clock.now()]
