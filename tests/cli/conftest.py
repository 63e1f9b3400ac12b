"""What the tests of commands share."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from fairline.cli import app


@pytest.fixture
def told(home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Run a command in the small league's home and get what it printed."""
    monkeypatch.setenv("FAIRLINE_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "140")

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(app, arguments, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


@pytest.fixture
def answered(told: Callable[..., str]) -> Callable[..., Any]:
    """The same, read as JSON."""
    return lambda *arguments: json.loads(told(*arguments, "--json"))
