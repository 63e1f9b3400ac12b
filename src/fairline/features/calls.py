"""Calls of functions over windows, `sum(points) OVER last_10`, as they stand in the expressions of features."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SIZES: dict[str, int | None] = {
    **{f"last_{size}": size for size in (10, 15, 82, 225)},
    **{f"last_{size}_of_season": size for size in (3, 5, 10, 20)},
    "season": None,
    "career": None,
}
"""Games a window holds at most; None where it holds all so far."""

OF_SEASON = {name: size for name, size in SIZES.items() if size and name.endswith("_of_season")}
"""The windows of a season's last games, which early in it lack some."""

LONG = "last_82"
"""The window of a player's usual play: a season's games, whichever seasons they are of."""

GAME = "game"
"""The window of `lag` and `lead`, which need no frame."""

_CALL = re.compile(r"\b(sum|count|lag|lead)\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\) OVER (\w+)")


@dataclass(frozen=True, slots=True)
class Call:
    """One function over one window; `argument` is SQL over a game's row, `back` the rows of a lag (a lead's: -1)."""

    function: str
    argument: str
    window: str
    back: int = 0

    @property
    def column(self) -> str:
        """Name of the argument as a column.

        >>> Call("sum", "points * points", "last_10").column
        'points_points'
        """
        return re.sub(r"\W+", "_", self.argument).strip("_").lower()

    @property
    def name(self) -> str:
        """Name of the result as a column.

        >>> Call("count", "*", "season").name, Call("lag", "game_date", "game", 2).name
        ('count_season', 'lag_game_date_2')
        """
        last = str(abs(self.back)) if self.window == GAME else self.window
        return "_".join(part for part in (self.function, self.column, last) if part)

    def sql(self) -> str:
        """As it is written in SQL."""
        argument = f"{self.argument}, {abs(self.back)}" if self.window == GAME else self.argument
        return f"{self.function}({argument}) OVER {self.window}"


def of_season(window: str) -> bool:
    """Whether a window holds no game of an earlier season than its last.

    >>> of_season("last_5_of_season"), of_season("season"), of_season("last_82")
    (True, True, False)
    """
    return window.endswith("season")


def called(expressions: Iterable[str]) -> dict[str, Call]:
    """The distinct calls of some expressions, by their names. Raises ValueError when two would share one."""
    calls: dict[str, Call] = {}
    for match in (match for expression in expressions for match in _CALL.finditer(expression)):
        call = _read(match)
        if calls.setdefault(call.name, call) != call:
            message = f"{call.sql()} and {calls[call.name].sql()} would both be named {call.name}"
            raise ValueError(message)
    return calls


@cache
def named(expression: str) -> str:
    """The expression over columns of calls in place of the calls. Raises ValueError for a call of another form.

    >>> named("60.0 * sum(points) OVER last_10 / nullif(sum(seconds) OVER last_10, 0)")
    '60.0 * sum_points_last_10 / nullif(sum_seconds_last_10, 0)'
    """
    over_columns = _CALL.sub(lambda match: _read(match).name, expression)
    if " OVER " in over_columns:
        message = f"{expression} holds a window that is neither sum, count, lag nor lead over a named window"
        raise ValueError(message)
    return over_columns


def _read(match: re.Match[str]) -> Call:
    function, argument, window = match.groups()
    if window != GAME:
        return Call(function, argument, window)
    argument, _, back = argument.rpartition(", ")
    return Call(function, argument, window, int(back) * (1 if function == "lag" else -1))
