"""One id per game: NBA's ten digits, e.g. 0022400001 is 00 (the league), 2 (regular season), 24 (2024-25), game 1."""

import re
from enum import StrEnum

from fairline.domain.errors import BrokenContract


class GameType(StrEnum):
    """The kind of game, told by the first three digits of its id."""

    PRESEASON = "preseason"
    REGULAR = "regular"
    ALL_STAR = "all_star"
    PLAYOFFS = "playoffs"
    PLAY_IN = "play_in"
    CUP_FINAL = "cup_final"


GAME_TYPES = {
    "001": GameType.PRESEASON,
    "002": GameType.REGULAR,
    "003": GameType.ALL_STAR,
    "004": GameType.PLAYOFFS,
    "005": GameType.PLAY_IN,
    "006": GameType.CUP_FINAL,
}

FIRST_SEASON = 1946


def game_id(text: str | int) -> str:
    """The ten-digit id. Some sources drop the leading zeros or hold it as a number.

    Raises BrokenContract when it is not an NBA game id (another provider's id, another league's, a stray word).

    >>> game_id(22400001), game_id("0042300407")
    ('0022400001', '0042300407')
    """
    digits = str(text).strip()
    padded = digits.zfill(10)
    if not re.fullmatch("[0-9]{8}|[0-9]{10}", digits) or padded[:3] not in GAME_TYPES:
        message = f"{text!r} is not an NBA game id."
        raise BrokenContract(message, hint="NBA game ids have ten digits and begin with 001 to 006, like 0022400001.")
    return padded


def game_type_of(game: str | int) -> GameType:
    """The kind of game.

    >>> game_type_of("0052300101").value
    'play_in'
    """
    return GAME_TYPES[game_id(game)[:3]]


def season_of_game(game: str | int) -> int:
    """The year in which the game's season began.

    >>> season_of_game("0022400001"), season_of_game("0049600001")
    (2024, 1996)
    """
    year = int(game_id(game)[3:5])
    return 1900 + year if year >= FIRST_SEASON % 100 else 2000 + year
