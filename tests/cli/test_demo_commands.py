"""The commands of the simulated league as they are typed: the demo, run twice, its systems judged, its day replayed."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.sim.leagues import FOUR
from typer.testing import CliRunner

from fairline.cli import app
from fairline.sim.league.league import LABEL

pytestmark = pytest.mark.xdist_group("demo commands")

SMALL = ("--seed", "7", "--teams", ",".join(FOUR), "--games-each", "40")


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "home"


@pytest.fixture(scope="module")
def first(folder: Path) -> Any:
    """What the first run said; the home is there from now on."""
    return json.loads(run("demo", *SMALL, "--home", str(folder), "--json"))


def test_the_demo_runs_through_and_says_what_it_did(first: Any, folder: Path):
    assert (first["label"], first["seed"], first["home"]) == (LABEL, 7, str(folder))
    assert list(first["seconds"]) == [
        "seasons", "models", "morning", "injuries", "lines", "tonight", "night", "grades",
    ]  # fmt: skip
    assert min(first["seconds"].values()) > 0
    assert first["games"] >= 1
    assert {row["market"] for row in first["board"]} == {"points", "threes"}
    assert sum(row["forecasts"] for row in first["grades"]) > 40
    assert [path for path in first["published"] if not Path(path).is_file()] == []


def test_the_demo_run_again_does_nothing_and_shows_the_same(first: Any, folder: Path):
    again = json.loads(run("demo", *SMALL, "--home", str(folder), "--json"))
    assert again == {**first, "seconds": {}}
    shown = run("demo", *SMALL, "--home", str(folder))
    assert shown.count("SIMULATED") == 3
    assert f"--home {folder} {' '.join(SMALL)} --serve" in shown.replace("\n", " ")


def test_the_home_of_one_league_is_not_taken_for_anothers(first: Any, folder: Path):
    del first
    result = CliRunner().invoke(app, ("demo", "--seed", "7", "--home", str(folder)))
    assert result.exit_code != 0
    assert "another demo" in str(result.exception or result.output)


def test_sim_verify_finds_nothing_in_the_truth_itself(first: Any, folder: Path):
    del first
    options = ("--games", "6", "--draws", "200")
    told = json.loads(run("sim", "verify", *SMALL, "--home", str(folder), *options, "--json"))
    assert (told["label"], told["draws"]) == (LABEL, 200)
    judged = {each["system"]: each for each in told["systems"]}
    again = judged.pop("the truth, drawn again")
    assert again["found"] == []
    assert {each["games"] for each in (again, *judged.values())} == {6}
    assert {"moving_average", "ensemble"} <= set(judged)
    assert all(again["skill"] > each["skill"] for each in judged.values())
    shown = run("sim", "verify", *SMALL, "--home", str(folder), *options)
    assert "SIMULATED: systems beside the truth" in shown
    assert "6 games." in shown


def test_replay_day_finds_the_demos_day_identical_until_a_file_of_it_is_altered(
    first: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FAIRLINE_HOME", str(folder))
    told = json.loads(run("replay", "day", first["date"], "--json"))
    assert (told["date"], told["identical"]) == (first["date"], True)
    assert {part["part"] for part in told["parts"]} >= {
        f"v1/predictions/{first['date']}/r1", f"v1/results/{first['date']}.json",
    }  # fmt: skip
    assert min(part["rows"] for part in told["parts"]) > 0
    document = folder / "objects" / "v1" / "results" / f"{first['date']}.json"
    document.write_text(json.dumps({**json.loads(document.read_bytes()), "added": "by hand"}))
    shown = run("replay", "day", first["date"], code=1)
    assert "1 rows or documents differ." in shown
