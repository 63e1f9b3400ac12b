"""Where sources disagree, and what is no disagreement."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.features.league import BOS, NYK, League, evening

from fairline.raw.reconciliation import COLUMNS, disagreements

DAY, GAME = date(2023, 12, 1), "0022300001"
NBA, ESPN, BDL = "nba_box_score", "espn_box_score", "balldontlie_box_scores"
SEEN = evening(DAY, 15)


@pytest.fixture
def league() -> League:
    """A game of two players, told alike by three sources."""
    league = League()
    for source in (NBA, ESPN, BDL):
        for player, team in ((1, BOS), (3, NYK)):
            league.box(GAME, DAY, player, team, source=source, minutes=240.0)
    return league


def found(league: League, *columns: str, day: date = DAY) -> list[Any]:
    return disagreements(league.warehouse(), day, day).select(columns or COLUMNS).rows()


def test_sources_that_say_the_same_have_no_disagreement(league: League):
    assert found(league) == []
    assert found(League()) == []


def test_each_count_told_otherwise_is_one_disagreement_with_the_better_ranked_source(league: League):
    for row in league.rows["player_box_scores"]:
        if (row["source"], row["player_id"]) == (BDL, 1):
            row |= {"points": 11, "rebounds": 5, "assists": None}
    assert found(league, "part", "player_id", "statistic", "source", "stated", "other_source", "other_stated") == [
        ("box_score", 1, "points", NBA, 10.0, BDL, 11.0),
        ("box_score", 1, "rebounds", NBA, 4.0, BDL, 5.0),
    ]


def test_rounded_minutes_are_none_and_two_minutes_are(league: League):
    league.rows["player_box_scores"][2]["minutes"] = 239.2
    assert found(league) == []
    league.rows["player_box_scores"][2]["minutes"] = 238.0
    assert found(league, "statistic", "other_source", "other_stated") == [("minutes", ESPN, 238.0)]


def test_a_player_one_source_lacks_is_one_and_a_cameo_of_seconds_is_not(league: League):
    del league.rows["player_box_scores"][4]
    league.box(GAME, DAY, 9, BOS, source=ESPN, minutes=12.0)
    league.box(GAME, DAY, 8, BOS, source=ESPN, minutes=0.2)
    told = found(league, "player_id", "statistic", "stated", "other_source", "other_stated")
    assert told == [(1, "played", 1.0, BDL, 0.0), (9, "played", 0.0, ESPN, 1.0)]


def test_what_a_source_corrects_is_no_disagreement_any_more(league: League):
    league.rows["player_box_scores"][2]["points"] = 12
    assert len(found(league)) == 1
    league.box(GAME, DAY, 1, BOS, source=ESPN, minutes=240.0, known_at=evening(DAY) + timedelta(days=1))
    assert found(league) == []


def test_another_score_is_one(league: League):
    for source, home in ((NBA, 110), (ESPN, 110), (BDL, 101)):
        league.game(
            GAME, DAY, BOS, NYK, source=source, statement="result", status="final", home_points=home, away_points=99,
            known_at=evening(DAY, 23),
        )  # fmt: skip
    assert found(league, "part", "statistic", "source", "stated", "other_source", "other_stated") == [
        ("result", "home_points", NBA, 110.0, BDL, 101.0)
    ]


@pytest.mark.parametrize(("half_points", "minutes", "apart"), [
    (50, 10, False), (51, 10, True), (51, 20, True), (51, 21, False), (47, 0, True), (48, 0, False),
])  # fmt: skip
def test_a_books_line_from_two_sources_may_differ_by_half_a_point_at_about_the_same_time(
    half_points: int, minutes: int, apart: bool
):
    league = League()
    league.quote(GAME, DAY, 1, SEEN, 49, source="odds_api")
    # Of several lines the one priced nearest even is compared.
    league.quote(GAME, DAY, 1, SEEN, 59, source="odds_api", over_decimal=4.0, under_decimal=1.2)
    league.quote(GAME, DAY, 1, SEEN + timedelta(minutes=minutes), half_points, source="bettingpros")
    league.quote(GAME, DAY, 1, SEEN, 59, source="bettingpros", book="fanduel")
    told = found(league, "part", "statistic", "book", "source", "stated", "other_source", "other_stated")
    line = ("line", "points", "draftkings", "odds_api", 24.5, "bettingpros", half_points / 2)
    assert told == ([line] if apart else [])
