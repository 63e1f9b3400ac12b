"""Box-score completeness: an alert graver with time, cleared by the box scores or by a postponement."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.ops.slates import DAY, TIP
from tests.ops.test_expected import GAME, restate

from fairline.domain.clock import FixedClock
from fairline.ops.alerts import Change, open_alerts
from fairline.ops.catalogue import open_home
from fairline.ops.completeness import check_box_scores
from fairline.ops.expected import GAME_LASTS
from fairline.ops.jobs import WORKS
from fairline.platform.home import Home
from fairline.platform.settings import load_settings

ENDED = TIP + GAME_LASTS
HOUR = timedelta(hours=1)
SUBJECT = DAY.isoformat()


@pytest.fixture
def lacking(home: Path) -> Iterator[tuple[Home, FixedClock]]:
    """The game of the evening has ended, and its box score has not come; those of the days before are there."""
    clock = FixedClock(ENDED)
    with open_home("tests", settings=load_settings(home=home), clock=clock) as at:
        at.warehouse.execute("CREATE TABLE taken AS SELECT * FROM raw.player_box_scores WHERE game_id = ?", [GAME])
        at.warehouse.execute("DELETE FROM raw.player_box_scores WHERE game_id = ?", [GAME])
        yield at, clock


def move(clock: FixedClock, to: datetime) -> None:
    clock.advance(to - clock.now())


def alerted(home: Home) -> list[tuple[str, str]]:
    return open_alerts(home.warehouse).select("subject", "severity").rows()


def test_it_is_info_after_six_hours_warning_after_twelve_and_critical_after_a_day(lacking: tuple[Home, FixedClock]):
    home, clock = lacking
    told = []
    for hours in (5, 6, 12, 24):
        move(clock, ENDED + hours * HOUR)
        done = WORKS["box-score-completeness"](home, DAY, lambda _: None)
        assert done.counts["games"] - done.counts["held"] == 1
        told.append(alerted(home))
    assert told == [[], [(SUBJECT, "info")], [(SUBJECT, "warning")], [(SUBJECT, "critical")]]
    row = open_alerts(home.warehouse).row(0, named=True)
    assert row["raised_at"] == ENDED + 6 * HOUR
    assert row["detail"] == f"0 of 1 games have a box score; it lacks of {GAME}"


def test_it_is_cleared_by_the_box_score_also_when_that_comes_weeks_later(lacking: tuple[Home, FixedClock]):
    home, clock = lacking
    move(clock, ENDED + 30 * HOUR)
    assert check_box_scores(home).alerts == Change(1, 0, 0)
    move(clock, ENDED + timedelta(days=20))
    assert check_box_scores(home).alerts == Change(0, 1, 0)
    home.warehouse.execute("INSERT INTO raw.player_box_scores SELECT * FROM taken")
    assert check_box_scores(home).alerts == Change(0, 0, 1)


def test_a_box_score_of_one_team_is_none(lacking: tuple[Home, FixedClock]):
    home, clock = lacking
    move(clock, ENDED + 7 * HOUR)
    home.warehouse.execute(
        "INSERT INTO raw.player_box_scores SELECT * FROM taken WHERE team_id = (SELECT min(team_id) FROM taken)"
    )
    assert check_box_scores(home).alerts.raised == 1


def test_a_postponed_game_is_not_waited_for(lacking: tuple[Home, FixedClock]):
    home, clock = lacking
    move(clock, ENDED + 30 * HOUR)
    check_box_scores(home)
    clock.advance(HOUR)
    restate(home, status="postponed")
    assert check_box_scores(home).alerts == Change(0, 0, 1)


def test_shares_are_of_what_is_expected_and_never_above_one(lacking: tuple[Home, FixedClock]):
    home, clock = lacking
    move(clock, ENDED + 7 * HOUR)
    rows = check_box_scores(home).dates
    assert rows.select("game_date", "games", "held", "share").rows()[-1] == (DAY, 1, 0, 0.0)
    assert rows.filter(game_date=DAY - timedelta(days=1))["share"].to_list() == [1.0]


def test_a_date_whose_games_are_not_over_is_not_judged(lacking: tuple[Home, FixedClock]):
    home, clock = lacking
    move(clock, ENDED - timedelta(minutes=1))
    assert DAY not in check_box_scores(home).dates["game_date"].to_list()
    move(clock, ENDED)
    assert DAY in check_box_scores(home).dates["game_date"].to_list()
