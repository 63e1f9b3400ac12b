"""Play-by-play: each action under its own number, shots and free throws made or missed, teams apart from persons."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
from tests.raw.nba.reading import accounted_for, answer, content, instant, kinds_of, read, reasons, row
from tests.raw.world import BOS, NYK, League, schedule

from fairline.domain.teams import team
from fairline.raw.capture_loading import write_reading
from fairline.raw.schema import PLAY_BY_PLAY

STATS = "stats_nba_com/nba_api_docs_playbyplayv3.json.gz"
LIVE = "cdn_nba_com/nbac_play_by_play_raw_416e8d5c.json.gz"


def action(number: int, **given: Any) -> dict[str, Any]:
    """A missed shot of the third version."""
    return {
        "actionNumber": number, "actionId": number, "clock": "PT11M43.00S", "period": 1, "teamId": BOS,
        "personId": 901, "shotResult": "Missed", "scoreHome": "", "scoreAway": "", "actionType": "Missed Shot",
        "subType": "Jump Shot", "description": "MISS Vucevic 27' 3PT",
    } | given  # fmt: skip


def game(*actions: object) -> dict[str, Any]:
    return {"game": {"gameId": "0022400105", "actions": list(actions)}}


def test_the_third_version_numbers_a_shot_and_its_block_apart(shared: Path, nothing: League) -> None:
    nothing.take(schedule([("0022400001", "2024-11-12", "19:00:00", BOS, team("ATL").team_id)]))
    came = answer(shared, STATS)
    reading = read(came, "nba_play_by_play", "2025-08-26T12:10:00", nothing)

    rows = reading.parsed.rows[PLAY_BY_PLAY]
    assert (rows.height, rows["action_number"].n_unique(), reasons(reading)) == (475, 475, {})
    shot, block = (row(reading, PLAY_BY_PLAY, action_number=number) for number in (3, 4))
    assert (shot["action"], shot["made"], shot["player_id"], shot["seconds_left"]) == (
        "Missed Shot", False, 1642258, 703.0,
    )  # fmt: skip
    assert (block["action"], block["made"], block["team_id"]) == ("block", None, BOS)
    end = row(reading, PLAY_BY_PLAY, action_number=475)
    assert (end["team_id"], end["player_id"], end["home_points"], end["away_points"]) == (None, None, 116, 117)
    assert rows["known_at"].unique().to_list() == [datetime(2024, 11, 13, 4, tzinfo=UTC)]
    assert rows.filter(pl.col("action").str.contains("Free Throw"))["made"].sum() == 29
    assert accounted_for(reading)


def test_points_of_the_shots_made_are_the_score(shared: Path, held: League) -> None:
    reading = read(answer(shared, LIVE), "nba_play_by_play_live", "2025-01-16T03:00:00", held)

    rows = reading.parsed.rows[PLAY_BY_PLAY]
    assert (rows.height, rows["action_number"].max(), reasons(reading)) == (506, 634, {})
    worth = pl.col("action").replace_strict({"2pt": 2, "3pt": 3, "freethrow": 1}, default=0, return_dtype=pl.Int64)
    scored = rows.filter("made").group_by("team_id").agg(worth.sum()).sort("team_id").rows()
    assert scored == [(NYK, 125), (team("PHI").team_id, 119)]
    assert rows.select(pl.col("home_points").max(), pl.col("away_points").max()).row(0) == (119, 125)
    assert rows["known_at"].unique().to_list() == [instant("2025-01-16T03:00:00")]


def test_a_teams_own_rebound_is_no_persons(league: League) -> None:
    own = action(9, teamId=0, personId=NYK, actionType="Rebound", shotResult="", description="KNICKS Rebound")
    reading = read(game(own), "nba_play_by_play", "2024-11-13T04:00:00", league)
    told = row(reading, PLAY_BY_PLAY, action_number=9)
    assert (told["team_id"], told["player_id"], told["game_date"]) == (NYK, None, date(2024, 11, 12))


def test_an_action_that_is_none_and_a_clock_that_is_none_are_set_aside(league: League) -> None:
    came = game(action(1), action(2, clock="soon"), action(3, period=0), action(4, scoreHome=["1"]), "torn", action(1))
    reading = read(came, "nba_play_by_play", "2024-11-13T04:00:00", league)
    assert reasons(reading) == {
        "unreadable_seconds_left": 1, "impossible_period": 1, "not_a_cell": 1, "not_a_record": 1,
    }  # fmt: skip
    assert reading.parsed.duplicates == 1
    assert accounted_for(reading)


def test_a_game_no_schedule_holds_waits_and_is_shown(nothing: League) -> None:
    reading = read(game(action(1)), "nba_play_by_play", "2024-11-13T04:00:00", nothing)
    assert reasons(reading) == {"no_game": 1}
    assert reading.parsed.waiting[PLAY_BY_PLAY]["words"].to_list() == ["MISS Vucevic 27' 3PT"]


def test_a_shot_changed_after_review_is_a_revision(league: League) -> None:
    before = read(game(action(1)), "nba_play_by_play", "2024-11-13T01:00:00", league)
    after = game(action(1, shotResult="Made", actionType="Made Shot"))
    write_reading(league.warehouse, before, league.clock.now())
    write_reading(league.warehouse, read(after, "nba_play_by_play", "2024-11-13T02:00:00", league), league.clock.now())
    told = league.rows(PLAY_BY_PLAY).select("made", "known_at").sort("known_at").rows()
    assert told == [(False, instant("2024-11-13T01:00:00")), (True, instant("2024-11-13T02:00:00"))]


def test_the_two_versions_are_told_apart(shared: Path) -> None:
    assert kinds_of(content(shared, STATS)) == ["nba_play_by_play"]
    assert kinds_of(content(shared, LIVE)) == ["nba_play_by_play_live"]
