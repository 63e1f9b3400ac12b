"""An answer is kept once under its hash, each sighting of it beside, and nothing damaged is taken for what came."""

from datetime import UTC, date, datetime, timedelta

import pytest

from fairline.domain.errors import BrokenContract, NotFound
from fairline.platform.captures import capture_of, captures_in, content_of, find_capture, land, read_sighting
from fairline.platform.objects import ObstoreObjects

AT = datetime(2025, 11, 28, 17, 0, tzinfo=UTC)
ANSWER = b'{"events": []}'


@pytest.fixture
def objects(tmp_path):
    return ObstoreObjects.local(tmp_path / "objects")


def landed(objects, at=AT, content=ANSWER, **told):
    capture = capture_of(content, source="espn", kind="espn_scoreboard", at=at, **told)
    land(content, capture, objects)
    return capture


def test_a_landed_answer_is_read_back_with_what_was_asked(objects):
    capture = landed(
        objects, url="https://site.api.espn.com/x", params={"dates": "20251128"}, status=200, day=date(2025, 11, 28)
    )
    assert content_of(capture, objects) == ANSWER
    assert read_sighting(objects, capture.key) == capture
    assert list(captures_in(objects)) == [capture]


def test_the_same_answer_an_hour_later_is_one_more_sighting_of_the_same_bytes(objects):
    first, second = landed(objects), landed(objects, AT + timedelta(hours=1))
    assert first.capture_id == second.capture_id
    assert [each.captured_at for each in find_capture(objects, first.capture_id[:8])] == [AT, AT + timedelta(hours=1)]
    assert sum(key.endswith(".zst") for key in objects.list()) == 1


def test_one_answer_to_two_questions_at_one_instant_is_two_sightings(objects):
    landed(objects, params={"page": "1"})
    landed(objects, params={"page": "2"})
    assert len(list(captures_in(objects))) == 2


def test_landing_twice_is_landing_once(objects):
    landed(objects)
    keys = objects.list()
    landed(objects)
    assert objects.list() == keys


def test_bytes_without_a_sighting_are_not_yet_a_capture(objects):
    """A process killed between the two writes leaves bytes; asked again, the sighting completes them."""
    capture = landed(objects)
    objects.delete(capture.key)
    assert list(captures_in(objects)) == []
    assert landed(objects) == capture


def test_changed_bytes_are_refused(objects):
    capture = landed(objects)
    other = capture_of(b'{"events":[1]}', source="espn", kind="espn_scoreboard", at=AT)
    land(b'{"events":[1]}', other, objects)
    objects.put(capture.bytes_key, objects.get(other.bytes_key))
    with pytest.raises(BrokenContract, match="hash"):
        content_of(capture, objects)


def test_bytes_that_unpack_to_more_than_came_are_refused(objects):
    capture = landed(objects)
    other = capture_of(b"0" * 1_000_000, source="espn", kind="espn_scoreboard", at=AT)
    land(b"0" * 1_000_000, other, objects)
    objects.put(capture.bytes_key, objects.get(other.bytes_key))
    with pytest.raises(BrokenContract):
        content_of(capture, objects)


@pytest.mark.parametrize("note", [b"", b"{}", b"[]", b'{"captured_at": "noon", "day": "2025-11-28"}'])
def test_a_damaged_note_is_named(objects, note):
    capture = landed(objects)
    objects.put(capture.key, note)
    with pytest.raises(BrokenContract, match="espn_scoreboard"):
        read_sighting(objects, capture.key)


def test_an_unknown_capture_is_not_found(objects):
    with pytest.raises(NotFound, match="abc"):
        find_capture(objects, "abc")


@pytest.mark.parametrize("status", [403, 429, 500])
def test_an_error_answer_is_kept_and_does_not_count_as_an_answer(objects, status):
    assert not landed(objects, status=status).answered
    assert landed(objects, at=AT + timedelta(minutes=1), status=200).answered
