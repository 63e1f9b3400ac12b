"""`fairline scrape`, `fairline scrapers`, `fairline replay serve`, as a person runs them."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from fairline.cli import app
from fairline.sim.faults import Faults
from fairline.sim.replay import Recorded, ReplayServer

TEAMS = {"data": [{"id": 1, "abbreviation": "ATL", "city": "Atlanta", "name": "Hawks", "full_name": "Atlanta Hawks"}]}
ANSWER = Recorded("https://api.balldontlie.io/v1/teams", json.dumps(TEAMS).encode())


@pytest.fixture
def replay(monkeypatch: pytest.MonkeyPatch) -> Iterator[ReplayServer]:
    with ReplayServer([ANSWER], Faults()) as server:
        monkeypatch.setenv("FAIRLINE_REPLAY", server.url)
        yield server


def ran(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, env={"FAIRLINE_HOME": str(home), "COLUMNS": "140"})


def test_a_scrape_says_what_was_asked_and_what_came_of_it(replay: ReplayServer, answered: Callable[..., Any]):
    told = answered("scrape", "balldontlie_teams", "--date", "2024-11-12")
    [report] = told["scrapers"]
    assert (told["date"], told["failed"], report["status"], report["answered"]) == ("2024-11-12", [], "success", 1)
    assert replay.asked[0][0][:2] == ("api.balldontlie.io", "/v1/teams")


@pytest.mark.usefixtures("replay")
def test_a_scraper_that_succeeded_is_fresh_and_healthy(answered: Callable[..., Any]):
    answered("scrape", "balldontlie_teams")
    states = {each["scraper"]: each for each in answered("scrapers")["scrapers"]}
    assert (states["balldontlie_teams"]["freshness"], states["balldontlie_teams"]["health"]) == ("fresh", "ok")
    assert (states["nba_schedule"]["freshness"], states["nba_schedule"]["health"]) == ("never", "unknown")


def test_a_scrape_that_came_to_nothing_says_why_and_exits_with_1(replay: ReplayServer, home: Path):
    replay.faults.then("403")
    result = ran(home, "scrape", "balldontlie_teams")
    assert result.exit_code == 1
    assert "status 403" in result.stdout
    assert "check the setting balldontlie_key" in result.stdout
    listed = ran(home, "scrapers").stdout
    assert "status 403" in listed


def test_without_a_key_the_setting_is_named(home: Path):
    result = ran(home, "scrape", "odds_api_events")
    assert result.exit_code == 1
    assert "The Odds API needs a key." in result.stdout
    assert "FAIRLINE_ODDS_API_KEY" in result.stdout


def test_scrapers_are_listed_before_there_is_a_home(tmp_path: Path):
    result = ran(tmp_path / "none", "scrapers", "--json")
    states = json.loads(result.stdout)["scrapers"]
    assert {each["freshness"] for each in states} == {"never"}
    assert {each["health"] for each in states if each["source"] == "odds_api"} == {"no key"}
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("command", [["scrape"], ["scrapers"], ["replay", "serve"]])
def test_every_help_has_an_example(home: Path, command: list[str]):
    assert "Example: fairline" in ran(home, *command, "--help").stdout


def test_replay_lists_what_can_be_asked(tmp_path: Path):
    (tmp_path / "teams.json").write_text(json.dumps(TEAMS))
    routes = [{"file": "teams.json", "url": ANSWER.url, "params": {}}]
    (tmp_path / "routes.json").write_text(json.dumps(routes))
    listed = json.loads(ran(tmp_path, "replay", "serve", str(tmp_path), "--list").stdout)
    assert listed == {"answers": [{"url": ANSWER.url, "params": {}, "file": "teams.json"}], "left_out": {}}


def test_replay_prints_the_setting_that_points_fairline_at_it(home: Path, tmp_path: Path):
    (tmp_path / "teams.json").write_text(json.dumps(TEAMS))
    (tmp_path / "routes.json").write_text(json.dumps([{"file": "teams.json", "url": ANSWER.url}]))
    command = [sys.executable, "-c", "from fairline.cli import main; main()", "replay", "serve", str(tmp_path)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    ) as server:
        try:
            assert server.stdout is not None
            assert "Answering 1 questions" in server.stdout.readline()
            name, _, address = server.stdout.readline().strip().partition("=")
            assert re.fullmatch(r"http://127\.0\.0\.1:\d+", address)
            result = CliRunner().invoke(
                app, ["scrape", "balldontlie_teams", "--json"], env={"FAIRLINE_HOME": str(home), name: address}
            )
            assert json.loads(result.stdout)["failed"] == []
        finally:
            server.terminate()
