import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairline.domain.errors import BrokenContract
from fairline.domain.pmf import Pmf
from fairline.domain.ragged import batch_of


@given(st.lists(st.lists(st.floats(0.01, 1), min_size=1, max_size=6), min_size=1, max_size=5))
def test_each_of_a_batch_answers_as_it_would_alone(weights: list[list[float]]) -> None:
    alone = [Pmf(np.array(one) / sum(one)) for one in weights]
    together = batch_of(np.concatenate([one.p for one in alone]), np.array([one.size for one in alone]))
    for line in range(15):
        halves = np.array(line)
        assert together.over(halves) == pytest.approx([one.over(halves) for one in alone], abs=1e-12)
    assert together.mean == pytest.approx([one.mean for one in alone])


@pytest.mark.parametrize("lengths", [[], [2, 0], [2, 2]])
def test_lengths_that_do_not_fit_the_values_are_refused(lengths: list[int]) -> None:
    with pytest.raises(BrokenContract, match="cannot be"):
        batch_of(np.array([0.5, 0.5, 1.0]), np.array(lengths, dtype=np.int64))
