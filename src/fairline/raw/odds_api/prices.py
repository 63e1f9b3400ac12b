"""Whether an answer's prices are American or decimal, and what they are as decimal odds."""

from collections.abc import Iterable

import polars as pl

from fairline.domain.odds import EVEN_AMERICAN, decimals_from_american
from fairline.raw.odds_api.answers import BookMarket


def are_american(markets: Iterable[BookMarket], asked: str = "") -> bool:
    """Most prices of the answer could only be American: at most -100 or at least 100.

    The numbers decide, for a capture may have lost its question; what was asked for (`oddsFormat`) breaks a tie. By the
    most, so that one torn price cannot turn the meaning of all the others.
    """
    prices = [outcome.get("price") for market in markets for outcome in market.outcomes]
    numbers = [price for price in prices if isinstance(price, int | float) and not isinstance(price, bool)]
    american = sum(abs(price) >= EVEN_AMERICAN for price in numbers)
    decimal = sum(1 < price < EVEN_AMERICAN for price in numbers)
    return american > decimal or (american == decimal and asked == "american")


def decimals(typed: pl.DataFrame, column: str, *, american: bool) -> pl.Expr:
    """Decimal odds, exactly as stated where they are; null where the price is missing or no book could mean it."""
    if american:
        return pl.lit(pl.Series(decimals_from_american(typed[column].to_numpy()))).fill_nan(None)
    return pl.when(pl.col(column) > 1).then(pl.col(column))
