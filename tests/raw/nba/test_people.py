"""Players, rosters and movements: who is whose player, and since when that is known."""

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

from tests.raw.nba.reading import accounted_for, answer, content, instant, kinds_of, read, reasons, row
from tests.raw.world import BOS, NYK, League

from fairline.raw.capture_loading import write_reading
from fairline.raw.nba.players import FIELDS
from fairline.raw.schema import PLAYER_MOVEMENTS, PLAYERS, ROSTERS

INDEX = "stats_nba_com/nbac_player_list_raw_7af00b51.json.gz"
ROSTER_PAGE = "stats_nba_com/nbac_roster_raw_79002ff4.html.gz"
MOVEMENT = "cdn_nba_com/nbac_player_movement_raw_1ecdb80d.json.gz"
AT = "2025-11-01T10:00:00"
GSW = 1610612744


def player(**given: Any) -> dict[str, Any]:
    """A row of the player index."""
    vucevic = (901, "Nikola", "Vucevic", BOS, "9", "C", "6-9", "260", 1.0, "2011", "2025")
    return dict(zip(FIELDS, vucevic, strict=True)) | given


def index(*players: dict[str, Any]) -> dict[str, Any]:
    rows = [list(each.values()) for each in players]
    return {
        "resource": "playerindex", "parameters": {},
        "resultSets": [{"name": "PlayerIndex", "headers": list(FIELDS), "rowSet": rows}],
    }  # fmt: skip


def moved(person: float, kind: str, words: str, team: float = float(BOS), day: str = "2025-02-06") -> dict[str, Any]:
    return {
        "Transaction_Type": kind, "TRANSACTION_DATE": f"{day}T00:00:00", "TRANSACTION_DESCRIPTION": words,
        "TEAM_ID": team, "PLAYER_ID": person, "PLAYER_SLUG": "some-one" if person else "",
    }  # fmt: skip


def movements(*rows: object) -> dict[str, Any]:
    return {"NBA_Player_Movement": {"rows": list(rows), "columns": []}}


def test_the_index_of_a_season_is_594_players_and_thirty_rosters(shared: Path, nothing: League) -> None:
    assert kinds_of(content(shared, INDEX)) == ["nba_players"]
    reading = read(answer(shared, INDEX), "nba_players", AT, nothing)

    assert reasons(reading) == {}
    adebayo = row(reading, PLAYERS, player_id=1628389)
    assert (adebayo["player_name"], adebayo["position"], adebayo["height_inches"], adebayo["weight_pounds"]) == (
        "Bam Adebayo", "C-F", 81, 255,
    )  # fmt: skip
    assert (adebayo["first_season"], adebayo["last_season"], adebayo["active"]) == (2017, 2025, True)
    rosters = reading.parsed.rows[ROSTERS]
    assert (rosters.height, rosters["team_id"].n_unique()) == (594, 30)
    assert row(reading, ROSTERS, player_id=1628389)["jersey"] == "13"
    assert accounted_for(reading)


def test_the_last_team_of_a_retired_player_is_not_his_team(nothing: League) -> None:
    reading = read(
        index(player(ROSTER_STATUS=0.0, TEAM_ID=1610610034), player(PERSON_ID=5, TEAM_ID=0)), "nba_players", AT, nothing
    )
    assert reading.parsed.rows[PLAYERS]["team_id"].to_list() == [None, None]
    assert reading.parsed.rows[ROSTERS].height == 0


def test_a_giant_and_a_nameless_player_are_set_aside(nothing: League) -> None:
    came = index(
        player(), player(PERSON_ID=2, HEIGHT="9-5"), player(PERSON_ID=3, HEIGHT="tall"),
        player(PERSON_ID=4, PLAYER_FIRST_NAME=None, PLAYER_LAST_NAME=None), player(PERSON_ID="x"), player(),
    )  # fmt: skip
    reading = read(came, "nba_players", AT, nothing)
    assert reasons(reading) == {
        "impossible_height_inches": 1, "unreadable_height_inches": 1, "missing_player_name": 1,
        "unreadable_player_id": 1,
    }  # fmt: skip
    assert reading.parsed.duplicates == 1


def test_a_traded_player_is_a_revision_and_a_listing_of_another_team(nothing: League) -> None:
    for team, at in ((BOS, "2025-02-05T10:00:00"), (BOS, "2025-02-06T10:00:00"), (NYK, "2025-02-07T10:00:00")):
        reading = read(index(player(TEAM_ID=team)), "nba_players", at, nothing)
        write_reading(nothing.warehouse, reading, nothing.clock.now())
    told = nothing.rows(PLAYERS).sort("known_at").select("team_id", "known_at").rows()
    assert told == [(BOS, instant("2025-02-05T10:00:00")), (NYK, instant("2025-02-07T10:00:00"))]
    assert nothing.rows(ROSTERS)["team_id"].to_list() == [BOS, BOS, NYK]


def test_a_teams_page_holds_its_roster(shared: Path, nothing: League) -> None:
    came = content(shared, ROSTER_PAGE)
    assert kinds_of(came) == ["nba_roster"]
    reading = read(came, "nba_roster", "2025-10-10T12:00:00", nothing)

    assert reading.came.height == 18
    assert reasons(reading) == {}
    payton = row(reading, PLAYERS, player_id=1627780)
    assert (payton["player_name"], payton["birth_date"], payton["team_id"]) == (
        "Gary Payton II",
        date(1992, 12, 1),
        GSW,
    )
    assert row(reading, ROSTERS, player_id=1630228)["jersey"] == "00"
    assert accounted_for(reading)


def test_a_roster_comes_as_a_table_too(nothing: League) -> None:
    headers = ["TeamID", "SEASON", "PLAYER", "NUM", "POSITION", "HEIGHT", "WEIGHT", "BIRTH_DATE", "PLAYER_ID"]
    rows = [[BOS, "2025", "Nikola Vucevic", "9", "C", "6-9", "260", "OCT 24, 1990", 901]]
    came = {
        "resource": "commonteamroster",
        "resultSets": [{"name": "CommonTeamRoster", "headers": headers, "rowSet": rows}],
    }
    assert kinds_of(json.dumps(came).encode()) == ["nba_roster"]
    reading = read(came, "nba_roster", AT, nothing)
    assert row(reading, PLAYERS, player_id=901)["birth_date"] == date(1990, 10, 24)
    assert reading.parsed.rows[ROSTERS].height == 1


def test_the_page_of_all_players_is_a_listing_of_all_rosters(nothing: League) -> None:
    inside = json.dumps({"props": {"pageProps": {"players": [player(), player(PERSON_ID=2, TEAM_ID=NYK)]}}})
    came = f'<html><script id="__NEXT_DATA__" type="application/json">{inside}</script></html>'.encode()
    assert kinds_of(came) == ["nba_roster"]
    reading = read(came, "nba_roster", AT, nothing)
    assert reading.parsed.rows[ROSTERS]["team_id"].to_list() == [BOS, NYK]


def test_a_page_without_a_roster_is_another_page(nothing: League) -> None:
    page = b'<html><script id="__NEXT_DATA__" type="application/json">{"props": {}}</script></html>'
    assert kinds_of(page) == []
    assert "neither a roster nor players" in read(page, "nba_roster", AT, nothing).error


def test_ten_years_of_movements_are_those_of_persons(shared: Path, nothing: League) -> None:
    assert kinds_of(content(shared, MOVEMENT)) == ["nba_player_movement"]
    reading = read(answer(shared, MOVEMENT), "nba_player_movement", "2025-07-16T20:00:00", nothing)

    rows = reading.parsed.rows[PLAYER_MOVEMENTS]
    assert (reading.came.height, rows.height, reading.parsed.duplicates) == (8730, 8256, 8)
    assert reasons(reading) == {"no_player": 466}
    beal = row(reading, PLAYER_MOVEMENTS, player_id=203078, movement="waive")
    assert (beal["player_name"], beal["moved_on"], beal["team_id"]) == ("Bradley Beal", date(2025, 7, 16), 1610612756)
    assert beal["known_at"] == instant("2025-07-16T20:00:00")
    theis = row(reading, PLAYER_MOVEMENTS, player_id=1628464, moved_on=date(2025, 2, 5))
    assert theis["words"] == "Oklahoma City Thunder received forward Daniel Theis from New Orleans Pelicans."
    assert theis["known_at"] == instant("2025-02-06T17:00:00")
    assert set(rows["movement"]) == {"signing", "waive", "trade", "contract_converted", "award_on_waivers"}


def test_a_trade_of_two_teams_is_each_player_at_the_team_that_receives_him(nothing: League) -> None:
    came = movements(
        moved(901.0, "Trade", "Boston Celtics received center Nikola Vucevic from New York Knicks."),
        moved(904.0, "Trade", "New York Knicks received forward Jaren Jackson Jr. from Boston Celtics.", float(NYK)),
        moved(0.0, "Trade", "New York Knicks received draft consideration from Boston Celtics.", float(NYK)),
    )
    reading = read(came, "nba_player_movement", "2026-01-01T00:00:00", nothing)
    told = reading.parsed.rows[PLAYER_MOVEMENTS].select("player_name", "team_id").rows()
    assert told == [("Nikola Vucevic", BOS), ("Jaren Jackson Jr.", NYK)]
    assert reasons(reading) == {"no_player": 1}


def test_a_movement_in_strange_words_keeps_its_slug_and_a_strange_team_is_set_aside(nothing: League) -> None:
    came = movements(
        moved(5.0, "Retirement", "Someone retired."), moved(6.0, "Signing", "x", 12.0), moved(7.5, "Signing", "x"),
        moved(8.0, "Signing", "x", day="someday"), ["no", "record"],
    )  # fmt: skip
    reading = read(came, "nba_player_movement", "2026-01-01T00:00:00", nothing)
    rows = reading.parsed.rows[PLAYER_MOVEMENTS]
    assert rows.select("movement", "player_name").rows() == [("retirement", "some-one")]
    assert reasons(reading) == {
        "not_nba_team": 1, "unreadable_player_id": 1, "unreadable_moved_on": 1, "not_a_record": 1,
    }  # fmt: skip


def test_captures_of_movements_add_only_what_is_new(nothing: League) -> None:
    first = moved(901.0, "Signing", "Boston Celtics signed center Nikola Vucevic to a Contract.")
    second = moved(902.0, "Waive", "Boston Celtics waived forward Jalen Johnson.", day="2025-02-07")
    for rows, at in (([first], "2025-02-07T20:00:00"), ([second, first], "2025-02-08T20:00:00")):
        reading = read(movements(*rows), "nba_player_movement", at, nothing)
        write_reading(nothing.warehouse, reading, nothing.clock.now())
    assert nothing.rows(PLAYER_MOVEMENTS)["player_id"].to_list() == [901, 902]


def test_a_zipped_answer_reads_like_a_plain_one(nothing: League) -> None:
    came = gzip.compress(json.dumps(index(player())).encode())
    assert (
        read(came, "nba_players", AT, nothing)
        .parsed.rows[PLAYERS]
        .equals(read(index(player()), "nba_players", AT, nothing).parsed.rows[PLAYERS])
    )
