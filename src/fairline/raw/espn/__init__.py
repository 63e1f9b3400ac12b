"""ESPN's answers: what each kind of capture states. In come documents, out come rows in our ids and units.

ESPN numbers teams, games and players its own way: teams are read by their abbreviation, games by their teams and time,
players by their name, team and date.
"""

from fairline.raw.captured import CaptureKind
from fairline.raw.espn import box_score, roster, scoreboard

KINDS: tuple[CaptureKind, ...] = (scoreboard.SCOREBOARD, roster.ROSTER, roster.ROSTER_PAGE, box_score.BOX_SCORE)
"""Scoreboard, rosters from the API and from the page, and the box score page."""
