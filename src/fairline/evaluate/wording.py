"""How numbers and names are written for people, on the page and in the terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

NONE = "–"
"""What could not be judged."""


def number(value: float | None, shape: str) -> str:
    """A number with a true minus sign; a dash for None.

    >>> number(-0.0011, "+.4f"), number(None, ".2f")
    ('−0.0011', '–')
    """
    return NONE if value is None else format(value, shape).replace("-", "−")


def interval(estimate: Mapping[str, float | None], shape: str) -> str:
    """An estimate with its ends, as far as they exist.

    >>> interval({"mean": 0.5, "low": 0.4, "high": 0.6}, ".1f")
    '0.5 [0.4, 0.6]'
    >>> interval({"mean": 0.5, "low": None, "high": None}, ".1f")
    '0.5'
    """
    mean = number(estimate["mean"], shape)
    if estimate["low"] is None or estimate["high"] is None:
        return mean
    return f"{mean} [{number(estimate['low'], shape)}, {number(estimate['high'], shape)}]"


def marked(system: str, tripwires: Sequence[str]) -> str:
    """A system's name, with a mark when a tripwire warns of it: no verdict of its own may be read alone.

    >>> marked("catboost", []), marked("catboost", ["The MAE of ..."])
    ('catboost', 'catboost !')
    """
    return f"{system} !" if tripwires else system


def market_words(market: str) -> str:
    """A market's name.

    >>> market_words("points_rebounds_assists"), market_words("double_double")
    ('Points + rebounds + assists', 'Double double')
    """
    joint = " " if market.endswith("_double") else " + "
    return market.replace("_", joint).capitalize()


def backtest_words(evaluated: Mapping[str, Any]) -> str:
    """What a report is of: its period, after the warning that it is no forecast where it is none.

    >>> backtest_words({"rows": 9, "from": "2025-10-21", "to": "2025-12-06", "hindsight": "who played"})
    'HINDSIGHT of who played, no forecast: 2025-10-21 to 2025-12-06'
    """
    period = f"{evaluated['from']} to {evaluated['to']}" if evaluated["rows"] else "no rows"
    return f"HINDSIGHT of {evaluated['hindsight']}, no forecast: {period}" if evaluated["hindsight"] else period
