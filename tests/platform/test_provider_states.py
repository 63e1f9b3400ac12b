"""What is kept of providers: turns, circuits, quotas, validators; by several threads and over restarts."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from tests.ledgers import Reopen, Store, at_once

from fairline.domain.clock import FixedClock
from fairline.platform.ledger.contract import Ledger
from fairline.platform.ledger.provider_states import HostState, ProviderStates, Quota, Validator

NOON = datetime(2025, 11, 28, 17, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def states(ledger: Ledger) -> ProviderStates:
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


def test_of_many_who_first_meet_a_host_at_once_each_failure_is_counted(reopen: Reopen):
    ledgers = [reopen() for _ in range(4)]
    at_once(lambda number: ledgers[number].providers.failed("a", "down"), threads=4)
    assert ledgers[0].providers.host("a").failures == 4


def test_what_several_note_of_one_source_at_once_is_one_row(reopen: Reopen):
    ledgers = [reopen() for _ in range(4)]
    at_once(lambda number: ledgers[number].providers.note_quota("odds_api", Quota(NOON, number)), threads=4)
    assert ledgers[0].providers.quota("odds_api") in [Quota(NOON, number) for number in range(4)]


def test_an_answer_forgets_the_failures_and_keeps_when_they_were(states: ProviderStates, clock: FixedClock):
    states.failed("a", "status 500")
    clock.advance(timedelta(minutes=1))
    states.succeeded("a")
    assert states.host("a") == HostState("a", 0, None, NOON + timedelta(minutes=1), NOON, "")


def test_quotas_and_validators_are_the_latest_told_and_outlive_a_restart(states: ProviderStates, reopen: Reopen):
    assert states.quota("odds_api") is None
    assert states.validator("q") is None
    for used in (10, 20):
        states.note_quota("odds_api", Quota(NOON, 500 - used, used, 10))
        states.note_validator("q", Validator(f'"{used}"', "", "captures/a"))
    again = reopen()
    assert again.providers.quota("odds_api") == Quota(NOON, 480, 20, 10)
    assert again.providers.validator("q") == Validator('"20"', "", "captures/a")


def test_states_can_be_read_where_nothing_may_be_written(ledger: Ledger, store: Store, clock: FixedClock):
    ledger.providers.failed("a", "down")
    assert store.open(clock, read_only=True).providers.host("a").problem == "down"
