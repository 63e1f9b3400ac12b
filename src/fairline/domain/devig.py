"""Fair probabilities from the two prices of a market: five ways to take out the book's margin.

Each takes the decimal odds of over and under, and gives probabilities that sum to 1 within 1e-12, treat both sides
alike, keep their order, and change nothing when there is no margin. Two prices that together favour the bettor
(hold < 0, found when books are slow or mixed) go through the same formulas: the deficit is spread as a margin would be.

With one exponent (power) the longer price loses more of its implied probability than in proportion, as the
favourite-longshot bias would have it; it is the default.
"""

from collections.abc import Callable
from math import exp, log, log1p
from typing import TYPE_CHECKING, Literal, get_args

from fairline.domain.errors import Refused
from fairline.domain.odds import Number, require_prices

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Method = Literal["multiplicative", "additive", "power", "shin", "odds_ratio"]

# From where Newton starts, any prices settle to the last bit in four steps; two more cost little.
NEWTON_STEPS = 6


def devig_multiplicative(over: float, under: float) -> tuple[float, float]:
    """Fair (over, under) probabilities in proportion to the implied ones. Raises ImpossiblePrice.

    >>> devig_multiplicative(1.5, 3.0)
    (0.6666666666666666, 0.3333333333333333)
    """
    require_prices(over, under)
    return _multiplicative(over, under), _multiplicative(under, over)


def devig_additive(over: float, under: float) -> tuple[float, float]:
    """Fair (over, under) probabilities by taking the same amount from each implied one. Raises ImpossiblePrice.

    With two outcomes neither can fall below zero, since no implied probability reaches 1.

    >>> devig_additive(1.6, 2.0)
    (0.5625, 0.4375)
    """
    require_prices(over, under)
    return _additive(over, under), _additive(under, over)


def devig_power(over: float, under: float) -> tuple[float, float]:
    """Fair (over, under) probabilities from decimal odds by one common exponent (Clarke et al. 2017).

    over, under: decimal odds > 1. The two results sum to 1 within 1e-12.
    Raises ImpossiblePrice when either is <= 1.

    >>> devig_power(1.91, 1.91)
    (0.5, 0.5)
    """
    require_prices(over, under)
    longer = _power_of_longer(log(max(over, under)) / log(min(over, under)))
    return (longer, 1 - longer) if over > under else (1 - longer, longer)


def devig_shin(over: float, under: float) -> tuple[float, float]:
    """Fair (over, under) probabilities when a share z of the stakes knows the result (Shin 1992, 1993).

    Shin's prices a, b with sum S obey (1 - z) p^2 + z p = a^2 / S for each outcome. Subtract the two equations and
    use that the p sum to 1: their difference is a - b, whatever z. So with two outcomes this is the additive method
    (Jullien and Salanie 1994), and it needs no iteration. Raises ImpossiblePrice.

    >>> devig_shin(1.25, 4.0) == devig_additive(1.25, 4.0)
    True
    """
    return devig_additive(over, under)


def devig_odds_ratio(over: float, under: float) -> tuple[float, float]:
    """Fair (over, under) probabilities when implied and fair odds differ by one ratio (Cheung 2015).

    With two outcomes its logarithm is the mean of the implied log-odds, so the fair log-odds are half the difference
    of the two. Raises ImpossiblePrice.

    >>> devig_odds_ratio(1.5, 3.0)
    (0.6666666666666666, 0.3333333333333333)
    """
    require_prices(over, under)
    return _odds_ratio(over, under), _odds_ratio(under, over)


_SCALAR: dict[Method, Callable[[float, float], tuple[float, float]]] = {
    "multiplicative": devig_multiplicative,
    "additive": devig_additive,
    "power": devig_power,
    "shin": devig_shin,
    "odds_ratio": devig_odds_ratio,
}


def devig(over: float, under: float, method: Method = "power") -> tuple[float, float]:
    """Fair (over, under) probabilities by a method named. Raises ImpossiblePrice; Refused for an unknown method.

    >>> devig(2.0, 2.0, "odds_ratio")
    (0.5, 0.5)
    """
    _require_known(method)
    return _SCALAR[method](over, under)


def devig_over(
    over: "NDArray[np.float64]", under: "NDArray[np.float64]", method: Method = "power"
) -> "NDArray[np.float64]":
    """Fair probabilities of over for arrays of prices that broadcast; NaN where either price is NaN (one-sided).

    Equal to the scalar functions within 1e-10. Raises ImpossiblePrice; Refused for an unknown method.

    >>> import numpy as np
    >>> devig_over(np.array([1.91, 1.5, np.nan]), np.array([1.91, 3.0, 1.8]), "multiplicative").round(3)
    array([0.5  , 0.667,   nan])
    """
    import numpy as np

    _require_known(method)
    over, under = np.asarray(over, dtype=np.float64), np.asarray(under, dtype=np.float64)
    require_prices(over, under)
    if method == "power":
        return _power_over(over, under)
    if method == "multiplicative":
        return _multiplicative(over, under)
    return _odds_ratio(over, under) if method == "odds_ratio" else _additive(over, under)


def _require_known(method: str) -> None:
    if method not in get_args(Method):
        message = f"There is no de-vig method {method!r}."
        raise Refused(message, hint=f"The methods are {', '.join(get_args(Method))}.")


def _multiplicative(one: Number, other: Number) -> Number:
    return other / (one + other)


def _additive(one: Number, other: Number) -> Number:
    return 0.5 + (1 / one - 1 / other) / 2


def _odds_ratio(one: Number, other: Number) -> Number:
    ratio: Number = ((one - 1) / (other - 1)) ** 0.5
    return 1 / (1 + ratio)


# The power method asks for the k with a^k + b^k = 1. With p = a^k this is log p = r log(1 - p), where r >= 1 is the
# ratio of the logarithms of the longer price to the shorter. In x = logit p the difference of the two sides is
# convex and rises with a slope between 1 and r, so Newton from any x right of the root descends to it without fail.
# And p <= log(1 + r) / r, because -log(1 - p) >= p gives r p exp(r p) <= r: a start close enough for any price.


def _power_of_longer(r: float) -> float:
    start = min(0.5, log1p(r) / r)
    x = log(start / (1 - start))
    for _ in range(NEWTON_STEPS):
        odds = exp(x)
        x -= (x + (r - 1) * log1p(odds)) / (1 + (r - 1) * odds / (1 + odds))
    return exp(x) / (1 + exp(x))


def _power_over(over: "NDArray[np.float64]", under: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """The same steps on arrays."""
    import numpy as np

    r = np.log(np.maximum(over, under)) / np.log(np.minimum(over, under))
    start = np.minimum(0.5, np.log1p(r) / r)
    x = np.log(start / (1 - start))
    for _ in range(NEWTON_STEPS):
        odds = np.exp(x)
        x = x - (x + (r - 1) * np.log1p(odds)) / (1 + (r - 1) * odds / (1 + odds))
    longer = np.exp(x) / (1 + np.exp(x))
    fair: NDArray[np.float64] = np.where(over > under, longer, 1 - longer)
    return fair
