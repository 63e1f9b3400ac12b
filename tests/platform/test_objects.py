"""Objects in a local folder."""

import threading
from pathlib import Path

import pytest

from fairline.domain.errors import NotFound, Refused
from fairline.platform.objects import ObstoreObjects


@pytest.fixture
def objects(tmp_path: Path) -> ObstoreObjects:
    return ObstoreObjects.local(tmp_path / "objects")


def test_what_is_put_can_be_got_listed_and_deleted(objects: ObstoreObjects) -> None:
    objects.put("models/a/points.cbm", b"one")
    objects.put("models/a/points.cbm", b"two")
    objects.put("models/ab/points.cbm", b"three")
    assert objects.get("models/a/points.cbm") == b"two"
    assert objects.list("models/a") == objects.list("models/a/") == ["models/a/points.cbm"]
    assert objects.list() == ["models/a/points.cbm", "models/ab/points.cbm"]
    objects.delete("models/a/points.cbm")
    objects.delete("models/a/points.cbm")
    assert not objects.exists("models/a/points.cbm")
    assert objects.exists("models/ab/points.cbm")


def test_an_object_that_is_not_held_is_not_found(objects: ObstoreObjects) -> None:
    with pytest.raises(NotFound, match="captures/x"):
        objects.get("captures/x")


def test_of_many_writers_of_one_capture_exactly_one_writes(objects: ObstoreObjects) -> None:
    start, wrote = threading.Barrier(8), []

    def put(number: int) -> None:
        start.wait()
        if objects.put_new("captures/one", bytes([number])):
            wrote.append(number)

    threads = [threading.Thread(target=put, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(wrote) == 1
    assert objects.get("captures/one") == bytes(wrote)


def test_a_large_object_is_created_only_when_absent_too(objects: ObstoreObjects) -> None:
    large = b"x" * (6 * 1024 * 1024)
    assert objects.put_new("captures/large", large)
    assert not objects.put_new("captures/large", b"other")
    assert len(objects.get("captures/large")) == len(large)


@pytest.mark.parametrize("key", ["", "/etc/passwd", "../x", "a/../b", "a//b", "a/", "./a", "a\\b", "a\nb"])
def test_a_key_that_leaves_the_store_is_refused(objects: ObstoreObjects, key: str) -> None:
    for verb in (objects.get, objects.exists, objects.delete):
        with pytest.raises(Refused, match="not an object key"):
            verb(key)
    with pytest.raises(Refused, match="not an object key"):
        objects.put(key, b"")
