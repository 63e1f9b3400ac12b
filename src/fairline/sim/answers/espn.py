"""ESPN's scoreboard of the day, and its box score page of each game that has ended."""

import json
from collections.abc import Iterator, Mapping

import polars as pl

from fairline.domain.teams import Team
from fairline.raw.espn.box_score_page import PAIRS, SINGLE, TOTALS
from fairline.raw.espn.page import BEGINS, ENDS
from fairline.scrape.espn import OWN_ABBREVIATIONS, TEAM_NUMBERS
from fairline.sim.answers.box_scores import DID_NOT_PLAY
from fairline.sim.answers.view import View, as_json, espn_id
from fairline.sim.league.league import LABEL
from fairline.sim.league.tables import LOG, lines
from fairline.sim.league.tally import AT, COUNTS
from fairline.sim.replay import Recorded

KEYS = (
    "minutes", *(f"{key}Made-{key}Attempted" for key in PAIRS), "offensiveRebounds", "defensiveRebounds", "rebounds",
    "assists", "steals", "blocks", "turnovers", "fouls", "plusMinus", "points",
)  # fmt: skip
NOT_OF_TEAMS = ("minutes", "plusMinus")
"""What the line of a team leaves empty."""
INJURED = "DND-INJURY/ILLNESS"

STATES = {
    "pre": ("1", "STATUS_SCHEDULED", "Scheduled"), "in": ("2", "STATUS_IN_PROGRESS", "In Progress"),
    "post": ("3", "STATUS_FINAL", "Final"),
}  # fmt: skip
"""State to its number, its name and its words."""


def scoreboard(view: View) -> Iterator[Recorded]:
    """The games of the day, with the points of those that have ended."""
    leagues = [{"id": "46", "name": LABEL, "abbreviation": "NBA", "slug": "nba"}]
    events = [_event(view, row) for row in range(len(view.stretch.ids))]
    yield from view.answers("espn_scoreboard", as_json({"leagues": leagues, "events": events}))


def box_score_pages(view: View) -> Iterator[Recorded]:
    """The page of each game that has ended, as told by now."""
    told = lines(view.season, view.stretch, view.league.seed, view.now)
    for row in view.over:
        package = {"gmStrp": _strip(view, row), "bxscr": _sides(view, row, told.filter(pl.col("row") == row))}
        content = json.dumps({"page": {"content": {"gamepackage": package}}}, separators=(",", ":"))
        page = f"<!DOCTYPE html><html><head><title>{LABEL}</title><script>{BEGINS}{content}{ENDS}</head></html>"
        for question in view.questions("espn_box_score", row):
            yield Recorded(question.url, page.encode(), "text/html; charset=utf-8", question.params, at=view.now)


def _event(view: View, row: int) -> dict[str, object]:
    calendar, event = view.stretch.calendar, espn_id(view.stretch.ids[row])
    state, points, periods = _ended(view, row)
    number, name, words = STATES[state]
    said = {"id": number, "name": name, "state": state, "completed": state == "post", "description": words}
    status = {"period": periods, "type": said}
    teams = _teams(view, row)
    competitors = [
        {
            "id": str(TEAM_NUMBERS[team.abbreviation]), "homeAway": side, "score": str(score),
            "team": {"abbreviation": _short(team), "displayName": team.name},
        }
        for side, team, score in zip(("home", "away"), teams, points, strict=True)
    ]  # fmt: skip
    at = f"{calendar.tip_at[row]:%Y-%m-%dT%H:%MZ}"
    competition = {
        "id": event, "date": at, "timeValid": True, "neutralSite": False, "competitors": competitors, "status": status,
        "venue": {"fullName": view.season.where[calendar.home[row]].arena},
    }  # fmt: skip
    named = f"{teams[1].name} at {teams[0].name}"
    return {"id": event, "date": at, "name": named, "competitions": [competition], "status": status}


def _strip(view: View, row: int) -> dict[str, object]:
    state, points, periods = _ended(view, row)
    number, _, words = STATES[state]
    quarters: list[dict[str, str]] = [{}] * periods
    teams = [
        {
            "id": str(TEAM_NUMBERS[team.abbreviation]), "abbrev": _short(team), "displayName": team.name,
            "isHome": home, "score": str(score), "linescores": quarters,
        }
        for home, team, score in zip((True, False), _teams(view, row), points, strict=True)
    ]  # fmt: skip
    return {
        "gid": espn_id(view.stretch.ids[row]), "dt": f"{view.stretch.calendar.tip_at[row]:%Y-%m-%dT%H:%MZ}",
        "tbd": False, "status": {"desc": words, "det": words, "id": number, "state": state}, "tms": teams,
    }  # fmt: skip


def _sides(view: View, row: int, told: pl.DataFrame) -> list[dict[str, object]]:
    """The visitors first, as the page has them."""
    found: list[dict[str, object]] = []
    for side, team in reversed(list(enumerate(_teams(view, row)))):
        own = told.filter(pl.col("side") == side).sort("seconds", descending=True)
        sections: list[dict[str, object]] = [
            {"type": role, "keys": KEYS, "athlts": [_athlete(view, line) for line in part.iter_rows(named=True)]}
            for role, part in (("starters", own.filter("started")), ("bench", own.filter(~pl.col("started"))))
        ]
        sums = {count: int(own[count].sum()) for count in COUNTS}
        totals = ["" if key in NOT_OF_TEAMS else cell for key, cell in zip(KEYS, _cells(sums), strict=True)]
        tm = {"abbrev": _short(team), "dspNm": team.name, "hm": side == 0}
        found.append({"tm": tm, "stats": [*sections, {"type": TOTALS, "ttls": totals}]})
    return found


def _athlete(view: View, line: Mapping[str, int]) -> dict[str, object]:
    athlete = {"dspNm": view.season.people.names[line["player"]]}
    if line["seconds"]:
        return {"athlt": athlete, "stats": _cells(line)}
    return {"athlt": athlete, "stats": [], "dnpRsn": DID_NOT_PLAY.upper() if line["could_play"] else INJURED}


def _cells(line: Mapping[str, int]) -> list[str]:
    """A line under KEYS; minutes are told whole."""
    values = {"MIN": (line["seconds"] + 30) // 60, "PLUS_MINUS": line["plus_minus"], "REB": line["oreb"] + line["dreb"]}
    values |= {theirs: line[ours] for theirs, ours in LOG.items()}
    pairs = {f"{key}Made-{key}Attempted": f"{values[made]}-{values[tried]}" for key, (made, tried) in PAIRS.items()}
    return [pairs[key] if key in pairs else str(values[SINGLE[key]]) for key in KEYS]


def _ended(view: View, row: int) -> tuple[str, tuple[int, int], int]:
    """State of a game, points of both sides, and periods played; nothing is told of a game that is not over."""
    if row not in view.over:
        return ("pre" if row in view.coming else "in"), (0, 0), 0
    home, away = view.stretch.played.counts[row, :, :, AT["points"]].sum(axis=1).tolist()
    return "post", (home, away), 4 + int(view.stretch.played.overtimes[row])


def _teams(view: View, row: int) -> tuple[Team, Team]:
    calendar, where = view.stretch.calendar, view.season.where
    return where[calendar.home[row]].team, where[calendar.away[row]].team


def _short(team: Team) -> str:
    return OWN_ABBREVIATIONS.get(team.abbreviation, team.abbreviation).upper()
