"""Recognising files, and surviving what is no file of ours."""

import io
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.raw.world import League, box_scores, quote, quotes

from fairline.domain.errors import BrokenContract
from fairline.raw import reading
from fairline.raw.kinds import KINDS, kind_named, recognise
from fairline.raw.templates import example


def parquet(frame: pl.DataFrame) -> bytes:
    file = io.BytesIO()
    frame.write_parquet(file)
    return file.getvalue()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_is_recognised_whatever_the_order_and_case_of_its_columns(kind):
    shuffled = [column.swapcase() for column in reversed(kind.columns)]
    assert recognise([*shuffled, "something else"], "file.csv") is kind
    assert recognise(kind.required, "file.csv") is kind


def test_an_unknown_file_names_its_columns_and_the_nearest_kind():
    with pytest.raises(BrokenContract, match=r"mine\.csv .* captured_at, player, market") as broken:
        recognise(["captured_at", "player", "market", "book", "line", "over_american", "under_american"], "mine.csv")
    assert "quotes, which also needs player_name" in broken.value.hint


def test_a_file_that_could_be_two_kinds_is_neither():
    both = [*kind_named("exact_minutes").required, *kind_named("projected_lineups").required]
    with pytest.raises(BrokenContract, match="exact_minutes or projected_lineups"):
        recognise(both, "both.csv")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_template_of_each_kind_is_read_as_that_kind(kind):
    found, frame = reading.read(example(kind.name).encode(), "template.csv")
    assert found is kind
    assert frame.height == len(kind.example)


def test_the_templates_import_together_without_an_error(nothing: League):
    paths = []
    for kind in KINDS:
        path = nothing.folder / f"{kind.name}.csv"
        path.write_text(example(kind.name), encoding="utf-8")
        paths.append(path)
    reports = nothing.take_files(*paths)
    assert [report.error for report in reports] == [""] * len(KINDS)
    assert {report.kind for report in reports if report.quarantined or report.unresolved_rows} == set()
    assert all(report.written for report in reports)


def test_a_csv_says_the_same_as_its_parquet(nothing: League):
    nothing.take(box_scores())
    path = nothing.folder / "same.csv"
    box_scores().write_csv(path)
    (report,) = nothing.take_files(path)
    assert (report.written, report.unchanged) == (0, 24)


HOSTILE = {
    "nothing": b"",
    "blank": b"  \n \n",
    "an error page": b"<!DOCTYPE html><html><body>503 Service Unavailable</body></html>",
    "a broken Parquet": b"PAR1" + bytes(range(256)) + b"PAR1",
    "a Parquet cut short": parquet(box_scores())[:500],
    "a NUL in CSV": b"PLAYER_ID,GAME_DATE,MINUTES\n1,2024-01-01,3\x00\n",
    "a row too long": b"PLAYER_ID,GAME_DATE,MINUTES\n1,2024-01-01,3,4,5\n",
    "not UTF-8": b"PLAYER_ID,GAME_DATE,MINUTES\n1,\xff\xfe,3\n",
    "the same column twice": b"PLAYER_ID,GAME_DATE,MINUTES,minutes\n1,2024-01-01,3,4\n",
    "lists for numbers": parquet(pl.DataFrame({"PLAYER_ID": [[1]], "GAME_DATE": ["2024-01-01"], "MINUTES": [3.0]})),
    "bytes for dates": parquet(pl.DataFrame({"PLAYER_ID": [1], "GAME_DATE": [b"2024"], "MINUTES": [3.0]})),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_bytes_are_refused_by_name_and_nothing_is_written(nothing: League, content: bytes):
    path = nothing.folder / "hostile.parquet"
    path.write_bytes(content)
    before = nothing.snapshot()
    (report,) = nothing.take_files(path)
    assert "hostile.parquet" in report.error
    assert report.hint
    assert nothing.snapshot() == before


def test_a_column_of_the_wrong_type_is_named():
    frame = pl.DataFrame({"PLAYER_ID": [1], "GAME_DATE": ["2024-01-01"], "MINUTES": [[30.0]]})
    with pytest.raises(BrokenContract, match=r"m\.parquet: the column MINUTES holds List"):
        reading.read(parquet(frame), "m.parquet")


def test_a_file_that_unpacks_to_too_much_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(reading, "MOST_ROWS", 3)
    with pytest.raises(BrokenContract, match="unpacks to 24 rows"):
        reading.read(parquet(box_scores()), "bomb.parquet")


def test_a_file_that_is_too_large_is_not_opened(monkeypatch, tmp_path: Path):
    monkeypatch.setattr(reading, "MOST_BYTES", 3)
    path = tmp_path / "large.csv"
    path.write_text("abcd", encoding="utf-8")
    with pytest.raises(BrokenContract, match="at most 3"):
        reading.bytes_of(path)


@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_are_read_or_refused_but_never_crash(noise: bytes, as_parquet: bool):
    with suppress(BrokenContract):
        reading.read(b"PAR1" + noise + b"PAR1" if as_parquet else noise, "noise")


def test_a_bad_file_among_good_ones_does_not_stop_them(nothing: League):
    bad = nothing.folder / "bad.csv"
    bad.write_text("what,is,this\n1,2,3\n", encoding="utf-8")
    reports = nothing.take_files(bad, nothing.file(box_scores()))
    assert [bool(report.error) for report in reports] == [True, False]
    assert reports[1].written


def test_control_characters_in_a_name_are_unreadable_not_a_new_name(league: League):
    (report,) = league.take(
        quotes(quote("Jalen\x1b[2J Johnson", "2024-11-04 18:00:00+00:00", home_team="BOS", away_team="NYK"))
    )
    assert report.quarantined == {"unreadable_player_name": 1}
