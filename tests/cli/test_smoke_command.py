"""`fairline smoke`: whom it asks, what it prints, and that it ends with the right code and without a trace of a key."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import Result
from tests.ops.slates import keep_model
from typer.testing import CliRunner

from fairline.analytics.build import refresh
from fairline.cli import app
from fairline.ops.catalogue import open_home
from fairline.ops.keys import list_keys
from fairline.platform.captures import capture_of, land
from fairline.platform.clock import SystemClock
from fairline.platform.settings import load_settings
from fairline.raw.capture_loading import load_captures, unloaded
from fairline.services.lending import OWNER_FILE, OwnerApi
from fairline.services.smoke_serving import serving_here
from fairline.services.station import Station, station
from fairline.sim.canary import canary


@pytest.fixture
def tonight(made: Path, tmp_path: Path) -> Path:
    """Such a home that the test may change."""
    return Path(shutil.copytree(made, tmp_path / "home"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a model and one game to come, this evening: what every role needs to be ready."""
    folder = tmp_path_factory.mktemp("tonight") / "home"
    with open_home("tests", settings=load_settings(home=folder), clock=SystemClock()) as home:
        for each in canary(home.clock.now()).before:
            content = each.content.encode()
            capture = capture_of(
                content, source=each.source, kind=each.kind, at=each.captured_at, url=each.url, params=each.params,
                status=200,
            )  # fmt: skip
            land(content, capture, home.objects)
        waiting = unloaded(home.warehouse, home.objects)
        load_captures(waiting, warehouse=home.warehouse, objects=home.objects, now=home.clock.now())
        refresh(home.warehouse)
        keep_model(home)
    return folder


@contextmanager
def running(folder: Path) -> Iterator[tuple[Station, OwnerApi]]:
    """A process that serves every role from the home, as `fairline up` does."""
    place = station("tests", load_settings(home=folder), SystemClock())
    try:
        with serving_here(place) as owner:
            yield place, owner
    finally:
        place.close()


def smoke(folder: Path, *arguments: str, **environment: str) -> Result:
    """The command in a home."""
    given = {"FAIRLINE_HOME": str(folder), "COLUMNS": "200", **environment}
    return CliRunner().invoke(app, ["smoke", *arguments], env=given)


def test_where_nothing_runs_every_role_is_started_for_the_while_and_its_key_ends_with_it(tonight: Path):
    result = smoke(tonight, "--json")
    told = json.loads(result.stdout)
    assert [row for row in told["rows"] if not row["ok"]] == []
    assert (result.exit_code, told["ok"], told["notes"]) == (0, True, [])
    assert told["rows"][-1]["check"] == "canary gone"
    keys = json.loads(CliRunner().invoke(app, ["keys", "list", "--json"], env={"FAIRLINE_HOME": str(tonight)}).stdout)
    assert [key["state"] for key in keys] == ["revoked"]
    assert not (tonight / OWNER_FILE).exists()


def test_the_process_that_serves_from_the_home_is_asked_with_its_own_key(tonight: Path):
    with running(tonight) as (place, owner):
        result = smoke(tonight)
        assert result.exit_code == 0, result.output
        assert [key.key_id for key in list_keys(place.ledger.access)] == [owner.key_id]
    assert "checks are well." in result.stdout
    assert owner.key not in result.output


def test_what_a_killed_process_left_is_not_asked(tmp_path: Path):
    folder = tmp_path / "home"
    folder.mkdir()
    left = {"url": "http://127.0.0.1:9", "pid": 2**22 + 1, "key_id": "none", "key": "fl_none"}
    (folder / OWNER_FILE).write_text(json.dumps(left))
    rows = json.loads(smoke(folder, "--json").stdout)["rows"]
    assert rows[0] | {"ms": 0} == {
        "role": "service", "check": "health", "ok": True, "ms": 0, "detail": "alive", "hint": "",
    }  # fmt: skip


def test_a_red_row_is_exit_code_one_and_its_next_step_is_told(tmp_path: Path):
    result = smoke(tmp_path / "home")
    assert result.exit_code == 1
    assert "RED" in result.stdout
    assert "coordinator, ready: fairline train" in result.stdout
    assert "checks are red." in result.stdout


def test_the_key_of_the_environment_is_used_and_never_printed(tonight: Path):
    with running(tonight) as (_, owner):
        well = smoke(tonight, "--base-url", owner.url, FAIRLINE_API_KEY=owner.key)
        wrong = smoke(tonight, "--base-url", owner.url, FAIRLINE_API_KEY=owner.key[:-1])
    assert (well.exit_code, wrong.exit_code) == (0, 1)
    assert "401" in wrong.stdout
    assert owner.key[:-1] not in well.output + wrong.output
    assert owner.key not in CliRunner().invoke(app, ["smoke", "--help"], env={"FAIRLINE_API_KEY": owner.key}).output


def test_an_address_without_a_key_is_refused_before_anyone_is_asked(tmp_path: Path):
    result = smoke(tmp_path, "--base-url", "http://127.0.0.1:9")
    assert result.exit_code == 1
    assert "FAIRLINE_API_KEY" in getattr(result.exception, "hint", "")


def test_roles_that_nobody_serves_are_told_and_no_canary_is_sent(tonight: Path):
    from tests.services.league import playing

    from fairline.platform.ledger.access import Scope

    with playing(tonight, "raw,worker", now=SystemClock().now()) as served:
        told = smoke(tonight, "--json", "--base-url", served.url, "--key", served.keys[Scope.ADMIN])
    rows = json.loads(told.stdout)
    assert rows["notes"] == [
        "No canary was sent: nobody asked serves analytics, coordinator, grading, precompute, publishing, scrapers."
    ]
    assert {row["role"] for row in rows["rows"]} == {"service", "raw", "worker"}
