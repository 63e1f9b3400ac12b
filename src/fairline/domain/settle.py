"""How a bet ends. The only code that knows what a whole-number line does.

A count above the line is over, below it under, equal to it a push. A half-point line cannot push.
"""

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from fairline.domain.errors import BrokenContract
from fairline.domain.line import Line

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from fairline.domain.pmf import Pmf


class Outcome(StrEnum):
    """How a bet on a line ended."""

    OVER = "over"
    UNDER = "under"
    PUSH = "push"
    VOID = "void"
    """The game is final and the player was not in it: the stake is returned."""
    NO_ACTION = "no_action"
    """The game was postponed or cancelled: the stake is returned."""
    UNGRADED = "ungraded"
    """No result is held yet."""


COVERED = frozenset({Outcome.OVER, Outcome.UNDER, Outcome.PUSH, Outcome.VOID})
"""The outcomes that count as graded."""


class Settlement(NamedTuple):
    """Probabilities of the three outcomes, summing to 1; arrays for a batch, floats for one distribution."""

    over: "NDArray[np.float64]"
    under: "NDArray[np.float64]"
    push: "NDArray[np.float64]"


def settle(pmf: "Pmf", line: "Line | NDArray[np.integer]") -> Settlement:
    """Probabilities of over, under and push.

    line: one line, or whole half points (49 is 24.5) in an array that broadcasts against the batch.
    Raises BrokenContract when the array holds anything but non-negative integers.

    >>> from fairline.domain.pmf import Pmf
    >>> [float(p) for p in settle(Pmf([0.25, 0.5, 0.25]), Line.of(1))]
    [0.25, 0.25, 0.5]
    """
    halves = _halves(line)
    # Counts up to the line are fewer than halves // 2 + 1, counts under it fewer than (halves + 1) // 2:
    # the same number unless the line is whole.
    up_to, under = pmf.below(halves // 2 + 1), pmf.below((halves + 1) // 2)
    return Settlement(over=1 - up_to, under=under, push=up_to - under)


def outcome(actual: int | None, line: Line, *, game_final: bool, postponed: bool, results_held: bool) -> Outcome:
    """How a bet ended, whichever side was taken.

    actual: what the player counted; None when he is not in the box score.
    game_final, postponed: the state of the game (postponed includes cancelled).
    results_held: the box score of the game is here.

    >>> outcome(25, Line.of(25), game_final=True, postponed=False, results_held=True).value
    'push'
    >>> outcome(None, Line.of(25), game_final=True, postponed=False, results_held=True).value
    'void'
    """
    import numpy as np

    ended = outcomes(
        np.array(np.nan if actual is None else actual),
        np.array(line.halves),
        game_final=np.array(game_final),
        postponed=np.array(postponed),
        results_held=np.array(results_held),
    )
    return Outcome(ended.item())


def outcomes(
    actual: "NDArray[np.float64]",
    halves: "NDArray[np.integer]",
    *,
    game_final: "NDArray[np.bool_]",
    postponed: "NDArray[np.bool_]",
    results_held: "NDArray[np.bool_]",
) -> "NDArray[np.str_]":
    """How bets ended, for arrays that broadcast; actual is NaN where the player is not in the box score.

    >>> import numpy as np
    >>> yes, no = np.array(True), np.array(False)
    >>> outcomes(np.array([24, 25, 26, np.nan]), np.array(50), game_final=yes, postponed=no, results_held=yes).tolist()
    ['under', 'push', 'over', 'void']
    """
    import numpy as np

    twice = 2 * np.asarray(actual, dtype=np.float64)
    halves = _halves(halves)
    rules = [
        (postponed, Outcome.NO_ACTION),
        (~(game_final & results_held), Outcome.UNGRADED),
        (np.isnan(twice), Outcome.VOID),
        (twice > halves, Outcome.OVER),
        (twice < halves, Outcome.UNDER),
    ]
    conditions = np.broadcast_arrays(*(condition for condition, _ in rules))
    return np.select(conditions, [ended.value for _, ended in rules], default=Outcome.PUSH.value)


def _halves(line: "Line | NDArray[np.integer]") -> "NDArray[np.integer]":
    import numpy as np

    halves = np.asarray(line.halves if isinstance(line, Line) else line)
    if not np.issubdtype(halves.dtype, np.integer) or (halves < 0).any():
        message = f"Lines travel as whole, non-negative half points, not {halves.dtype}: {halves}."
        raise BrokenContract(message, hint="24.5 is 49: convert at the border, and never round.")
    return halves
