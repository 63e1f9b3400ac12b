"""How likely each rostered player is to play: by the last injury report, else by the team's games he has missed in a row."""

from typing import Literal

Knowledge = Literal["reports", "appearances", "upper_bound"]
"""What a forecast may know of who plays: injury reports where they exist, past appearances alone, or the box score
itself. The last is no forecast: it only bounds from above what better reports could add."""

BY_MISSED = {1: 0.46, 2: 0.31, 3: 0.24, 4: 0.20, 5: 0.17, 6: 0.15, 7: 0.11, 8: 0.10, 9: 0.09, 10: 0.06}
"""Share who played, by team games missed in a row; 2016-17 to 2022-23, 200,000 rostered player-games."""

BY_STATUS = {"out": 0.02, "doubtful": 0.05, "questionable": 0.55, "probable": 0.92}
"""Share who played, by last report; January 2024, before the first period that is evaluated."""


def chance_of_playing(knowledge: Knowledge) -> str:
    """SQL over the columns of `active` (people.sql): a probability, or 0 and 1 for the upper bound."""
    if knowledge == "upper_bound":
        return (
            "CASE WHEN EXISTS (SELECT 1 FROM analytics.player_game_summary AS box WHERE box.game_id = active.game_id"
            " AND box.player_id = active.player_id) THEN 1.0 ELSE 0.0 END"
        )
    missed = " ".join(f"WHEN {games} THEN {share}" for games, share in BY_MISSED.items())
    # Of those who played the last game, regulars play the next 94 times in 100, fringe players about 70.
    appeared = f"CASE missed_in_a_row {missed} ELSE 0.68 + 0.026 * games_of_team_last_10 END"
    if knowledge == "appearances":
        return appeared
    reported = " ".join(f"WHEN '{status}' THEN {share}" for status, share in BY_STATUS.items())
    return f"CASE status {reported} ELSE {appeared} END"
