import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairline.domain.errors import BrokenContract
from fairline.domain.line import Line

halves = st.integers(0, 10_000)


@given(halves)
def test_a_line_survives_the_way_to_points_and_back_exactly(number: int) -> None:
    line = Line(halves=number)
    assert Line.of(line.value) == line
    assert Line.of(float(str(line))) == line
    assert line.is_whole == (number % 2 == 0)


@given(halves, halves)
def test_lines_are_equal_ordered_and_hashed_by_their_halves(one: int, other: int) -> None:
    assert (Line(halves=one) == Line(halves=other)) == (one == other)
    assert (Line(halves=one) < Line(halves=other)) == (one < other)
    assert len({Line(halves=one), Line(halves=other)}) == len({one, other})


def test_a_line_of_24_and_a_half_never_meets_25() -> None:
    assert Line.of(24.5) != Line.of(25)
    assert (str(Line.of(24.5)), str(Line.of(25))) == ("24.5", "25")


@given(st.floats().filter(lambda value: math.isnan(value) or math.isinf(value) or (2 * value) % 1 != 0))
def test_what_is_not_a_multiple_of_one_half_is_refused_and_never_rounded(value: float) -> None:
    with pytest.raises(BrokenContract, match="not a multiple of one half"):
        Line.of(value)


@given(st.integers(-1000, -1))
def test_a_negative_line_is_refused(number: int) -> None:
    with pytest.raises(BrokenContract, match="negative"):
        Line(halves=number)


@pytest.mark.parametrize("held", [24.5, 49.0, "49", True, None])
def test_halves_are_whole_numbers_so_points_cannot_slip_in_as_halves(held: object) -> None:
    with pytest.raises(BrokenContract, match="whole halves") as refused:
        Line(halves=held)  # type: ignore[arg-type]
    assert "Line.of" in refused.value.hint
