"""Prices. Odds travel as decimal: the total returned per unit staked, above 1.

Scalars and NumPy arrays are both welcome; in an array NaN is a price not offered, and stays NaN.
NumPy is imported only where an array asks for it.
"""

from math import inf
from typing import TYPE_CHECKING, TypeVar

from fairline.domain.errors import ImpossiblePrice

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Number = TypeVar("Number", float, "NDArray[np.float64]")
"""A float, or an array of them: what goes in comes out."""

EVEN_AMERICAN = 100


def decimal_from_american(american: float) -> float:
    """Decimal odds of an American price. Raises ImpossiblePrice between -100 and 100, and when it is not finite.

    >>> decimal_from_american(150), decimal_from_american(-200), decimal_from_american(-100)
    (2.5, 1.5, 2.0)
    """
    if not EVEN_AMERICAN <= abs(american) < inf:
        message = f"No book can mean the American odds {american}."
        raise ImpossiblePrice(message, hint="They are at most -100 or at least 100: was it a mean, or decimal odds?")
    return 1 + (american / EVEN_AMERICAN if american > 0 else EVEN_AMERICAN / -american)


def decimals_from_american(american: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Decimal odds of American prices, NaN where the price is missing or impossible: a frame's rows to quarantine.

    >>> import numpy as np
    >>> decimals_from_american(np.array([150.0, -200.0, 50.0, np.nan]))
    array([2.5, 1.5, nan, nan])
    """
    import numpy as np

    size = np.abs(american)
    possible = np.where((size >= EVEN_AMERICAN) & (size < inf), size, np.nan) / EVEN_AMERICAN
    return 1 + np.where(american > 0, possible, 1 / possible)


def american_from_decimal(decimal: float) -> float:
    """American odds of a decimal price, not rounded; even money is +100. Raises ImpossiblePrice.

    >>> american_from_decimal(2.5), american_from_decimal(1.5), american_from_decimal(2)
    (150.0, -200.0, 100.0)
    """
    require_prices(decimal)
    profit = float(decimal) - 1
    return EVEN_AMERICAN * profit if profit >= 1 else -EVEN_AMERICAN / profit


def implied(decimal: Number) -> Number:
    """The probability at which a bet at this price breaks even, the book's margin included. Raises ImpossiblePrice.

    >>> implied(4.0)
    0.25
    """
    require_prices(decimal)
    return 1 / decimal


def hold(over: Number, under: Number) -> Number:
    """The share of the stakes the book keeps when both sides are balanced: 1 - 1 / (1/over + 1/under).

    Negative when the two prices together let a bettor win whatever happens. Raises ImpossiblePrice.

    >>> round(hold(decimal_from_american(-110), decimal_from_american(-110)), 4)
    0.0455
    """
    return 1 - 1 / (implied(over) + implied(under))


def require_prices(*prices: Number) -> None:
    """Raise ImpossiblePrice unless all are finite decimal odds above 1, or, in arrays, NaN."""
    for price in prices:
        if isinstance(price, float | int):
            possible = 1 < price < inf
        else:
            # Only NaN is unequal to itself.
            possible = bool((((price > 1) & (price < inf)) | (price != price)).all())
        if not possible:
            message = f"Decimal odds are finite and above 1, not {price}."
            raise ImpossiblePrice(message, hint="Convert American odds with decimal_from_american; quarantine the row.")
