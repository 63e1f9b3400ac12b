"""Referee assignments and shot charts."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from tests.raw.nba.reading import accounted_for, answer, content, instant, kinds_of, read, reasons
from tests.raw.world import BOS, NYK, League

from fairline.raw.nba.shots import COLUMNS
from fairline.raw.schema import REFEREE_ASSIGNMENTS, SHOTS

REFEREES = "cdn_nba_com/nbac_referee_assignments_raw_718e62b3.json"
LIVE = "cdn_nba_com/nbac_play_by_play_raw_416e8d5c.json.gz"
SHOT_FILE = "data/shots/shots_2022_2025.parquet"
AT = "2025-01-08T15:00:00"


def shot(**given: Any) -> dict[str, Any]:
    """A made three of Vucevic in New York, as a shot chart writes it: tenths of feet from the rim."""
    return {
        "GAME_ID": "0022400105", "GAME_DATE": "20241112", "TEAM_ID": BOS, "PLAYER_ID": 901, "SHOT_MADE_FLAG": 1,
        "PERIOD": 1, "MINUTES_REMAINING": 11, "SECONDS_REMAINING": 43, "SHOT_DISTANCE": 26, "LOC_X": -168,
        "LOC_Y": 205, "SHOT_TYPE": "3PT Field Goal",
    } | given  # fmt: skip


def chart(*shots: dict[str, Any]) -> dict[str, Any]:
    headers = list(COLUMNS.values())
    rows = [[each[name] for name in headers] for each in shots]
    return {
        "resource": "shotchartdetail", "parameters": {},
        "resultSets": [{"name": "Shot_Chart_Detail", "headers": headers, "rowSet": rows}],
    }  # fmt: skip


def test_the_crews_of_a_day_are_known_that_morning(shared: Path, nothing: League) -> None:
    assert kinds_of(content(shared, REFEREES)) == ["nba_referees"]
    reading = read(answer(shared, REFEREES), "nba_referees", AT, nothing)

    crew = reading.parsed.rows[REFEREE_ASSIGNMENTS].filter(game_id="0022400509")
    assert crew.select("official", "role").rows() == [
        ("John Goble (#10)", "crew_chief"), ("Ray Acosta (#54)", "referee"), ("Robert Hussey (#85)", "umpire"),
    ]  # fmt: skip
    assert crew["game_date"].unique().to_list() == [date(2025, 1, 8)]
    assert crew["known_at"].unique().to_list() == [instant(AT)]
    assert reasons(reading) == {"other_league": 3}
    assert accounted_for(reading)


def test_a_game_without_a_crew_yet_is_set_aside(shared: Path, nothing: League) -> None:
    came = answer(shared, REFEREES)
    game = came["nba"]["Table"]["rows"][0]
    game |= {f"official{place}": None for place in (1, 2, 3)}
    came["nba"]["Table"]["rows"][1]["game_date"] = "tonight"
    came["nba"]["Table"]["rows"][2]["official2"] = came["nba"]["Table"]["rows"][2]["official1"]
    reading = read(came, "nba_referees", AT, nothing)
    assert reasons(reading)["no_officials"] == 1
    assert reasons(reading)["unreadable_game_date"] == 1
    assert accounted_for(reading)


def test_a_shot_chart_reads_like_a_shot_file(league: League) -> None:
    came = chart(shot(), shot(), shot(SHOT_MADE_FLAG=0, LOC_X="far"), shot(GAME_ID="1022400105"))
    assert kinds_of(json.dumps(came).encode()) == ["nba_shots"]
    reading = read(came, "nba_shots", "2024-11-13T04:00:00", league)

    rows = reading.parsed.rows[SHOTS]
    assert rows.select("ordinal", "made", "three", "distance", "x", "y", "seconds_left").rows() == [
        (0, True, True, 26, 16.8, 25.75, 703), (1, True, True, 26, 16.8, 25.75, 703),
    ]  # fmt: skip
    assert rows["known_at"].unique().to_list() == [instant("2024-11-13T04:00:00")]
    assert reasons(reading) == {"unreadable_x": 1, "other_league": 1}


def test_both_ways_to_measure_a_court_give_the_same_places(shared: Path, held: League) -> None:
    """The live play-by-play has a shot chart's coordinates; the shot file of that game says where they are."""
    columns = {"PLAYER_ID": "personId", "LOC_X": "xLegacy", "LOC_Y": "yLegacy", "SHOT_DISTANCE": "shotDistance"}
    shots = [each for each in answer(shared, LIVE)["game"]["actions"] if each["isFieldGoal"]]
    told = [
        shot(**{ours: each[theirs] for ours, theirs in columns.items()}, GAME_ID="0022400561", GAME_DATE="20250115",
             TEAM_ID=each["teamId"], PERIOD=each["period"], MINUTES_REMAINING=int(each["clock"][2:4]),
             SECONDS_REMAINING=int(each["clock"][5:7]), SHOT_MADE_FLAG=int(each["shotResult"] == "Made"))
        | {"SHOT_DISTANCE": int(each["shotDistance"])}
        for each in shots
    ]  # fmt: skip
    rows = read(chart(*told), "nba_shots", "2025-01-16T04:00:00", held).parsed.rows[SHOTS]

    known = pl.scan_parquet(shared / SHOT_FILE).filter(pl.col("GAME_ID").cast(pl.Int64) == 22400561).collect()
    places = known.select(
        player_id=pl.col("PLAYER_ID").cast(pl.Int64), period=pl.col("QUARTER").cast(pl.Int64),
        seconds_left=60 * pl.col("MINS_LEFT").cast(pl.Int64) + pl.col("SECS_LEFT").cast(pl.Int64),
        x=pl.col("LOC_X").cast(pl.Float64).round(2), y=pl.col("LOC_Y").cast(pl.Float64).round(2),
    )  # fmt: skip
    same = rows.join(places, on=["player_id", "period", "seconds_left", "x", "y"], how="semi")
    assert (rows.height, same.height) == (178, 178)
    assert NYK in rows["team_id"].to_list()
