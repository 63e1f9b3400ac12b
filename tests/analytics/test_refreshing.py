"""A refresh rebuilds what reads a table that changed, and nothing else."""

from datetime import date, timedelta

import pytest
from tests.features.league import BOS, NYK, League, evening, frame_of

from fairline.analytics.build import refresh, state
from fairline.analytics.schema import BUILT
from fairline.platform.warehouse import DuckWarehouse
from fairline.raw.schema import INACTIVES

DAY = date(2023, 12, 1)
GAME = "0022300001"


@pytest.fixture
def held() -> DuckWarehouse:
    """A game that was played, refreshed once."""
    league = League()
    league.game(GAME, DAY, BOS, NYK)
    for player, team in ((1, BOS), (3, NYK)):
        league.box(GAME, DAY, player, team, minutes=240.0)
    warehouse = league.warehouse()
    assert state(warehouse) == "", "it was built, and nobody noted from what"
    assert _refreshed(warehouse) == {table.full_name for table in BUILT}
    return warehouse


def _refreshed(warehouse: DuckWarehouse) -> set[str]:
    """Tables that a refresh made of something else than before."""
    before, after = _noted(warehouse), refresh(warehouse) and _noted(warehouse)
    return {name for name, made in after.items() if before.get(name) != made} if after else set()


def _noted(warehouse: DuckWarehouse) -> dict[str, str]:
    return dict(warehouse.query("SELECT table_name, fingerprint FROM analytics.built_from").iter_rows())


def test_nothing_is_built_twice(held: DuckWarehouse) -> None:
    assert state(held)
    assert _refreshed(held) == set()


def test_a_list_of_inactives_leaves_what_is_made_of_box_scores_alone(held: DuckWarehouse) -> None:
    before = state(held)
    league = League()
    tip = evening(DAY)
    league.add("inactives", tip - timedelta(hours=1), tip, game_id=GAME, game_date=DAY, player_id=2, team_id=BOS)
    row = league.rows["inactives"][0] | {"player_name": "Player 2", "surname": "Two", "absence": "inactive"}
    held.append_new(INACTIVES, frame_of(INACTIVES, [row]))
    assert _refreshed(held) == {"analytics.player_availability"}
    assert held.query("SELECT count(*) FROM analytics.player_availability WHERE player_id = 2").item() == 1
    assert state(held) != before


def test_what_reads_a_rebuilt_table_is_rebuilt_too(held: DuckWarehouse) -> None:
    held.execute("DELETE FROM raw.player_box_scores")
    assert {"analytics.player_game_summary", "analytics.team_defense_game_summary"} <= _refreshed(held)
    assert held.query("SELECT count(*) FROM analytics.team_defense_game_summary").item() == 0
