"""What is due when: nights on which the clock changes, early and distant tip-offs, moved games, downtime. All pure."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairline.domain.dates import EASTERN
from fairline.domain.errors import NotFound
from fairline.ops.due import Answer, CatchUp, Due, Game, Job, Kind, Needs, due, missed, times_of, upcoming
from fairline.ops.due_times import At, NearTips, clock_times
from fairline.ops.jobs import WORKS
from fairline.ops.schedule import SCHEDULE, job_named
from fairline.ops.schedule_page import page

DAY = date(2026, 1, 14)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
SAME_DAY = ("same-day-phase3", "same-day-phase4", "same-day-predictions")


def et(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), EASTERN).astimezone(UTC)


def slate(day: date, *tips: tuple[int, int], status: str = "scheduled") -> list[Game]:
    return [Game(f"{day:%m%d}{number}", et(day, *tip), status) for number, tip in enumerate(tips)]


def told(instants: Iterable[datetime]) -> list[str]:
    return [f"{instant.astimezone(EASTERN):%d %H:%M}" for instant in instants]


def times(name: str, games: list[Game], day: date = DAY) -> list[str]:
    return told(times_of(job_named(name), day, games))


def names(found: list[Due]) -> list[str]:
    return [each.job.name for each in found]


def answered(*done: Due) -> dict[str, frozenset[Answer]]:
    by_job: dict[str, set[Answer]] = {}
    for each in done:
        by_job.setdefault(each.job.name, set()).add(Answer(each.due_at, each.game_date))
    return {name: frozenset(answers) for name, answers in by_job.items()}


EVENING = slate(DAY, (19, 0), (22, 30))


def test_every_row_has_its_work_and_no_work_is_without_a_row():
    assert [job.name for job in SCHEDULE] == list(WORKS)
    with pytest.raises(NotFound, match="no job 'lunch'"):
        job_named("lunch")


def test_the_page_says_what_the_table_says(repository: Path):
    assert (repository / "docs" / "schedule.md").read_text(encoding="utf-8") == page()


def test_on_an_evening_slate_each_step_keeps_its_time():
    assert [times(name, EVENING) for name in SAME_DAY] == [["14 10:30"], ["14 11:00"], ["14 11:30"]]
    assert times("publish-tonight", EVENING) == ["14 13:00"]
    assert times("reprice", EVENING) == ["14 16:00", "14 18:30", "14 22:00"]
    assert times("tomorrow-predictions", EVENING) == ["13 18:00"]
    assert times("yesterday-grading", EVENING) == ["15 06:00"]


def test_a_noon_tip_off_brings_every_same_day_step_to_nine_in_the_order_of_the_table():
    noon = slate(DAY, (12, 0), (19, 0))
    assert [times(name, noon) for name in SAME_DAY] == [["14 09:00"]] * 3
    now = et(DAY, 9, 0)
    running = [name for name in names(due(SCHEDULE, {}, now, {DAY: noon})) if name in SAME_DAY]
    assert running == list(SAME_DAY)
    assert not set(SAME_DAY) & set(names(due(SCHEDULE, {}, now - MINUTE, {DAY: noon})))


def test_a_game_in_paris_at_two_in_the_afternoon_is_priced_before_its_tip_off():
    paris = slate(DAY, (14, 0))
    assert [times(name, paris) for name in SAME_DAY] == [["14 10:30"], ["14 11:00"], ["14 11:00"]]
    assert times("reprice", paris) == ["14 13:30"]
    assert times("post-game", paris)[:2] == ["14 16:30", "14 17:00"]


def test_a_game_abroad_that_tips_off_before_our_morning_is_priced_in_the_night():
    tokyo = slate(DAY, (6, 0))
    assert [times(name, tokyo) for name in SAME_DAY] == [["14 03:00"]] * 3
    assert times("lines", tokyo)[:2] == ["13 18:00", "13 20:00"]
    assert times("morning", tokyo) == ["14 03:00"]
    after_midnight = slate(DAY, (0, 30))
    assert times("same-day-predictions", after_midnight) == ["13 21:30"]


def test_lines_are_scraped_more_often_near_tip_offs_and_never_twice_at_once():
    lines = times_of(job_named("lines"), DAY, EVENING)
    assert told(lines) == [
        "14 07:00", "14 09:00", "14 11:00", "14 13:00", "14 15:00", "14 17:00", "14 17:30", "14 18:00", "14 18:30",
        "14 19:00", "14 20:30", "14 21:00", "14 21:30", "14 22:00",
    ]  # fmt: skip
    assert times("lines-before-tip", EVENING) == ["14 18:54", "14 22:24"]


def test_windows_before_tip_offs_that_meet_are_stepped_through_as_one():
    steps = NearTips(2 * HOUR, 30 * MINUTE).times(DAY, [et(DAY, 19), et(DAY, 19, 10), et(DAY, 20, 15)])
    assert told(steps)[-3:] == ["14 19:00", "14 19:30", "14 20:00"]


def test_a_day_without_games_has_no_slate_steps_and_still_its_checks():
    now = et(DAY, 23, 59)
    assert set(names(due(SCHEDULE, {}, now, {}))) == {"stall-check", "cleanup", "box-score-completeness"}
    postponed = {DAY: slate(DAY, (19, 0), status="postponed")}
    assert not set(names(due(SCHEDULE, {}, et(DAY, 12), postponed))) & set(SAME_DAY)


@pytest.mark.parametrize(
    ("day", "cron", "due_at"),
    [
        (date(2026, 3, 8), "30 2 * * *", ["2026-03-08T07:00"]),
        (date(2026, 3, 8), "0 2 * * *", ["2026-03-08T07:00"]),
        (date(2026, 11, 1), "30 1 * * *", ["2026-11-01T05:30"]),
        (date(2025, 11, 2), "0 1 * * *", ["2025-11-02T05:00"]),
        (date(2027, 3, 14), "30 2 * * *", ["2027-03-14T07:00"]),
        (date(2026, 3, 8), "30 10 * * *", ["2026-03-08T14:30"]),
        (date(2026, 11, 1), "30 10 * * *", ["2026-11-01T15:30"]),
    ],
)
def test_on_nights_the_clock_changes_a_time_of_day_comes_exactly_once(day: date, cron: str, due_at: list[str]):
    assert [f"{instant:%Y-%m-%dT%H:%M}" for instant in clock_times(day, cron)] == due_at


def test_on_nights_the_clock_changes_what_repeats_keeps_its_real_distance():
    for day, hours in ((date(2026, 3, 8), 23), (date(2026, 11, 1), 25)):
        instants = list(clock_times(day, "*/15 * * * *"))
        assert len(instants) == 4 * hours
        assert {later - sooner for sooner, later in pairwise(instants)} == {15 * MINUTE}


def test_post_game_of_a_night_the_clock_springs_forward_still_runs_until_two_and_at_four():
    saturday = date(2026, 3, 7)
    instants = times_of(job_named("post-game"), saturday, slate(saturday, (22, 0)))
    assert told(instants)[-3:] == ["08 01:45", "08 03:00", "08 04:00"]
    assert len(set(instants)) == len(instants)


def test_grading_runs_once_at_six_on_both_mornings_the_clock_has_changed():
    for day, utc_hour in ((date(2026, 3, 7), 10), (date(2026, 10, 31), 11)):
        [due_at] = times_of(job_named("yesterday-grading"), day, slate(day, (19, 0)))
        assert due_at.hour == utc_hour


def test_a_postponement_after_publishing_neither_prices_nor_publishes_the_date_again_by_itself():
    noon, evening = slate(DAY, (12, 0), (19, 0))
    nine = [each for each in due(SCHEDULE, {}, et(DAY, 9), {DAY: [noon, evening]}) if each.job.name in SAME_DAY]
    gone = Game(noon.game_id, noon.tip_at, "postponed")
    # The first tip-off is now at seven, so the steps' times are later ones; the date has had its run all the same.
    later = due(SCHEDULE, answered(*nine), et(DAY, 11, 45), {DAY: [gone, evening]})
    assert not set(names(later)) & set(SAME_DAY)
    assert times("reprice", [gone, evening]) == ["14 16:00", "14 18:30"]
    assert times("yesterday-grading", [gone]) == ["15 06:00"]


def test_a_tip_off_moved_earlier_makes_a_step_due_that_was_not():
    assert "same-day-predictions" not in names(due(SCHEDULE, {}, et(DAY, 9, 30), {DAY: EVENING}))
    moved = {DAY: slate(DAY, (12, 0))}
    assert "same-day-predictions" in names(due(SCHEDULE, {}, et(DAY, 9, 30), moved))


def test_after_three_hours_of_downtime_each_repeating_job_runs_once_and_each_step_that_still_serves():
    found = due(SCHEDULE, {}, et(DAY, 14, 10), {DAY: EVENING})
    assert max(Counter(names(found)).values()) == 1
    assert set(names(found)) >= {*SAME_DAY, "self-heal", "publish-tonight", "injuries", "stall-check"}
    by_name = {each.job.name: each for each in found}
    assert by_name["injuries"].due_at == et(DAY, 14)
    assert by_name["same-day-phase3"].late_by == 220 * MINUTE


def test_after_two_days_of_downtime_every_date_is_graded_and_only_todays_slate_is_priced():
    days = [DAY - timedelta(days=back) for back in range(4)]
    slates = {day: slate(day, (19, 0)) for day in days}
    now = et(DAY, 12)
    done_before = due(SCHEDULE, {}, now - timedelta(days=2), slates)
    found = due(SCHEDULE, answered(*done_before), now, slates)
    assert [each.game_date for each in found if each.job.name == "yesterday-grading"] == [days[2], days[1]]
    assert [each.game_date for each in found if each.job.name == "same-day-predictions"] == [DAY]
    assert [each.game_date for each in found if each.job.name == "lines"] == [DAY]


def test_closing_lines_after_the_tip_off_are_not_scraped_but_told_as_missed():
    before = due(SCHEDULE, {}, et(DAY, 18), {DAY: EVENING})
    now = et(DAY, 19, 10)
    assert "lines-before-tip" not in names(due(SCHEDULE, answered(*before), now, {DAY: EVENING}))
    lost = missed(SCHEDULE, answered(*before), now, {DAY: EVENING}, now - 24 * HOUR)
    assert [(each.job.name, each.due_at) for each in lost if each.job.name == "lines-before-tip"] == [
        ("lines-before-tip", et(DAY, 18, 54))
    ]


def test_a_slate_is_not_priced_once_its_last_game_has_begun():
    assert "same-day-predictions" in names(due(SCHEDULE, {}, et(DAY, 22, 29), {DAY: EVENING}))
    assert "same-day-predictions" not in names(due(SCHEDULE, {}, et(DAY, 22, 30), {DAY: EVENING}))


def test_models_are_fitted_on_mondays_after_all_else_that_is_due_and_once():
    monday = date(2026, 1, 12)
    slates = {monday: slate(monday, (19, 0))}
    assert [times("retrain", [], monday + timedelta(days=number)) for number in range(7)] == [["12 05:00"], *[[]] * 6]
    found = due(SCHEDULE, {}, et(monday, 12), slates)
    assert names(found)[-1] == "retrain"
    assert "retrain" not in names(due(SCHEDULE, answered(*found), et(monday, 18), slates))
    assert "retrain" not in names(due(SCHEDULE, {}, et(monday, 4, 59), slates))
    tuesday = due(SCHEDULE, {}, et(monday + timedelta(days=1), 5), slates)
    assert "retrain" in names(tuesday)
    assert "retrain" not in names(due(SCHEDULE, {}, et(monday + timedelta(days=1), 5, 1), slates))


def test_nobody_has_missed_what_was_due_before_the_schedule_first_ran():
    now = et(DAY, 19, 10)
    assert missed(SCHEDULE, {}, now, {DAY: EVENING}, now - 24 * HOUR) == []


def test_two_dates_that_share_an_instant_of_one_job_are_told_apart():
    abroad = DAY + timedelta(days=1)
    slates = {DAY: EVENING, abroad: slate(abroad, (10, 0))}
    found = [each for each in due(SCHEDULE, {}, et(DAY, 22, 5), slates) if each.job.name == "lines"]
    assert [(each.game_date, told([each.due_at])) for each in found] == [(DAY, ["14 22:00"]), (abroad, ["14 22:01"])]


def test_what_comes_next_is_told_soonest_first_and_only_once_a_job():
    found = upcoming(SCHEDULE, {}, et(DAY, 10), {DAY: EVENING})
    assert len(set(names(found))) == len(found)
    assert [each.due_at for each in found] == sorted(each.due_at for each in found)
    assert all(each.due_at > et(DAY, 10) for each in found)


GRADING = Job(
    "grading", "", (At("0 6 * * *", "06:00", days_after=1),), CatchUp(Kind.ALL, timedelta(days=7)), HOUR, Needs.GAMES
)
NIGHTLY = Job(
    "nightly", "", (At("30 1,2 * * *", "01:30 and 02:30"),), CatchUp(Kind.ALL, timedelta(days=7)), HOUR, Needs.NOTHING
)
LATEST = Job("latest", "", (At("*/20 * * * *", ""), NearTips(HOUR, 15 * MINUTE)), CatchUp(Kind.LATEST, HOUR), HOUR)
TABLE = (GRADING, NIGHTLY, LATEST)


@st.composite
def seasons(draw: st.DrawFn) -> tuple[dict[date, list[Game]], list[datetime]]:
    """Three weeks of slates, often over a night the clock changes, and moments to look, never five days apart."""
    first = draw(st.sampled_from([date(2026, 2, 27), date(2026, 10, 20), date(2025, 10, 24), date(2026, 1, 5)]))
    days = [first + timedelta(days=number) for number in range(21)]
    tips = st.lists(st.tuples(st.integers(0, 23), st.sampled_from([0, 10, 30])), max_size=5)
    status = st.sampled_from(["scheduled", "scheduled", "postponed"])
    slates = {day: slate(day, *draw(tips), status=draw(status)) for day in days}
    waits = draw(st.lists(st.integers(1, 5 * 24 * 60 - 1), min_size=1, max_size=60))
    now, moments = et(first, 0), []
    for wait in waits:
        now += timedelta(minutes=wait)
        if now > et(days[-1], 23):
            break
        moments.append(now)
    return slates, moments


@given(seasons())
def test_every_due_time_that_is_made_up_runs_exactly_once_and_none_before_its_time(
    season: tuple[dict[date, list[Game]], list[datetime]],
):
    slates, moments = season
    done: list[Due] = []
    for now in moments:
        found = due(TABLE, answered(*done), now, slates)
        assert all(each.due_at <= now for each in found)
        assert due(TABLE, answered(*done, *found), now, slates) == []
        done += found
    ran = Counter((each.job.name, each.due_at, each.game_date) for each in done)
    assert set(ran.values()) <= {1}
    for job in (GRADING, NIGHTLY):
        expected = {
            (job.name, due_at, day)
            for day, games in slates.items()
            for due_at in times_of(job, day, games)
            if moments and due_at <= moments[-1]
        }
        assert expected <= set(ran)
