"""Gamebooks: who played, who did not and why; a surname is the team-mate who bears it, or it waits."""

from pathlib import Path

import polars as pl
from tests.raw.nba.pdfs import lines_pdf
from tests.raw.nba.reading import accounted_for, instant, kinds_of, read, reasons, row
from tests.raw.world import BOS, NYK, League

from fairline.raw.schema import INACTIVES, PLAYER_BOX_SCORES, REFEREE_ASSIGNMENTS, ROSTERS

HEADING = "POS MIN FG FGA 3P 3PA FT FTA OR DR TOT A PF ST TO BS +/- PTS"
TOP = (
    "NATIONAL BASKETBALL ASSOCIATION",
    "OFFICIAL SCORER'S REPORT FINAL BOX",
    "Tuesday, November 12, 2024 Madison Square Garden, New York, NY",
    "Officials: #24 Kevin Scott, #36 Brent Barnaky, #41 Nate Green",
    "Game Duration: 2:10",
    "Attendance: 19812 (Sellout)",
)
FIVE = "5 12 1 4 2 2 1 3 4 2 3 1 2 0 -4 13"
TOTALS = "240:00 25 60 5 20 10 10 5 15 20 10 15 5 10 0 -4 65"
CELTICS = (
    "VISITOR: Boston Celtics (9-2)",
    HEADING,
    f"9 Nikola Vucevic F 48:00 {FIVE}",
    *(f"{number} Stranger {letter} 48:00 {FIVE}" for number, letter in ((11, "A"), (12, "B"), (13, "C"), (14, "D"))),
    TOTALS,
    "41.7% 25.0% 100.0% TM REB: 8 TOT TO: 11 (12 PTS)",
)
KNICKS = (
    "HOME: NEW YORK KNICKS (5-6)",
    HEADING,
    f"2 Herbert Jones F 47:30 {FIVE}",
    "3 Other Stranger 00:30 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
    *(f"{number} Visitor {letter} 48:00 {FIVE}" for number, letter in ((11, "A"), (12, "B"), (13, "C"))),
    f"14 Visitor D 48:00 {FIVE.rpartition(' ')[0].replace('5 12', '6 12')} 15",
    "240:00 26 60 5 20 10 10 5 15 20 10 15 5 10 0 -4 67",
)
END = (
    "SCORE BY PERIODS 1 2 3 4 FINAL",
    "Celtics 15 15 15 20 65",
    "Inactive: Celtics - Johnson (Injury/Illness - Left Ankle;",
    "Sprain)",
    "Inactive: Knicks - Jackson Jr. (G League - On Assignment), Achiuwa ()",
    "Points in the Paint: Celtics 40 (20/30), KNICKS 38 (19/30)",
    "Copyright (c) 2024 NBA Properties, Inc. All Rights Reserved",
)
NIGHT = "2024-11-13T04:00:00"


def book(*lines: str) -> bytes:
    return lines_pdf(lines or (*TOP, *CELTICS, *KNICKS, *END))


def test_a_gamebook_is_known_by_its_page() -> None:
    assert kinds_of(book()) == ["nba_gamebook"]
    assert kinds_of(lines_pdf(["MATCHUP SUMMARY"])) == []


def test_the_page_tells_who_played_and_who_started(league: League) -> None:
    reading = read(book(), "nba_gamebook", NIGHT, league)

    vucevic = row(reading, PLAYER_BOX_SCORES, player_id=901)
    assert (vucevic["game_id"], vucevic["team_id"], vucevic["minutes"], vucevic["started"]) == (
        "0022400105", BOS, 48.0, True,
    )  # fmt: skip
    assert (vucevic["points"], vucevic["rebounds"], vucevic["assists"], vucevic["steals"]) == (13, 4, 2, 1)
    assert (vucevic["turnovers"], vucevic["blocks"], vucevic["plus_minus"], vucevic["won"]) == (2, 0, -4, False)
    assert row(reading, PLAYER_BOX_SCORES, player_id=903)["minutes"] == 47.5
    assert accounted_for(reading)


def test_a_surname_on_the_inactive_list_is_the_team_mate_who_bears_it(league: League) -> None:
    reading = read(book(), "nba_gamebook", NIGHT, league)

    johnson = row(reading, INACTIVES, player_id=902)
    assert (johnson["team_id"], johnson["absence"]) == (BOS, "inactive")
    assert johnson["reason"] == "Injury/Illness - Left Ankle; Sprain"
    jackson = row(reading, INACTIVES, player_id=904)
    assert (jackson["team_id"], jackson["player_name"]) == (NYK, "Jackson Jr.")
    waits = reading.parsed.waiting[INACTIVES]
    assert waits.select("player_name", "team_id").rows() == [("Achiuwa", NYK)]
    assert "Achiuwa" in reading.parsed.unresolved["name"].to_list()


def test_a_surname_that_two_team_mates_bear_is_never_guessed(league: League) -> None:
    lakers = [line.replace("Boston Celtics", "Los Angeles Lakers") for line in CELTICS]
    warriors = [line.replace("NEW YORK KNICKS", "GOLDEN STATE WARRIORS") for line in KNICKS]
    top = [line.replace("November 12", "November 4") for line in TOP]
    swapped = [line.replace("VISITOR", "x").replace("HOME", "VISITOR").replace("x", "HOME") for line in lakers]
    back = [line.replace("HOME", "VISITOR") for line in warriors]
    reading = read(
        book(*top, *back, *swapped, "Inactive: Lakers - Green (Rest)", "Inactive: Warriors - Green ()"),
        "nba_gamebook", "2024-11-05T08:00:00", league,
    )  # fmt: skip

    assert reading.parsed.rows[INACTIVES].select("player_id", "player_name").rows() == [(907, "Green")]
    name = reading.parsed.unresolved.filter(name="Green").row(0, named=True)
    assert name["problem"] == "ambiguous"
    assert "Jalen Green (905)" in name["candidates"]
    assert "Jeff Green (906)" in name["candidates"]


def test_who_was_on_the_court_is_not_on_the_inactive_list(league: League) -> None:
    end = [line.replace("Johnson", "Vucevic") for line in END]
    reading = read(book(*TOP, *CELTICS, *KNICKS, *end), "nba_gamebook", NIGHT, league)
    assert 901 not in reading.parsed.rows[INACTIVES]["player_id"].to_list()
    assert "Vucevic" in reading.parsed.unresolved["name"].to_list()


def test_dressed_and_not_used_is_told_from_not_dressed_and_not_with_the_team(league: League) -> None:
    absent = ("3 Jalen Johnson DNP - Coach's Decision", "4 Nikola Vucevic DND - Injury/Illness - Illness; Flu")
    celtics = [line for line in CELTICS if "Vucevic" not in line]
    away = "5 Herbert Jones NWT - Personal"
    knicks = [line for line in KNICKS if "Herbert" not in line]
    lines = (*TOP, *celtics[:-2], *absent, *celtics[-2:], *knicks[:-1], away, knicks[-1])
    rows = read(book(*lines), "nba_gamebook", NIGHT, league).parsed.rows[INACTIVES].sort("player_id")
    assert rows.select("player_id", "absence", "reason").rows() == [
        (901, "did_not_dress", "Injury/Illness - Illness; Flu"),
        (902, "did_not_play", "Coach's Decision"),
        (903, "not_with_team", "Personal"),
    ]


def test_lines_that_miss_the_teams_totals_state_no_box_score(league: League) -> None:
    torn = [line.replace("5 12 1 4", "? 12 1 4") if "Stranger A" in line else line for line in CELTICS]
    reading = read(book(*TOP, *torn, *KNICKS, *END), "nba_gamebook", NIGHT, league)

    assert PLAYER_BOX_SCORES not in reading.parsed.rows
    assert reasons(reading)["unreadable_line"] == 1
    told = reading.parsed.aside.filter(reason="totals_do_not_add_up")["detail"][0]
    assert told.startswith("the players' lines miss the totals of VISITOR FGM")
    assert reading.parsed.rows[INACTIVES].height == 2
    assert accounted_for(reading)


def test_the_crew_is_written_as_the_assignments_write_it(league: League) -> None:
    crew = read(book(), "nba_gamebook", NIGHT, league).parsed.rows[REFEREE_ASSIGNMENTS]
    assert crew["official"].sort().to_list() == ["Brent Barnaky (#36)", "Kevin Scott (#24)", "Nate Green (#41)"]
    assert crew["role"].unique().to_list() == ["unknown"]


def test_without_a_schedule_all_of_it_is_shown_and_waits(nothing: League) -> None:
    reading = read(book(), "nba_gamebook", NIGHT, nothing)
    assert set(reasons(reading)) == {"no_game"}
    assert sum(rows.height for rows in reading.parsed.rows.values()) == 0
    assert reading.parsed.waiting[INACTIVES].height == 3
    assert accounted_for(reading)


def test_a_gamebook_of_teams_nobody_knows_is_refused(league: League) -> None:
    strange = [line.replace("Boston Celtics", "Real Madrid") for line in CELTICS]
    reading = read(book(*TOP, *strange, *KNICKS, *END), "nba_gamebook", NIGHT, league)
    assert "its teams are not told: Real Madrid, NEW YORK KNICKS" in reading.error


def test_a_gamebook_stored_as_text_is_recognised_and_asked_for_again(shared: Path, league: League) -> None:
    came = (shared / "payloads/nba_gamebook_pdf/20240410_MEMCLE.pdf").read_bytes()
    assert kinds_of(came) == ["nba_gamebook"]
    reading = read(came, "nba_gamebook", NIGHT, league)
    assert "kept as text" in reading.error
    assert reasons(reading) == {"unreadable_document": 1}


def test_a_roster_of_those_days_goes_before_old_games(league: League) -> None:
    """A second Johnson who has just joined Boston is whom the list means, when only he is on the roster."""
    at = instant("2024-11-11T12:00:00")
    johnson = {
        "source": "nba_players", "listed_at": at, "team_id": BOS, "player_id": 999, "player_name": "Keldon Johnson",
        "position": None, "jersey": None, "valid_at": at, "known_at": at, "capture_id": "c",
    }  # fmt: skip
    listed = pl.DataFrame([johnson], schema_overrides={"position": pl.String, "jersey": pl.String})
    league.warehouse.append_new(ROSTERS, listed)
    rows = read(book(), "nba_gamebook", NIGHT, league).parsed.rows[INACTIVES]
    assert rows.filter(player_name="Johnson")["player_id"].to_list() == [999]
