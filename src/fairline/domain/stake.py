"""What a bet is worth and how much to stake. A push returns the stake.

Scalars and NumPy arrays are both welcome; NaN in an array (no price, no forecast) stays NaN.
p_win and p_push are probabilities with p_win + p_push <= 1; prices are decimal odds above 1, else ImpossiblePrice.
"""

from fairline.domain.odds import Number, implied, require_prices


def expected_value(p_win: Number, p_push: Number, decimal: Number) -> Number:
    """Expected profit per unit staked: wins times the profit, less losses.

    >>> round(expected_value(0.5, 0.1, 2.0), 12)
    0.1
    """
    require_prices(decimal)
    return p_win * (decimal - 1) - (1 - p_win - p_push)


def kelly(p_win: Number, p_push: Number, decimal: Number, fraction: float = 0.25) -> Number:
    """Share of the bankroll to stake: a fraction of what maximises its expected logarithm (Kelly 1956); never negative.

    Only decided bets move the bankroll, so the full stake is EV / (profit per unit x the chance of a decision).

    >>> round(kelly(0.55, 0.0, 2.0), 6), kelly(0.45, 0.0, 2.0)
    (0.025, 0.0)
    """
    value = expected_value(p_win, p_push, decimal)
    # A certain push decides nothing and is worth 0: any divisor but 0 gives its stake of 0.
    decided = 1 - p_push + (p_push == 1)
    full = value / ((decimal - 1) * decided)
    stake: Number = fraction * (full + abs(full)) / 2
    return stake


def break_even(decimal: Number) -> Number:
    """The share of decided bets to win at this price for no profit and no loss.

    >>> round(break_even(1.91), 4)
    0.5236
    """
    return implied(decimal)
