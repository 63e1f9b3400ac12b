"""What is kept of providers: turns, circuits, quotas, validators; by several threads and over restarts."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fairline.domain.clock import FixedClock
from fairline.platform.ledger.provider_states import HostState, ProviderStates, Quota, Validator
from fairline.platform.ledger.sql import SqlLedger
from fairline.platform.ledger.sqlite import open_sqlite

NOON = datetime(2025, 11, 28, 17, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def ledger(tmp_path: Path, clock: FixedClock) -> Iterator[SqlLedger]:
    ledger = open_sqlite(tmp_path / "ledger.sqlite", clock)
    yield ledger
    ledger.close_connection()


@pytest.fixture
def states(ledger: SqlLedger) -> ProviderStates:
    return ledger.providers


def test_a_host_never_asked_is_well(states: ProviderStates):
    assert states.host("a") == HostState("a")
    assert states.admitted("a")


def test_of_many_callers_at_once_each_has_a_turn_of_its_own(states: ProviderStates):
    apart = timedelta(seconds=2)
    with ThreadPoolExecutor(8) as threads:
        waits = list(threads.map(lambda _: states.reserve("a", apart), range(16)))
    assert sorted(waits) == [place * apart for place in range(16)]


def test_of_many_callers_one_probes(states: ProviderStates, clock: FixedClock):
    for _ in range(5):
        states.failed("a", "down")
    clock.advance(timedelta(minutes=5))
    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(lambda _: states.admitted("a"), range(16))) == 1


def test_an_answer_forgets_the_failures_and_keeps_when_they_were(states: ProviderStates, clock: FixedClock):
    states.failed("a", "status 500")
    clock.advance(timedelta(minutes=1))
    states.succeeded("a")
    assert states.host("a") == HostState("a", 0, None, NOON + timedelta(minutes=1), NOON, "")


def test_quotas_and_validators_are_the_latest_told_and_outlive_a_restart(
    states: ProviderStates, tmp_path: Path, clock: FixedClock
):
    assert states.quota("odds_api") is None
    assert states.validator("q") is None
    for used in (10, 20):
        states.note_quota("odds_api", Quota(NOON, 500 - used, used, 10))
        states.note_validator("q", Validator(f'"{used}"', "", "captures/a"))
    again = open_sqlite(tmp_path / "ledger.sqlite", clock)
    assert again.providers.quota("odds_api") == Quota(NOON, 480, 20, 10)
    assert again.providers.validator("q") == Validator('"20"', "", "captures/a")
    again.close_connection()


def test_states_can_be_read_where_nothing_may_be_written(ledger: SqlLedger, tmp_path: Path, clock: FixedClock):
    ledger.providers.failed("a", "down")
    reader = open_sqlite(tmp_path / "ledger.sqlite", clock, read_only=True)
    assert reader.providers.host("a").problem == "down"
    reader.close_connection()
