"""NBA.com's box scores of one game, third version: the traditional one and those derived from it."""

from collections.abc import Callable, Iterator, Mapping

import polars as pl

from fairline.sim.answers.view import View, as_json
from fairline.sim.league.health import PARTS
from fairline.sim.league.people import position_of
from fairline.sim.league.tables import lines
from fairline.sim.league.tally import COUNTS
from fairline.sim.replay import Recorded

Line = Mapping[str, int]
Figures = dict[str, object]
Measure = Callable[[Line, Line], Figures]
"""The figures of a player's line (or of his team's sums), given his team's sums."""

DID_NOT_PLAY = "DNP - Coach's Decision"


def box_scores(view: View) -> Iterator[Recorded]:
    """Every box score of each game that has ended, as told by now."""
    told = lines(view.season, view.stretch, view.league.seed, view.now)
    for row in view.over:
        of_game = told.filter(pl.col("row") == row)
        for scraper, (part, measure) in MEASURES.items():
            yield from view.answers(scraper, as_json({part: _game(view, row, of_game, measure)}), row)


def _game(view: View, row: int, told: pl.DataFrame, measure: Measure) -> dict[str, object]:
    calendar = view.stretch.calendar
    sides = {"homeTeam": (0, calendar.home[row]), "awayTeam": (1, calendar.away[row])}
    game: dict[str, object] = {"gameId": view.stretch.ids[row]}
    for name, (side, place) in sides.items():
        own = told.filter(pl.col("side") == side)
        team = {count: int(own[count].sum()) for count in COUNTS}
        ordered = own.sort(pl.col("started"), pl.col("seconds"), descending=True)
        players = [_player(view, line, team, measure) for line in ordered.iter_rows(named=True)]
        figures = {"minutes": clock(team["seconds"]), **measure({**team, "plus_minus": 0}, team)}
        game[name] = {**view.team(int(place)), "players": players, "statistics": figures}
    return game


def _player(view: View, line: Mapping[str, int], team: Line, measure: Measure) -> dict[str, object]:
    people, who = view.season.people, line["player"]
    first, family = people.first_names[who], people.family_names[who]
    played = line["seconds"] > 0
    absence = DID_NOT_PLAY if line["could_play"] else f"DND - Injury/Illness - {PARTS[line['part']]}"
    figures = {"minutes": clock(line["seconds"]) if played else "", **measure(line, team)}
    return {
        "personId": int(people.ids[who]), "firstName": first, "familyName": family, "nameI": f"{first[0]}. {family}",
        "playerSlug": f"{first}-{family}".lower(),
        "position": position_of(int(people.position[who])) if line["started"] and played else "",
        "comment": "" if played else absence, "jerseyNum": str(people.jersey[who]), "statistics": figures,
    }  # fmt: skip


def clock(seconds: int) -> str:
    """Minutes and seconds as the league writes them.

    >>> clock(1849), clock(14400)
    ('30:49', '240:00')
    """
    return f"{seconds // 60}:{seconds % 60:02d}"


def share(part: float, whole: float) -> float:
    """A share to three places; 0 of nothing.

    >>> share(6, 12), share(0, 0)
    (0.5, 0.0)
    """
    return round(part / whole, 3) if whole else 0.0


def _traditional(line: Line, team: Line) -> Figures:  # noqa: ARG001 - every measure is given both
    return {
        "fieldGoalsMade": line["fgm"], "fieldGoalsAttempted": line["fga"],
        "fieldGoalsPercentage": share(line["fgm"], line["fga"]), "threePointersMade": line["fg3m"],
        "threePointersAttempted": line["fg3a"], "threePointersPercentage": share(line["fg3m"], line["fg3a"]),
        "freeThrowsMade": line["ftm"], "freeThrowsAttempted": line["fta"],
        "freeThrowsPercentage": share(line["ftm"], line["fta"]), "reboundsOffensive": line["oreb"],
        "reboundsDefensive": line["dreb"], "reboundsTotal": line["oreb"] + line["dreb"], "assists": line["assists"],
        "steals": line["steals"], "blocks": line["blocks"], "turnovers": line["turnovers"],
        "foulsPersonal": line["fouls"], "points": line["points"], "plusMinusPoints": float(line["plus_minus"]),
    }  # fmt: skip


def _ended(line: Line) -> float:
    """Plays ended by a shot, free throws or a turnover."""
    return line["fga"] + 0.44 * line["fta"] + line["turnovers"]


def _advanced(line: Line, team: Line) -> Figures:
    possessions = _ended(team) - team["oreb"]
    on_floor = possessions * line["seconds"] * 5 / team["seconds"] if line is not team else possessions
    attempts = line["fga"] + 0.44 * line["fta"]
    return {
        "effectiveFieldGoalPercentage": share(line["fgm"] + 0.5 * line["fg3m"], line["fga"]),
        "trueShootingPercentage": share(line["points"], 2 * attempts), "usagePercentage": _usage(line, team),
        "assistToTurnover": round(line["assists"] / max(line["turnovers"], 1), 2),
        "possessions": round(on_floor), "pace": round(possessions * 14400 / team["seconds"], 2),
    }  # fmt: skip


def _usage(line: Line, team: Line) -> float:
    on_floor = _ended(team) * line["seconds"] * 5 / team["seconds"]
    return min(share(_ended(line), min(on_floor, _ended(team))), 1.0)


def _usages(line: Line, team: Line) -> Figures:
    shares = {
        "percentageFieldGoalsMade": "fgm", "percentageFieldGoalsAttempted": "fga",
        "percentageThreePointersAttempted": "fg3a", "percentageFreeThrowsAttempted": "fta",
        "percentageReboundsOffensive": "oreb", "percentageReboundsDefensive": "dreb", "percentageAssists": "assists",
        "percentageTurnovers": "turnovers", "percentageSteals": "steals", "percentageBlocks": "blocks",
        "percentagePersonalFouls": "fouls", "percentagePoints": "points",
    }  # fmt: skip
    return {"usagePercentage": _usage(line, team), **{name: share(line[c], team[c]) for name, c in shares.items()}}


def _scoring(line: Line, team: Line) -> Figures:  # noqa: ARG001 - every measure is given both
    twos = line["fgm"] - line["fg3m"]
    return {
        "percentageFieldGoalsAttempted2pt": share(line["fga"] - line["fg3a"], line["fga"]),
        "percentageFieldGoalsAttempted3pt": share(line["fg3a"], line["fga"]),
        "percentagePoints2pt": share(2 * twos, line["points"]),
        "percentagePoints3pt": share(3 * line["fg3m"], line["points"]),
        "percentagePointsFreeThrow": share(line["ftm"], line["points"]),
    }  # fmt: skip


def _misc(line: Line, team: Line) -> Figures:  # noqa: ARG001 - every measure is given both
    return {"blocks": line["blocks"], "foulsPersonal": line["fouls"]}


def _tracked(line: Line, team: Line) -> Figures:  # noqa: ARG001 - every measure is given both
    return {"assists": line["assists"], "fieldGoalPercentage": share(line["fgm"], line["fga"])}


MEASURES: dict[str, tuple[str, Measure]] = {
    "nba_box_score": ("boxScoreTraditional", _traditional),
    "nba_box_score_advanced": ("boxScoreAdvanced", _advanced),
    "nba_box_score_misc": ("boxScoreMisc", _misc),
    "nba_box_score_scoring": ("boxScoreScoring", _scoring),
    "nba_box_score_usage": ("boxScoreUsage", _usages),
    "nba_box_score_player_track": ("boxScorePlayerTrack", _tracked),
}
"""Scraper to the part of its answer and what that measures."""
