"""The canary: one fictional player, his team-mates and their opponents, in answers in the providers' own formats.

A smoke test replays them through every role in a home of their own. Nobody in them exists: their names all begin with
"Canary", their ids lie where NBA.com has none, and each answer says that it is simulated.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from fairline.domain.dates import EASTERN, game_date, season_label, season_of, utc
from fairline.domain.teams import Team, team
from fairline.scrape import nba, odds_api

PLAYER_ID = 9_990_000_001
PLAYER = "Canary Fairline"
LINE = 21.5
"""The line of points the books quote on him."""

TEAMS = (team("NYK"), team("BOS"))
"""Real teams, for the product knows no others; the canary plays for the first, at home."""

SURNAMES = ("Fairline", "Anders", "Brook", "Calder", "Dell", "Easton", "Fenn", "Grove")
"""Eight a team at thirty minutes each make the 240 of a game."""

PAST_GAMES = 12
APART = timedelta(days=2)
BEFORE_TIP = timedelta(minutes=90)
SEEN = timedelta(minutes=2)
MINUTE = timedelta(minutes=1)
OVER_AFTER = timedelta(hours=5)
BOOKS = {"draftkings": (-110, -110), "fanduel": (-115, -105)}
SIMULATED = "simulated by Fairline for a smoke test"


@dataclass(frozen=True, slots=True)
class Replayed:
    """One answer to replay: who was asked what, what came, and when (UTC)."""

    source: str
    kind: str
    url: str
    params: Mapping[str, str]
    content: str
    captured_at: datetime


@dataclass(frozen=True, slots=True)
class Canary:
    """What is replayed, and its moments (UTC). before: what is known when the slate is priced. after: how it ended."""

    day: date
    priced_at: datetime
    tip_at: datetime
    graded_at: datetime
    before: tuple[Replayed, ...]
    after: tuple[Replayed, ...]


@dataclass(frozen=True, slots=True)
class _Game:
    """One game of the two teams. number: its place, from 1. All are of the last one's season, even those of June."""

    number: int
    tip_at: datetime
    season: int

    @property
    def day(self) -> date:
        return game_date(self.tip_at)

    @property
    def game_id(self) -> str:
        return f"002{self.season % 100:02d}9{9000 + self.number}"

    @property
    def sides(self) -> tuple[Team, Team]:
        """Home and visitors; the canary's team is at home in the last."""
        return TEAMS if self.number % 2 else TEAMS[::-1]


def canary(now: datetime) -> Canary:
    """The answers of a slate whose one game tips off ninety minutes from now (aware); of the same moment the same."""
    priced_at = utc(now)
    tip_at = _tip_after(priced_at + BEFORE_TIP)
    season = season_of(game_date(tip_at))
    *past, tonight = (
        _Game(number, tip_at - (PAST_GAMES + 1 - number) * APART, season) for number in range(1, PAST_GAMES + 2)
    )
    seen, graded_at = priced_at - SEEN, tonight.tip_at + OVER_AFTER
    before = (
        _schedule([*past, tonight], seen - 3 * MINUTE),
        _index(tonight.season, seen - 2 * MINUTE),
        _game_log("T", past, seen - 2 * MINUTE),
        _game_log("P", past, seen - 2 * MINUTE),
        _events(tonight, seen - MINUTE),
        _event_odds(tonight, seen),
    )
    after = (
        _scoreboard(tonight, graded_at),
        _game_log("T", [tonight], graded_at),
        _game_log("P", [tonight], graded_at),
    )
    return Canary(tonight.day, priced_at, tonight.tip_at, graded_at, before, after)


def _tip_after(earliest: datetime) -> datetime:
    """On a whole minute, and not on midnight Eastern, which schedules write where no time is set yet."""
    tip = earliest.replace(second=0, microsecond=0)
    local = tip.astimezone(EASTERN)
    return tip + timedelta(minutes=1) if (local.hour, local.minute) == (0, 0) else tip


def _people(side: Team) -> Iterator[tuple[int, str]]:
    """Person id and name of each who plays for a team; the visitors are the juniors of the house."""
    visitors = side.team_id != TEAMS[0].team_id
    for place, surname in enumerate(SURNAMES):
        name = f"Canary {surname}" + ("son" if visitors else "")
        yield PLAYER_ID + place + (100 if visitors else 0), name


def _shots(place: int, game: _Game) -> dict[str, int]:
    """What one player did: made up, and different from game to game. place: his in the team, 0 the canary."""
    turn = (3 * game.number + 5 * place) % 7
    twos, threes, frees = max(1, 6 - place // 2) + turn % 3, (turn + place) % 4, 1 + turn % 4
    return {
        "MIN": 30, "FGM": twos + threes, "FGA": 2 * (twos + threes) + turn % 3, "FG3M": threes, "FG3A": 2 * threes + 2,
        "FTM": frees, "FTA": frees + turn % 2, "OREB": turn % 2, "DREB": 3 + turn % 3, "REB": turn % 2 + 3 + turn % 3,
        "AST": 2 + turn % 4, "STL": 1, "BLK": turn % 2, "TOV": 1 + turn % 2, "PF": 2,
        "PTS": 2 * twos + 3 * threes + frees,
    }  # fmt: skip


def _box(side: Team, game: _Game) -> list[dict[str, int]]:
    """A team's players. The team at home makes as many free throws more as no game needs to end drawn."""
    rows = [_shots(place, game) for place in range(len(SURNAMES))]
    more = 3 if side.team_id == game.sides[0].team_id else 0
    for counted in ("FTM", "FTA", "PTS"):
        rows[-1][counted] += more
    return rows


def _sum(rows: Iterable[dict[str, int]]) -> dict[str, int]:
    listed = list(rows)
    return {name: sum(row[name] for row in listed) for name in listed[0]}


def _points(side: Team, game: _Game) -> int:
    return _sum(_box(side, game))["PTS"]


def _schedule(games: list[_Game], at: datetime) -> Replayed:
    """All games, those that tipped off before `at` with their scores."""
    told = [{"gameDate": f"{game.day:%m/%d/%Y} 00:00:00", "games": [_scheduled(game, at)]} for game in games]
    season = season_label(games[-1].season)
    content = {"leagueSchedule": {"seasonYear": season, "leagueId": "00", "gameDates": told}}
    url, params = "https://stats.nba.com/stats/scheduleleaguev2", {"LeagueID": "00", "Season": season}
    return _replayed(nba.STATS.name, "nba_schedule", url, params, content, at)


def _scheduled(game: _Game, at: datetime) -> dict[str, Any]:
    home, away = ({"teamId": side.team_id, "score": _points(side, game)} for side in game.sides)
    over = game.tip_at < at
    return {
        "gameId": game.game_id, "gameStatus": 3 if over else 1, "gameStatusText": "Final" if over else "to come",
        "gameDateEst": f"{game.day}T00:00:00Z", "gameDateTimeUTC": _iso(game.tip_at), "arenaName": "Canary Cage",
        "postponedStatus": "N", "isNeutral": False, "homeTeam": home, "awayTeam": away,
    }  # fmt: skip


def _scoreboard(game: _Game, at: datetime) -> Replayed:
    listed = _scheduled(game, at)
    listed |= {"gameEt": listed["gameDateEst"], "gameTimeUTC": listed["gameDateTimeUTC"]}
    content = {"scoreboard": {"gameDate": game.day.isoformat(), "leagueId": "00", "games": [listed]}}
    params = {"GameDate": game.day.isoformat(), "LeagueID": "00"}
    return _replayed(nba.STATS.name, "nba_scoreboard", "https://stats.nba.com/stats/scoreboardv3", params, content, at)


def _game_log(of: str, games: Iterable[_Game], at: datetime) -> Replayed:
    """LeagueGameLog of players (P) or of teams (T)."""
    played = list(games)
    rows = [row for game in played for side in game.sides for row in _log_rows(of, side, game)]
    headers = list(rows[0])
    season = season_label(played[-1].season)
    params = {
        "DateFrom": played[0].day.isoformat(), "DateTo": played[-1].day.isoformat(), "LeagueID": "00",
        "PlayerOrTeam": of, "Season": season, "SeasonType": "Regular Season",
    }  # fmt: skip
    table = {"name": "LeagueGameLog", "headers": headers, "rowSet": [list(row.values()) for row in rows]}
    content = {"resource": "leaguegamelog", "parameters": params, "resultSets": [table]}
    kind = "leaguegamelog_players" if of == "P" else "leaguegamelog_teams"
    return _replayed(nba.STATS.name, kind, "https://stats.nba.com/stats/leaguegamelog", params, content, at)


def _log_rows(of: str, side: Team, game: _Game) -> Iterator[dict[str, Any]]:
    home, away = game.sides
    at_home = side.team_id == home.team_id
    ahead = _points(home, game) - _points(away, game)
    told = {
        "TEAM_ID": side.team_id, "TEAM_ABBREVIATION": side.abbreviation, "GAME_ID": game.game_id,
        "GAME_DATE": game.day.isoformat(), "WL": "W" if (ahead > 0) == at_home else "L",
        "MATCHUP": f"{side.abbreviation} {'vs.' if at_home else '@'} {(away if at_home else home).abbreviation}",
    }  # fmt: skip
    box, margin = _box(side, game), ahead if at_home else -ahead
    if of == "T":
        yield {**told, **_sum(box), "PLUS_MINUS": margin}
        return
    for (person, name), row in zip(_people(side), box, strict=True):
        yield {"PLAYER_ID": person, "PLAYER_NAME": name, **told, **row, "PLUS_MINUS": margin}


def _index(season: int, at: datetime) -> Replayed:
    """The index of all players, which lists the rosters."""
    headers = list(_index_row(0, "First Last", 0, season))
    rows = [
        list(_index_row(person, name, side.team_id, season).values())
        for side in TEAMS
        for person, name in _people(side)
    ]
    table = {"name": "PlayerIndex", "headers": headers, "rowSet": rows}
    params = {"Historical": "0", "LeagueID": "00", "Season": season_label(season)}
    content = {"resource": "playerindex", "parameters": params, "resultSets": [table]}
    return _replayed(nba.STATS.name, "nba_players", "https://stats.nba.com/stats/playerindex", params, content, at)


def _index_row(person: int, name: str, team_id: int, season: int) -> dict[str, Any]:
    """A row of the player index."""
    first, _, last = name.partition(" ")
    return {
        "PERSON_ID": person, "PLAYER_LAST_NAME": last, "PLAYER_FIRST_NAME": first, "TEAM_ID": team_id,
        "JERSEY_NUMBER": "0", "POSITION": "G", "HEIGHT": "6-4", "WEIGHT": "200", "ROSTER_STATUS": 1,
        "FROM_YEAR": str(season), "TO_YEAR": str(season),
    }  # fmt: skip


def _event(game: _Game) -> dict[str, Any]:
    home, away = game.sides
    return {
        "id": f"canary{game.game_id}", "sport_key": odds_api.SPORT, "sport_title": "NBA",
        "commence_time": _iso(game.tip_at), "home_team": home.name, "away_team": away.name,
    }  # fmt: skip


def _events(game: _Game, at: datetime) -> Replayed:
    url = f"{odds_api.API}/sports/{odds_api.SPORT}/events"
    return _replayed(odds_api.SOURCE.name, "odds_api_events", url, {"dateFormat": "iso"}, [_event(game)], at)


def _event_odds(game: _Game, at: datetime) -> Replayed:
    """Two books' quotes of the canary's points."""
    event = _event(game)
    content = {**event, "bookmakers": [_book(name, *prices) for name, prices in BOOKS.items()]}
    url = f"{odds_api.API}/sports/{odds_api.SPORT}/events/{event['id']}/odds"
    params = {"regions": "us", "markets": "player_points", "oddsFormat": "american", "dateFormat": "iso"}
    return _replayed(odds_api.SOURCE.name, "odds_api_event_odds", url, params, content, at)


def _book(name: str, over: int, under: int) -> dict[str, Any]:
    outcomes = [
        {"name": side, "description": PLAYER, "price": price, "point": LINE}
        for side, price in (("Over", over), ("Under", under))
    ]
    return {"key": name, "title": name, "markets": [{"key": "player_points", "outcomes": outcomes}]}


def _replayed(source: str, kind: str, url: str, params: Mapping[str, str], content: object, at: datetime) -> Replayed:
    """The answer as text, saying of itself that it is simulated wherever it has room to."""
    told = {"fairline": SIMULATED, **content} if isinstance(content, dict) else content
    return Replayed(source, kind, url, params, json.dumps(told, separators=(",", ":")), at)


def _iso(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
