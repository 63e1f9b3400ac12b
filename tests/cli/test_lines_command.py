"""`fairline lines`: how a line opened, moved and closed, as a person asks for it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.raw.world import quote, quotes

from fairline.domain.clock import FixedClock
from fairline.domain.errors import NotFound
from fairline.ops.catalogue import open_home
from fairline.ops.lines import line_moves
from fairline.platform.settings import load_settings
from fairline.raw.loading import import_files

TIP = {"opponent": "BOS", "tipoff": "2024-11-13T00:30:00Z"}


@pytest.fixture
def moved(home: Path, tmp_path: Path) -> Path:
    """Herbert Jones at two books on 12 November, one of which moves and quotes two lines, and one in-game quote."""
    file = tmp_path / "moves.parquet"
    quotes(
        quote("Herb Jones", "2024-11-12T20:00:00Z", book="bovada", line=9.5, **TIP),
        quote("Herb Jones", "2024-11-12T22:00:00Z", book="bovada", line=10.5, over_american=120.0, **TIP),
        quote("Herb Jones", "2024-11-12T22:00:00Z", book="bovada", line=13.5, over_american=300.0, **TIP),
        quote("Herb Jones", "2024-11-13T01:30:00Z", book="bovada", line=15.5, **TIP),
        quote("Herb Jones", "2024-11-12T21:00:00Z", book="bovada", market="rebounds", line=4.5, **TIP),
    ).write_parquet(file)
    with open_home("tests", settings=load_settings(home=home)) as opened:
        (report,) = import_files([file], warehouse=opened.warehouse, objects=opened.objects, clock=opened.clock)
    assert (report.error, report.written) == ("", 5)
    return home


def test_a_person_reads_opening_moves_and_close_with_their_times(moved: Path, told: Callable[..., str]):
    del moved
    text = told("lines", "jones", "--date", "2024-11-12")
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in text.splitlines() if line.startswith("│")]
    assert [row[:5] + row[6:] for row in rows] == [
        ["bovada", "open", "9.5", "-110", "-110", "5 h before tip", ""],
        ["bovada", "move, close", "10.5", "+120", "-110", "3 h before tip", "1"],
        ["bovada", "in game", "15.5", "-110", "-110", "50 min after tip", ""],
        ["draftkings", "open, close", "10.5", "-110", "-110", "3 h before tip", ""],
    ]
    assert rows[0][5].startswith("12 Nov 2024 15:00 ET, ")
    assert rows[0][5].endswith(" ago")
    assert "Tip-off taken as 12 Nov 2024 19:40 ET" in text


def test_without_a_date_it_is_the_last_quoted_and_json_has_every_field(moved: Path, answered: Callable[..., Any]):
    del moved
    told = answered("lines", "Herb Jones", "--book", "Bovada")
    assert (told["player"], told["date"], told["market"]) == ("Herbert Jones", "2024-11-12", "points")
    assert [(row["line"], row["alternates"], row["in_game"]) for row in told["moves"]] == [
        (9.5, 0, False), (10.5, 1, False), (15.5, 0, True),
    ]  # fmt: skip
    assert told["moves"][0]["captured_at"] == "2024-11-12T20:00:00+00:00"
    assert [row["line"] for row in answered("lines", "903", "--market", "reb")["moves"]] == [4.5]


def test_before_tip_off_the_last_quote_is_the_latest_and_no_close(home: Path):
    clock = FixedClock(datetime(2024, 11, 12, 23, tzinfo=UTC))
    with open_home("tests", settings=load_settings(home=home), clock=clock) as opened:
        from fairline.cli.lines import _what

        (row,) = line_moves(opened, "Herb Jones", day="today").rows.to_dicts()
        assert _what(row, opened.clock.now()) == "open, latest"


def test_what_is_not_held_is_said_with_what_was_looked_for(told: Callable[..., str]):
    with pytest.raises(NotFound, match=r"No rebounds line of Herbert Jones is held\."):
        told("lines", "Herb Jones", "--market", "rebounds")
    with pytest.raises(NotFound, match="No points line of Herbert Jones is held for 2024-11-12 at fanduel"):
        told("lines", "Herb Jones", "--book", "FanDuel", "--date", "2024-11-12")
    with pytest.raises(NotFound, match="no market 'goals'"):
        told("lines", "Herb Jones", "--market", "goals")
