"""Each sighting is loaded once, in one transaction with its note; late captures, better parsers and error answers."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from fairline.platform.captures import capture_of, land
from fairline.platform.objects import ObstoreObjects
from fairline.platform.warehouse import DuckWarehouse
from fairline.raw import captured
from fairline.raw.capture_loading import load_captures, unloaded
from fairline.raw.captured import CaptureKind
from fairline.raw.cells import Cells
from fairline.raw.contracts import contract, readable, split, stated
from fairline.raw.parsed import Parsed, together
from fairline.raw.replaying import replay
from fairline.raw.schema import PLAYERS, TABLES

AT = datetime(2025, 11, 28, 17, 0, tzinfo=UTC)
NOW = AT + timedelta(days=1)
GIVEN = {"player_id": "id", "player_name": "name", "weight_pounds": "weight"}


def parse(document, held):
    """A made-up list of players."""
    del held
    sheet = document.sheet(document.at("players", list), {theirs: theirs for theirs in GIVEN.values()})
    cells = Cells(sheet)
    typed = sheet.select(
        "row_number", *stated(GIVEN), cells.whole("id").alias("player_id"), cells.text("name").alias("player_name"),
        cells.whole("weight").alias("weight_pounds"),
    )  # fmt: skip
    absent = {"position": pl.String, "height_inches": pl.Int64, "birth_date": pl.Date, "team_id": pl.Int64,
              "first_season": pl.Int64, "last_season": pl.Int64, "active": pl.Boolean}  # fmt: skip
    good, broken = split(typed, [*readable(sheet, GIVEN), *contract(PLAYERS, *absent)])
    at = pl.lit(document.capture.captured_at).cast(pl.Datetime("us", "UTC"))
    rows = good.select(
        "row_number", *GIVEN, *(pl.lit(None, dtype).alias(name) for name, dtype in absent.items()),
        valid_at=at, known_at=at,
    )  # fmt: skip
    return Parsed({PLAYERS: rows}, together([broken]))


KIND = CaptureKind("made_up", "made_up_players", "Players", (PLAYERS,), lambda _: True, parse)


class Place:
    """A store and a warehouse, and what a reader of captures does with them."""

    def __init__(self, folder):
        self.objects = ObstoreObjects.local(folder)
        self.warehouse = DuckWarehouse()
        self.warehouse.ensure(*TABLES)

    def land(self, weight, hours=0, status=200, name="Zion Williamson", content=None):
        answer = content or json.dumps({"players": [{"id": 1629627, "name": name, "weight": weight}]}).encode()
        at = AT + timedelta(hours=hours)
        capture = capture_of(answer, source="made_up", kind=KIND.name, at=at, status=status, day=date(2025, 11, 28))
        land(answer, capture, self.objects)
        return capture

    def load(self):
        waiting = unloaded(self.warehouse, self.objects)
        return load_captures(waiting, warehouse=self.warehouse, objects=self.objects, now=NOW)

    def weights(self):
        rows = self.warehouse.query("SELECT weight_pounds, known_at FROM raw.players ORDER BY known_at")
        return [(weight, (at - AT) // timedelta(hours=1)) for weight, at in rows.iter_rows()]

    def quarantined(self):
        return self.warehouse.query("SELECT reason FROM ops.quarantine ORDER BY reason")["reason"].to_list()


@pytest.fixture
def reads(monkeypatch):
    """Make these the only kinds that are read."""

    def only(*kinds):
        monkeypatch.setattr(captured, "PROVIDERS", ())
        for module in ("captured", "capture_reading", "capture_loading", "replaying"):
            named = f"fairline.raw.{module}"
            monkeypatch.setattr(f"{named}.capture_kinds", lambda: kinds, raising=False)
            monkeypatch.setattr(
                f"{named}.capture_kind", lambda name: next(each for each in kinds if each.name == name), raising=False
            )

    only(KIND)
    return only


@pytest.fixture
def place(tmp_path, reads):
    del reads
    return Place(tmp_path)


def test_a_capture_is_loaded_once_and_its_rows_carry_its_hash(place):
    capture = place.land(284)
    (report,) = place.load()
    assert (report.written, report.rows_read, report.outcome) == (1, 1, "loaded")
    assert place.load() == []
    assert place.warehouse.query("SELECT source, capture_id FROM raw.players").rows() == [
        ("made_up_players", capture.capture_id)
    ]


def test_a_correction_is_a_revision_known_when_it_was_captured(place):
    place.land(284)
    place.land(284, hours=1)
    place.land(272, hours=2)
    place.load()
    assert place.weights() == [(284, 0), (272, 2)]


def test_a_late_capture_takes_its_place_and_what_followed_it_is_read_again(place):
    place.land(284)
    place.land(284, hours=2)
    place.load()
    place.land(272, hours=1)
    place.load()
    assert place.weights() == [(284, 0), (272, 1), (284, 2)]


def test_an_error_answer_is_noted_and_never_read(place):
    place.land(None, status=403, content=b"<html>Access denied</html>")
    (report,) = place.load()
    assert (report.outcome, place.weights(), place.quarantined()) == ("error_answer", [], [])
    assert place.load() == []


def test_an_error_page_with_status_200_is_set_aside_as_a_whole_with_its_beginning(place):
    place.land(None, content=b"<html>Access denied</html>")
    (report,) = place.load()
    row = place.warehouse.query("SELECT reason, detail, row_json FROM ops.quarantine").row(0, named=True)
    assert (report.outcome, row["reason"], row["row_json"]) == (
        "unreadable", "unreadable_document", "<html>Access denied</html>",
    )  # fmt: skip
    assert "made_up made_up_players" in row["detail"]


def test_a_record_that_breaks_its_contract_waits_and_the_others_are_written(place):
    players = [{"id": 1, "name": "A B", "weight": 9000}, {"id": 2, "name": "C D", "weight": 200}]
    place.land(None, content=json.dumps({"players": players}).encode())
    (report,) = place.load()
    assert (report.written, report.quarantined) == (1, {"impossible_weight_pounds": 1})


def test_a_mended_parser_reads_the_same_bytes_again_and_replaces_what_it_had_said(place, reads):
    place.land(284)
    place.land(272, hours=1)
    place.load()

    def heavier(document, held):
        parsed = parse(document, held)
        parsed.rows[PLAYERS] = parsed.rows[PLAYERS].with_columns(pl.col("weight_pounds") + 1)
        return parsed

    reads(replace(KIND, parse=heavier, version=2))
    place.load()
    assert place.weights() == [(285, 0), (273, 1)]
    assert place.load() == []


def test_replay_reads_what_waits_and_only_that(place, reads):
    place.land(284)
    place.land(None, hours=1, content=b'{"players": [{"id": 7, "name": "Kyle Lowry (Phi)", "weight": "196 lbs"}]}')
    place.load()
    assert place.quarantined() == ["unreadable_weight_pounds"]

    def lenient(document, held):
        document.content = document.content.replace(b" lbs", b"")
        return parse(document, held)

    reads(replace(KIND, parse=lenient))
    done = replay(place.warehouse, place.objects, NOW)
    assert (done.waited, done.wait_still, done.captures, done.written) == (1, 0, 1, 1)
    assert place.quarantined() == []


def test_rows_and_note_are_written_together_or_not_at_all(place, monkeypatch):
    place.land(284)

    def full_disk(*_):
        message = "no space left on device"
        raise OSError(message)

    with monkeypatch.context() as broken:
        broken.setattr("fairline.raw.capture_loading._note", full_disk)
        with pytest.raises(OSError, match="no space"):
            place.load()
    assert place.weights() == []
    assert [report.written for report in place.load()] == [1]
