"""Who can play and for whom, as of a cutoff, does not depend on what became known after it (failures 1, 2 and 11)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.features.league import BOS, LAL, NYK, League, asking, empty_warehouse, evening, warehouse_of

from fairline.analytics.build import statement
from fairline.platform.warehouse import DuckWarehouse

DAY, GAME = date(2023, 12, 5), "0022300002"
CUTOFF = evening(DAY, 18)
HOUR = timedelta(hours=1)
TEAMS, PLAYERS = (BOS, NYK, LAL), (1, 2, 3)
STATUSES = ("out", "questionable", "available", "unknown")

hours = st.integers(-90, 40)
told = st.lists(
    st.tuples(
        st.sampled_from(("box", "listing", "index", "signing", "waive", "trade", "league", "official", "espn", "list",
                         "absence")),
        hours, st.sampled_from(TEAMS), st.sampled_from(PLAYERS), st.sampled_from(STATUSES), st.booleans(),
    ),
    min_size=4, max_size=24, unique_by=lambda fact: fact[:2],
)  # fmt: skip
"""What someone says, at so many hours from the cutoff, of a team and a player."""


def world(facts: list[tuple[str, int, int, int, str, bool]]) -> League:
    """A league in which all that was told."""
    league = League()
    league.game(GAME, DAY, BOS, NYK)
    for kind, hour, team, player, status, yes in facts:
        _tell(league, kind, hour, team, player, status, yes)
    return league


def _tell(league: League, kind: str, hour: int, team: int, player: int, status: str, yes: bool) -> None:
    at = CUTOFF + hour * HOUR
    name = f"Player {player}"
    if kind == "box":
        game, day = f"00223001{hour + 90:02d}", (at - 8 * HOUR).date()
        league.game(game, day, team, LAL if team != LAL else BOS, tip_at=at - 4 * HOUR)
        league.box(game, day, player, team, tip_at=at - 4 * HOUR, known_at=at)
    elif kind in ("listing", "espn"):
        source = "nba_roster" if kind == "listing" else "espn_roster"
        for each in PLAYERS if yes else (player,):
            league.add("rosters", at, source=source, listed_at=at, team_id=team, player_id=each, player_name="Someone")
        if kind == "espn":
            _word(league, "injury_reports", source, at, team, player, status)
    elif kind == "index":
        league.add("players", at, player_id=player, player_name=name, team_id=team if yes else None, active=yes)
    elif kind in ("signing", "waive", "trade"):
        league.add(
            "player_movements", at, at - 24 * HOUR, moved_on=(at - 24 * HOUR).date(), player_id=player, team_id=team,
            movement=kind, player_name=name,
        )  # fmt: skip
    elif kind == "league":
        league.report(at, {player: status} if yes else {})
    elif kind == "official":
        league.add("injury_snapshots", at, source="nba_injury_report", reported_at=at, players_listed=0)
        for days, table, submitted in ((0, "injury_reports", yes), (1, "later_injury_reports", not yes or None)):
            day = at.date() + timedelta(days=days)
            league.add(
                "injury_report_teams", at, source="nba_injury_report", reported_at=at, game_date=day, team_id=team,
                submitted=bool(submitted), players_listed=1,
            )  # fmt: skip
            if submitted:
                of_game = {"game_date": day} if days else {}
                _word(league, table, "nba_injury_report", at, team, player, status, **of_game)
    elif kind == "list":
        _word(league, "injury_reports", "balldontlie_injuries", at, team, player, status)
    else:
        league.add(
            "inactives", at, game_id=f"00223002{hour + 90:02d}", game_date=at.date(), player_id=player, team_id=team,
            player_name=name, absence="inactive",
        )  # fmt: skip


def _word(league: League, table: str, source: str, at: Any, team: int, player: int, status: str, **more: Any) -> None:
    league.add(
        table, at, source=source, reported_at=at, team_id=team, player_id=player, player_name=f"Player {player}",
        status=status, **more,
    )  # fmt: skip


def contexts(warehouse: DuckWarehouse) -> pl.DataFrame:
    """Of everyone who may play: team, status and its time, as known at the cutoff."""
    cutoffs, asked = asking(*((GAME, CUTOFF, player) for player in PLAYERS))
    with warehouse.frame("cutoffs", cutoffs), warehouse.frame("asked", asked):
        teams = warehouse.query(statement("upcoming_team_game_context"))
        with warehouse.frame("team_context", teams):
            return warehouse.query(statement("upcoming_player_game_context")).sort("player_id")


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[DuckWarehouse, DuckWarehouse]]:
    """Two warehouses, used again and again."""
    both = empty_warehouse(), empty_warehouse()
    yield both
    for each in both:
        each.close()


@settings(max_examples=25)
@given(facts=told)
def test_status_and_team_at_a_cutoff_are_the_same_without_what_became_known_later(
    pair: tuple[DuckWarehouse, DuckWarehouse], facts: list[tuple[str, int, int, int, str, bool]]
):
    frames = world(facts).frames()
    by_then = {name: frame.filter(pl.col("known_at") <= CUTOFF) for name, frame in frames.items()}
    whole, then = warehouse_of(frames, into=pair[0]), warehouse_of(by_then, into=pair[1])
    assert contexts(whole).equals(contexts(then))
