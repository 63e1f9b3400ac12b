"""NBA.com's answers: what each kind of capture states. In come documents, out come rows in our ids and units."""

from fairline.raw.captured import CaptureKind
from fairline.raw.nba import (
    box_score,
    box_score_details,
    game_log,
    gamebook,
    injury_report,
    movements,
    play_by_play,
    players,
    referees,
    roster,
    schedule,
    scoreboard,
    shots,
)

KINDS: tuple[CaptureKind, ...] = (
    schedule.SCHEDULE,
    scoreboard.SCOREBOARD,
    scoreboard.SCOREBOARD_V2,
    game_log.PLAYERS,
    game_log.TEAMS,
    box_score.TRADITIONAL,
    box_score.TRADITIONAL_V2,
    *box_score_details.DETAILS,
    *play_by_play.PLAYS,
    shots.SHOT_CHART,
    players.INDEX,
    movements.MOVEMENTS,
    referees.ASSIGNMENTS,
    roster.ROSTER,
    gamebook.GAMEBOOK,
    injury_report.INJURY_REPORT,
)
