"""NBA.com's schedule of the season and scoreboard of the day."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from fairline.domain.dates import EASTERN, season_label
from fairline.scrape.nba import GAME_LASTS
from fairline.sim.answers.view import AHEAD_OF_PLAYOFFS, View, as_json, iso
from fairline.sim.league.league import LABEL
from fairline.sim.league.seasons import Stretch
from fairline.sim.league.tally import AT
from fairline.sim.replay import Recorded

TO_COME, LIVE, FINAL = 1, 2, 3


def schedule(view: View) -> Iterator[Recorded]:
    """The whole season, the results of the games that have ended, and of the play-offs what is decided."""
    days: dict[date, list[dict[str, object]]] = {}
    for stretch in _announced(view):
        for row, day in enumerate(stretch.calendar.dates()):
            days.setdefault(day, []).append(_scheduled(view, stretch, row))
    told = [{"gameDate": f"{day:%m/%d/%Y} 00:00:00", "games": games} for day, games in sorted(days.items())]
    league = {"seasonYear": season_label(view.season.year), "leagueId": "00", "gameDates": told, "simulated": LABEL}
    content = as_json({"leagueSchedule": league})
    yield from view.answers("nba_schedule", content)
    yield from view.answers("nba_schedule_cdn", content)


def scoreboard(view: View) -> Iterator[Recorded]:
    """The games of the day."""
    games = [_on_board(view, row) for row in range(len(view.stretch.ids))]
    board = {"gameDate": view.day.isoformat(), "leagueId": "00", "leagueName": LABEL, "games": games}
    content = as_json({"scoreboard": board})
    yield from view.answers("nba_scoreboard", content)
    yield from view.answers("nba_scoreboard_live", content)


def _announced(view: View) -> list[Stretch]:
    regular = view.season.regular
    if regular.calendar.tip_at[-1] + timedelta(days=1) > view.now:
        return [regular]
    evenings = view.league.playoffs(view.season.year)
    return [regular, *(each for each in evenings if each.calendar.tip_at[0] - AHEAD_OF_PLAYOFFS <= view.now)]


def _scheduled(view: View, stretch: Stretch, row: int) -> dict[str, object]:
    calendar = stretch.calendar
    tip = calendar.tip_at[row]
    home, away = (view.season.where[side[row]].team for side in (calendar.home, calendar.away))
    day = tip.astimezone(EASTERN)
    return {
        "gameId": stretch.ids[row], "gameCode": f"{day:%Y%m%d}/{away.abbreviation}{home.abbreviation}",
        **_state(stretch, row, view.now), "gameDateEst": f"{day:%Y-%m-%d}T00:00:00Z",
        "gameDateTimeEst": f"{day:%Y-%m-%dT%H:%M:%S}Z", "gameDateTimeUTC": iso(tip),
        "arenaName": view.season.where[calendar.home[row]].arena, "postponedStatus": "N", "isNeutral": False,
        **_sides(view, stretch, row),
    }  # fmt: skip


def _on_board(view: View, row: int) -> dict[str, object]:
    tip = view.stretch.calendar.tip_at[row]
    return {
        "gameId": view.stretch.ids[row], **_state(view.stretch, row, view.now), "gameTimeUTC": iso(tip),
        "gameEt": f"{tip.astimezone(EASTERN):%Y-%m-%dT%H:%M:%S}Z", "isNeutral": False,
        **_sides(view, view.stretch, row),
    }  # fmt: skip


def _state(stretch: Stretch, row: int, now: datetime) -> dict[str, object]:
    tip, overtimes = stretch.calendar.tip_at[row], int(stretch.played.overtimes[row])
    if now < tip:
        clock = tip.astimezone(EASTERN).strftime("%I:%M %p").lstrip("0").lower()
        return {"gameStatus": TO_COME, "gameStatusText": f"{clock} ET"}
    if now < tip + GAME_LASTS:
        return {"gameStatus": LIVE, "gameStatusText": "Q2"}
    more = f"/OT{overtimes if overtimes > 1 else ''}" if overtimes else ""
    return {"gameStatus": FINAL, "gameStatusText": f"Final{more}"}


def _sides(view: View, stretch: Stretch, row: int) -> dict[str, object]:
    ended = stretch.calendar.tip_at[row] + GAME_LASTS <= view.now
    points = stretch.played.counts[row, :, :, AT["points"]].sum(axis=1) if ended else (0, 0)
    teams = stretch.calendar.home[row], stretch.calendar.away[row]
    return {
        name: {**view.team(int(team)), "score": int(score)}
        for name, team, score in zip(("homeTeam", "awayTeam"), teams, points, strict=True)
    }
