"""Keys as their hashes, at most two live ones a name, and the audit."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from tests.ledgers import Reopen, Store, at_once

from fairline.domain.clock import FixedClock
from fairline.domain.errors import NotFound, Refused
from fairline.platform.ledger.access import Access, Audited, HeldKey, Scope

HOUR = timedelta(hours=1)


@pytest.fixture
def access(reopen: Reopen) -> Access:
    return reopen().access


@pytest.fixture
def key(clock: FixedClock) -> HeldKey:
    return HeldKey("k1", "scheduler", Scope.WRITE, "d1", clock.now(), clock.now() + HOUR)


def another(key: HeldKey, number: int) -> HeldKey:
    return replace(key, key_id=f"k{number}", digest=f"d{number}")


def test_a_key_is_kept_over_a_restart_as_it_was_given(reopen: Reopen, key: HeldKey) -> None:
    reopen().access.add_key(key)
    access = reopen().access
    assert access.key("k1") == key
    assert access.key("k2") is None
    access.add_key(replace(another(key, 2), created_at=key.created_at + HOUR, scope=Scope.ADMIN))
    held = access.keys()
    assert [one.key_id for one in held] == ["k2", "k1"]


def test_a_name_has_two_live_keys_for_rotation_and_no_third(access: Access, key: HeldKey) -> None:
    access.add_key(key)
    access.add_key(another(key, 2))
    with pytest.raises(Refused, match="Two live keys are named scheduler") as caught:
        access.add_key(another(key, 3))
    assert "Revoke one" in caught.value.hint
    access.add_key(replace(another(key, 4), name="dashboard"))
    access.revoke_key("k1")
    access.add_key(another(key, 3))
    assert access.key("k3") == another(key, 3)


def test_an_expired_key_is_not_live_and_makes_room(access: Access, key: HeldKey, clock: FixedClock) -> None:
    access.add_key(key)
    access.add_key(another(key, 2))
    clock.advance(HOUR)
    access.add_key(replace(another(key, 3), expires_at=None))
    access.add_key(replace(another(key, 4), expires_at=None))
    with pytest.raises(Refused):
        access.add_key(another(key, 5))


def test_of_sixteen_that_add_a_key_of_one_name_at_once_two_succeed(reopen: Reopen, key: HeldKey) -> None:
    ledgers, refused = [reopen() for _ in range(16)], []

    def add(number: int) -> None:
        try:
            ledgers[number].access.add_key(another(key, number))
        except Refused:
            refused.append(number)

    at_once(add, 16)
    assert len(refused) == 14
    assert len(ledgers[0].access.keys()) == 2


def test_an_id_or_digest_is_held_once_and_a_second_does_not_pass_for_the_first(access: Access, key: HeldKey) -> None:
    access.add_key(key)
    for same in (replace(key, name="dashboard", digest="d2"), replace(key, name="dashboard", key_id="k2")):
        with pytest.raises(Refused, match="held already"):
            access.add_key(same)
    assert access.keys() == [key]


def test_a_key_revoked_twice_was_revoked_the_first_time(access: Access, key: HeldKey, clock: FixedClock) -> None:
    access.add_key(key)
    revoked = access.revoke_key("k1")
    assert revoked.revoked_at == clock.now()
    clock.advance(HOUR)
    assert access.revoke_key("k1") == access.key("k1") == revoked
    with pytest.raises(NotFound):
        access.revoke_key("k9")


def test_a_key_kept_as_revoked_takes_no_room(access: Access, key: HeldKey, clock: FixedClock) -> None:
    for number in range(3):
        access.add_key(replace(another(key, number), revoked_at=clock.now()))
    access.add_key(another(key, 4))


def test_the_last_use_of_a_key_does_not_go_back(access: Access, key: HeldKey, clock: FixedClock) -> None:
    access.add_key(key)
    access.add_key(another(key, 2))
    now = clock.now()
    access.used([("k2", now), ("k1", now + HOUR), ("gone", now)])
    access.used([("k1", now), ("k2", now + 2 * HOUR)])
    access.used([])
    assert [held.last_used_at for held in sorted(access.keys(), key=lambda held: held.key_id)] == [
        now + HOUR, now + 2 * HOUR,
    ]  # fmt: skip


def test_processes_that_note_the_same_keys_at_once_do_not_wait_for_each_other(
    reopen: Reopen, key: HeldKey, clock: FixedClock
) -> None:
    ledgers = [reopen() for _ in range(8)]
    keys = [replace(another(key, number), name=f"name {number}") for number in range(20)]
    for one in keys:
        ledgers[0].access.add_key(one)
    orders = [keys, keys[::-1]]

    def note(number: int) -> None:
        for _ in range(5):
            ledgers[number].access.used((one.key_id, clock.now()) for one in orders[number % 2])

    at_once(note)
    held = ledgers[0].access.keys()
    assert all(one.last_used_at for one in held)


def test_the_audit_tells_the_latest_calls_first(access: Access, clock: FixedClock) -> None:
    calls = [Audited(clock.now(), "scheduler", "k1", "POST", "/start", status, "c1") for status in (202, 409, 401)]
    access.note(calls[:2])
    access.note(calls[2:])
    access.note([])
    assert access.audited() == calls[::-1]
    assert access.audited(limit=1) == calls[2:]


def test_the_database_itself_has_no_room_for_a_third_live_key(store: Store, key: HeldKey, clock: FixedClock) -> None:
    import sqlite3

    import psycopg

    access = store.open(clock).access
    access.add_key(key)
    access.add_key(another(key, 2))
    columns = "(key_id, name, slot, scope, digest, created_at)"
    for slot in (1, 2, 3):
        with pytest.raises((IntegrityError, sqlite3.IntegrityError, psycopg.IntegrityError)):
            store.execute(
                f"INSERT INTO api_keys {columns} VALUES ('x', 'scheduler', {slot}, 'read', 'x', '2025-11-28')"
            )
