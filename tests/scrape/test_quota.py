"""What a cadence costs, and what a budget keeps of it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fairline.domain.dates import EASTERN
from fairline.scrape.contract import GameWanted
from fairline.scrape.quota import (
    BETWEEN,
    CLOSING,
    GAME_LINES_TURN,
    OPENING,
    Poll,
    Prices,
    plan,
    polls,
    usual_games,
)

DAY = date(2025, 11, 28)
MORNING = datetime(2025, 11, 28, 6, tzinfo=EASTERN)


def game(number: int, tip: str, day: date = DAY) -> GameWanted:
    """A game at that Eastern time."""
    at = datetime.fromisoformat(f"{day}T{tip}").replace(tzinfo=EASTERN).astimezone(UTC)
    return GameWanted(f"00225000{number:02}", day, 1, 2, at)


EARLY, LATE = game(1, "19:00"), game(2, "22:00")


def clock(found: list[Poll], of: GameWanted) -> list[str]:
    """When a game is asked about, on Eastern clocks."""
    return [f"{poll.at.astimezone(EASTERN):%H:%M}" for poll in found if of.game_id in poll.games]


def test_a_game_is_asked_about_every_two_hours_then_every_half_hour_then_just_before_its_tip_off() -> None:
    found = polls([EARLY, LATE], MORNING)
    assert clock(found, EARLY) == [
        "07:00", "09:00", "11:00", "13:00", "15:00", "17:00", "17:30", "18:00", "18:30", "18:58",
    ]  # fmt: skip
    assert clock(found, LATE) == [
        "07:00", "09:00", "11:00", "13:00", "15:00", "17:00", "19:00", "20:00", "20:30", "21:00", "21:30", "21:58",
    ]  # fmt: skip


def test_a_small_budget_keeps_each_closing_question_then_each_opening_one() -> None:
    two = polls([EARLY, LATE], MORNING, 10, prices=Prices(5))
    assert (clock(two, EARLY), clock(two, LATE)) == (["18:58"], ["21:58"])
    four = polls([EARLY, LATE], MORNING, 20, prices=Prices(5))
    assert (clock(four, EARLY), clock(four, LATE)) == (["07:00", "18:58"], ["07:00", "21:58"])


def test_what_is_left_of_a_budget_is_spread_over_the_day() -> None:
    assert clock(polls([EARLY], MORNING, 3), EARLY) == ["07:00", "13:00", "18:58"]
    assert clock(polls([EARLY], MORNING, 5), EARLY) == ["07:00", "11:00", "13:00", "15:00", "18:58"]


def test_later_in_the_day_what_is_over_is_not_asked_again() -> None:
    found = polls([EARLY, LATE], datetime(2025, 11, 28, 20, 15, tzinfo=EASTERN))
    assert (clock(found, EARLY), clock(found, LATE)) == ([], ["20:30", "21:00", "21:30", "21:58"])


def test_a_game_without_a_tip_off_is_not_asked_about() -> None:
    assert polls([replace(EARLY, tip_at=None)], MORNING) == []


def test_the_plan_of_a_month_gives_each_day_the_budget_that_keeps_the_same_times() -> None:
    days = [DAY + timedelta(days=each) for each in range(10)]
    games = [game(10 + each, tip, day) for each, day in enumerate(days) for tip in ("19:00",)]
    games += [game(30 + each, "22:00", day) for each, day in enumerate(days[:5])]
    planned = plan(games, ["points", "threes"], ["draftkings"], 200)
    assert sum(planned.day_budget(day) for day in days) <= 200
    for day in days:
        mine = [each for each in games if each.game_date == day]
        now = datetime.combine(day, MORNING.timetz())
        again = polls(mine, now, planned.day_budget(day), prices=planned.prices)
        assert sum(len(poll.games) * 2 + poll.lines * 3 for poll in again) == planned.day_budget(day)


def test_credits_are_games_times_markets_times_regions_and_listing_is_free() -> None:
    planned = plan([EARLY, LATE], ["points", "rebounds", "assists"], [], lines=False)
    costs = {cost.scraper: cost for cost in planned.costs()}
    assert (costs["odds_api_event_odds"].requests, costs["odds_api_event_odds"].credits) == (22, 66)
    assert (costs["odds_api_game_lines"].requests, costs["odds_api_events"].credits) == (0, 0)
    assert costs["odds_api_events"].requests == 16
    assert costs["bettingpros_offers"].credits == 0


def test_a_usual_month_stands_in_for_a_schedule_that_is_not_held() -> None:
    planned = plan(usual_games([DAY]), ["points"], [])
    assert planned.count(CLOSING) == 8
    assert planned.count(OPENING) == 8
    assert planned.count(GAME_LINES_TURN) == 2


tips = st.lists(st.sampled_from(["12:00", "15:30", "19:00", "19:30", "20:00", "22:00", "22:30"]), max_size=8)


@given(tips, st.integers(0, 600), st.integers(1, 40))
def test_no_plan_exceeds_its_budget_and_none_keeps_less_before_more_important(
    at: list[str], budget: int, props: int
) -> None:
    games = [game(number, tip) for number, tip in enumerate(at)]
    planned = plan(games, ["points"] * props, [], budget)
    spent = planned.day_budget(DAY)
    assert spent <= budget
    kept = [planned.count(turn) for turn in range(4)]
    whole = [planned.count(turn, full=True) for turn in range(4)]
    first_thinned = next((turn for turn in range(4) if kept[turn] < whole[turn]), BETWEEN)
    assert all(kept[turn] == 0 for turn in range(first_thinned + 1, 4))
    assert plan(games, ["points"] * props, [], budget) == planned
