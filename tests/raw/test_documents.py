"""A document is what came, opened with care: text, JSON, sheets of cells, and nothing but BrokenContract on the way."""

import gzip
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairline.domain.errors import BrokenContract
from fairline.platform.captures import capture_of
from fairline.raw.documents import Document

AT = datetime(2025, 11, 28, 17, 0, tzinfo=UTC)

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def document(content):
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Document(raw, capture_of(raw, source="espn", kind="espn_scoreboard", at=AT))


def test_gzip_is_unpacked_whatever_the_file_is_called():
    assert document(gzip.compress(b'{"events": []}')).json == {"events": []}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"<!doctype html><html>", "a page of HTML came"),
        (b'{"events": [', "not JSON"),
        (b"\xff\xfe{", "byte 0 is not UTF-8"),
        (b'{"points": NaN}', "NaN is no number"),
        (b"[" * 100_000, "not JSON"),
        (gzip.compress(b'{"events": []}')[:-9], "gzip that cannot be unpacked"),
        (b'{"n": ' + b"9" * 5000 + b"}", "not JSON"),
    ],
    ids=["html", "cut off", "not utf-8", "nan", "deep", "torn gzip", "giant number"],
)
def test_what_is_no_json_is_told_with_source_kind_and_capture(content, told):
    with pytest.raises(BrokenContract, match=told) as raised:
        document(content).json  # noqa: B018 - reading it is the test
    assert str(raised.value).startswith("espn espn_scoreboard, capture ")


def test_a_bomb_of_gzip_is_not_unpacked_whole(monkeypatch):
    monkeypatch.setattr("fairline.raw.documents.MOST_BYTES", 1000)
    with pytest.raises(BrokenContract, match="more than 1000 bytes"):
        document(gzip.compress(b"0" * 10_000))


def test_a_missing_place_is_named_and_so_is_one_of_another_type():
    with pytest.raises(BrokenContract, match=r"game\.actions is missing"):
        document({"game": {}}).at("game.actions", list)
    with pytest.raises(BrokenContract, match=r"game\.actions is dict, not list"):
        document({"game": {"actions": {}}}).at("game.actions", list)


def test_records_are_rows_of_text_and_what_is_none_is_set_aside_with_its_number():
    opened = document({})
    sheet = opened.sheet(
        [{"id": 7, "team": {"name": "Bulls"}, "won": True}, "no record", {"id": [7]}, {"id": None}],
        {"game": "id", "team": "team.name", "won": "won"},
    )
    assert sheet.rows() == [(0, "7", "Bulls", "true"), (3, None, None, None)]
    assert opened.aside.rows() == [
        (1, "not_a_record", "str where an object was expected"),
        (2, "not_a_cell", "id is no text or number, or is too long"),
    ]
    assert json.loads(opened.came["row_json"][0])["team"] == {"name": "Bulls"}


def test_rows_under_headers_that_do_not_match_them_are_set_aside():
    opened = document({})
    sheet = opened.named_rows(["A", "B"], [[1, 2], [1, 2, 3]], {"a": "A", "b": "B"})
    assert sheet.rows() == [(0, "1", "2")]
    assert opened.aside["reason"].to_list() == ["not_a_record"]


def test_two_sheets_of_one_document_number_their_rows_through():
    opened = document({})
    opened.sheet([{"a": 1}], {"a": "a"})
    assert opened.sheet([{"a": 2}], {"a": "a"})["row_number"].to_list() == [1]


@given(st.lists(VALUES, max_size=8))
def test_every_record_becomes_a_row_or_is_set_aside(records):
    opened = document({})
    sheet = opened.sheet(records, {"name": "name", "deep": "a.0.b", "other": "0"})
    assert sorted([*sheet["row_number"], *opened.aside["row_number"]]) == list(range(len(records)))
    assert opened.came.height == len(records)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_a_broken_contract(content):
    try:
        opened = document(content)
        opened.json  # noqa: B018 - reading it is the test
    except BrokenContract:
        pass
