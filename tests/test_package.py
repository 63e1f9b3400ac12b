"""The package as a whole: one version, clean files, a light start."""

import hashlib
import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import fairline

HEAVY = ("catboost", "duckdb", "numpy", "pandas", "plotly", "polars", "pyarrow", "scipy", "sqlalchemy", "sqlglot")


def run(*command: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The finished command, its output as text; commands of this environment come first on its PATH."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    environment = {**os.environ, "NO_COLOR": "1", "PATH": path}
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=environment)


@pytest.fixture(scope="session")
def files(repository: Path) -> list[Path]:
    """The text files of the repository, not yet committed ones included, ignored ones not."""
    if not (repository / ".git").exists():
        pytest.skip("not a git checkout, so it cannot be told which files are the repository's")
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=repository)
    paths = (repository / name for name in listed.stdout.split("\0") if name)
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:8000]]


def test_the_version_stands_in_one_place(repository: Path):
    project = tomllib.loads((repository / "pyproject.toml").read_text())["project"]
    assert "version" in project["dynamic"]
    assert importlib.metadata.version("fairline") == fairline.__version__


def test_a_type_checker_of_a_user_sees_our_types():
    assert (Path(fairline.__file__).parent / "py.typed").is_file()


def test_the_licence_travels_with_the_package():
    metadata = importlib.metadata.metadata("fairline")
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["License-File"] == "LICENSE"


def test_help_is_shown_without_loading_a_heavy_library():
    code = f"""
import sys
from fairline.cli import main
sys.argv = ["fairline", "--help"]
try:
    main()
finally:
    print("loaded:", *sorted(sys.modules.keys() & {set(HEAVY)!r}))
"""
    answer = run(sys.executable, "-c", code)
    assert answer.returncode == 0, answer.stderr
    assert "Usage" in answer.stdout
    assert answer.stdout.splitlines()[-1].strip() == "loaded:"


def test_importing_fairline_loads_no_heavy_library():
    answer = run(sys.executable, "-c", f"import fairline, sys; print(*(sys.modules.keys() & {set(HEAVY)!r}))")
    assert answer.stdout.strip() == "", answer.stderr


def test_no_file_names_a_place_of_one_machine(files: list[Path], repository: Path):
    """Neither the folder of a developer nor the address of a package index: both bind us to where we were made."""
    place = re.compile(r"/(?:home|root|tmp|work|Users)/[a-z]|files\.pythonhosted\.org|pypi\.org|--(?:extra-)?index-url")
    found = [
        f"{path.relative_to(repository)}:{number}: {line.strip()[:120]}"
        for path in files
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if place.search(line)
    ]
    assert found == []


def test_every_locked_requirement_has_a_hash(repository: Path):
    for lock in repository.glob("requirements*.lock"):
        pinned = re.findall(r"^[A-Za-z0-9].*?(?=^[A-Za-z0-9]|\Z)", lock.read_text(), flags=re.MULTILINE | re.DOTALL)
        assert pinned, lock.name
        unhashed = [entry.split()[0] for entry in pinned if "==" not in entry or "--hash=sha256:" not in entry]
        assert unhashed == [], lock.name


def planted(folder: Path, line: str) -> subprocess.CompletedProcess[str]:
    """The secret scan of a new repository whose one file holds `line`."""
    folder.joinpath("settings.py").write_text(line + "\n")
    run("git", "init", "--quiet", cwd=folder)
    run("git", "add", "settings.py", cwd=folder)
    return run(Path(__file__).parents[1] / "scripts" / "scan-secrets", folder)


@pytest.mark.parametrize(
    "line",
    [
        f"ODDS_API_KEY = '{hashlib.sha256(b'planted').hexdigest()[:32]}'",
        "aws = 'AKIA" + "IOSFODNN7EXAMPLQ'",
        "url = 'postgresql://fairline:" + "hunter2hunter2@localhost/fairline'",
    ],
    ids=["a key of a provider", "a cloud key", "a password in an address"],
)
def test_a_planted_secret_stops_the_gate(tmp_path: Path, line: str):
    answer = planted(tmp_path, line)
    assert answer.returncode != 0
    assert "settings.py" in answer.stdout + answer.stderr


def test_a_file_without_secrets_passes_the_scan(tmp_path: Path):
    answer = planted(tmp_path, "key = os.environ['FAIRLINE_ODDS_API_KEY']")
    assert answer.returncode == 0, answer.stdout + answer.stderr
