"""States from prefix sums say what their SQL says; what could not be added up exactly is refused."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from tests.features.generated import Generated, leagues, unique
from tests.features.league import empty_warehouse, warehouse_of
from tests.features.test_leaks import few

from fairline.features.assemble import final
from fairline.features.calls import Call, called, named
from fairline.features.catalogue.target import SHARED
from fairline.features.rounding import in_order
from fairline.features.states import STATES, State
from fairline.features.windows import computed
from fairline.platform.warehouse import DuckWarehouse

WORLD = empty_warehouse()
THREE = "last_3_of_season"
SINCE = datetime(1900, 1, 1, tzinfo=UTC)
SUMMARY = "analytics.player_game_summary"
EVERYONE = (
    f"CREATE OR REPLACE TEMP TABLE player_context AS SELECT DISTINCT player_id, TRUE AS asked FROM {SUMMARY}",
    "CREATE OR REPLACE TEMP TABLE team_context AS SELECT 2000 AS season",
)


def both_ways(warehouse: DuckWarehouse, state: State) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The state's rows as made, and as its SQL says them."""
    for statement in EVERYONE:
        warehouse.execute(statement)
    state.make(warehouse)
    key = [state.entity, "known_from"]
    made, said = (warehouse.query(f"SELECT * FROM {rows}") for rows in (state.relation, f"({state.sql()})"))
    return made.sort(key), said.sort(key)


@few
@given(made=leagues())
def test_games_learnt_late_and_corrected_add_up_as_the_sql_says(made: Generated):
    warehouse = warehouse_of(unique(made.league.frames()), WORLD)
    for state in STATES:
        assert_frame_equal(*both_ways(warehouse, state), check_dtypes=False, check_exact=True)


def at_moments(warehouse: DuckWarehouse, state: State, rows: str) -> pl.DataFrame:
    """What the rows say of each entity at each of `moments`, whenever they were told to hold."""
    return warehouse.query(
        f"SELECT moments.cutoff, rows.* EXCLUDE (known_from, known_until) FROM moments JOIN ({rows}) AS rows"
        f" ON rows.known_from <= moments.cutoff AND moments.cutoff < rows.known_until ORDER BY cutoff, {state.entity}"
    )


@few
@given(made=leagues(), draw=st.data())
def test_what_is_made_for_a_few_moments_is_what_the_whole_history_says_then(made: Generated, draw: st.DataObject):
    warehouse = warehouse_of(unique(made.league.frames()), WORLD)
    for statement in EVERYONE:
        warehouse.execute(statement)
    known = warehouse.query(f"SELECT DISTINCT known_at FROM {SUMMARY} ORDER BY known_at")["known_at"].to_list()
    # At the very moment something became known, just before it, and just after.
    near = [moment + timedelta(microseconds=by) for moment in known for by in (-1, 0, 1)]
    cutoffs = pl.DataFrame({"cutoff": draw.draw(st.lists(st.sampled_from(near), min_size=1, max_size=3, unique=True))})
    with warehouse.frame("moments", cutoffs.cast(pl.Datetime("us", "UTC"))):
        for state in STATES:
            state.make(warehouse, (min(cutoffs["cutoff"]), max(cutoffs["cutoff"])))
            made_then, said = (at_moments(warehouse, state, rows) for rows in (f"FROM {state.relation}", state.sql()))
            assert_frame_equal(made_then, said, check_dtypes=False, check_exact=True)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_every_state_of_ten_seasons_is_what_the_sql_says(real: DuckWarehouse, state: State):
    made, said = both_ways(real, state)
    assert made.height > 5_000
    assert_frame_equal(made, said, check_dtypes=False, check_exact=True)


def games(**columns: list[object]) -> pl.DataFrame:
    """Games of one player in order, in one epoch."""
    height = len(next(iter(columns.values())))
    about = {"player_id": [7] * height, "since": [SINCE] * height, "season": [2023] * height}
    return pl.DataFrame(about | columns, schema_overrides={"points": pl.Int32})


def test_a_window_without_a_single_value_sums_to_null_and_counts_to_zero():
    rows = computed(
        games(points=[None, 5, None, None, 7]),
        [Call("sum", "points", THREE), Call("count", "points", THREE)],
        "player_id",
    )
    assert rows[f"sum_points_{THREE}"].to_list() == [None, 5, 5, 5, 7]
    assert rows[f"count_points_{THREE}"].to_list() == [0, 1, 1, 1, 1]
    early = computed(games(points=[None, None]), [Call("sum", "points", "season")], "player_id")
    assert early["sum_points_season"].to_list() == [None, None]


def test_a_game_said_to_be_of_a_wrong_season_counts_in_that_season_alone():
    rows = games(points=[1, 10, 100, 1000], season=[2022, 2023, 2022, None])
    summed = computed(rows, [Call("sum", "points", "season"), Call("sum", "points", "career")], "player_id")
    assert summed["sum_points_season"].to_list() == [1, 10, 101, 1000]
    assert summed["sum_points_career"].to_list() == [1, 11, 111, 1111]


def test_the_last_games_of_a_season_reach_into_no_other_season():
    rows = games(points=[1, 10, 100, 1000, 10000], season=[2022, 2022, 2023, 2023, 2023])
    summed = computed(rows, [Call("sum", "points", THREE), Call("sum", "points", "last_82")], "player_id")
    assert summed[f"sum_points_{THREE}"].to_list() == [1, 11, 100, 1100, 11100]
    assert summed["sum_points_last_82"].to_list() == [1, 11, 111, 1111, 11111]


def test_no_window_reaches_into_another_players_games():
    rows = games(points=[1, 2, 3], player_id=[7, 8, 8])
    calls = [Call("sum", "points", THREE), Call("lag", "points", "game", 1), Call("lead", "points", "game", -1)]
    told = computed(rows, calls, "player_id")
    assert told[f"sum_points_{THREE}"].to_list() == [1, 2, 5]
    assert told["lag_points_1"].to_list() == [None, None, 2]
    assert told["lead_points_1"].to_list() == [None, 3, None]


def test_doubles_are_not_added_up_because_their_sum_depends_on_the_order():
    with pytest.raises(TypeError, match="pace is Float64"):
        computed(games(pace=[0.1, 0.2]), [Call("sum", "pace", "career")], "player_id")


def test_a_window_function_that_nobody_computes_is_an_error_and_no_silent_null():
    with pytest.raises(ValueError, match="max"):
        named("max(points) OVER last_10")


def test_two_calls_cannot_share_a_name():
    with pytest.raises(ValueError, match="both be named sum_points_seconds_last_10"):
        called(["sum(points * seconds) OVER last_10", "sum(points + seconds) OVER last_10"])


def test_what_many_features_of_the_game_to_come_repeat_is_computed_once():
    assert [final().count(text) for text in SHARED.values()] == [1] * len(SHARED)


def test_rounding_and_sorting_say_what_polars_says():
    values = [2.5000000005, -2.5000000005, 0.0, -0.0, None, 1e-12 / 3, 99999.99995, 123456789.5, 1e9 / 7, 5.0]
    rows = pl.DataFrame({"game": [f"{game % 4}" for game in range(10)], "player": range(10), "value": values})
    told = in_order(rows, ["game", "player"], ["value"], 9)
    assert_frame_equal(
        told, rows.sort("game", "player").with_columns(pl.col("value").round_sig_figs(9)), check_exact=True
    )
    assert in_order(rows.clear(), ["game"], ["value"], 9).height == 0
