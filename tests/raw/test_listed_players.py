"""Injury snapshots and projected line-ups."""

from datetime import UTC, datetime

import polars as pl
from tests.raw.world import BOS, League

from fairline.raw.schema import (
    INJURY_REPORTS,
    INJURY_SNAPSHOTS,
    PLAYERS,
    PROJECTED_LINEUPS,
    QUARANTINE,
    UNRESOLVED_NAMES,
)

AT = "2024-11-08 15:00:00+00:00"


def snapshot(*rows: dict[str, object]) -> pl.DataFrame:
    empty = dict.fromkeys(["Team", "Player", "Status", "snapshot_ts", "Update", "Details"])
    return pl.DataFrame([empty | {"snapshot_ts": AT} | row for row in rows], schema=dict.fromkeys(empty, pl.String))


def listed(team: str, player: str | None, status: str | None, **given: object) -> dict[str, object]:
    return {"Team": team, "Player": player, "Status": status, **given}


def test_both_formats_of_a_snapshot_are_read(league: League):
    details = "Day To Day (Ankle) - Johnson is Probable for Friday's (Nov. 8) game against Los Angeles."
    league.take(snapshot(
        listed("BOS", "Nikola Vucevic", "Out for season"),
        listed("Boston Celtics", "Jalen Johnson", None, Update="Thu, Nov 7, 2024", Details=details),
    ))  # fmt: skip
    rows = league.rows(INJURY_REPORTS)
    assert rows.select("player_id", "team_id", "status").rows() == [(901, BOS, "out"), (902, BOS, "probable")]
    assert rows["known_at"].unique().to_list() == [datetime(2024, 11, 8, 15, tzinfo=UTC)]
    assert rows["reason"].to_list() == ["Out for season", details]


def test_a_rookie_who_has_not_played_yet_is_known_by_the_player_index(league: League):
    at = datetime(2024, 10, 1, tzinfo=UTC)
    told = dict.fromkeys(column for column in PLAYERS.column_names if column != "content_hash") | {
        "source": "nba_players", "player_id": 1642851, "player_name": "Matas Buzelis", "team_id": BOS, "valid_at": at,
        "known_at": at, "capture_id": "index", "active": True,
    }  # fmt: skip
    league.warehouse.append_new(PLAYERS, pl.DataFrame([told], schema_overrides={"birth_date": pl.Date}))
    league.take(snapshot(listed("BOS", "Matas Buzelis", "Out")))
    assert league.rows(INJURY_REPORTS)["player_id"].to_list() == [1642851]


def test_a_wording_never_seen_does_not_make_a_player_healthy(league: League):
    league.take(snapshot(listed("BOS", "Nikola Vucevic", "Fit as a fiddle"), listed("BOS", "Jalen Johnson", None)))
    assert league.rows(INJURY_REPORTS)["status"].to_list() == ["unknown", "unknown"]


def test_merge_markers_are_no_teams_and_wait(league: League):
    (report,) = league.take(snapshot(
        listed("<<<<<<< HEAD", None, None), listed("BOS", "Nikola Vucevic", "Out"), listed("=======", None, None),
        listed(">>>>>>> 3a1e4f20ea", None, None),
    ))  # fmt: skip
    assert report.quarantined == {"unreadable_team_id": 3}
    assert league.rows(QUARANTINE)["detail"].to_list()[0] == "Team is <<<<<<< HEAD"


def test_the_latest_change_of_a_player_in_one_snapshot_counts(league: League):
    (report,) = league.take(snapshot(
        listed("BOS", "Nikola Vucevic", None, Update="Fri, Nov 8, 2024", Details="Day To Day (Calf) - Out of it."),
        listed("BOS", "Nikola Vucevic", None, Update="Wed, Nov 6, 2024", Details="Out (Calf) - In it."),
        listed("BOS", "Jalen Johnson", "Injured"), listed("BOS", "Jalen Johnson", "questionable"),
    ))  # fmt: skip
    assert league.rows(INJURY_REPORTS)["status"].to_list() == ["questionable", "questionable"]
    assert report.quarantined == {"listed_twice": 2}


def test_a_list_repeated_under_the_opponent_does_not_move_the_players(league: League):
    (report,) = league.take(snapshot(listed("BOS", "Nikola Vucevic", "Out"), listed("NYK", "Nikola Vucevic", "Out")))
    assert league.rows(INJURY_REPORTS)["team_id"].to_list() == [BOS]
    assert report.quarantined == {"listed_twice": 1}


def test_a_player_listed_with_a_team_he_has_not_yet_played_for_is_found(league: League):
    league.take(snapshot(listed("LAL", "Nikola Vucevic", "Out")))
    assert league.rows(INJURY_REPORTS)["player_id"].to_list() == [901]


def test_each_snapshot_says_how_many_it_listed_even_those_without_a_name_we_know(league: League):
    league.take(snapshot(listed("BOS", "Nikola Vucevic", "Out"), listed("BOS", "Never Played", "Out"),
                         listed("BOS", "Jalen Johnson", "Out", snapshot_ts="2024-11-09 15:00:00+00:00")))  # fmt: skip
    assert league.rows(INJURY_SNAPSHOTS)["players_listed"].to_list() == [2, 1]
    assert league.rows(UNRESOLVED_NAMES).select("name", "team_id", "rows").rows() == [("Never Played", BOS, 1)]


def lineup(team: str, starters: str | None) -> pl.DataFrame:
    return pl.DataFrame(
        {"Team": [team], "Lineup": [starters], "snapshot_ts": [AT]}, schema_overrides={"Lineup": pl.String}
    )


def test_a_line_up_is_one_row_a_starter(league: League):
    league.take(lineup("BOS", "Jalen Johnson (PG), Nikola Vucevic (C)"))
    assert league.rows(PROJECTED_LINEUPS).select("player_id", "position").rows() == [(901, "C"), (902, "PG")]


def test_a_heading_before_the_first_starter_is_not_part_of_his_name(league: League):
    league.take(lineup("BOS", "Confirmed  Lineup: Jalen Johnson (PG)"))
    assert league.rows(PROJECTED_LINEUPS)["player_id"].to_list() == [902]


def test_line_ups_that_do_not_read_wait_whole(league: League):
    reports = [
        league.take(lineup(*each))[0]
        for each in (("BOS", "Jalen Johnson"), ("BOS", None), ("UNK", "Jalen Johnson (PG)"))
    ]
    assert [report.quarantined for report in reports] == [
        {"unreadable_starters": 1}, {"missing_starters": 1}, {"unreadable_team_id": 1},
    ]  # fmt: skip
