"""Models at rest: by hash, by the moment they know to, and refused when they do not fit."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.evaluate.seasons import season
from tests.predict.models import CONTRACT, a_model

from fairline.domain.errors import BrokenContract, ContractMismatch, LookAhead, NotFound
from fairline.platform.objects import ObstoreObjects
from fairline.predict import registry

KNOWN_TO = datetime(2025, 11, 27, 6, 30, tzinfo=UTC)
ABOUT = {"rows": 720, "metrics": {}}


@pytest.fixture
def objects(tmp_path: Path) -> ObstoreObjects:
    return ObstoreObjects.local(tmp_path)


def keys_of(objects: ObstoreObjects) -> dict[str, bytes]:
    return {key: objects.get(key) for key in objects.list("models/")}


def test_a_model_loaded_forecasts_what_the_one_saved_did(objects: ObstoreObjects) -> None:
    model = a_model()
    model.levels, model.pool = {"moving_average": 1.02}, 0.41
    model_hash = registry.save(objects, model, ABOUT, KNOWN_TO)
    again, card, loaded_hash = registry.load(objects, "points", KNOWN_TO)
    rows = season(dates=1, seed=4)
    assert loaded_hash == model_hash
    assert card["about"] == ABOUT
    assert (again.season, again.stack, again.spreads, again.pool) == (2024, model.stack, model.spreads, 0.41)
    for name, one in again.forecast(rows, None, CONTRACT).items():
        assert np.array_equal(one.pmf.p, model.forecast(rows, None, CONTRACT)[name].pmf.p), name


def test_the_same_model_is_stored_once(objects: ObstoreObjects) -> None:
    first = registry.save(objects, a_model(), ABOUT, KNOWN_TO)
    held = keys_of(objects)
    assert registry.save(objects, a_model(), ABOUT, KNOWN_TO) == first
    assert keys_of(objects) == held


def test_a_model_fitted_again_is_another_one_and_the_old_stays_as_it_was(objects: ObstoreObjects) -> None:
    first = registry.save(objects, a_model(), ABOUT, KNOWN_TO)
    model = a_model()
    model.pool = 0.5
    second = registry.save(objects, model, ABOUT, KNOWN_TO)
    assert registry.load(objects, "points", KNOWN_TO)[2] == second != first
    assert registry.named(objects, "points", first)[0].pool == a_model().pool


def test_without_a_model_there_is_no_stand_in_and_the_error_says_what_to_do(objects: ObstoreObjects) -> None:
    registry.save(objects, a_model(), ABOUT, KNOWN_TO)
    for ask in (registry.load, registry.has_honest):
        with pytest.raises(NotFound, match="no model is trained for rebounds") as missing:
            ask(objects, "rebounds", KNOWN_TO)
        assert missing.value.hint == "fairline train --markets rebounds"


def test_a_model_that_knows_more_than_the_moment_is_not_honest(objects: ObstoreObjects) -> None:
    registry.save(objects, a_model(), ABOUT, KNOWN_TO)
    before = KNOWN_TO - timedelta(microseconds=1)
    assert registry.has_honest(objects, "points", KNOWN_TO)
    assert not registry.has_honest(objects, "points", before)
    with pytest.raises(LookAhead, match="learned from outcomes after"):
        registry.load(objects, "points", before)


def test_the_latest_honest_model_is_taken(objects: ObstoreObjects) -> None:
    hashes = []
    for days, pool in ((0, 0.1), (-7, 0.2), (7, 0.3)):
        model = a_model()
        model.pool = pool
        hashes.append(registry.save(objects, model, ABOUT, KNOWN_TO + timedelta(days=days)))
    assert registry.load(objects, "points", KNOWN_TO + timedelta(days=3))[2] == hashes[0]
    assert registry.load(objects, "points", KNOWN_TO + timedelta(days=30))[2] == hashes[2]


def test_a_model_kept_without_being_used_is_found_by_its_hash_alone(objects: ObstoreObjects) -> None:
    model = a_model()
    model.pool = 0.5
    kept = registry.keep(objects, model, ABOUT, KNOWN_TO + timedelta(days=7))
    assert not registry.in_use(objects, "points")
    with pytest.raises(NotFound, match="no model is trained"):
        registry.has_honest(objects, "points", KNOWN_TO + timedelta(days=30))
    used = registry.save(objects, a_model(), ABOUT, KNOWN_TO)
    assert registry.latest(objects, "points", KNOWN_TO + timedelta(days=30)) == used
    assert registry.named(objects, "points", kept)[0].pool == 0.5
    assert {name: card["pool"] for name, card in registry.cards(objects, "points").items()} == {kept: 0.5, used: 0.3}


@pytest.mark.parametrize("part", ["card.json", "gradient_boosting/trees.cbm", "similarity/neighbours.npz"])
def test_a_stored_model_that_was_changed_is_not_used(objects: ObstoreObjects, part: str) -> None:
    key = f"models/points/{registry.save(objects, a_model(), ABOUT, KNOWN_TO)}/{part}"
    objects.put(key, objects.get(key).replace(b"0", b"1"))
    with pytest.raises(BrokenContract, match="is not what was stored"):
        registry.load(objects, "points", KNOWN_TO)


def test_a_model_of_systems_of_another_version_is_refused(
    objects: ObstoreObjects, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = a_model()
    registry.save(objects, model, ABOUT, KNOWN_TO)
    monkeypatch.setattr(type(model.centres["similarity"]), "version", 99)
    with pytest.raises(ContractMismatch, match="'similarity': 99") as refused:
        registry.load(objects, "points", KNOWN_TO)
    assert "fairline train" in refused.value.hint


def test_the_card_tells_the_contract_the_range_and_the_files(objects: ObstoreObjects) -> None:
    model_hash = registry.save(objects, a_model(), ABOUT, KNOWN_TO)
    card = json.loads(objects.get(f"models/points/{model_hash}/card.json"))
    assert (card["contract_hash"], card["market"], card["season"]) == (CONTRACT, "points", 2024)
    assert card["known_to"] == KNOWN_TO.isoformat()
    assert set(card["files"]) == {
        "gradient_boosting/trees.cbm",
        "gradient_boosting/ridge.npz",
        "similarity/neighbours.npz",
    }
