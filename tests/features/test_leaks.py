"""No feature reads what became known after its cutoff; who else is asked for changes no row (failures 1, 2 and 5)."""

from datetime import datetime, timedelta
from typing import Any

import polars as pl
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from tests.features.generated import Generated, known_by, leagues, otherwise_after, unique
from tests.features.league import asking, empty_warehouse, warehouse_of

from fairline.features import assemble, market
from fairline.platform.warehouse import DuckWarehouse

# A league is drawn from one seed, so a smaller example is only another one: nothing is shrunk.
few = settings(
    max_examples=12, phases=[Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
fewer = settings(few, max_examples=5)

WORLD = empty_warehouse()
"""Where each world is built in turn: making the tables takes as long as building on them."""

Asked = tuple[str, datetime, int, int | None]


def asked_of(made: Generated, places: list[int], hours: list[int]) -> list[Asked]:
    """Some of those who could be asked for, each so many hours before tip-off."""
    chosen = {}
    for place, before in zip(places, hours, strict=True):
        game_id, tip, player, team = made.askable[place % len(made.askable)]
        # A quote tells the team of every other player.
        chosen[game_id, tip - timedelta(hours=before), player] = team if player % 2 else None
    return [(*one, team) for one, team in chosen.items()]


draws = {
    "made": leagues(),
    "places": st.lists(st.integers(0, 10_000), min_size=3, max_size=3),
    "hours": st.lists(st.sampled_from((0, 1, 5, 24, 60)), min_size=3, max_size=3),
}


def rows_of(warehouse: DuckWarehouse, asked: list[Asked]) -> pl.DataFrame:
    """Feature rows of the asked, with the market's."""
    cutoffs, people = asking(*asked)
    priced = market.consensus(market.quotes_as_of(warehouse, people.drop("team_id"), "points"))
    rows = assemble.build(warehouse, cutoffs, people, rosters=False)
    return rows.join(priced, on=list(assemble.KEYS), how="left").sort(assemble.KEYS)


@few
@given(**draws, seed=st.integers(0, 1000))
def test_a_world_without_a_future_or_with_another_gives_the_same_row(seed: int, **drawn: Any):
    made = drawn["made"]
    frames = unique(made.league.frames())
    asked = asked_of(**drawn)
    cutoff = asked[0][1]
    told = rows_of(warehouse_of(frames, WORLD), asked).filter(pl.col("cutoff") == cutoff)
    assert told.height
    for world in (known_by(frames, cutoff), otherwise_after(frames, cutoff, seed)):
        again = rows_of(warehouse_of(world, WORLD), [one for one in asked if one[1] == cutoff])
        assert_frame_equal(again, told, check_exact=True)


@fewer
@given(**draws)
def test_a_row_is_the_same_built_alone_on_its_slate_and_in_the_whole_season(**drawn: Any):
    made = drawn["made"]
    warehouse = warehouse_of(unique(made.league.frames()), WORLD)
    told = {(game, tip - timedelta(hours=1), one): team if one % 2 else None for game, tip, one, team in made.askable}
    everyone = [(*one, team) for one, team in told.items()]
    season = assemble.build(warehouse, *asking(*everyone), rosters=False)
    game, cutoff, player, team = everyone[drawn["places"][0] % len(everyone)]
    of_player = (pl.col("game_id") == game) & (pl.col("player_id") == player) & (pl.col("cutoff") == cutoff)
    alone = assemble.build(warehouse, *asking((game, cutoff, player, team)), rosters=False)
    slate = assemble.build(warehouse, *asking((game, cutoff, player, team)), rosters=True)
    assert_frame_equal(alone, season.filter(of_player), check_exact=True)
    assert_frame_equal(alone, slate.filter(of_player), check_exact=True)


@fewer
@given(**draws)
def test_every_key_appears_once_and_everyone_asked_for_has_a_row(**drawn: Any):
    made = drawn["made"]
    warehouse = warehouse_of(unique(made.league.frames()), WORLD)
    cutoffs, people = asking(*asked_of(**drawn))
    # Two cutoffs of one game, both rosters.
    twice = pl.concat([cutoffs, cutoffs.with_columns(pl.col("cutoff") - pl.duration(minutes=7))]).unique()
    rows = assemble.build(warehouse, twice, people, rosters=True)
    assert not rows.select(assemble.KEYS).is_duplicated().any()
    known = people.join(rows, on=["game_id", "cutoff"], how="semi")
    assert known.join(rows, on=list(assemble.KEYS), how="anti").height == 0
