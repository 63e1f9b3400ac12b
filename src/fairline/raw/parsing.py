"""From a file's rows to statements: the parser of each kind."""

import polars as pl

from fairline.raw import box_scores, exact_minutes, game_lines, injuries, lineups, quotes, schedules, shots
from fairline.raw.held import Held
from fairline.raw.parsed import Parsed


def parse(kind: str, frame: pl.DataFrame, held: Held) -> Parsed:
    """What the rows of a file of this kind state, given what is held."""
    if kind.startswith("schedule_"):
        return schedules.parse(frame, kind)
    if kind.startswith("game_lines_"):
        return game_lines.parse(frame, kind, held)
    return {
        "leaguegamelog_players": box_scores.parse_players,
        "leaguegamelog_teams": box_scores.parse_teams,
        "exact_minutes": exact_minutes.parse,
        "shots": shots.parse,
        "quotes": quotes.parse,
        "injury_snapshots": injuries.parse,
        "projected_lineups": lineups.parse,
    }[kind](frame, held)
