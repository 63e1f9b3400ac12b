"""`fairline captures`: what is kept, what became of it, whether it is sound, and what may go."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from fairline.cli import app
from fairline.domain.errors import NotFound, Refused
from fairline.ops.catalogue import open_home
from fairline.platform.captures import Capture, capture_of, land
from fairline.platform.settings import load_settings
from fairline.raw.capture_loading import load_captures, unloaded

LONG_AGO = datetime(2024, 11, 12, 17, tzinfo=UTC)
URL = "https://api.balldontlie.io/v1/teams"

HAWKS = {"id": 1, "full_name": "Atlanta Hawks", "conference": "East", "division": "Southeast"}
TEAMS = json.dumps({"data": [HAWKS]}).encode()
OLD_TEAM = json.dumps({"data": [HAWKS | {"id": 38, "full_name": "Chicago Stags"}]}).encode()
BROKEN = b"<html>Internal Server Error</html>"
GAME = {
    "id": 15907925, "date": "2024-11-12", "datetime": "2024-11-13T00:30:00.000Z", "season": 2024, "status": "Final",
    "period": 4, "home_team_score": 101, "visitor_team_score": 99, "home_team": {"id": 20}, "visitor_team": {"id": 2},
}  # fmt: skip
GAMES = json.dumps({"data": [GAME]}).encode()


class Kept:
    """A home's captures, as scrapes of long ago would have left them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def landed(
        self, content: bytes, kind: str = "balldontlie_teams", *, status: int = 200, days: int = 0, hours: int = 0
    ) -> Capture:
        at = LONG_AGO + timedelta(days=days, hours=hours)
        capture = capture_of(content, source="balldontlie", kind=kind, at=at, day=at.date(), url=URL, status=status)
        with open_home("tests", settings=load_settings(home=self.folder)) as home:
            land(content, capture, home.objects)
        return capture

    def loaded(self) -> None:
        with open_home("tests", settings=load_settings(home=self.folder)) as home:
            waiting = unloaded(home.warehouse, home.objects)
            load_captures(waiting, warehouse=home.warehouse, objects=home.objects, now=home.clock.now())

    def file(self, capture: Capture) -> Path:
        return self.folder / "objects" / capture.bytes_key


@pytest.fixture
def kept(home: Path) -> Kept:
    return Kept(home)


def ran(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["captures", *arguments], env={"FAIRLINE_HOME": str(home), "COLUMNS": "140"})


def outcomes(answered: Callable[..., Any]) -> dict[str, str]:
    return {each["capture_id"]: each["outcome"] for each in answered("captures", "list")["captures"]}


def test_the_list_tells_the_latest_first_what_became_of_each(kept: Kept, answered: Callable[..., Any]):
    games, error = kept.landed(GAMES, "balldontlie_games"), kept.landed(BROKEN, status=500, days=1)
    page, aside = kept.landed(BROKEN, days=2), kept.landed(OLD_TEAM, days=3)
    kept.loaded()
    waits = kept.landed(TEAMS, days=4)
    told = answered("captures", "list")
    assert told["total"] == 5
    assert [(each["capture_id"], each["outcome"], each["rows"], each["quarantined"]) for each in told["captures"]] == [
        (waits.capture_id, "waits", None, None),
        (aside.capture_id, "loaded", 0, 1),
        (page.capture_id, "unreadable", 0, 1),
        (error.capture_id, "error_answer", 0, 0),
        (games.capture_id, "loaded", 2, 0),
    ]


def test_the_list_can_be_of_one_kind_and_cut_short(kept: Kept, answered: Callable[..., Any]):
    kept.landed(GAMES, "balldontlie_games")
    latest = [kept.landed(TEAMS, days=day) for day in (1, 2, 3)][-1]
    told = answered("captures", "list", "--kind", "balldontlie_teams", "--limit", "1")
    assert (told["total"], [each["sighting"] for each in told["captures"]]) == (3, [latest.key])
    assert answered("captures", "list", "--source", "espn")["total"] == 0


def test_what_was_asked_and_what_came_can_be_seen_again(kept: Kept, told: Callable[..., str]):
    capture = kept.landed(TEAMS)
    kept.landed(TEAMS, days=1)
    shown = told("captures", "show", capture.capture_id[:10])
    assert shown.count(f"balldontlie_teams: {URL}, status 200") == 2
    assert f"{len(TEAMS)} bytes" in shown
    assert ran(kept.folder, "show", capture.capture_id[:10], "--content").stdout_bytes == TEAMS


def test_a_hash_of_none_or_of_several_is_refused(kept: Kept):
    kept.landed(TEAMS)
    kept.landed(GAMES, "balldontlie_games")
    assert isinstance(ran(kept.folder, "show", "nothing").exception, NotFound)
    several = ran(kept.folder, "show", "").exception
    assert isinstance(several, Refused)
    assert "2 captures begin" in str(several)


def test_sound_captures_are_said_to_be(kept: Kept, told: Callable[..., str]):
    kept.landed(TEAMS)
    assert "1 captures, 0 damaged." in told("captures", "verify")


def damage_bytes(file: Path) -> None:
    came = file.read_bytes()
    file.write_bytes(came[:20] + bytes([came[20] ^ 1]) + came[21:])


def damage_note(file: Path) -> None:
    next(file.parent.glob(f"{file.stem}.*.json")).write_text("{")


@pytest.mark.parametrize("damage", [damage_bytes, damage_note, Path.unlink])
def test_a_damaged_capture_is_found_by_name_and_the_others_are_still_looked_at(
    kept: Kept, damage: Callable[[Path], None]
):
    sound, damaged = kept.landed(TEAMS), kept.landed(GAMES, "balldontlie_games")
    damage(kept.file(damaged))
    verified = ran(kept.folder, "verify", "--json")
    assert verified.exit_code == 1
    told = json.loads(verified.stdout)
    assert (told["captures"], [each["sighting"] for each in told["damaged"]]) == (2, [damaged.key])
    assert sound.capture_id not in verified.stdout


def test_pruning_says_what_would_go_and_removes_nothing_unless_told(kept: Kept, answered: Callable[..., Any]):
    kept.landed(BROKEN, status=500)
    kept.loaded()
    assert answered("captures", "prune")["sightings"] == 1
    assert answered("captures", "list")["total"] == 1
    assert answered("captures", "prune", "--yes")["done"]
    assert answered("captures", "list")["total"] == 0


def test_pruning_never_removes_what_a_row_was_read_from_or_what_is_set_aside(
    kept: Kept, answered: Callable[..., Any], told: Callable[..., str]
):
    games, aside = kept.landed(GAMES, "balldontlie_games"), kept.landed(OLD_TEAM)
    error, said_nothing = kept.landed(BROKEN, status=500), kept.landed(TEAMS)
    kept.loaded()
    pruned = answered("captures", "prune", "--yes")
    assert (pruned["sightings"], pruned["kept_for_rows"]) == (2, 2)
    assert outcomes(answered).keys() == {games.capture_id, aside.capture_id}
    assert [kept.file(each).exists() for each in (games, aside, error, said_nothing)] == [True, True, False, False]
    assert "2 captures, 0 damaged." in told("captures", "verify")


def test_pruning_never_removes_what_was_not_read_yet(
    kept: Kept, answered: Callable[..., Any], told: Callable[..., str]
):
    kept.landed(TEAMS)
    kept.loaded()
    same_bytes = kept.landed(TEAMS, hours=1)
    assert answered("captures", "prune", "--yes")["sightings"] == 0
    assert kept.file(same_bytes).exists()
    assert "2 captures, 0 damaged." in told("captures", "verify")


def test_what_was_seen_again_lately_is_not_old(kept: Kept, answered: Callable[..., Any]):
    kept.landed(TEAMS)
    kept.landed(TEAMS, days=(datetime.now(UTC) - LONG_AGO).days)
    kept.loaded()
    assert answered("captures", "prune", "--yes")["sightings"] == 0
    assert answered("captures", "prune", "--yes", "--older-than", "1000")["sightings"] == 0
    assert answered("captures", "list")["total"] == 2
