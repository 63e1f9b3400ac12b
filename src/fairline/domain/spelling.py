"""How a spelling is compared: letters and digits only, lower case. Names of teams, markets, books and statuses use it.

A frame does the same set-based, then maps through TEAM_NAMES, MARKET_NAMES, BOOK_NAMES or AVAILABILITY_NAMES:

    SQL     regexp_replace(lower(name), '[^a-z0-9]', '', 'g')
    Polars  pl.col("name").str.to_lowercase().str.replace_all(DROPPED, "")
"""

import re

DROPPED = "[^a-z0-9]"


def spelling(text: str) -> str:
    """The text as its spelling is compared.

    >>> spelling("PointsBet (US)"), spelling("L.A. Clippers"), spelling("player_points")
    ('pointsbetus', 'laclippers', 'playerpoints')
    """
    return re.sub(DROPPED, "", text.lower())
