"""The notebook is executed, holds nothing of the machine it was made on, and still says what the code says."""

import importlib.util
import json
import re
import shutil
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

AUDITED = "audited"
"""Tag of the cells whose outputs depend on the data and the contract alone, not on a model."""


@pytest.fixture(scope="module")
def notebook(repository: Path) -> Any:
    return json.loads((repository / "docs" / "notebooks" / "one-slate.ipynb").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def execution(repository: Path) -> ModuleType:
    """The script beside the notebook."""
    spec = importlib.util.spec_from_file_location("execute", repository / "docs" / "notebooks" / "execute.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def graded(imported: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the slate of the notebook is priced and graded, by a model quick to train: of early 2024."""
    from datetime import date

    from fairline.ops.catalogue import open_home
    from fairline.ops.results import grade_date
    from fairline.ops.slate import run_slate
    from fairline.ops.training import train
    from fairline.platform.settings import load_settings

    folder = Path(shutil.copytree(imported, tmp_path_factory.mktemp("notebook") / "home"))
    day = date(2025, 11, 28)
    with open_home("tests", settings=load_settings(home=folder)) as home:
        train(home, ["points"], since=date(2022, 10, 1), until=date(2024, 2, 10), told=lambda _: None)
        run_slate(home, day, ["points"])
        grade_date(home, day)
    return folder


def code(notebook: Any) -> list[Any]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def text(cell: Any) -> str:
    """What a cell printed."""
    return "".join("".join(output.get("text", "")) for output in cell["outputs"])


def test_every_cell_was_executed_without_an_error_and_in_order(notebook: Any):
    assert [cell["execution_count"] for cell in code(notebook)] == list(range(1, len(code(notebook)) + 1))
    assert [output for cell in code(notebook) for output in cell["outputs"] if output["output_type"] == "error"] == []


def test_the_outputs_are_small_and_name_no_place_of_a_machine(notebook: Any):
    outputs = json.dumps([cell["outputs"] for cell in code(notebook)])
    assert len(outputs) < 100_000
    assert re.findall(r"/(?:home|root|tmp|work|Users|var)/\w+", outputs) == []


def test_the_notebook_executed_again_says_the_same_of_the_data(
    notebook: Any, execution: ModuleType, graded: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FAIRLINE_HOME", str(graded))
    again = execution.executed()
    pairs = list(zip(code(notebook), code(again), strict=True))
    audited = [(text(old), text(new)) for old, new in pairs if AUDITED in old["metadata"].get("tags", ())]
    assert len(audited) >= 5
    for old, new in audited:
        assert new == old, "execute it again: python docs/notebooks/execute.py"
