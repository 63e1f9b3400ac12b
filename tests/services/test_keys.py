"""`fairline keys`: made once, listed without their secrets, revoked."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from fairline.cli import app
from fairline.domain.errors import BrokenContract, NotFound, Refused
from fairline.platform.auth import Keyring, id_in
from fairline.platform.clock import SystemClock
from fairline.platform.home import open_workplace
from fairline.platform.settings import load_settings

Typed = Callable[..., str]


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Run `fairline keys ...` on a home that is not even made; what it printed."""
    monkeypatch.setenv("FAIRLINE_HOME", str(tmp_path / "home"))

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(app, ["keys", *arguments], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


def listed(typed: Typed) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(typed("list", "--json"))
    return found


def test_a_key_made_on_the_command_line_lets_its_holder_in(typed: Typed, tmp_path: Path):
    text = typed("create", "--name", "dashboard", "--scope", "write").strip()
    clock = SystemClock()
    ledger, _ = open_workplace(load_settings(home=tmp_path / "home"), clock)
    caller = Keyring(ledger.access, clock).caller(text)
    ledger.close_connection()
    assert (caller.name, caller.scope, caller.key_id) == ("dashboard", "write", id_in(text))


def test_a_key_is_shown_once_and_never_again(typed: Typed, tmp_path: Path):
    made = json.loads(typed("create", "--name", "dashboard", "--days", "90", "--json"))
    secret = made["key"].split("_")[2]
    assert made["expires_at"] > made["created_at"]
    assert secret not in typed("list") + typed("list", "--json")
    assert all(secret.encode() not in file.read_bytes() for file in (tmp_path / "home").rglob("*") if file.is_file())


def test_a_revoked_key_is_listed_as_revoked_and_makes_room_for_another(typed: Typed):
    made = [json.loads(typed("create", "--name", "dashboard", "--json"))["key_id"] for _ in range(2)]
    with pytest.raises(Refused, match="dashboard"):
        typed("create", "--name", "dashboard")
    typed("revoke", made[0])
    assert {key["key_id"]: key["state"] for key in listed(typed)} == {made[0]: "revoked", made[1]: "live"}
    typed("create", "--name", "dashboard")


def test_no_keys_says_how_one_is_made(typed: Typed):
    assert "fairline keys create" in typed("list")
    assert listed(typed) == []


def test_a_scope_or_key_that_is_none_is_told(typed: Typed):
    with pytest.raises(BrokenContract) as unknown:
        typed("create", "--name", "dashboard", "--scope", "root")
    assert "read, write, admin" in unknown.value.hint
    with pytest.raises(NotFound):
        typed("revoke", "nothing")
