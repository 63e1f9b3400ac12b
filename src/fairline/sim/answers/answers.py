"""All that the providers would answer about a day of the simulated league at an instant."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime

from fairline.domain.dates import utc
from fairline.sim.answers import balldontlie, box_scores, espn, injuries, logs, odds, people, plays, schedule
from fairline.sim.answers.view import View, view_of
from fairline.sim.league.league import League
from fairline.sim.replay import Recorded

ANSWERS: dict[str, Callable[[View], Iterator[Recorded]]] = {
    "schedule": schedule.schedule, "scoreboard": schedule.scoreboard, "players": people.player_index,
    "rosters": people.roster_pages, "movements": people.movements, "referees": people.referees,
    "game_logs": logs.game_logs, "box_scores": box_scores.box_scores, "play_by_play": plays.play_by_play,
    "shots": plays.shot_charts, "injuries": injuries.injury_reports, "events": odds.events, "props": odds.props,
    "game_lines": odds.lines, "espn_scoreboard": espn.scoreboard, "espn_box_scores": espn.box_score_pages,
    "balldontlie_games": balldontlie.games, "balldontlie_box_scores": balldontlie.box_scores,
}  # fmt: skip
"""What can be asked about, by name."""


def answers_of(
    league: League, day: date, now: datetime, *, about: Iterable[str] = (), books: tuple[str, ...] = ()
) -> Iterator[Recorded]:
    """The answers about a day as they are at an instant, at the addresses at which the scrapers ask.

    about: names of ANSWERS, all of them without any. books: of the settings, as they are part of the questions.
    """
    view = view_of(league, day, utc(now), books)
    for name in tuple(about) or ANSWERS:
        yield from ANSWERS[name](view)
