"""The official injury report: who is listed, which teams are silent, cells that run over lines and pages."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.raw.nba.pdfs import Placed, Stroke, pdf
from tests.raw.nba.reading import accounted_for, kinds_of, read, reasons
from tests.raw.world import BOS, GSW, LAL, NYK, League

from fairline.raw.capture_loading import write_reading
from fairline.raw.schema import INJURY_REPORT_TEAMS, INJURY_REPORTS, INJURY_SNAPSHOTS, LATER_INJURY_REPORTS

REAL = "payloads/nba_injury_report_pdf/raw_f4391904.pdf"
LEFTS = {"date": 24, "time": 105, "game": 170, "team": 230, "player": 370, "status": 490, "reason": 570}
HEADING = ("Game Date", "Game Time", "Matchup", "Team", "Player Name", "Current Status", "Reason")
TITLE = "Injury Report: 11/12/24 05:30 PM"
AT = "2024-11-12T22:31:00"

Line = dict[str, str]


def line(team: str = "", player: str = "", status: str = "", reason: str = "", game: str = "", **more: str) -> Line:
    """One line of the table; what it shares with the line above is left out."""
    return {"team": team, "player": player, "status": status, "reason": reason, "game": game, **more}


def page(lines: Sequence[Line], number: str = "Page 1 of 1", top: float = 100) -> tuple[list[Placed], list[Stroke]]:
    """A page of lines, each long reason in two halves around the line's middle, with a rule below each line."""
    words: list[Placed] = [(290, 40, TITLE), *zip(LEFTS.values(), [80] * 7, HEADING, strict=True)]
    rules: list[Stroke] = []
    for each in lines:
        first, _, second = each["reason"].partition("|")
        height = 30 if second else 20
        middle = top + height / 2 - 4
        words += [(LEFTS[key], middle, text) for key, text in each.items() if text and key != "reason"]
        words += [(570, middle - 5, first), (570, middle + 5, second)] if second else [(570, middle, first)]
        top += height
        rules += [(230, 365, top), (370, 485, top), (490, 565, top), (570, 780, top)]
    words.append((360, 570, number))
    return [word for word in words if word[2]], rules


def report(*pages: Sequence[Line], ruled: bool = True) -> bytes:
    """The pages as one PDF, with the rules of the table or without."""
    made = [page(lines, f"Page {place} of {len(pages)}") for place, lines in enumerate(pages, start=1)]
    return pdf([words for words, _ in made], [rules if ruled else [] for _, rules in made], size=6)


TONIGHT = (
    line("Boston Celtics", "Vucevic, Nikola", "Questionable", "Injury/Illness - Left Hamstring;|Tightness", "BOS@NYK",
         date="11/12/2024", time="07:30 (ET)"),
    line("", "Johnson, Jalen", "Out", "G League - Two-Way"),
    line("New York Knicks", "Jackson Jr., Jaren", "Probable", "Injury/Illness - Right Knee; Soreness"),
    line("Golden State Warriors", "", "", "NOT YET SUBMITTED", "GSW@LAL", time="10:00 (ET)"),
    line("Los Angeles Lakers", "Green, Jalen", "Doubtful", "Rest"),
)  # fmt: skip


def statuses(came: bytes, league: League) -> dict[int, tuple[str, str]]:
    rows = read(came, "nba_injury_report", AT, league).parsed.rows[INJURY_REPORTS]
    return {row["player_id"]: (row["status"], row["reason"]) for row in rows.iter_rows(named=True)}


def submitted(came: bytes, league: League) -> dict[int, bool]:
    rows = read(came, "nba_injury_report", AT, league).parsed.rows[INJURY_REPORT_TEAMS]
    return dict(rows.select("team_id", "submitted").iter_rows())


def test_a_real_report_is_read_to_the_last_line(shared: Path, nothing: League) -> None:
    came = (shared / REAL).read_bytes()
    assert kinds_of(came) == ["nba_injury_report"]
    reading = read(came, "nba_injury_report", "2024-01-04T17:31:00", nothing)

    assert reading.came.height == 43
    assert reasons(reading) == {}
    listed = reading.parsed.waiting[INJURY_REPORTS].sort("row_number")
    assert listed.height == 14
    assert listed.row(7, named=True) == {
        "row_number": 8, "reported_at": datetime(2024, 1, 4, 17, 30, tzinfo=UTC), "team_id": 1610612759,
        "player_name": "McDermott, Doug", "status": "out", "reason": "Injury/Illness - Right Forearm; Contusion",
    }  # fmt: skip
    teams = reading.parsed.rows[INJURY_REPORT_TEAMS]
    assert teams.filter(game_date=date(2024, 1, 4)).select("team_id", "submitted", "players_listed").sort(
        "team_id"
    ).rows() == [(1610612743, True, 4), (GSW, True, 2), (1610612749, False, 0), (1610612759, True, 8)]
    assert teams.filter(game_date=date(2024, 1, 5))["submitted"].sum() == 0
    assert teams.height == 32
    assert accounted_for(reading)


@pytest.mark.parametrize("ruled", [True, False], ids=["with rules", "without rules"])
def test_every_line_inherits_what_it_leaves_out(league: League, ruled: bool) -> None:
    came = report(TONIGHT, ruled=ruled)
    assert statuses(came, league) == {
        901: ("questionable", "Injury/Illness - Left Hamstring; Tightness"),
        902: ("out", "G League - Two-Way"),
        904: ("probable", "Injury/Illness - Right Knee; Soreness"),
        905: ("doubtful", "Rest"),
    }
    assert submitted(came, league) == {BOS: True, NYK: True, GSW: False, LAL: True}


def test_the_reports_own_time_is_its_time_in_summer_and_winter(league: League) -> None:
    rows = read(report(TONIGHT), "nba_injury_report", "2024-11-14T00:00:00", league).parsed.rows
    assert rows[INJURY_REPORTS]["known_at"].unique().to_list() == [datetime(2024, 11, 12, 22, 30, tzinfo=UTC)]
    assert rows[INJURY_SNAPSHOTS].select("reported_at", "players_listed").rows() == [
        (datetime(2024, 11, 12, 22, 30, tzinfo=UTC), 4)
    ]


def test_a_team_that_has_not_submitted_is_not_a_healthy_team(league: League) -> None:
    assert submitted(report(TONIGHT), league)[GSW] is False


def test_a_team_the_report_is_silent_on_is_not_a_healthy_team_either(league: League) -> None:
    assert submitted(report(TONIGHT[:2]), league) == {BOS: True, NYK: False}


def test_a_team_that_submitted_an_empty_list_has_submitted(league: League) -> None:
    healthy = (*TONIGHT[:2], line("New York Knicks"))
    assert submitted(report(healthy), league) == {BOS: True, NYK: True}


@pytest.mark.parametrize("ruled", [True, False], ids=["with rules", "without rules"])
def test_a_reason_that_runs_over_the_page_is_one_reason(league: League, ruled: bool) -> None:
    rest = line(reason="Surgery; Recovery")
    came = report(TONIGHT[:2], (rest, *TONIGHT[2:]), ruled=ruled)
    assert statuses(came, league)[902] == ("out", "G League - Two-Way Surgery; Recovery")
    assert len(statuses(came, league)) == 4


def test_the_teams_list_goes_on_over_the_page(league: League) -> None:
    came = report(TONIGHT[:1], TONIGHT[1:])
    assert statuses(came, league)[902] == ("out", "G League - Two-Way")


def test_a_report_without_its_last_page_says_nothing_rather_than_half(league: League) -> None:
    words, rules = page(TONIGHT[:1], "Page 1 of 2")
    reading = read(pdf([words], [rules], size=6), "nba_injury_report", AT, league)
    assert "its 1 pages say they are 1 of 2" in reading.error


def test_a_status_for_tomorrows_game_is_kept_apart_from_tonights(league: League) -> None:
    tomorrow = line("Boston Celtics", "Johnson, Jalen", "Out", "Rest", "BOS@LAL", date="11/13/2024", time="07:30 (ET)")
    only_then = line("", "Vucevic, Nikola", "Doubtful", "Rest")
    tonight = (TONIGHT[0] | {"player": "Johnson, Jalen", "reason": "Illness"}, TONIGHT[2])
    rows = read(report((*tonight, tomorrow, only_then)), "nba_injury_report", AT, league).parsed.rows

    assert rows[INJURY_REPORTS].filter(team_id=BOS).select("player_id", "status").rows() == [(902, "questionable")]
    later = rows[LATER_INJURY_REPORTS].sort("player_id")
    assert later.select("player_id", "status", "game_date").rows() == [
        (901, "doubtful", date(2024, 11, 13)), (902, "out", date(2024, 11, 13)),
    ]  # fmt: skip


def test_a_player_under_a_team_that_is_not_in_the_game_is_set_aside(league: League) -> None:
    wrong = (TONIGHT[0], line("Miami Heat", "Johnson, Jalen", "Out", "Rest"))
    reading = read(report(wrong), "nba_injury_report", AT, league)
    assert reasons(reading) == {"wrong_game": 1}
    assert reading.parsed.aside["detail"][0] == "Miami Heat is not in BOS@NYK"


def test_a_team_with_a_line_that_cannot_be_read_counts_as_silent(league: League) -> None:
    lines = (*TONIGHT[:2], line("", "Vucevic, Nikola", "", "Rest"), *TONIGHT[2:])
    came = report(lines)
    assert reasons(read(came, "nba_injury_report", AT, league)) == {"missing_status": 1}
    assert submitted(came, league)[BOS] is False
    assert submitted(came, league)[NYK] is True


def test_tomorrows_game_whose_date_was_lost_does_not_pass_for_tonights(league: League) -> None:
    undated = line("Boston Celtics", "Vucevic, Nikola", "Out", "Rest", "BOS@LAL", time="07:30 (ET)")
    reading = read(report((*TONIGHT[:3], undated)), "nba_injury_report", AT, league)
    assert reasons(reading) == {"two_games_a_day": 1}
    assert submitted(report((*TONIGHT[:3], undated)), league)[BOS] is False


def test_a_name_nobody_bears_waits_and_is_shown(league: League) -> None:
    lines = (TONIGHT[0] | {"player": "Nobody II, Known"}, TONIGHT[2])
    reading = read(report(lines), "nba_injury_report", AT, league)
    assert reading.parsed.waiting[INJURY_REPORTS]["player_name"].to_list() == ["Nobody II, Known"]
    assert reading.parsed.unresolved["name"].to_list() == ["Nobody II, Known"]
    assert accounted_for(reading)


def test_the_same_report_loaded_twice_is_one_report(league: League) -> None:
    reading = read(report(TONIGHT), "nba_injury_report", AT, league)
    first, second = (write_reading(league.warehouse, reading, league.clock.now()) for _ in range(2))
    assert (first.written, second.written, second.unchanged) == (9, 0, 9)


def test_a_heading_nobody_knows_is_a_new_layout(league: League) -> None:
    words, rules = page(TONIGHT)
    came = pdf([[word for word in words if word[2] != "Matchup"]], [rules], size=6)
    assert "the table's heading is missing" in read(came, "nba_injury_report", AT, league).error


@settings(max_examples=20)
@given(st.data())
def test_broken_bytes_of_a_real_report_are_one_record_or_all_of_them(data: st.DataObject) -> None:
    content = bytearray(report(TONIGHT[:3]))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    reading = read(bytes(content), "nba_injury_report", AT, League.empty(Path()))
    assert accounted_for(reading)
