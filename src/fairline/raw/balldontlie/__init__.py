"""BallDontLie's answers: what each kind of capture states. In come documents, out come rows in our ids and units.

BallDontLie numbers teams, games and players its own way: teams are read by their number, games by their teams and
date, players by their name, team and date.
"""

from fairline.raw.balldontlie import advanced, box_scores, games, injuries, players, teams
from fairline.raw.captured import CaptureKind

KINDS: tuple[CaptureKind, ...] = (
    games.GAMES_KIND, box_scores.BOX_SCORES, box_scores.STATS, advanced.ADVANCED, injuries.INJURIES,
    players.PEOPLE, teams.TEAMS,
)  # fmt: skip
"""Games, box scores of a date, statistics and advanced statistics by player, injuries, players, teams."""
