"""What the stories of the ledger share: a clock that moves when told, and one store opened as often as they like."""

from datetime import UTC, datetime

import pytest
from tests.ledgers import Reopen, Store

from fairline.domain.clock import FixedClock
from fairline.platform.ledger.contract import Ledger


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2025, 11, 28, 16, 30, tzinfo=UTC))


@pytest.fixture
def reopen(store: Store, clock: FixedClock) -> Reopen:
    """Opens the same ledger again, as another process would."""
    return lambda: store.open(clock)


@pytest.fixture
def ledger(reopen: Reopen) -> Ledger:
    return reopen()
