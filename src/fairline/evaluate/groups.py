"""The ways rows are parted: by the size of the line and by the player's role."""

from itertools import pairwise

import polars as pl

from fairline.domain.markets import Market

LINE_TIERS: dict[Market, tuple[int, ...]] = {
    Market.POINTS: (10, 15, 20, 25),
    Market.REBOUNDS: (4, 6, 8, 10),
    Market.ASSISTS: (3, 5, 7),
    Market.THREES: (1, 2, 3),
    Market.POINTS_REBOUNDS: (15, 20, 25, 30),
    Market.POINTS_ASSISTS: (15, 20, 25, 30),
    Market.REBOUNDS_ASSISTS: (6, 9, 12),
    Market.POINTS_REBOUNDS_ASSISTS: (15, 20, 25, 30, 35),
    Market.STEALS: (1,),
    Market.BLOCKS: (1,),
    Market.STEALS_BLOCKS: (1, 2),
    Market.TURNOVERS: (2, 3),
    Market.DOUBLE_DOUBLE: (),
    Market.TRIPLE_DOUBLE: (),
}
"""Where one tier of lines ends and the next begins; fixed, so that reports of different periods compare."""

ROLES = (10, 20, 30)
"""Mean minutes of the last ten games, likewise."""

REGULAR_MINUTES = 20
"""Players averaging at least this many minutes have a CRPS of their own."""

UNKNOWN_ROLE = "unknown"


def tier_of_line(market: Market) -> pl.Expr:
    """The tier of each row's line, an Enum in the order of the tiers; null without a line."""
    return _parted(pl.col("half_points") / 2, LINE_TIERS[market])


def role() -> pl.Expr:
    """The role of each row's player: his minutes' range, or unknown."""
    return _parted(pl.col("role"), ROLES).fill_null(UNKNOWN_ROLE)


def labels(edges: tuple[int, ...]) -> list[str]:
    """Names of the ranges between the edges, in order; each holds its lower edge.

    >>> labels((10, 15))
    ['under 10', '10-15', '15+']
    """
    if not edges:
        return ["all"]
    return [f"under {edges[0]}", *(f"{low}-{high}" for low, high in pairwise(edges)), f"{edges[-1]}+"]


def _parted(value: pl.Expr, edges: tuple[int, ...]) -> pl.Expr:
    names = labels(edges)
    position = pl.sum_horizontal((value >= edge).cast(pl.Int64) for edge in edges) if edges else pl.lit(0)
    named = position.replace_strict(dict(enumerate(names)), return_dtype=pl.Enum([*names, UNKNOWN_ROLE]))
    return pl.when(value.is_not_null()).then(named)
