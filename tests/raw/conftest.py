"""What the tests of raw share."""

from pathlib import Path

import pytest
from tests.raw.world import League


@pytest.fixture
def league(tmp_path: Path) -> League:
    """The small league, its schedule and box scores imported."""
    folder = tmp_path / "files"
    folder.mkdir()
    return League.playing(folder)


@pytest.fixture
def nothing(tmp_path: Path) -> League:
    """A home into which nothing was imported."""
    folder = tmp_path / "files"
    folder.mkdir()
    return League.empty(folder)
