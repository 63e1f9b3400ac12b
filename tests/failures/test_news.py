"""A user's own news is a fact with two clocks: it counts from when he told it, and no forecast knew it before."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from tests.features.history import ACE, CENTRE, CUTOFF, MATE, TARGET, TONIGHT, WING, history
from tests.features.league import BOS, NYK, League, asking, evening, row

from fairline.features import assemble
from fairline.features.availability import SAID_TO_PLAY

HOUR = timedelta(hours=1)
TOLD_AT = CUTOFF - HOUR
"""After the report of two hours before the cutoff: Ace questionable, Mate out."""


def tell(league: League, player: int, status: str, at: datetime = TOLD_AT, **told: Any) -> None:
    """The user says so of tonight's game."""
    usual = {
        "news_id": len(league.rows["user_news"]) + 1, "player_id": player, "player_name": f"Player {player}",
        "team_id": BOS, "game_date": TONIGHT, "words": "beat writer",
    }  # fmt: skip
    league.add("user_news", at, source="user_news", status=status, **usual | told)


def status_of(league: League, player: int, cutoff: datetime = CUTOFF) -> str | None:
    """What a forecast of tonight's game knows of him."""
    status: str | None = row(league.warehouse(), TARGET, cutoff, player)["status"]
    return status


@pytest.fixture
def league() -> League:
    """Twenty games of Boston; tonight Ace is questionable and Mate out."""
    return history()


def test_news_counts_before_the_reports_held_when_it_was_told(league: League):
    tell(league, ACE, "out")
    tell(league, MATE, "available")
    assert [status_of(league, one) for one in (ACE, MATE, CENTRE)] == ["out", "available", "available"]


def test_a_forecast_made_before_the_news_does_not_know_it(league: League):
    before = row(league.warehouse(), TARGET, TOLD_AT - timedelta(seconds=1), CENTRE)
    tell(league, ACE, "out")
    assert row(league.warehouse(), TARGET, TOLD_AT - timedelta(seconds=1), CENTRE) == before
    assert row(league.warehouse(), TARGET, TOLD_AT, CENTRE) != before | {"cutoff": TOLD_AT}


def test_after_it_is_taken_back_every_feature_is_as_if_it_had_never_been_told(league: League):
    before = row(league.warehouse(), TARGET, CUTOFF, CENTRE)
    tell(league, ACE, "out")
    tell(league, ACE, "withdrawn", TOLD_AT + HOUR / 2, news_id=1)
    held = league.warehouse()
    assert row(held, TARGET, CUTOFF, CENTRE) == before
    assert row(held, TARGET, TOLD_AT + HOUR / 4, ACE)["status"] == "out"


def test_what_the_user_says_last_counts_and_what_it_replaced_does_not_come_back(league: League):
    tell(league, ACE, "out")
    tell(league, ACE, "available", TOLD_AT + HOUR / 4)
    assert status_of(league, ACE) == "available"
    tell(league, ACE, "withdrawn", TOLD_AT + HOUR / 2, news_id=2)
    assert status_of(league, ACE) == "questionable"


def test_a_report_that_repeats_itself_does_not_silence_the_news(league: League):
    tell(league, ACE, "out")
    league.report(TOLD_AT + HOUR / 2, {ACE: "questionable", MATE: "out"})
    assert status_of(league, ACE) == "out"


def test_a_report_that_is_silent_before_and_after_does_not_silence_the_news(league: League):
    tell(league, CENTRE, "out")
    league.report(TOLD_AT + HOUR / 2, {ACE: "questionable", MATE: "out"})
    assert status_of(league, CENTRE) == "out"


def test_a_later_report_that_says_something_new_of_him_counts_instead(league: League):
    tell(league, ACE, "out")
    league.report(TOLD_AT + HOUR / 2, {ACE: "probable", MATE: "out"})
    assert status_of(league, ACE) == "probable"
    assert status_of(league, ACE, TOLD_AT + HOUR / 4) == "out"


def test_a_later_report_that_lists_him_first_counts_instead(league: League):
    tell(league, CENTRE, "out")
    league.report(TOLD_AT + HOUR / 2, {ACE: "questionable", MATE: "out", CENTRE: "probable"})
    assert status_of(league, CENTRE) == "probable"


def test_a_later_report_that_lists_him_no_more_counts_instead(league: League):
    tell(league, ACE, "out")
    league.report(TOLD_AT + HOUR / 2, {MATE: "out"})
    assert status_of(league, ACE) == "available"


def test_news_newer_than_the_report_counts_again(league: League):
    tell(league, ACE, "out")
    league.report(TOLD_AT + HOUR / 4, {ACE: "probable", MATE: "out"})
    tell(league, ACE, "out", TOLD_AT + HOUR / 2)
    assert status_of(league, ACE) == "out"


def test_a_status_nobody_knows_does_not_silence_the_news(league: League):
    tell(league, ACE, "out")
    league.report(TOLD_AT + HOUR / 2, {ACE: "unknown", MATE: "out"})
    assert status_of(league, ACE) == "out"


def test_news_of_one_game_says_nothing_of_another(league: League):
    tell(league, ACE, "out", game_date=TONIGHT + timedelta(days=2))
    assert status_of(league, ACE) == "questionable"
    tell(league, ACE, "out")
    league.game("0022300950", date(2023, 12, 12), BOS, NYK)
    assert row(league.warehouse(), "0022300950", evening(date(2023, 12, 12), 9), ACE)["status"] == "questionable"


def test_news_without_any_report_makes_nobody_else_healthy():
    league = history()
    for table in ("injury_snapshots", "injury_reports"):
        league.rows[table].clear()
    tell(league, ACE, "out")
    assert [status_of(league, one) for one in (ACE, CENTRE)] == ["out", None]


def test_a_star_said_to_be_out_leaves_his_minutes_and_usage_to_his_teammates(league: League):
    before = row(league.warehouse(), TARGET, CUTOFF, WING)
    tell(league, ACE, "out")
    after = row(league.warehouse(), TARGET, CUTOFF, WING)
    # Mate, 40 minutes and 5 shots, is out by the report. Ace: 30 minutes and 16 shots in each of the last ten.
    assert (before["absent_teammates_minutes"], after["absent_teammates_minutes"]) == (40, 70)
    assert (before["absent_teammates_shots"], after["absent_teammates_shots"]) == (5, 21)
    # Questionable he had a chance of 0.61, out he has 0.05.
    assert after["vacated_minutes"] - before["vacated_minutes"] == pytest.approx(30 * 0.56, abs=1e-6)
    assert after["usage_spike"] > before["usage_spike"]


def test_whom_the_user_says_to_play_is_expected_whatever_he_missed(league: League):
    tell(league, MATE, "available")
    assemble.build(held := league.warehouse(), *asking((TARGET, CUTOFF, MATE)))
    chances = dict(held.query("SELECT player_id, chance_of_playing FROM people").iter_rows())
    assert float(chances[MATE]) == SAID_TO_PLAY


def test_quotes_from_before_the_news_are_stale_for_the_whole_team(league: League):
    tell(league, ACE, "out")
    tell(league, ACE, "withdrawn", TOLD_AT + HOUR / 2, news_id=1)
    held = league.warehouse()
    for cutoff, changed in ((TOLD_AT + HOUR / 4, TOLD_AT), (CUTOFF, TOLD_AT + HOUR / 2)):
        assemble.build(held, asking((TARGET, cutoff, ACE))[0], asking()[1])
        changes = dict(assemble.status_changes(held).select("player_id", "status_changed_at").iter_rows())
        assert {changes[one] for one in (ACE, CENTRE)} == {changed}
        assert 31 not in changes
