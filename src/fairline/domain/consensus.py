"""What the books say together, and which of their quotes to take.

The set-based functions take parallel arrays, one entry per quote, and `group`: any integers that tell which quotes
belong together (a player's market in one game; for `nearest_even`, at one book).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fairline.domain.devig import devig_over
from fairline.domain.errors import BrokenContract, NotFound
from fairline.domain.line import Line
from fairline.domain.odds import implied

Floats = NDArray[np.float64]
Integers = NDArray[np.integer]
Mask = NDArray[np.bool_]

SUSPECT_LOG_ODDS = 0.5
"""Log-odds between a fair price and the other books' at the same line beyond which it is taken for another line's."""
LEAST_OTHERS = 3
"""Other books it takes to say so."""


def logit(p: ArrayLike) -> Floats:
    """Log-odds of probabilities; infinite at 0 and 1.

    >>> float(logit(0.5))
    0.0
    """
    p = np.asarray(p, dtype=np.float64)
    with np.errstate(divide="ignore"):
        log_odds: Floats = np.log(p) - np.log1p(-p)
    return log_odds


def expit(x: ArrayLike) -> Floats:
    """Probabilities of log-odds, without overflow at either end.

    >>> float(expit(0.0)), float(expit(-1000.0))
    (0.5, 0.0)
    """
    x = np.asarray(x, dtype=np.float64)
    small = np.exp(-np.abs(x))
    p: Floats = np.where(x >= 0, 1.0, small) / (1 + small)
    return p


def pool_log_odds(p: ArrayLike, weights: ArrayLike | None = None) -> Floats:
    """The probability whose log-odds are the (weighted) mean of those along the last axis.

    p: probabilities strictly between 0 and 1, NaN for a book that is absent; NaN comes out where all are.
    weights: non-negative, broadcast against p; None weighs all alike. Raises BrokenContract for others.

    >>> float(pool_log_odds([0.2, 0.8])), float(pool_log_odds([0.9, np.nan]).round(12))
    (0.5, 0.9)
    """
    p = np.asarray(p, dtype=np.float64)
    held = np.where(np.isnan(p), 0.0, 1.0 if weights is None else weights)
    if ((p <= 0) | (p >= 1)).any() or not (held >= 0).all():
        message = "A probability to pool is not strictly between 0 and 1, or its weight is negative or missing."
        raise BrokenContract(message, hint="De-vigged prices never reach 0 or 1; an absent book is a p of NaN.")
    with np.errstate(invalid="ignore"):
        return expit((np.where(held > 0, logit(p), 0.0) * held).sum(axis=-1) / held.sum(axis=-1))


def main_line(lines: Sequence[Line]) -> Line:
    """The line most books share, given one line per book; see `main_half_points`. Raises NotFound when there is none.

    >>> str(main_line([Line.of(24.5), Line.of(24.5), Line.of(25.5)]))
    '24.5'
    """
    if not lines:
        message = "No book quotes a line."
        raise NotFound(message, hint="Price the player without a line, or import quotes.")
    halves = np.array([line.halves for line in lines])
    return Line(halves=int(main_half_points(np.zeros_like(halves), halves)[0]))


def main_half_points(group: Integers, half_points: Integers) -> Integers:
    """For each quote, its group's main line: the one most books share; of several, their median.

    One quote per book (reduce the alternate-line books by `nearest_even` first). Between an even number of tied
    lines the median is the lower of the middle two: always a line that was quoted, where prices exist to pool.

    >>> main_half_points(np.array([7, 7, 7, 8]), np.array([49, 51, 51, 30]))
    array([51, 51, 51, 30])
    """
    group, half_points = np.asarray(group), np.asarray(half_points)
    order = np.lexsort((half_points, group))
    pairs = np.flatnonzero(_begins(group[order]) | _begins(half_points[order]))
    books = np.diff(pairs, append=order.size)
    groups, lines = group[order][pairs], half_points[order][pairs]
    first_pairs = np.flatnonzero(_begins(groups))
    of_pair = np.cumsum(_begins(groups)) - 1
    tied = np.flatnonzero(books == np.maximum.reduceat(books, first_pairs)[of_pair])
    # Pairs are sorted by group, then line, so the tied lines of a group stand in order.
    first, how_many = np.flatnonzero(_begins(groups[tied])), np.bincount(of_pair[tied])
    main = lines[tied[first + (how_many - 1) // 2]]
    per_quote: Integers = main[np.searchsorted(groups[first_pairs], group)]
    return per_quote


def nearest_even(group: Integers, half_points: Integers, over: Floats, under: Floats) -> Mask:
    """True for the one quote per group whose two prices are nearest each other: a book's main line among alternates.

    over, under: decimal odds, NaN when not offered; a one-sided quote is never chosen, so a group of them has none.
    Of equally even quotes the lower line is taken. Raises ImpossiblePrice.

    >>> nearest_even(np.zeros(2, int), np.array([47, 49]), np.array([1.5, 1.9]), np.array([2.6, 1.9]))
    array([False,  True])
    """
    return _best_of_group(group, -np.abs(implied(over) - implied(under)), -half_points)


def suspect_prices(group: Integers, over: Floats, under: Floats) -> Mask:
    """True for the quotes whose fair log-odds lie more than SUSPECT_LOG_ODDS from the median of the others'.

    group: which quotes are of the same line at the same moment, one per book. over, under: decimal odds, NaN when not
    offered; a one-sided quote is never suspect and speaks for none. With fewer than LEAST_OTHERS others nothing is
    said, and what is said of over is said of under. Raises ImpossiblePrice.

    >>> over, under = np.array([1.67, 1.7, 1.65, 2.9]), np.array([2.25, 2.2, 2.3, 1.38])
    >>> suspect_prices(np.zeros(4, int), over, under), suspect_prices(np.zeros(3, int), over[1:], under[1:])
    (array([False, False, False,  True]), array([False, False, False]))
    """
    log_odds = logit(devig_over(over, under))
    suspect: Mask = np.abs(log_odds - _median_of_others(np.asarray(group), log_odds)) > SUSPECT_LOG_ODDS
    return suspect


def best_price(group: Integers, expected_value: Floats, decimal: Floats) -> Mask:
    """True for the one quote per group with the highest expected value, over all its lines and books.

    Of equal ones the longer price is taken. NaN (no price) is never chosen.

    >>> best_price(np.zeros(3, int), np.array([0.01, 0.03, np.nan]), np.array([1.9, 1.95, np.nan]))
    array([False,  True, False])
    """
    return _best_of_group(group, expected_value, decimal)


def _median_of_others(group: Integers, value: Floats) -> Floats:
    """For each value the median of its group's others; NaN for NaN, and with fewer than LEAST_OTHERS others."""
    held = np.flatnonzero(~np.isnan(value))
    order = held[np.lexsort((value[held], group[held]))]
    begins = _begins(group[order])
    first = np.flatnonzero(begins)[np.cumsum(begins) - 1]
    others = np.bincount(first, minlength=order.size)[first] - 1
    enough = np.flatnonzero(others >= LEAST_OTHERS)
    first, others, rank = first[enough], others[enough], enough - first[enough]
    # The group's values stand in order. Without the one of this rank, those from its place on move down by one.
    low, high = (others - 1) // 2, others // 2
    medians = np.full(value.shape, np.nan)
    below, above = (value[order[first + middle + (middle >= rank)]] for middle in (low, high))
    medians[order[enough]] = (below + above) / 2
    return medians


def _best_of_group(group: Integers, value: Floats, tie: NDArray[np.generic]) -> Mask:
    """True for the first quote with the highest value in its group, then the highest tie; NaN values never."""
    group, value, tie = np.asarray(group), np.asarray(value), np.asarray(tie)
    held = np.flatnonzero(~np.isnan(value))
    # Reversed, so that of quotes alike in everything the first is the last of its group.
    backwards = held[::-1]
    order = backwards[np.lexsort((tie[backwards], value[backwards], group[backwards]))]
    best = np.zeros(group.shape, dtype=np.bool_)
    best[order[_begins(group[order][::-1])[::-1]]] = True
    return best


def _begins(values: NDArray[np.generic]) -> Mask:
    """True where a run of equal values begins."""
    begins = np.ones(values.shape, dtype=np.bool_)
    begins[1:] = values[1:] != values[:-1]
    return begins
