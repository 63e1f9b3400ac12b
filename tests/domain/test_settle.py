import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from fairline.domain.errors import BrokenContract
from fairline.domain.line import Line
from fairline.domain.pmf import Pmf
from fairline.domain.settle import COVERED, Outcome, outcome, outcomes, settle

halves = st.integers(0, 60)
pmfs = st.integers(1, 20).flatmap(
    lambda k: arrays.arrays(np.float64, k, elements=st.floats(0.01, 1)).map(lambda p: Pmf(p / p.sum()))
)


def final(actual: int | None, line: Line) -> Outcome:
    return outcome(actual, line, game_final=True, postponed=False, results_held=True)


@given(pmfs, halves)
def test_over_under_and_push_are_all_that_can_happen(pmf: Pmf, number: int) -> None:
    settlement = settle(pmf, Line(halves=number))
    assert sum(settlement) == pytest.approx(1, abs=1e-12)
    assert all(-1e-15 <= p <= 1 for p in settlement)


@given(pmfs, halves)
def test_each_probability_is_that_of_the_counts_that_would_end_so(pmf: Pmf, number: int) -> None:
    line = Line(halves=number)
    ends = np.array([final(k, line) for k in range(pmf.size)])
    settlement = settle(pmf, line)
    assert settlement.over == pytest.approx(pmf.p[ends == "over"].sum(), abs=1e-12)
    assert settlement.under == pytest.approx(pmf.p[ends == "under"].sum(), abs=1e-12)
    assert settlement.push == pytest.approx(pmf.p[ends == "push"].sum(), abs=1e-12)
    assert (pmf.over(line), pmf.under(line), pmf.push(line)) == settlement


@given(pmfs, halves)
def test_a_half_point_line_cannot_push(pmf: Pmf, number: int) -> None:
    assert settle(pmf, Line(halves=2 * number + 1)).push == 0


@given(pmfs, halves, halves)
def test_a_higher_line_never_makes_the_over_likelier(pmf: Pmf, one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert pmf.over(Line(halves=high)) <= pmf.over(Line(halves=low)) + 1e-12


def test_a_slate_is_settled_each_player_at_his_own_line() -> None:
    slate = Pmf([[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]])
    settlement = settle(slate, np.array([2, 1]))
    np.testing.assert_allclose(settlement.over, [0.5, 0.4])
    np.testing.assert_allclose(settlement.under, [0.2, 0.6])
    np.testing.assert_allclose(settlement.push, [0.3, 0.0], atol=1e-15)


def test_one_player_is_settled_at_every_line_offered() -> None:
    over = Pmf([0.2, 0.3, 0.5]).over(np.array([0, 1, 2, 3, 4, 99]))
    np.testing.assert_allclose(over, [0.8, 0.8, 0.5, 0.5, 0, 0], atol=1e-15)


@pytest.mark.parametrize("lines", [np.array([24.5]), np.array([-1]), np.array([np.nan])])
def test_lines_in_points_are_not_taken_for_lines_in_half_points(lines: np.ndarray) -> None:
    with pytest.raises(BrokenContract, match="half points"):
        settle(Pmf([1.0]), lines)


@given(st.integers(0, 100))
def test_a_count_equal_to_a_whole_line_is_a_push_and_never_an_over(actual: int) -> None:
    assert final(actual, Line.of(actual)) is Outcome.PUSH
    assert final(actual, Line.of(actual + 0.5)) is Outcome.UNDER
    assert final(actual + 1, Line.of(actual + 0.5)) is Outcome.OVER


def test_a_bet_on_a_player_who_did_not_play_is_void_and_not_an_under() -> None:
    assert final(None, Line.of(24.5)) is Outcome.VOID
    assert final(0, Line.of(24.5)) is Outcome.UNDER


@pytest.mark.parametrize("actual", [None, 30])
def test_a_postponed_game_is_no_action_whatever_else_is_held(actual: int | None) -> None:
    ended = outcome(actual, Line.of(24.5), game_final=False, postponed=True, results_held=False)
    assert ended is Outcome.NO_ACTION


@pytest.mark.parametrize(("game_final", "results_held"), [(False, False), (True, False), (False, True)])
def test_without_a_final_result_held_a_bet_is_ungraded_and_not_void(game_final: bool, results_held: bool) -> None:
    ended = outcome(None, Line.of(24.5), game_final=game_final, postponed=False, results_held=results_held)
    assert ended is Outcome.UNGRADED


def test_only_over_under_push_and_void_count_as_covered() -> None:
    assert set(Outcome) - COVERED == {Outcome.NO_ACTION, Outcome.UNGRADED}


row = st.tuples(st.one_of(st.none(), st.integers(0, 40)), halves, st.booleans(), st.booleans(), st.booleans())


@given(st.lists(row, min_size=1, max_size=20))
def test_a_night_graded_at_once_ends_as_each_bet_alone(rows: list[tuple[int | None, int, bool, bool, bool]]) -> None:
    actual, lines, game_final, postponed, held = (np.array(column) for column in zip(*rows, strict=True))
    at_once = outcomes(actual.astype(np.float64), lines, game_final=game_final, postponed=postponed, results_held=held)
    alone = [
        outcome(count, Line(halves=number), game_final=is_final, postponed=is_postponed, results_held=is_held)
        for count, number, is_final, is_postponed, is_held in rows
    ]
    assert at_once.tolist() == alone
