"""What the tests of features share."""

from pathlib import Path

import polars as pl
import pytest
from tests.features.real import every_row, whole

from fairline.platform.warehouse import DuckWarehouse


@pytest.fixture(scope="session")
def real(imported: Path) -> DuckWarehouse:
    """All of the real data, summaries built."""
    return whole(imported)


@pytest.fixture(scope="session")
def player_games(imported: Path) -> pl.DataFrame:
    """The features of every player-game held."""
    return every_row(imported)
