"""NBA.com's LeagueGameLog of the day, of teams and of players."""

from collections.abc import Iterator

import polars as pl

from fairline.sim.answers.view import View, as_json
from fairline.sim.league.tables import OF_PLAYERS, OF_TEAMS, player_log, team_log
from fairline.sim.replay import Recorded


def game_logs(view: View) -> Iterator[Recorded]:
    """The games of the day that have ended, as told by now."""
    over = pl.DataFrame({"row": view.over}, schema={"row": pl.Int64})
    of_teams = team_log(view.season, view.stretch, view.league.seed, view.now).join(over, on="row", how="semi")
    of_players = player_log(view.season, view.stretch, view.league.seed, view.now).join(over, on="row", how="semi")
    yield from view.answers("nba_game_log_teams", _log(of_teams.select(OF_TEAMS), "T"))
    yield from view.answers("nba_game_log_players", _log(of_players.select(OF_PLAYERS), "P"))


def _log(frame: pl.DataFrame, of: str) -> bytes:
    found = {"name": "LeagueGameLog", "headers": frame.columns, "rowSet": [list(row) for row in frame.rows()]}
    return as_json({"resource": "leaguegamelog", "parameters": {"PlayerOrTeam": of}, "resultSets": [found]})
