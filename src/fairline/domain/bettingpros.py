"""BettingPros' numbers for markets and books, as its NBA pages use them.

BettingPros publishes no list. Confirmed means that several programs that read its API, written independently, agree.
"""

from fairline.domain.markets import Market

MARKET_IDS = {
    156: Market.POINTS,  # confirmed
    157: Market.REBOUNDS,  # confirmed
    151: Market.ASSISTS,  # confirmed
    162: Market.THREES,  # confirmed by three; one page labels it turnovers
    160: Market.STEALS,  # confirmed
    152: Market.BLOCKS,  # confirmed
    335: Market.POINTS_ASSISTS,  # confirmed
    336: Market.POINTS_REBOUNDS,  # confirmed
    337: Market.REBOUNDS_ASSISTS,  # confirmed
    338: Market.POINTS_REBOUNDS_ASSISTS,  # confirmed
}

CONSENSUS = 0
"""The "book" of BettingPros' own mean over books: nobody can bet there. Confirmed."""

BOOK_IDS = {
    10: "fanduel",  # confirmed
    12: "draftkings",  # confirmed
    13: "caesars",  # confirmed by two; one program reads it as BetMGM
    14: "pointsbet",  # one program
    15: "sugarhouse",  # one program
    18: "betrivers",  # confirmed
    19: "betmgm",  # confirmed
    20: "foxbet",  # one program
    21: "betamerica",  # one program
    22: "oregonlottery",  # one program
    24: "bet365",  # confirmed
    25: "wynnbet",  # one program
    26: "tipico",  # one program
    27: "partycasino",  # one program
    28: "unibet",  # one program
    29: "twinspires",  # one program
    30: "betway",  # one program
    31: "fubo",  # one program
    33: "espnbet",  # confirmed
    60: "novig",  # confirmed
}


def book_of(number: int) -> str:
    """The book's key; one that is not in the list is a new book under its number.

    >>> book_of(12), book_of(49)
    ('draftkings', 'bettingpros49')
    """
    return BOOK_IDS.get(number, f"bettingpros{number}")
