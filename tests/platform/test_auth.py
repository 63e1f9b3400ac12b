"""Keys: what they look like, how they are told apart, and how soon a revoked one is refused."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fairline.domain.clock import FixedClock
from fairline.domain.errors import BrokenContract, Refused, Stranger
from fairline.platform import auth
from fairline.platform.auth import REMEMBERED_S, Keyring, digest_of, id_in, new_key, without_keys
from fairline.platform.ledger.access import Access, Scope
from fairline.platform.ledger.sqlite import open_sqlite

NOON = datetime(2025, 11, 28, 17, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def access(tmp_path: Path, clock: FixedClock) -> Iterator[Access]:
    ledger = open_sqlite(tmp_path / "ledger.sqlite", clock)
    yield ledger.access
    ledger.close_connection()


class Watch:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def test_a_key_is_256_random_bits_of_which_only_the_hash_is_held(access: Access):
    text, held = new_key("dashboard", Scope.READ, NOON)
    secret = text.split("_")[2]
    assert len(secret) * 5 >= 256
    assert held.digest == digest_of(text)
    access.add_key(held)
    assert secret not in repr(access.keys())
    assert len({new_key("dashboard", Scope.READ, NOON)[0] for _ in range(50)}) == 50


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 65])
def test_a_key_belongs_to_somebody(name: str):
    with pytest.raises(BrokenContract):
        new_key(name, Scope.READ, NOON)


def test_a_slip_of_the_pen_is_told_without_asking_the_ledger():
    text, held = new_key("dashboard", Scope.READ, NOON)
    assert id_in(text) == held.key_id
    for place in range(len(text)):
        other = "b" if text[place] != "b" else "c"
        assert id_in(text[:place] + other + text[place + 1 :]) is None
    for wrong in ("", text + "\n", " " + text, text.upper(), text[:-1], text.replace("fl_", "fl-")):
        assert id_in(wrong) is None


def test_the_right_id_with_another_secret_is_a_stranger(access: Access, clock: FixedClock, monkeypatch):
    text, held = new_key("dashboard", Scope.ADMIN, NOON)
    access.add_key(held)
    monkeypatch.setattr(auth, "_random", lambda size: held.key_id if size == auth.ID_BYTES else "a" * 52)
    forged, _ = new_key("dashboard", Scope.ADMIN, NOON)
    assert id_in(forged) == held.key_id
    keyring = Keyring(access, clock)
    with pytest.raises(Stranger):
        keyring.caller(forged)
    assert keyring.remembered(forged) is None
    assert keyring.caller(text) == held


def test_an_unknown_key_is_compared_like_a_wrong_one(access: Access, clock: FixedClock, monkeypatch):
    compared: list[tuple[str, str]] = []
    real = auth.hmac.compare_digest

    def watched(a: str, b: str) -> bool:
        compared.append((a, b))
        return real(a, b)

    monkeypatch.setattr(auth.hmac, "compare_digest", watched)
    unknown, _ = new_key("nobody", Scope.READ, NOON)
    with pytest.raises(Stranger):
        Keyring(access, clock).caller(unknown)
    assert [len(held) for held, given in compared if given == digest_of(unknown)] == [64]


def test_a_revoked_key_is_refused_within_five_seconds(access: Access, clock: FixedClock):
    watch = Watch()
    text, held = new_key("dashboard", Scope.READ, NOON)
    access.add_key(held)
    keyring = Keyring(access, clock, seconds=watch)
    keyring.caller(text)
    access.revoke_key(held.key_id)
    assert REMEMBERED_S <= 5
    watch.at += REMEMBERED_S
    assert keyring.remembered(text) is None
    with pytest.raises(Stranger, match="revoked"):
        keyring.caller(text)


def test_a_remembered_key_expires_all_the_same(access: Access, clock: FixedClock):
    text, held = new_key("visitor", Scope.READ, NOON, NOON + timedelta(seconds=1))
    access.add_key(held)
    keyring = Keyring(access, clock, seconds=Watch())
    assert keyring.caller(text) == keyring.remembered(text) == held
    clock.advance(timedelta(seconds=1))
    with pytest.raises(Stranger, match="expired"):
        keyring.remembered(text)
    with pytest.raises(Stranger, match="expired"):
        keyring.caller(text)


def test_a_key_is_rotated_with_two_live_and_no_third(access: Access, clock: FixedClock):
    texts = [new_key("dashboard", Scope.READ, NOON) for _ in range(3)]
    access.add_key(texts[0][1])
    access.add_key(texts[1][1])
    with pytest.raises(Refused, match="dashboard"):
        access.add_key(texts[2][1])
    keyring = Keyring(access, clock)
    assert {keyring.caller(text).key_id for text, _ in texts[:2]} == {held.key_id for _, held in texts[:2]}
    access.revoke_key(texts[0][1].key_id)
    access.add_key(texts[2][1])
    assert keyring.caller(texts[2][0]).name == "dashboard"


def test_when_a_key_was_last_used_is_written_once_for_many_calls(access: Access, clock: FixedClock):
    text, held = new_key("dashboard", Scope.READ, NOON)
    access.add_key(held)
    keyring = Keyring(access, clock)
    keyring.caller(text)
    clock.advance(timedelta(seconds=3))
    keyring.remembered(text)
    assert access.keys()[0].last_used_at is None
    keyring.flush()
    assert access.keys()[0].last_used_at == NOON + timedelta(seconds=3)


def test_a_key_never_reaches_a_log():
    text, held = new_key("dashboard", Scope.READ, NOON)
    told = without_keys(f"GET /x/{text}?y and {text[:-4]}")
    assert text.split("_")[2] not in told
    assert held.key_id not in told
