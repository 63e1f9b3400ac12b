"""NBA.com's people: the player index, every team's page, transactions, and the day's referees."""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np

from fairline.domain.dates import EASTERN, season_label
from fairline.sim.answers.view import View, as_json
from fairline.sim.league.league import LABEL
from fairline.sim.league.people import position_of
from fairline.sim.league.streams import stream
from fairline.sim.replay import Recorded

INDEX = (
    "PERSON_ID", "PLAYER_LAST_NAME", "PLAYER_FIRST_NAME", "PLAYER_SLUG", "TEAM_ID", "TEAM_CITY", "TEAM_NAME",
    "TEAM_ABBREVIATION", "JERSEY_NUMBER", "POSITION", "HEIGHT", "WEIGHT", "ROSTER_STATUS", "FROM_YEAR", "TO_YEAR",
)  # fmt: skip
WORDS = {"G": "guard", "F": "forward", "C": "center"}
CREWS, CREW = 24, 3
"""Referees of the league, by threes."""


def player_index(view: View) -> Iterator[Recorded]:
    """Everyone on a roster now."""
    people, teams = view.season.people, _teams(view)
    rows = []
    for who, person in enumerate(people.ids):
        team = view.season.where[teams[who]].team
        first, family = people.first_names[who], people.family_names[who]
        rows.append([
            int(person), family, first, f"{first}-{family}".lower(), team.team_id, team.city, team.nickname,
            team.abbreviation, str(people.jersey[who]), position_of(int(people.position[who])), _height(view, who),
            str(people.weight[who]), 1.0, str(people.since[who]), str(view.season.year),
        ])  # fmt: skip
    found = {"name": "PlayerIndex", "headers": INDEX, "rowSet": rows}
    parameters = {"Season": season_label(view.season.year)}
    content = as_json({"resource": "playerindex", "parameters": parameters, "resultSets": [found]})
    yield from view.answers("nba_players", content)


def roster_pages(view: View) -> Iterator[Recorded]:
    """Each team's page, its roster in the page's own JSON."""
    people, teams = view.season.people, _teams(view)
    by_id = {place.team.team_id: at for at, place in enumerate(view.season.where)}
    for question in view.questions("nba_roster"):
        team_id = int(question.url.split("/")[4])
        if team_id not in by_id:
            continue
        roster = [
            {
                "TeamID": team_id, "SEASON": str(view.season.year), "PLAYER": people.names[who],
                "NUM": str(people.jersey[who]), "POSITION": position_of(int(people.position[who])),
                "HEIGHT": _height(view, who), "WEIGHT": str(people.weight[who]),
                "BIRTH_DATE": f"{people.born[who]:%b %d, %Y}".upper(), "PLAYER_ID": int(people.ids[who]),
            }
            for who in np.flatnonzero(teams == by_id[team_id])
        ]  # fmt: skip
        page = as_json({"props": {"pageProps": {"team": {"id": str(team_id), "roster": roster}}}}).decode()
        content = (
            f"<!DOCTYPE html><html><head><title>{LABEL}</title></head><body>"
            f'<script id="__NEXT_DATA__" type="application/json">{page}</script></body></html>'
        )
        yield Recorded(question.url, content.encode(), "text/html", question.params, at=view.now)


def movements(view: View) -> Iterator[Recorded]:
    """The trades of the season up to now."""
    people, where, rows = view.season.people, view.season.where, []
    for number, (day, who, left, joined) in enumerate(view.season.form.moved.tolist()):
        on = view.season.first + timedelta(days=day)
        if on > view.now.astimezone(EASTERN).date():
            continue
        position = WORDS[position_of(int(people.position[who]))]
        rows.append({
            "Transaction_Type": "Trade", "TRANSACTION_DATE": f"{on}T00:00:00", "Additional_Sort": 0.0,
            "TRANSACTION_DESCRIPTION": f"{where[joined].team.name} received {position} {people.names[who]} from "
            f"{where[left].team.name}.",
            "TEAM_ID": float(where[joined].team.team_id), "PLAYER_ID": float(people.ids[who]),
            "PLAYER_SLUG": people.names[who].lower().replace(" ", "-"), "GroupSort": f"Trade {number // 2}",
        })  # fmt: skip
    yield from view.answers("nba_player_movement", as_json({"NBA_Player_Movement": {"rows": rows, "columns": []}}))


def referees(view: View) -> Iterator[Recorded]:
    """Who officiates the games of the day."""
    crews = stream(view.league.seed, "referees", view.day.isoformat()).permutation(CREWS)
    rows = []
    for row, game in enumerate(view.stretch.ids):
        crew = int(crews[row % CREWS])
        officials: dict[str, str] = {}
        for place in range(1, CREW + 1):
            number = CREW * crew + place
            officials |= {f"official{place}": f"Simulated Referee {number:02d}", f"official{place}_JNum": str(number)}
        nobody = {"official4": None, "official4_JNum": None}
        rows.append({"game_id": game, "game_date": f"{view.day:%m/%d/%Y}", **officials, **nobody})
    # Without games the head of the table still names its columns.
    table = {"rows": rows, "columns": ["game_id", "game_date", "official1", "official2", "official3"]}
    yield from view.answers("nba_referees", as_json({"nba": {"Table": table, "Table1": {"rows": []}}}))


def _teams(view: View) -> np.ndarray:
    """The team of everyone today, place among the teams."""
    teams: np.ndarray = view.season.form.team[view.season.day_of(view.now.astimezone(EASTERN).date())]
    return teams


def _height(view: View, who: int | np.integer) -> str:
    feet, inches = divmod(int(view.season.people.height[who]), 12)
    return f"{feet}-{inches}"
