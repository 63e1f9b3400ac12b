"""Whose player someone is, as of any time: trades, waivers, signings, rosters (failure 11)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from tests.features.league import BOS, LAL, NYK, League, evening

DAY = date(2023, 12, 1)
PLAYER = 1
DAYS = timedelta(days=1)


@pytest.fixture
def league() -> League:
    """One game for Boston, in which he played."""
    league = League()
    league.game("0022300001", DAY, BOS, NYK)
    for player, team in ((PLAYER, BOS), (2, NYK)):
        league.box("0022300001", DAY, player, team, minutes=240.0)
    return league


def noon(day: date) -> datetime:
    return evening(day, 12)


def moved(league: League, days: int, movement: str, team: int, **told: Any) -> None:
    """A movement so many days after the game, known at noon the day after."""
    day = DAY + timedelta(days=days)
    league.add(
        "player_movements", noon(day + DAYS), noon(day), moved_on=day, player_id=PLAYER, team_id=team,
        movement=movement, player_name="Player 1", **told,
    )  # fmt: skip


def listed(league: League, at: datetime, team: int, *players: int, source: str = "nba_roster") -> None:
    """A team's whole roster."""
    for player in players:
        league.add(
            "rosters", at, source=source, listed_at=at, team_id=team, player_id=player, player_name=f"Player {player}"
        )


def spells(league: League, player: int = PLAYER) -> list[tuple[int | None, int]]:
    """His teams, and how many whole days after the game's day each was known."""
    rows = league.warehouse().query(
        "SELECT team_id, known_at FROM analytics.roster_spells WHERE player_id = ? ORDER BY known_at", [player]
    )
    return [(team, (known - evening(DAY, 0)) // DAYS) for team, known in rows.rows()]


def test_a_waived_player_belongs_to_no_team_until_another_signs_him(league: League):
    moved(league, 3, "waive", BOS)
    moved(league, 10, "signing", LAL)
    assert spells(league) == [(BOS, 0), (None, 4), (LAL, 11)]


def test_a_trade_is_known_the_day_after_before_he_plays_for_the_new_team(league: League):
    moved(league, 5, "trade", NYK)
    assert spells(league) == [(BOS, 0), (NYK, 6)]


def test_who_is_traded_and_waived_by_the_new_team_the_same_day_has_none(league: League):
    moved(league, 5, "trade", LAL)
    moved(league, 5, "waive", LAL)
    assert spells(league) == [(BOS, 0), (None, 6)]


def test_a_player_waived_to_be_signed_anew_the_same_day_stays(league: League):
    moved(league, 5, "waive", BOS)
    moved(league, 5, "signing", BOS)
    assert spells(league) == [(BOS, 0)]


def test_the_old_team_that_lists_him_no_more_does_not_take_him_from_the_new(league: League):
    listed(league, noon(DAY + 2 * DAYS), BOS, PLAYER, 7)
    moved(league, 3, "trade", LAL)
    listed(league, noon(DAY + 6 * DAYS), BOS, 7)
    assert spells(league) == [(BOS, 0), (LAL, 4)]


def test_a_listing_replaces_the_one_before_and_whom_it_leaves_out_is_gone(league: League):
    listed(league, noon(DAY + 2 * DAYS), BOS, PLAYER, 7)
    listed(league, noon(DAY + 3 * DAYS), BOS, 7)
    assert spells(league) == [(BOS, 0), (None, 3)]
    assert spells(league, 7) == [(BOS, 2)]


def test_a_listing_of_another_source_that_lacks_him_says_nothing(league: League):
    listed(league, noon(DAY + 2 * DAYS), BOS, PLAYER, 7)
    listed(league, noon(DAY + 3 * DAYS), BOS, 7, source="espn_roster")
    assert spells(league) == [(BOS, 0)]


def test_a_box_score_from_before_the_waiver_that_is_corrected_after_it_does_not_bring_him_back(league: League):
    moved(league, 3, "waive", BOS)
    league.box("0022300001", DAY, PLAYER, BOS, minutes=240.0, points=12, known_at=noon(DAY + 9 * DAYS))
    assert spells(league) == [(BOS, 0), (None, 4)]


def test_an_index_that_tells_he_is_on_no_roster_takes_him_off_his_team(league: League):
    at = noon(DAY + 30 * DAYS)
    league.add("players", at, source="nba_players", player_id=PLAYER, player_name="Player 1", active=False)
    assert spells(league) == [(BOS, 0), (None, 30)]


def test_an_index_that_does_not_tell_who_is_active_moves_nobody(league: League):
    at = noon(DAY + 30 * DAYS)
    league.add("players", at, source="balldontlie_players", player_id=PLAYER, player_name="Player 1", team_id=LAL)
    assert spells(league) == [(BOS, 0)]
