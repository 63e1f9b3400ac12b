"""The providers' place, within the process: each question is answered from the league in the provider's own format."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from fairline.domain.dates import season_label, season_of
from fairline.platform.transport import Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from fairline.domain.teams import Team
    from fairline.platform.transport import Request
    from fairline.sim.simulation.league import Game, League, Player

BOOKS = {"draftkings": (-110, -110), "fanduel": (-115, -105)}
QUOTED = 3
"""Players a team that are quoted: the best."""


def answered(league: League, request: Request, at: datetime) -> Response:
    """What the provider says at that moment; 404 for what this league does not tell."""
    path = urlsplit(request.url).path.rstrip("/")
    for ending, told in _ANSWERS.items():
        if path.endswith(ending):
            return of_json(told(league, request.params, at))
    if path.endswith("/odds"):
        return _event_odds(league, path.split("/")[-2], at)
    return Response(404, {"content-type": "text/html"}, b"<html>not here</html>")


def of_json(content: object) -> Response:
    """An answer of status 200."""
    return Response(200, {"content-type": "application/json"}, json.dumps(content, separators=(",", ":")).encode())


def _schedule(league: League, params: Mapping[str, str], at: datetime) -> object:
    days = sorted({game.day for game in league.games})
    told = [
        {"gameDate": f"{day:%m/%d/%Y} 00:00:00", "games": [_scheduled(league, game, at) for game in league.of_day(day)]}
        for day in days
    ]
    return {"leagueSchedule": {"seasonYear": params["Season"], "leagueId": "00", "gameDates": told}}


def _scheduled(league: League, game: Game, at: datetime) -> dict[str, Any]:
    over = game.final(at)
    sides = {
        name: {"teamId": side.team_id, "score": league.score(game, side, at) if over else 0}
        for name, side in (("homeTeam", game.home), ("awayTeam", game.away))
    }
    return {
        "gameId": game.game_id, "gameStatus": 3 if over else 1, "gameStatusText": "Final" if over else "to come",
        "gameDateEst": f"{game.day}T00:00:00Z", "gameDateTimeUTC": _iso(game.tip_at), "arenaName": "Paper Hall",
        "postponedStatus": "Y" if game.postponed(at) else "N", "isNeutral": False, **sides,
    }  # fmt: skip


def _scoreboard(league: League, params: Mapping[str, str], at: datetime) -> object:
    day = date.fromisoformat(params["GameDate"])
    games = [
        row | {"gameEt": row["gameDateEst"], "gameTimeUTC": row["gameDateTimeUTC"]}
        for row in (_scheduled(league, game, at) for game in league.of_day(day))
    ]
    return {"scoreboard": {"gameDate": day.isoformat(), "leagueId": "00", "games": games}}


def _game_log(league: League, params: Mapping[str, str], at: datetime) -> object:
    """Players or teams of the days asked for, games that are over alone."""
    first, last = (date.fromisoformat(params[name]) for name in ("DateFrom", "DateTo"))
    rows = [
        row
        for game in league.games
        if first <= game.day <= last and game.final(at)
        for side in (game.home, game.away)
        for row in _log_rows(league, game, side, params["PlayerOrTeam"], at)
    ]
    headers = list(rows[0]) if rows else ["GAME_ID", "GAME_DATE", "TEAM_ID", "PLAYER_ID"]
    table = {"name": "LeagueGameLog", "headers": headers, "rowSet": [list(row.values()) for row in rows]}
    return {"resource": "leaguegamelog", "parameters": dict(params), "resultSets": [table]}


def _log_rows(league: League, game: Game, side: Team, of: str, at: datetime) -> Iterator[dict[str, Any]]:
    other = game.away if side == game.home else game.home
    margin = league.score(game, side, at) - league.score(game, other, at)
    told = {
        "TEAM_ID": side.team_id, "TEAM_ABBREVIATION": side.abbreviation, "GAME_ID": game.game_id,
        "GAME_DATE": game.day.isoformat(), "WL": "W" if margin > 0 else "L",
        "MATCHUP": f"{side.abbreviation} {'vs.' if side == game.home else '@'} {other.abbreviation}",
    }  # fmt: skip
    boxes = [(player, league.box(game, player, at)) for player in league.side(game, side)]
    if of == "T":
        yield told | {name: sum(box[name] for _, box in boxes) for name in boxes[0][1]} | {"PLUS_MINUS": margin}
        return
    for player, box in boxes:
        yield {"PLAYER_ID": player.player_id, "PLAYER_NAME": player.name, **told, **box, "PLUS_MINUS": margin}


def _index(league: League, params: Mapping[str, str], at: datetime) -> object:  # noqa: ARG001 - nobody moves
    rows = [_index_row(player, season_of(league.first)) for player in league.players]
    table = {"name": "PlayerIndex", "headers": list(rows[0]), "rowSet": [list(row.values()) for row in rows]}
    return {"resource": "playerindex", "parameters": dict(params), "resultSets": [table]}


def _index_row(player: Player, season: int) -> dict[str, Any]:
    first, _, last = player.name.partition(" ")
    return {
        "PERSON_ID": player.player_id, "PLAYER_LAST_NAME": last, "PLAYER_FIRST_NAME": first,
        "TEAM_ID": player.side.team_id, "JERSEY_NUMBER": str(player.place), "POSITION": "G", "HEIGHT": "6-4",
        "WEIGHT": "200", "ROSTER_STATUS": 1, "FROM_YEAR": str(season), "TO_YEAR": str(season),
    }  # fmt: skip


def _events(league: League, params: Mapping[str, str], at: datetime) -> object:
    first, last = (datetime.fromisoformat(params[name]) for name in ("commenceTimeFrom", "commenceTimeTo"))
    return [
        _event(game)
        for game in league.games
        if first <= game.tip_at < last and at < game.ends_at and not game.postponed(at)
    ]


def _event(game: Game) -> dict[str, Any]:
    return {
        "id": f"sim{game.game_id}", "sport_key": "basketball_nba", "sport_title": "NBA",
        "commence_time": _iso(game.tip_at), "home_team": game.home.name, "away_team": game.away.name,
    }  # fmt: skip


def _event_odds(league: League, event: str, at: datetime) -> Response:
    game = next((each for each in league.games if f"sim{each.game_id}" == event), None)
    if game is None or game.postponed(at) or at >= game.tip_at:
        return Response(404, {"content-type": "application/json"}, b'{"message":"Event not found"}')
    quoted = [player for side in (game.home, game.away) for player in league.of_team(side) if player.place < QUOTED]
    books = [_book(name, *prices, league, game, quoted, at) for name, prices in BOOKS.items()]
    return of_json({**_event(game), "bookmakers": books})


def _book(
    name: str, over: int, under: int, league: League, game: Game, quoted: Iterable[Player], at: datetime
) -> dict[str, Any]:
    outcomes = [
        {"name": side, "description": player.name, "price": price, "point": league.half_points(game, player, at) / 2}
        for player in quoted
        for side, price in (("Over", over), ("Under", under))
    ]
    return {"key": name, "title": name, "markets": [{"key": "player_points", "outcomes": outcomes}]}


def _iso(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


_ANSWERS: dict[str, Callable[[League, Mapping[str, str], datetime], object]] = {
    "/scheduleleaguev2": _schedule, "/scoreboardv3": _scoreboard, "/leaguegamelog": _game_log, "/playerindex": _index,
    "/events": _events,
}  # fmt: skip


def past_log(league: League, of: str, at: datetime) -> tuple[dict[str, str], Response]:
    """The parameters and the answer of all games before the first that is simulated, as one log."""
    last = league.first - timedelta(days=1)
    params = {
        "DateFrom": league.games[0].day.isoformat(), "DateTo": last.isoformat(), "LeagueID": "00", "PlayerOrTeam": of,
        "Season": season_label(season_of(league.first)), "SeasonType": "Regular Season",
    }  # fmt: skip
    return params, of_json(_game_log(league, params, at))
