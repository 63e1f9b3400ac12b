from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairline.domain.clock import Clock, FixedClock
from fairline.domain.dates import (
    EASTERN,
    describe_instant,
    game_date,
    parse_game_date,
    season_label,
    season_of,
    utc,
)
from fairline.domain.errors import BrokenContract, Refused


def test_a_game_after_seven_in_the_evening_keeps_its_eastern_date_though_utc_is_already_tomorrow() -> None:
    tip = datetime(2025, 11, 28, 19, 30, tzinfo=EASTERN)
    assert tip.astimezone(UTC).date() == date(2025, 11, 29)
    assert game_date(tip.astimezone(UTC)) == date(2025, 11, 28)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        # Eastern is four hours behind UTC in summer, five in winter: the date turns an hour later in winter.
        (datetime(2024, 11, 3, 3, 59, tzinfo=UTC), date(2024, 11, 2)),
        (datetime(2024, 11, 3, 4, 0, tzinfo=UTC), date(2024, 11, 3)),
        (datetime(2024, 11, 4, 4, 59, tzinfo=UTC), date(2024, 11, 3)),
        (datetime(2024, 11, 4, 5, 0, tzinfo=UTC), date(2024, 11, 4)),
        (datetime(2025, 3, 9, 4, 59, tzinfo=UTC), date(2025, 3, 8)),
        (datetime(2025, 3, 10, 3, 59, tzinfo=UTC), date(2025, 3, 9)),
        (datetime(2025, 3, 10, 4, 0, tzinfo=UTC), date(2025, 3, 10)),
    ],
)
def test_the_date_turns_at_eastern_midnight_on_both_sides_of_a_clock_change(instant: datetime, day: date) -> None:
    assert game_date(instant) == day


def test_the_hour_told_twice_in_november_is_two_instants_of_one_game_date() -> None:
    once = datetime(2024, 11, 3, 1, 30, tzinfo=EASTERN)
    again = once.replace(fold=1)
    assert utc(again) - utc(once) == timedelta(hours=1)
    assert game_date(once) == game_date(again) == date(2024, 11, 3)


@given(st.datetimes(timezones=st.timezones()).filter(lambda instant: 1900 < instant.year < 2100))
def test_a_game_date_depends_on_the_instant_and_not_on_the_zone_it_is_told_in(instant: datetime) -> None:
    assert game_date(instant) == game_date(utc(instant))
    assert abs(game_date(instant) - instant.date()) <= timedelta(days=1)


def test_an_instant_without_a_zone_is_refused_and_never_guessed() -> None:
    naive = datetime(2025, 11, 28, 19, 0)  # noqa: DTZ001
    with pytest.raises(BrokenContract, match="no time zone") as refused:
        game_date(naive)
    assert "tzinfo" in refused.value.hint
    with pytest.raises(BrokenContract):
        FixedClock(naive)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-11-28", date(2025, 11, 28)),
        (" TODAY ", date(2024, 3, 1)),
        ("Yesterday", date(2024, 2, 29)),
        ("tomorrow", date(2024, 3, 2)),
    ],
)
def test_people_may_name_a_game_date_by_word_or_iso(text: str, day: date) -> None:
    assert parse_game_date(text, today=date(2024, 3, 1)) == day


@pytest.mark.parametrize("text", ["28.11.2025", "20251128", "2025-W48-5", "2025-02-30", "tonight", ""])
def test_anything_else_is_no_game_date_and_the_answer_says_what_is(text: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_game_date(text, today=date(2024, 3, 1))
    assert "YYYY-MM-DD" in refused.value.hint


@pytest.mark.parametrize(
    ("day", "season"),
    [
        (date(2019, 10, 22), 2019),
        (date(2020, 7, 30), 2019),
        (date(2020, 10, 11), 2019),
        (date(2020, 10, 12), 2020),
        (date(2020, 12, 22), 2020),
        (date(2021, 7, 20), 2020),
        (date(2021, 7, 21), 2021),
        (date(2024, 6, 17), 2023),
        (date(2024, 6, 30), 2023),
        (date(2024, 7, 1), 2024),
    ],
)
def test_the_bubble_and_the_late_season_after_it_belong_to_the_season_they_finished(day: date, season: int) -> None:
    assert season_of(day) == season


def test_every_game_held_falls_in_the_season_its_schedule_states(shared: Path) -> None:
    games = pl.read_parquet(shared / "data/schedule/schedule_2015_2025.parquet", columns=["GAME_DATE_ET", "SEASON"])
    for day, label in games.unique().iter_rows():
        assert season_label(season_of(day)) == f"20{label}"


def test_a_time_carries_its_zone_and_distance() -> None:
    now = datetime(2025, 11, 28, 16, 0, tzinfo=UTC)
    assert describe_instant(now - timedelta(minutes=30), now) == "10:30 ET, 30 min ago"
    assert describe_instant(now + timedelta(hours=8, minutes=30), now) == "19:30 ET, in 8 h"
    assert describe_instant(now + timedelta(seconds=20), now) == "11:00 ET, now"
    assert describe_instant(now - timedelta(days=3), now) == "25 Nov 11:00 ET, 3 days ago"
    assert describe_instant(now - timedelta(days=365), now) == "28 Nov 2024 11:00 ET, 365 days ago"


def test_a_time_is_told_in_the_readers_zone_summer_and_winter() -> None:
    winter, summer = datetime(2025, 1, 10, 20, 0, tzinfo=UTC), datetime(2025, 6, 10, 19, 0, tzinfo=UTC)
    assert describe_instant(winter, winter) == "15:00 ET, now"
    assert describe_instant(summer, summer) == "15:00 ET, now"
    assert describe_instant(winter, winter, ZoneInfo("America/Los_Angeles")) == "12:00 PT, now"
    assert describe_instant(winter, winter, ZoneInfo("Europe/Berlin")) == "21:00 CET, now"
    assert describe_instant(winter, winter, UTC) == "20:00 UTC, now"


def test_a_fixed_clock_moves_only_when_told_and_always_speaks_utc() -> None:
    clock = FixedClock(datetime(2025, 11, 28, 11, 0, tzinfo=EASTERN))
    told: Clock = clock
    assert told.now() == clock.now()
    assert told.now().tzinfo is UTC
    clock.advance(timedelta(hours=2))
    assert told.now() == datetime(2025, 11, 28, 18, 0, tzinfo=UTC)
