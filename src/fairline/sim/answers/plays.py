"""What happened in a game, action by action, and where every shot was taken: playbyplayv3 and shotchartdetail."""

from collections.abc import Iterator

import numpy as np

from fairline.sim.answers.view import View, as_json
from fairline.sim.league.shots import RIM_FROM_BASELINE, shots
from fairline.sim.league.talents import THREES
from fairline.sim.replay import Recorded

Action = dict[str, object]
NOBODY = {"teamId": 0, "teamTricode": "", "personId": 0, "playerName": ""}
SHOT_COLUMNS = (
    "GRID_TYPE", "GAME_ID", "PLAYER_ID", "PLAYER_NAME", "TEAM_ID", "TEAM_NAME", "PERIOD", "MINUTES_REMAINING",
    "SECONDS_REMAINING", "EVENT_TYPE", "SHOT_TYPE", "SHOT_DISTANCE", "LOC_X", "LOC_Y", "SHOT_ATTEMPTED_FLAG",
    "SHOT_MADE_FLAG", "GAME_DATE",
)  # fmt: skip


def play_by_play(view: View) -> Iterator[Recorded]:
    """Every action of each game that has ended."""
    for row in view.over:
        game = {"gameId": view.stretch.ids[row], "videoAvailable": 0, "actions": _Teller(view, row).told()}
        yield from view.answers("nba_play_by_play", as_json({"meta": {"version": 1}, "game": game}), row)


def shot_charts(view: View) -> Iterator[Recorded]:
    """Every shot of each game that has ended; places in tenths of a foot from the rim, x to the other side."""
    taken = shots(view.stretch, view.league.seed)
    people, where = view.season.people, view.season.where
    for row in view.over:
        rows = []
        for shot in taken.filter(taken["row"] == row).iter_rows(named=True):
            team, who = where[shot["team"]].team, shot["player"]
            rows.append([
                "Shot Chart Detail", view.stretch.ids[row], int(people.ids[who]), people.names[who], team.team_id,
                team.name, shot["period"], shot["clock"] // 60, shot["clock"] % 60,
                "Made Shot" if shot["made"] else "Missed Shot",
                "3PT Field Goal" if shot["three"] else "2PT Field Goal", shot["distance"],
                round(-10 * shot["x"], 1), round(10 * (shot["y"] - RIM_FROM_BASELINE), 1), 1, int(shot["made"]),
                f"{view.day:%Y%m%d}",
            ])  # fmt: skip
        found = {"name": "Shot_Chart_Detail", "headers": SHOT_COLUMNS, "rowSet": rows}
        yield from view.answers("nba_shots", as_json({"resource": "shotchartdetail", "resultSets": [found]}), row)


class _Teller:
    """Tells one game's plays as actions."""

    def __init__(self, view: View, row: int) -> None:
        self._view, self._row, self._score = view, row, [0, 0]
        self._actions: list[Action] = []
        events = view.stretch.played.events
        of_game = np.flatnonzero(events["game"] == row)
        self._plays = [
            dict(zip(events, values, strict=True))
            for values in np.stack([column[of_game] for column in events.values()], axis=1).tolist()
        ]

    def told(self) -> list[Action]:
        period = 0
        for play in self._plays:
            if play["period"] != period:
                period = play["period"]
                whole = 720 if period <= 4 else 300
                self._say({**play, "clock": whole}, None, "period", f"Start of period {period}", subType="start")
            self._tell(play)
        return self._actions

    def _tell(self, play: dict[str, int]) -> None:
        off, slot = play["side"], play["slot"]
        if slot < 0:
            return
        if play["lost"]:
            self._say(play, (off, slot), "Turnover", "Turnover")
            self._other(play, (1 - off, play["thief"]), "", "STEAL")
        if play["tried"]:
            made, worth = bool(play["made"]), 3 if play["zone"] >= THREES[0] else 2
            self._score[off] += worth * made
            words = f"{'' if made else 'MISS '}{self._name(off, slot)} {worth}PT Shot"
            helped = f" ({self._name(off, play['helper'])} AST)" if play["helper"] >= 0 else ""
            kind = "Made Shot" if made else "Missed Shot"
            self._say(play, (off, slot), kind, words + helped, shotResult=kind.split()[0], isFieldGoal=1)
            self._other(play, (1 - off, play["blocker"]), "", "BLOCK")
        self._other(play, (1 - off, play["fouler"]), "Foul", "FOUL")
        for number in range(1, play["throws"] + 1):
            last = number == play["throws"]
            hit = not play["last_missed"] if last else number <= play["hit"] - (not play["last_missed"])
            self._score[off] += hit
            words = f"{'' if hit else 'MISS '}{self._name(off, slot)} Free Throw {number} of {play['throws']}"
            self._say(play, (off, slot), "Free Throw", words, subType=f"Free Throw {number} of {play['throws']}")
        keeper = off if play["kept"] else 1 - off
        self._other(play, (keeper, play["rebounder"]), "Rebound", "REBOUND")

    def _other(self, play: dict[str, int], who: tuple[int, int], kind: str, words: str) -> None:
        if who[1] >= 0:
            self._say(play, who, kind, f"{self._name(*who)} {words}")

    def _say(self, play: dict[str, int], who: tuple[int, int] | None, kind: str, words: str, **more: object) -> None:
        number = len(self._actions) + 1
        minutes, seconds = divmod(play["clock"], 60)
        self._actions.append({
            "actionNumber": number, "clock": f"PT{minutes:02d}M{seconds:02d}.00S", "period": play["period"],
            **(self._person(*who) if who else NOBODY), "shotResult": "", "isFieldGoal": 0,
            "scoreHome": str(self._score[0]), "scoreAway": str(self._score[1]), "description": words,
            "actionType": kind, "subType": "", "actionId": number, **more,
        })  # fmt: skip

    def _person(self, side: int, slot: int) -> Action:
        team = self._view.season.where[self._view.stretch.sides[self._row, side]].team
        who = int(self._view.stretch.slate.slots[self._row, side, slot])
        return {
            "teamId": team.team_id, "teamTricode": team.abbreviation,
            "personId": int(self._view.season.people.ids[who]), "playerName": self._name(side, slot),
        }  # fmt: skip

    def _name(self, side: int, slot: int) -> str:
        return self._view.season.people.family_names[int(self._view.stretch.slate.slots[self._row, side, slot])]
