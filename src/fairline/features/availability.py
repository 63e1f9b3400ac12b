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

BEFORE_FIRST_GAME: dict[float, tuple[float, ...]] = {
    28: (0.724, 0.107, 0.043, 0.069, 0.062, 0.033),
    20: (0.520, 0.116, 0.042, 0.057, 0.043, 0.016),
    12: (0.307, 0.047, 0.053, 0.024, 0.017, 0.013),
    0: (0.134, 0.049, 0.032, 0.033, 0.016, 0.012),
}
"""Share who played of those who had not yet appeared in a season's first 14 days: by least minutes of their last ten
games, then by games their team had played in it, none to five or more; 2016-17 to 2022-23 without the two seasons that
the pandemic moved. On 2023-24 to 2025-26 it lowers the Brier score from 0.146, by games missed in a row, to 0.081."""

BY_STATUS = {"out": 0.05, "doubtful": 0.05, "questionable": 0.61, "probable": 0.81}
"""Share who played, by the last report of the 36 hours before tip-off: rostered players of 15 minutes a game and more,
17 to 29 January 2024, before the first period that is evaluated. Out 180 games, doubtful 8 (none played: too few to say
never), questionable 116, probable 36."""

SAID_TO_PLAY = 0.95
"""Of whom the user says that he plays: as of who has played his team's last ten games, however many he has missed. How
often users are right nobody has measured."""


def chance_before_first_game(missed: int | None = None) -> str:
    """SQL: a probability for who has not appeared this season, by his minutes; at so many games missed, or by them."""
    tiers = (
        f"WHEN recent_minutes_avg >= {least} THEN {_by_missed(shares) if missed is None else shares[missed]}"
        for least, shares in BEFORE_FIRST_GAME.items()
    )
    return f"CASE {' '.join(tiers)} END"


def _by_missed(shares: tuple[float, ...]) -> str:
    ways = " ".join(f"WHEN {missed} THEN {share}" for missed, share in enumerate(shares[:-1]))
    return f"CASE missed_in_a_row {ways} ELSE {shares[-1]} END"


def chance_of_playing(knowledge: Knowledge) -> str:
    """SQL over the columns of `active` (people.sql): a probability, or 0 and 1 for the upper bound."""
    if knowledge == "upper_bound":
        return (
            "CASE WHEN EXISTS (SELECT 1 FROM analytics.player_game_summary AS box WHERE box.game_id = active.game_id"
            " AND box.player_id = active.player_id) THEN 1.0 ELSE 0.0 END"
        )
    missed = " ".join(f"WHEN {games} THEN {share}" for games, share in BY_MISSED.items())
    least, each = APPEARED
    since_first = f"CASE missed_in_a_row {missed} ELSE {least} + {each} * games_last_10 END"
    appeared = f"CASE WHEN last_season < season THEN {chance_before_first_game()} ELSE {since_first} END"
    if knowledge == "appearances":
        return appeared
    reported = " ".join(f"WHEN '{status}' THEN {share}" for status, share in BY_STATUS.items())
    by_report = f"CASE status {reported} ELSE {appeared} END"
    return f"CASE WHEN by_news AND status = 'available' THEN {SAID_TO_PLAY} ELSE {by_report} END"
