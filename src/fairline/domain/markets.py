"""The markets: what is counted, from which box-score columns, and how providers spell each."""

from enum import StrEnum

from fairline.domain.errors import NotFound
from fairline.domain.spelling import spelling


class Market(StrEnum):
    """What a bet is on."""

    POINTS = "points"
    REBOUNDS = "rebounds"
    ASSISTS = "assists"
    THREES = "threes"
    STEALS = "steals"
    BLOCKS = "blocks"
    TURNOVERS = "turnovers"
    POINTS_REBOUNDS = "points_rebounds"
    POINTS_ASSISTS = "points_assists"
    REBOUNDS_ASSISTS = "rebounds_assists"
    POINTS_REBOUNDS_ASSISTS = "points_rebounds_assists"
    STEALS_BLOCKS = "steals_blocks"
    DOUBLE_DOUBLE = "double_double"
    TRIPLE_DOUBLE = "triple_double"

    @property
    def has_line(self) -> bool:
        """False for the yes/no markets."""
        return self not in DOUBLES


DOUBLES = {Market.DOUBLE_DOUBLE: 2, Market.TRIPLE_DOUBLE: 3}
"""Yes/no markets and how many of their components must reach ten."""

_COMPONENTS = {
    Market.POINTS: ("points",),
    Market.REBOUNDS: ("rebounds",),
    Market.ASSISTS: ("assists",),
    Market.THREES: ("threes_made",),
    Market.STEALS: ("steals",),
    Market.BLOCKS: ("blocks",),
    Market.TURNOVERS: ("turnovers",),
    Market.POINTS_REBOUNDS: ("points", "rebounds"),
    Market.POINTS_ASSISTS: ("points", "assists"),
    Market.REBOUNDS_ASSISTS: ("rebounds", "assists"),
    Market.POINTS_REBOUNDS_ASSISTS: ("points", "rebounds", "assists"),
    Market.STEALS_BLOCKS: ("steals", "blocks"),
    Market.DOUBLE_DOUBLE: ("points", "rebounds", "assists", "steals", "blocks"),
    Market.TRIPLE_DOUBLE: ("points", "rebounds", "assists", "steals", "blocks"),
}

# Spellings beside the market's own and The Odds API's (`player_` + ours), as compared by `spelling`.
_OTHER_SPELLINGS = {
    Market.POINTS: ("pts", "point"),
    Market.REBOUNDS: ("reb", "rebs", "rebound", "totalrebounds"),
    Market.ASSISTS: ("ast", "asts", "assist"),
    Market.THREES: ("3pt", "3pm", "3ptm", "3pointers", "3pointersmade", "threepointers", "threepointersmade"),
    Market.STEALS: ("stl", "stls", "steal"),
    Market.BLOCKS: ("blk", "blks", "block"),
    Market.TURNOVERS: ("tov", "to", "turnover"),
    Market.POINTS_REBOUNDS: ("pr", "ptsrebs", "ptsreb"),
    Market.POINTS_ASSISTS: ("pa", "ptsasts", "ptsast"),
    Market.REBOUNDS_ASSISTS: ("ra", "rebsasts", "rebast"),
    Market.POINTS_REBOUNDS_ASSISTS: ("pra", "ptsrebsasts", "ptsrebast", "pointsassistsrebounds"),
    Market.STEALS_BLOCKS: ("sb", "blockssteals", "stocks", "stlblk", "stlsblks", "blksstls"),
    Market.DOUBLE_DOUBLE: ("dd", "dd2"),
    Market.TRIPLE_DOUBLE: ("td", "td3"),
}

MARKET_NAMES: dict[str, str] = {
    spelling(name): market.value
    for market in Market
    for other in (market.value, *_OTHER_SPELLINGS[market])
    for name in (other, f"player_{other}")
}
"""Spelling (as `spelling` compares it) to market."""


def components(market: Market) -> tuple[str, ...]:
    """The box-score columns a market counts: their sum, or for doubles those that may reach ten.

    >>> components(Market.POINTS_REBOUNDS_ASSISTS)
    ('points', 'rebounds', 'assists')
    """
    return _COMPONENTS[market]


def find_market(text: str) -> Market | None:
    """The market a provider means, or None.

    >>> find_market("player_points_rebounds_assists") is find_market("Pts+Rebs+Asts") is find_market("PRA")
    True
    """
    name = MARKET_NAMES.get(spelling(text))
    return None if name is None else Market(name)


def market(text: str) -> Market:
    """The market a provider or person means. Raises NotFound.

    >>> market("3pt").value
    'threes'
    """
    found = find_market(text)
    if found is None:
        message = f"Fairline has no market {text!r}."
        raise NotFound(message, hint=f"The markets are {', '.join(Market)}.")
    return found
