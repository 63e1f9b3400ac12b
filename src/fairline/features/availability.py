"""How likely each rostered player is to play: by the last injury report, else by games missed in a row."""

from typing import Literal

Knowledge = Literal["reports", "appearances", "upper_bound"]
"""What a forecast may know of who plays: injury reports where they exist, past appearances alone, or the box score
itself. The last is no forecast: it only bounds from above what better reports could add."""

BY_MISSED = {1: 0.43, 2: 0.31, 3: 0.25, 4: 0.20, 5: 0.17, 6: 0.15, 7: 0.12, 8: 0.10, 9: 0.09, 10: 0.06}
"""Share who played, by team games missed in a row: 75,055 games of rostered players who had missed the last one or more
(20,304 one, 14,360 ten), 2016-17 to 2022-23, once they had appeared that season."""

APPEARED = (0.57, 0.038)
"""Share who played of those who played the last game: the first number and, for each game they played since the tenth
last of their team, the second; fitted to 173,322 games of the same seasons. One such game 0.61 (3,111), five 0.75
(7,286), ten 0.95 (86,156). For whichever team they played: a regular traded yesterday is a regular."""

BY_STATUS = {"out": 0.05, "doubtful": 0.05, "questionable": 0.61, "probable": 0.81}
"""Share who played, by the last report of the 36 hours before tip-off: rostered players of 15 minutes a game and more,
17 to 29 January 2024, before the first period that is evaluated. Out 180 games, doubtful 8 (none played: too few to say
never), questionable 116, probable 36."""


def chance_of_playing(knowledge: Knowledge) -> str:
    """SQL over the columns of `active` (people.sql): a probability, or 0 and 1 for the upper bound."""
    if knowledge == "upper_bound":
        return (
            "CASE WHEN EXISTS (SELECT 1 FROM analytics.player_game_summary AS box WHERE box.game_id = active.game_id"
            " AND box.player_id = active.player_id) THEN 1.0 ELSE 0.0 END"
        )
    missed = " ".join(f"WHEN {games} THEN {share}" for games, share in BY_MISSED.items())
    least, each = APPEARED
    appeared = f"CASE missed_in_a_row {missed} ELSE {least} + {each} * games_last_10 END"
    if knowledge == "appearances":
        return appeared
    reported = " ".join(f"WHEN '{status}' THEN {share}" for status, share in BY_STATUS.items())
    return f"CASE status {reported} ELSE {appeared} END"
