"""The audit: what cannot be written now is written once, later."""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fairline.domain.clock import FixedClock
from fairline.domain.errors import Transient
from fairline.platform.auth import Keyring, new_key
from fairline.platform.ledger.access import Audited, Scope
from fairline.platform.ledger.sqlite import open_sqlite
from fairline.services.audit import Audit

NOON = datetime(2025, 11, 28, 17, tzinfo=UTC)


@pytest.mark.parametrize("fails", ["note", "used"])
def test_a_store_that_fails_once_loses_no_call_and_no_use_of_a_key_and_keeps_neither_twice(
    fails: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    ledger = open_sqlite(tmp_path / "ledger.sqlite", FixedClock(NOON))
    access, write, left = ledger.access, getattr(ledger.access, fails), [Transient("the disk is away", hint="Wait.")]

    def failing_once(rows: Iterable[object]) -> None:
        if left:
            raise left.pop()
        write(rows)

    text, key = new_key("dashboard", Scope.READ, NOON)
    access.add_key(key)
    monkeypatch.setattr(access, fails, failing_once)
    keyring = Keyring(access, FixedClock(NOON))
    keyring.caller(text)
    audit = Audit(access, keyring)
    audit.note(Audited(NOON, "dashboard", key.key_id, "POST", "/coordinator/start", 409))
    with caplog.at_level(logging.CRITICAL, "fairline.services"):
        audit.flush()
        audit.flush()
    assert [call.path for call in access.audited()] == ["/coordinator/start"]
    assert access.keys()[0].last_used_at == NOON
    ledger.close_connection()
