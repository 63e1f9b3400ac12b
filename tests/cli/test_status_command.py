"""`fairline status`: the day at a glance, from the ledger alone."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from fairline.cli import status
from fairline.domain.clock import FixedClock
from fairline.domain.dates import game_date
from fairline.domain.errors import NotFound
from fairline.ops.catalogue import open_home
from fairline.ops.day_status import day_status
from fairline.ops.due import Game
from fairline.ops.slates import keep_plan
from fairline.platform.clock import SystemClock
from fairline.platform.home import open_workplace
from fairline.platform.ledger.contract import Batch, RunStatus, Task, TaskEnd, TaskOutcome, Unit
from fairline.platform.settings import load_settings

NOW = datetime(2026, 1, 14, 20, tzinfo=UTC)
"""Three in the afternoon, Eastern."""
DAY = game_date(NOW)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FAIRLINE_HOME", str(tmp_path / "home"))
    with open_home("tests", settings=load_settings(home=tmp_path / "home")):
        pass
    return tmp_path / "home"


def run(*arguments: str) -> Any:
    app = typer.Typer()
    app.callback()(lambda: None)
    status.register(app)
    return CliRunner().invoke(app, ["status", *arguments])


@pytest.mark.usefixtures("folder")
def test_on_a_home_where_nothing_has_run_it_says_so():
    told = run()
    assert told.exit_code == 0
    assert "No schedule has run on this home; `fairline up` runs it." in told.output
    assert "Nobody has the home." in told.output
    assert "Nothing is late" in told.output


def test_without_a_home_it_says_how_to_make_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FAIRLINE_HOME", str(tmp_path / "nowhere"))
    result = run()
    assert isinstance(result.exception, NotFound)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.usefixtures("folder")
def test_it_answers_while_another_process_owns_the_home_and_names_it():
    owning = (
        "import sys\nfrom fairline.ops.catalogue import open_home\n"
        "with open_home('fairline up'):\n    print('mine', flush=True)\n    sys.stdin.readline()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", owning], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "mine\n"
        told = run()
        owner.communicate("done\n", timeout=60)
    assert f"`fairline up` (process {owner.pid}) has the home" in told.output


def test_a_home_lent_while_a_provider_is_waited_for_is_not_called_nobodys(folder: Path):
    clock = SystemClock()
    ledger, objects = open_workplace(load_settings(home=folder), clock)
    keep_plan(objects, {game_date(clock.now()): []}, clock.now())
    day = game_date(clock.now())
    assert ledger.start_due("morning", clock.now(), lasting=timedelta(minutes=30), game_date=day)
    ledger.close_connection()
    told = " ".join(run().output.split())
    assert "Nobody has the home; morning, noted as running, lets others have it while a provider is waited for." in told


def test_the_json_has_what_ran_what_failed_and_what_is_next(folder: Path):
    clock = SystemClock()
    now = clock.now()
    ledger, objects = open_workplace(load_settings(home=folder), clock)
    keep_plan(objects, {game_date(now): [Game("g1", now + timedelta(hours=5), "scheduled")]}, now)
    run_of = ledger.start_due("cleanup", now, lasting=timedelta(minutes=5), game_date=game_date(now))
    assert run_of is not None
    ledger.finish_run(run_of, RunStatus.FAILED, {}, "OSError: the disk is full")
    ledger.close_connection()
    told = json.loads(run("--json").output)
    assert (told["games"], told["errors"][0]["name"], told["errors"][0]["error"]) == (
        1, "cleanup", "OSError: the disk is full",
    )  # fmt: skip
    [cleanup] = [each for each in told["jobs"] if each["name"] == "cleanup"]
    assert cleanup["last"]["status"] == "failed"
    assert [each["job"] for each in told["next"]]
    assert "Last errors" in run().output


def test_what_is_late_what_was_missed_batches_and_dead_letters_are_told(tmp_path: Path):
    clock = FixedClock(NOW - timedelta(hours=6))
    ledger, objects = open_workplace(load_settings(home=tmp_path), clock)
    tips = (NOW - timedelta(hours=1), NOW + timedelta(hours=4))
    keep_plan(objects, {DAY: [Game(f"g{hour}", tip, "scheduled") for hour, tip in enumerate(tips)]}, clock.now())
    morning = ledger.start_due("morning", NOW - timedelta(hours=7), lasting=timedelta(minutes=5), game_date=DAY)
    assert morning is not None
    ledger.finish_run(morning, RunStatus.SUCCESS, {"written": 5}, "")
    ledger.open(Batch("b1", DAY, "slate", (Unit("g1", 1, "points"),), (Task("predict", "points/one"),)))
    claim = ledger.claim("predict", "me", timedelta(minutes=1))
    assert claim is not None
    ledger.finish(claim, TaskOutcome(TaskEnd.FAILED, "no such system"))
    clock.advance(timedelta(hours=6))
    found = day_status(ledger, objects, DAY, NOW)
    ledger.close_connection()
    assert "same-day-predictions" in {each.job.name for each in found.late}
    assert [each.job.name for each in found.missed if each.job.name == "lines-before-tip"] == ["lines-before-tip"]
    [line] = found.batches
    assert (line.batch.batch_id, line.tasks, line.tasks_open) == ("b1", 1, 0)
    assert [task.reason for task in found.dead_tasks] == ["no such system"]
    assert next(job for job in found.jobs if job.name == "same-day-predictions").late
