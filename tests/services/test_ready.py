"""Readiness: each role walks its real path, leaves nothing behind, and says what is wrong and what to do."""

from pathlib import Path

import pytest
from tests.ops.slates import DAY, LATER, keep_model, opened
from tests.ops.test_phases import everyone_is_forecast, held
from tests.services.league import EVERY_ROLE, learned, playing, stationed

from fairline.domain.errors import BrokenContract
from fairline.ops.slate import run_slate
from fairline.platform.ledger.access import Scope
from fairline.platform.warehouse import DuckWarehouse
from fairline.services import batch_canary
from fairline.services.canary import undone
from fairline.services.contract import Check, Role
from fairline.services.roles import ROLES
from fairline.services.station import Station

__all__ = ["everyone_is_forecast"]

NEED_A_MODEL = {"coordinator", "worker"}


def failed(place: Station, role: Role) -> list[Check]:
    """What a role lacks."""
    return [check for check in role.ready(place) if not check.ok]


def role_named(name: str) -> Role:
    return next(role for role in ROLES if role.name == name)


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_a_role_of_a_sound_home_is_ready_and_says_what_it_saw(home: Path, role: Role):
    with stationed(learned(home)) as place:
        checks = role.ready(place)
        assert [check for check in checks if not check.ok] == []
        assert all(check.detail for check in checks)


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_readiness_leaves_nothing_behind(home: Path, role: Role):
    with opened(home) as at:
        keep_model(at)
        run_slate(at, DAY, ["points"])
    with stationed(home, now=LATER) as place:
        with place.turn() as at:
            tables, objects, dead = held(at), at.objects.list(), place.ledger.dead_letters()
        for _ in range(3):
            assert failed(place, role) == []
        with place.turn() as at:
            assert held(at) == tables
            assert at.objects.list() == objects
        assert place.ledger.dead_letters() == dead
        assert place.ledger.open_batches() == []


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_on_an_empty_home_only_the_roles_that_need_a_model_are_not_ready(tmp_path: Path, role: Role):
    with stationed(tmp_path / "home") as place:
        lacking = failed(place, role)
        assert bool(lacking) == (role.name in NEED_A_MODEL)
        assert {check.hint for check in lacking} <= {"fairline train"}


@pytest.mark.parametrize("role", ["coordinator", "worker"])
def test_a_model_that_was_damaged_makes_its_roles_unready(home: Path, role: str):
    with opened(home) as at:
        model_hash = keep_model(at)
        at.objects.put(f"models/points/{model_hash}/card.json", b"{}")
    with stationed(home) as place:
        assert any("is not what was stored" in check.detail for check in failed(place, role_named(role)))


@pytest.mark.parametrize(
    ("role", "table"),
    [
        ("raw", "raw.players"), ("analytics", "raw.shots"), ("precompute", "analytics.player_game_summary"),
        ("coordinator", "analytics.roster_spells"), ("grading", "predictions.prediction_accuracy"),
        ("publishing", "predictions.player_prop_forecasts"), ("scrapers", "raw.provider_games"),
    ],
)  # fmt: skip
def test_a_table_that_is_gone_makes_its_role_unready(home: Path, role: str, table: str):
    with opened(home) as at:
        keep_model(at)
        run_slate(at, DAY, ["points"])
    with stationed(home) as place:
        with place.turn() as at:
            at.warehouse.execute(f"ALTER TABLE {table} RENAME TO gone")
        assert any(table.rpartition(".")[2] in check.detail for check in failed(place, role_named(role)))


@pytest.mark.parametrize("role", [role for role in ROLES if role.name != "worker"], ids=lambda role: role.name)
def test_a_store_that_cannot_be_written_makes_every_role_unready(home: Path, role: Role):
    with stationed(learned(home)) as place:
        (home / "objects" / "canary").write_text("a file where a folder should be")
        assert "objects" in {check.name for check in failed(place, role)}


def test_a_worker_is_ready_while_another_process_has_the_home(home: Path):
    with stationed(learned(home)) as place, opened(home):
        assert failed(place, role_named("worker")) == []


def test_readiness_over_http_tells_every_check_and_the_next_step(tmp_path: Path):
    with playing(tmp_path / "home", EVERY_ROLE) as served:
        answer = served.ask("GET", "/ready", Scope.READ)
    assert answer.status_code == 503
    assert answer.json()["hint"] == "fairline train"
    assert {check["role"] for check in answer.json()["checks"]} == {role.name for role in ROLES}


def test_readiness_over_http_is_200_on_a_sound_home(home: Path):
    with playing(learned(home), EVERY_ROLE) as served:
        answer = served.ask("GET", "/ready", Scope.READ)
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")


def test_a_canary_batch_left_open_by_a_process_that_died_does_not_block_the_next(home: Path):
    with stationed(home) as place:
        assert place.ledger.open(batch_canary.BATCH)
        assert batch_canary.batch_there_and_back(place.ledger).startswith("opened")
        assert place.ledger.open_batches() == []


def test_what_readiness_writes_is_rolled_back_even_when_it_fails():
    warehouse = DuckWarehouse()
    warehouse.execute("CREATE TABLE held (n INTEGER)")
    with undone(warehouse):
        warehouse.execute("INSERT INTO held VALUES (1)")
    with pytest.raises(BrokenContract):
        _fail_halfway(warehouse)
    assert warehouse.query("SELECT * FROM held").is_empty()


def _fail_halfway(warehouse: DuckWarehouse) -> None:
    with undone(warehouse):
        warehouse.execute("INSERT INTO held VALUES (2)")
        raise BrokenContract("broken")
