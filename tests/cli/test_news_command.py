"""`fairline news`, as a person tells, asks and takes back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.ops.slates import DAY, QUOTED_AT, forecast_anyone, keep_model, opened
from typer.testing import CliRunner

import fairline as fl
from fairline.cli import app
from fairline.domain.clock import FixedClock
from fairline.domain.errors import Refused
from fairline.ops import catalogue
from fairline.ops.slate import run_slate


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """It is half an hour after the quote; a test may let minutes pass."""

    def pass_to(minutes: int) -> None:
        at = FixedClock(QUOTED_AT.replace(minute=minutes))
        monkeypatch.setattr(catalogue, "SystemClock", lambda: at)

    pass_to(30)
    return pass_to


@pytest.fixture(autouse=True)
def _anyone(monkeypatch: pytest.MonkeyPatch) -> None:
    forecast_anyone(monkeypatch)


@pytest.fixture
def priced(home: Path) -> Path:
    """The slate priced before the news."""
    with opened(home, now=QUOTED_AT) as at:
        keep_model(at)
        run_slate(at, DAY, ["points"])
    return home


def test_a_person_tells_and_reads_what_it_changed(priced: Path, told: Callable[..., str]):
    del priced
    text = told("news", "herb jones", "out", "--source", "beat writer")
    assert "News 1: Herbert Jones is out on 2024-11-12 (beat writer), known from 17:30 ET." in text
    assert "before is the run as of 17:00 ET, 30 min ago" in text
    assert "Published v1/predictions/2024-11-12.json, revision 2" in text


def test_news_of_a_day_not_priced_says_what_will_know_of_it(told: Callable[..., str]):
    assert "`fairline run --date 2024-11-12` will know of it" in told("news", "903", "out", "--source", "x")


def test_it_is_taken_back_by_name_or_by_number(
    priced: Path, told: Callable[..., str], answered: Callable[..., Any], clock: Callable[[int], None]
):
    del priced
    told("news", "herb jones", "out", "--source", "beat writer")
    clock(35)
    assert "News 1 of Herbert Jones on 2024-11-12 is taken back, known from 17:35 ET." in told(
        "news", "jones", "--undo"
    )
    clock(40)
    answered("news", "jaren", "questionable", "--source", "beat writer")
    clock(45)
    assert answered("news", "undo", "2")["status"] == "withdrawn"
    assert [(row["news_id"], row["ended_by"]) for row in answered("news", "list")["news"]] == [(2, "you"), (1, "you")]
    assert [row["news_id"] for row in answered("news", "herb jones")["news"]] == [1]


def test_nothing_told_is_said_so_and_a_table_lists_the_rest(told: Callable[..., str]):
    assert "You have told no news." in told("news")
    told("news", "903", "out", "--source", "beat writer")
    listed = told("news", "list")
    assert "Herbert Jones" in listed
    assert "17:30 ET, now" in listed


def test_a_number_that_is_none_is_refused(told: Callable[..., str]):
    del told
    with pytest.raises(Refused, match="is no number of news"):
        CliRunner().invoke(app, ["news", "undo", "jones"], catch_exceptions=False)


def test_minutes_change_no_forecast_and_price_says_what_it_supposes(
    priced: Path, answered: Callable[..., Any], clock: Callable[[int], None]
):
    del priced
    answered("news", "herb jones", "plays", "--source", "coach")
    clock(35)
    told = answered("news", "herb jones", "plays", "--minutes", "12", "--source", "coach")
    assert told["repriced"]["changes"] == []
    clock(40)
    supposed = answered("price", "herb", "points", "10.5")
    assert supposed["notes"][:2] == [
        "Your news 2 expects 12 minutes (coach); --minutes supposes others.",
        "No recent minutes of his are held to compare them with, so they change nothing.",
    ]


def test_availability_tells_the_users_words(told: Callable[..., str], clock: Callable[[int], None]):
    told("news", "903", "out", "--source", "beat writer")
    clock(35)
    text = told("availability", "knicks")
    assert "user_news" in text
    assert "beat writer" in text


def test_python_tells_it_as_the_command_does(priced: Path, clock: Callable[[int], None]):
    changes = fl.news("herb jones", "out", source="beat writer", home=priced)
    assert "Herbert Jones" in changes["player"].to_list()
    assert fl.news(home=priced)["counts"].to_list() == [True]
    clock(35)
    fl.news("herb jones", undo=True, home=priced)
    assert fl.news("herb jones", home=priced)["ended_by"].to_list() == ["you"]
    with pytest.raises(Refused, match="not said"):
        fl.news(undo=True, home=priced)
