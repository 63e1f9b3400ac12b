"""The import rule, tried on small packages that keep or break it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOMS = ("domain", "platform", "raw", "analytics", "features", "predict", "grade", "publish", "ops", "evaluate", "cli")
LINTER = Path(sys.executable).with_name("lint-imports")


def lint(repository: Path, folder: Path, modules: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Our contracts on a skeleton of our rooms, each with a schema, in which `modules` (path: source) are put."""
    for room in ROOMS:
        package = folder / "fairline" / room
        package.mkdir(parents=True)
        for name in ("__init__.py", "schema.py", "rows.py"):
            (package / name).touch()
    (folder / "fairline" / "__init__.py").touch()
    (folder / "fairline" / "api.py").touch()
    for path, source in modules.items():
        target = folder / "fairline" / path
        target.parent.mkdir(exist_ok=True)
        target.write_text(source + "\n")
    command = [LINTER, "--no-cache", "--no-logo", repository / "pyproject.toml"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("domain/line.py", "import fairline.platform.rows"),
        ("platform/warehouse.py", "import fairline.raw.schema"),
        ("raw/games.py", "from fairline.ops import rows"),
        ("analytics/summary.py", "from fairline.raw.rows import *"),
        ("raw/games.py", "import fairline.analytics.rows"),
        ("ops/schedule.py", "import fairline.cli.rows"),
        ("evaluate/walk.py", "import fairline.api"),
        ("services/http.py", "from fairline.cli import rows"),
    ],
)
def test_an_import_against_the_rule_stops_the_gate(repository: Path, tmp_path: Path, path: str, source: str):
    modules = {path: source}
    if path.startswith("services/"):
        modules["services/__init__.py"] = ""
    answer = lint(repository, tmp_path, modules)
    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert f"fairline.{path.removesuffix('.py').replace('/', '.')}" in answer.stdout


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("analytics/summary.py", "from fairline.raw.schema import *"),
        ("raw/games.py", "import fairline.platform.rows, fairline.domain.rows"),
        ("ops/catalogue.py", "import fairline.raw.rows, fairline.analytics.rows, fairline.evaluate.rows"),
        ("cli/run.py", "import fairline.api, fairline.ops.rows"),
    ],
)
def test_an_import_along_the_rule_passes(repository: Path, tmp_path: Path, path: str, source: str):
    answer = lint(repository, tmp_path, {path: source})
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_a_new_room_must_be_given_its_place_in_the_rule(repository: Path, tmp_path: Path):
    answer = lint(repository, tmp_path, {"helpers/__init__.py": ""})
    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert "helpers" in answer.stdout + answer.stderr
