"""What the tests of analytics share."""

from pathlib import Path

import pytest
from tests.features.real import whole

from fairline.platform.warehouse import DuckWarehouse


@pytest.fixture(scope="session")
def real(imported: Path) -> DuckWarehouse:
    """All of the real data, summaries built."""
    return whole(imported)
