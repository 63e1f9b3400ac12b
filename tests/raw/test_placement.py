"""Which game a quote is about."""

from datetime import UTC, date, datetime

import polars as pl
import pytest
from tests.raw.world import BOS, GAMES, GSW, LAL, NYK, PLAYERS, League, box_scores, quote, quotes, schedule

from fairline.raw.schema import PROP_QUOTES

# 22:00 Eastern on 11 November, and what the feed wrote after midnight: the opponent's next game.
NIGHT_TIP = "2024-11-12 03:00:00+00:00"
NEXT_TIP = "2024-11-13 00:30:00+00:00"


def place(league: League, player: str, captured_at: str, **given: object) -> pl.DataFrame:
    league.take(quotes(quote(player, captured_at, **given)))
    return league.rows(PROP_QUOTES)


def test_a_quote_with_both_teams_and_a_tip_off_is_placed(league: League):
    teams = {"home_team": "Boston Celtics", "away_team": "New York Knicks"}
    row = place(league, "Herb Jones", "2024-11-04 18:00:00+00:00", tipoff="2024-11-05 00:40:00+00:00", **teams)
    assert row.select("game_id", "game_date", "player_id", "team_id").rows() == [
        ("0022400101", date(2024, 11, 4), 903, None)
    ]


def test_home_and_away_may_be_swapped(league: League):
    row = place(league, "Herb Jones", "2024-11-04 18:00:00+00:00", home_team="NYK", away_team="BOS")
    assert row["game_id"].item() == "0022400101"


def test_a_stated_opponent_tells_the_players_team(league: League):
    row = place(league, "Herb Jones", "2024-11-04 18:00:00+00:00", opponent="BOS", tipoff="2024-11-05 00:30:00+00:00")
    assert row.select("game_id", "team_id").rows() == [("0022400101", NYK)]


def test_only_the_player_and_the_tip_off_are_enough(league: League):
    row = place(league, "Draymond Green", "2024-11-04 18:00:00+00:00", tipoff="2024-11-05 03:10:00+00:00")
    assert row.select("game_id", "team_id").rows() == [("0022400102", None)]


def test_only_the_teams_and_the_capture_time_are_enough_even_just_after_tip_off(league: League):
    row = place(league, "Herb Jones", "2024-11-05 00:36:00+00:00", home_team="BOS", away_team="NYK")
    assert row["game_id"].item() == "0022400101"
    assert row["captured_at"].item() == datetime(2024, 11, 5, 0, 36, tzinfo=UTC)


def test_the_next_meeting_is_meant_once_the_last_is_over(league: League):
    row = place(league, "Herb Jones", "2024-11-05 15:00:00+00:00", home_team="NYK", away_team="BOS")
    assert row["game_id"].is_empty()  # the next meeting is a week and more ahead
    row = place(league, "Herb Jones", "2024-11-11 15:00:00+00:00", home_team="NYK", away_team="BOS")
    assert row["game_id"].to_list() == ["0022400105"]


@pytest.mark.parametrize("tipoff", [None, NEXT_TIP])
def test_a_quote_seen_just_after_midnight_belongs_to_the_night_before(league: League, tipoff: str | None):
    # Draymond Green's team plays at NYK on the 11th; NYK's game of the 12th, whose tip-off is stated, is against BOS.
    row = place(league, "Draymond Green", "2024-11-12 05:10:00+00:00", opponent="NYK", tipoff=tipoff)
    assert row.select("game_id", "game_date", "commence_at", "team_id").rows() == [
        ("0022400104", date(2024, 11, 11), None, GSW)
    ]


def test_by_day_a_tip_off_of_the_opponents_next_game_is_the_wrong_game(league: League):
    (report,) = league.take(
        quotes(quote("Draymond Green", "2024-11-11 15:00:00+00:00", opponent="NYK", tipoff=NEXT_TIP))
    )
    assert report.quarantined == {"wrong_game": 1}
    assert league.rows(PROP_QUOTES).is_empty()


def test_a_player_of_neither_team_is_in_the_wrong_game(league: League):
    (report,) = league.take(
        quotes(quote("Draymond Green", "2024-11-04 18:00:00+00:00", home_team="BOS", away_team="NYK"))
    )
    assert report.quarantined == {"wrong_game": 1}


def test_teams_that_do_not_meet_have_no_game(league: League):
    (report,) = league.take(quotes(quote("Herb Jones", "2024-11-04 18:00:00+00:00", home_team="NYK", away_team="LAL")))
    assert report.quarantined == {"no_game": 1}


def test_a_stated_tip_off_tells_two_meetings_apart(nothing: League):
    twice = (*GAMES, ("0022400107", "2024-11-05", "19:30:00", BOS, NYK))
    nothing.take(schedule(twice), box_scores())
    row = place(nothing, "Herb Jones", "2024-11-04 16:00:00+00:00", opponent="BOS", tipoff="2024-11-06 00:30:00+00:00")
    assert row["game_id"].item() == "0022400107"


POSTPONED = ("0022400108", "2024-11-20", "19:30:00", BOS, LAL)


def test_a_quote_for_a_postponed_game_stays_on_the_date_it_was_for(nothing: League):
    nothing.take(schedule((*GAMES, POSTPONED)), box_scores())
    later = pl.DataFrame(
        [("0022400108", "2024-12-27", "2024-12-28T00:30:00Z", BOS, LAL, 110, 100, "Final")],
        schema=["game_id", "date_et", "tip_utc", "home_id", "away_id", "home_score", "away_score", "status_text"],
        orient="row",
    )
    nothing.take(later)
    row = place(nothing, "Jalen Johnson", "2024-11-20 18:00:00+00:00", home_team="BOS", away_team="LAL",
                tipoff="2024-11-21 00:30:00+00:00")  # fmt: skip
    assert row.select("game_id", "game_date").rows() == [("0022400108", date(2024, 11, 20))]


def test_a_quote_for_a_game_held_only_on_its_new_date_keeps_its_own(nothing: League):
    moved = ("0022400108", "2024-12-27", "19:30:00", BOS, LAL)
    nothing.take(schedule((*GAMES, moved)), box_scores())
    row = place(nothing, "Jalen Johnson", "2024-11-20 18:00:00+00:00", home_team="BOS", away_team="LAL",
                tipoff="2024-11-21 00:30:00+00:00")  # fmt: skip
    tip = datetime(2024, 11, 21, 0, 30, tzinfo=UTC)
    assert row.select("game_id", "game_date", "commence_at").rows() == [("0022400108", date(2024, 11, 20), tip)]


def test_a_traded_player_is_placed_with_his_new_team(nothing: League):
    # Last seen with BOS on the 8th, first seen with GSW on the 14th; quoted for GSW's game of the 11th.
    traded = (
        *PLAYERS,
        (941, "Just Traded", BOS, ("0022400101", "0022400103")),
        (941, "Just Traded", GSW, ("0022400106",)),
    )
    nothing.take(schedule(), box_scores(traded))
    row = place(nothing, "Just Traded", "2024-11-11 18:00:00+00:00", opponent="NYK", tipoff=NIGHT_TIP)
    assert row.select("game_id", "team_id").rows() == [("0022400104", GSW)]


def test_teams_are_read_in_every_spelling(league: League):
    for home, away in (("GS", "BOS"), ("Golden State Warriors", "bos"), (str(GSW), str(BOS))):
        league.take(quotes(quote("Draymond Green", "2024-11-14 18:00:00+00:00", home_team=home, away_team=away)))
    assert league.rows(PROP_QUOTES)["game_id"].to_list() == ["0022400106"]
    assert LAL not in (GSW, BOS)
