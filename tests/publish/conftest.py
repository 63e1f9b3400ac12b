"""A store and a ledger of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.predict.frames import CUTOFF

from fairline.domain.clock import FixedClock
from fairline.platform.ledger.contract import Ledger
from fairline.platform.ledger.sqlite import open_sqlite
from fairline.platform.objects import ObstoreObjects


@pytest.fixture
def objects(tmp_path: Path) -> ObstoreObjects:
    return ObstoreObjects.local(tmp_path / "objects")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(CUTOFF)


@pytest.fixture
def ledger(tmp_path: Path, clock: FixedClock) -> Iterator[Ledger]:
    opened = open_sqlite(tmp_path / "ledger.sqlite", clock)
    yield opened
    opened.close_connection()
