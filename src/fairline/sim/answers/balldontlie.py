"""BallDontLie's games of the day, and its box scores of them."""

from collections.abc import Iterator, Mapping

import polars as pl

from fairline.raw.balldontlie.box_scores import LINE
from fairline.raw.balldontlie.teams import TEAM_IDS
from fairline.sim.answers.view import View, as_json, iso
from fairline.sim.league.people import position_of
from fairline.sim.league.tables import LOG, lines
from fairline.sim.league.tally import AT
from fairline.sim.replay import Recorded

NUMBERS = {team_id: int(number) for number, team_id in TEAM_IDS.items()}
"""NBA's id of a team to BallDontLie's number."""
FIRST_GAME = 90_000_000
FINAL, LIVE = "Final", "1st Qtr"


def games(view: View) -> Iterator[Recorded]:
    """The games of the day, with the points of those that have ended."""
    told = [{"id": FIRST_GAME + int(view.stretch.ids[row][3:]), **_game(view, row)}
            for row in range(len(view.stretch.ids))]  # fmt: skip
    yield from view.answers("balldontlie_games", as_json({"data": told, "meta": {"per_page": 100}}))


def box_scores(view: View) -> Iterator[Recorded]:
    """The players of every game of the day that has ended, as told by now."""
    told = lines(view.season, view.stretch, view.league.seed, view.now)
    found = []
    for row in view.over:
        game = _game(view, row)
        for side, name in enumerate(("home_team", "visitor_team")):
            own = told.filter(pl.col("row") == row, pl.col("side") == side).sort("seconds", descending=True)
            players = [_line(view, line) for line in own.iter_rows(named=True)]
            game[name] = {**_team(view, row, side), "players": players}
        found.append(game)
    yield from view.answers("balldontlie_box_scores", as_json({"data": found}))


def _game(view: View, row: int) -> dict[str, object]:
    tip = view.stretch.calendar.tip_at[row]
    over = row in view.over
    status = FINAL if over else iso(tip) if row in view.coming else LIVE
    points = view.stretch.played.counts[row, :, :, AT["points"]].sum(axis=1).tolist() if over else [0, 0]
    return {
        "date": view.day.isoformat(), "season": view.season.year, "status": status,
        "period": 4 + int(view.stretch.played.overtimes[row]) if over else 0, "postseason": view.stretch.slate.playoffs,
        "home_team_score": points[0], "visitor_team_score": points[1], "datetime": iso(tip),
        "home_team": _team(view, row, 0), "visitor_team": _team(view, row, 1),
    }  # fmt: skip


def _team(view: View, row: int, side: int) -> dict[str, object]:
    team = view.season.where[view.stretch.sides[row, side]].team
    return {
        "id": NUMBERS[team.team_id], "city": team.city, "name": team.nickname, "full_name": team.name,
        "abbreviation": team.abbreviation,
    }  # fmt: skip


def _line(view: View, line: Mapping[str, int]) -> dict[str, object]:
    """A player's counts; who did not play has as many zeros, as this source tells it."""
    people, who = view.season.people, line["player"]
    values = {theirs: line[ours] for theirs, ours in LOG.items()} | {"REB": line["oreb"] + line["dreb"]}
    counts = {LINE[column]: value for column, value in values.items()}
    player = {
        "id": int(people.ids[who]), "first_name": people.first_names[who], "last_name": people.family_names[who],
        "position": position_of(int(people.position[who])),
    }  # fmt: skip
    return {"min": f"{(line['seconds'] + 30) // 60:02d}", **counts, "player": player}
