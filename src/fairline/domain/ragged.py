"""Distributions of different lengths, as tables keep them, in one batch."""

import numpy as np
from numpy.typing import NDArray

from fairline.domain.errors import BrokenContract
from fairline.domain.pmf import Pmf


def batch_of(values: NDArray[np.float64], lengths: NDArray[np.integer]) -> Pmf:
    """The distributions laid end to end in `values`, each of its length, padded with counts of probability 0.

    Raises BrokenContract when the lengths are not positive or do not add up to the values, and for what `Pmf` refuses.

    >>> batch_of(np.array([0.5, 0.5, 1.0]), np.array([2, 1])).p
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    if lengths.size == 0 or (lengths <= 0).any() or lengths.sum() != values.size:
        message = f"{values.size} probabilities cannot be {lengths.size} distributions of {lengths.sum()} counts."
        raise BrokenContract(message, hint="Leave rows without a forecast out of the batch; nothing is filled in.")
    p = np.zeros((lengths.size, int(lengths.max())))
    # Row-major order on both sides: the k-th true cell takes the k-th value.
    p[np.arange(p.shape[1]) < lengths[:, None]] = values
    return Pmf(p)
