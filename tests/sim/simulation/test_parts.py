"""The simulated league and its stores: what the simulation stands on."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from fairline.domain.errors import NotFound, Refused
from fairline.platform.transport import Request, Response
from fairline.sim.simulation.answers import answered
from fairline.sim.simulation.chaos import Chaos, Crash, Life
from fairline.sim.simulation.league import PAST_DAYS, SURNAMES, Game, League
from fairline.sim.simulation.machine import Simulated
from fairline.sim.simulation.memory import MemoryObjects
from fairline.sim.simulation.stores import SteppedObjects
from fairline.sim.simulation.watch import Watch

LEAGUE = League(3, date(2025, 11, 1), 7)


def test_no_game_ends_drawn_and_a_correction_turns_no_result() -> None:
    late = LEAGUE.games[-1].ends_at + timedelta(days=3)
    for game in LEAGUE.games:
        first, last = ([LEAGUE.score(game, side, at) for side in (game.home, game.away)] for at in (game.ends_at, late))
        assert first[0] != first[1]
        assert (first[0] > first[1]) == (last[0] > last[1])


def test_who_sits_out_is_in_no_box_score_and_counts_for_no_team() -> None:
    everyone = [
        (game, player) for game in LEAGUE.games for player in LEAGUE.players if player.side in (game.home, game.away)
    ]
    absent = [(game, player) for game, player in everyone if not LEAGUE.plays(game, player)]
    assert {player.place for _, player in absent} == set(range(len(SURNAMES) - 1))
    assert all(game.day >= LEAGUE.first for game, _ in absent)
    for game, player in absent:
        told = of_log(answered(LEAGUE, log_of(game, "P"), game.ends_at))
        points = {row["PLAYER_ID"]: row["PTS"] for row in told if row["TEAM_ID"] == player.side.team_id}
        assert player.player_id not in points
        assert sum(points.values()) == LEAGUE.score(game, player.side, game.ends_at)


def log_of(game: Game, of: str) -> Request:
    day = game.day.isoformat()
    asked = {"DateFrom": day, "DateTo": day, "PlayerOrTeam": of}
    return Request("https://stats.nba.com/stats/leaguegamelog", params=asked)


def of_log(response: Response) -> list[dict[str, Any]]:
    (table,) = json.loads(response.content)["resultSets"]
    return [dict(zip(table["headers"], row, strict=True)) for row in table["rowSet"]]


def test_the_past_is_the_same_whatever_the_seed() -> None:
    other = League(4, LEAGUE.first, 1)
    past = [(game, player) for game in LEAGUE.games[: 2 * PAST_DAYS] for player in LEAGUE.players]
    assert LEAGUE.games[: 2 * PAST_DAYS] == other.games[: 2 * PAST_DAYS]
    assert all(LEAGUE.box(game, who, game.ends_at) == other.box(game, who, game.ends_at) for game, who in past)


def test_a_tip_off_keeps_its_eastern_hour_over_the_night_on_which_clocks_change() -> None:
    hours = {game.tip_at.hour for game in LEAGUE.games if game.day < date(2025, 11, 2) - timedelta(days=1)}
    after = {game.tip_at.hour for game in LEAGUE.games if game.day > date(2025, 11, 2)}
    assert hours == {23, 0}
    assert after <= {0, 1, 3, 17}


def test_a_clock_set_back_remembers_by_how_much_and_is_not_moved_back() -> None:
    clock = Simulated(datetime(2025, 11, 1, 12, tzinfo=UTC))
    clock.set_back(timedelta(minutes=9))
    clock.set_back(timedelta(minutes=2))
    clock.move_to(datetime(2025, 11, 1, 11, tzinfo=UTC))
    assert (clock.now(), clock.behind) == (datetime(2025, 11, 1, 11, 49, tzinfo=UTC), timedelta(minutes=11))


def test_objects_in_memory_list_a_folder_and_not_its_namesake() -> None:
    objects = MemoryObjects()
    for key in ("a/b/1", "a/b/2", "a/bc/1", "a/b.json"):
        objects.put(key, b"")
    objects.delete("a/b/2")
    assert objects.list("a/b") == ["a/b/1"]
    assert objects.list() == ["a/b.json", "a/b/1", "a/bc/1"]
    assert not objects.put_new("a/b/1", b"other")
    with pytest.raises(NotFound):
        objects.get("a/b/2")
    with pytest.raises(Refused):
        objects.put("../out", b"")


def test_a_process_that_crashed_writes_nothing_more() -> None:
    held, life, chaos = MemoryObjects(), Life("main"), Chaos(1)
    objects = SteppedObjects(held, life, chaos, Watch.__new__(Watch))
    life.over = True
    with pytest.raises(Crash):
        objects.put("captures/late", b"")
    assert held.list() == []
