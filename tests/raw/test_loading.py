"""Importing: order, transactions, and that twice is once."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.raw.world import League, box_scores, quote, quotes, schedule

from fairline.domain.errors import BrokenContract, NotFound
from fairline.raw import loading
from fairline.raw.loading import files_in
from fairline.raw.schema import PLAYER_BOX_SCORES, PROP_QUOTES, QUARANTINE

WHEN = "2024-11-04 18:00:00+00:00"
MIXED = quotes(
    quote("Herb Jones", WHEN, home_team="BOS", away_team="NYK"),
    quote("Nobody Known", WHEN, home_team="BOS", away_team="NYK"),
    quote("Herb Jones", WHEN, home_team="BOS", away_team="NYK", over_american=12.0, line=9.5),
    quote("Draymond Green", WHEN, home_team="BOS", away_team="NYK"),
)


def test_files_are_read_in_the_order_they_need_each_other_whatever_the_arguments(nothing: League):
    reports = nothing.take(MIXED, box_scores(), schedule())
    assert [report.kind for report in reports] == ["schedule_export", "leaguegamelog_players", "quotes"]
    assert nothing.rows(PROP_QUOTES).height == 1


def test_importing_everything_twice_changes_no_row_of_any_table(nothing: League):
    files = (MIXED, box_scores(), schedule())
    first = nothing.take(*files)
    before = nothing.snapshot()
    nothing.clock.advance(timedelta(hours=1))
    second = nothing.take(*files)
    assert nothing.snapshot() == before
    assert [report.written for report in second] == [0, 0, 0]
    assert [report.quarantined for report in second] == [report.quarantined for report in first]
    assert [report.unresolved_rows for report in second] == [report.unresolved_rows for report in first]


def test_every_row_of_a_quote_file_is_accounted_for(nothing: League):
    *_, report = nothing.take(MIXED, box_scores(), schedule())
    aside = sum(report.quarantined.values())
    assert (
        report.rows_read == report.written + report.unchanged + report.duplicates + aside + report.unresolved_rows == 4
    )


def test_an_import_that_fails_half_way_leaves_nothing_behind(league: League, monkeypatch):
    before = league.snapshot()

    def fails(*_: object, **__: object) -> None:
        raise BrokenContract("the disk is full")

    monkeypatch.setattr(loading, "set_aside", fails)
    (report,) = league.take(MIXED)
    assert report.error == "the disk is full"
    assert league.snapshot() == before


def test_a_row_that_becomes_good_leaves_quarantine(nothing: League):
    nothing.take(box_scores())
    (before,) = nothing.take(MIXED)
    assert before.quarantined == {"bad_price": 1, "no_game": 2}
    nothing.take(schedule())
    (after,) = nothing.take(MIXED)
    assert after.quarantined == {"bad_price": 1, "wrong_game": 1}
    assert sorted(nothing.rows(QUARANTINE)["reason"]) == ["bad_price", "wrong_game"]


def test_the_bytes_are_kept_under_their_hash(league: League):
    from hashlib import sha256

    import pyarrow as pa

    path = league.file(MIXED)
    (report,) = league.take_files(path)
    assert report.capture_id == sha256(path.read_bytes()).hexdigest()
    kept = Path(f"{league.folder}-objects") / "captures" / "import" / "quotes" / f"{report.capture_id}.zst"
    assert pa.CompressedInputStream(pa.BufferReader(kept.read_bytes()), "zstd").read() == path.read_bytes()


def test_the_same_bytes_under_another_name_are_the_same_capture(league: League):
    first, second = league.file(MIXED, "a.parquet"), league.file(MIXED, "b.parquet")
    reports = league.take_files(first, second)
    assert reports[0].capture_id == reports[1].capture_id
    assert reports[1].written == 0


def test_a_folder_is_searched_for_parquet_and_csv(tmp_path: Path):
    (tmp_path / "deep").mkdir()
    for name in ("b.parquet", "deep/a.CSV", "notes.txt"):
        (tmp_path / name).touch()
    assert [path.name for path in files_in([tmp_path, tmp_path / "b.parquet"])] == ["b.parquet", "a.CSV"]
    with pytest.raises(NotFound):
        files_in([tmp_path / "absent"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(BrokenContract):
        files_in([tmp_path / "empty"])


def test_a_file_with_a_header_and_no_rows_is_an_import_of_nothing(nothing: League):
    (report,) = nothing.take(box_scores().clear())
    assert (report.rows_read, report.written, report.error) == (0, 0, "")
    assert nothing.rows(PLAYER_BOX_SCORES).is_empty()


def test_every_kind_without_rows_is_an_import_of_nothing(nothing: League):
    from fairline.raw.kinds import KINDS

    paths = []
    for kind in KINDS:
        path = nothing.folder / f"{kind.name}.csv"
        path.write_text(",".join(kind.columns) + "\n", encoding="utf-8")
        paths.append(path)
    assert {(report.rows_read, report.written, report.error) for report in nothing.take_files(*paths)} == {(0, 0, "")}
