"""The steps of a day: what each writes and rings, and that any of them may be done, told or lost twice."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.ops.players import index, landed
from tests.ops.slates import DAY, LATER, QUOTED_AT, keep_model, opened

from fairline.domain.errors import BrokenContract, NotFound
from fairline.ops.announcing import PhaseResult, verified
from fairline.ops.catalogue import tables
from fairline.ops.phases import build_analytics, export_phase, grade_phase, load_raw, precompute_date
from fairline.ops.slate import run_slate
from fairline.platform.bus import Message
from fairline.platform.home import Home
from fairline.platform.ledger.contract import RunStatus


@pytest.fixture(autouse=True)
def everyone_is_forecast(monkeypatch: pytest.MonkeyPatch) -> None:
    """A week of games makes poor feature rows, of whom no player would be forecast."""
    monkeypatch.setattr("fairline.ops.units.LEAST_QUALITY", 0)


PHASES = ("capture-landed", "raw-loaded", "analytics-ready", "features-ready")


@contextmanager
def listening(folder: Path) -> Iterator[tuple[Home, list[Message]]]:
    """The small league at the time of its quote, and every message it rings."""
    heard: list[Message] = []
    with opened(folder, now=QUOTED_AT) as home:
        for phase in PHASES:
            home.bus.subscribe(phase, heard.append)
        yield home, heard


def held(home: Home) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    return {
        table.full_name: home.warehouse.query(f"SELECT * FROM {table.full_name} ORDER BY ALL").rows()
        for table in tables()
    }


def the_chain(home: Home) -> tuple[PhaseResult, ...]:
    """Raw, analytics and precompute, each as a message would call it."""
    return (
        load_raw(home, DAY, trigger="message"), build_analytics(home, DAY, trigger="message"),
        precompute_date(home, DAY, trigger="message"),
    )  # fmt: skip


def test_what_landed_is_loaded_told_of_and_recorded(home: Path):
    with listening(home) as (at, heard):
        landed(at)
        result = load_raw(at, DAY, trigger="message", correlation_id="morning-1")
        assert (result.status, result.counts["captures"], result.counts["written"]) == ("success", 1, 2)
        [message] = heard
        assert (message.phase, message.correlation_id, message.status) == ("raw-loaded", "morning-1", "success")
        assert message.counts == result.counts
        [run] = at.ledger.runs("raw")
        assert (run.status, run.trigger, run.counts) == (RunStatus.SUCCESS, "message", result.counts)


def test_each_step_of_the_chain_has_something_to_do_once(home: Path):
    with listening(home) as (at, heard):
        landed(at)
        assert [step.status for step in the_chain(at)] == ["success"] * 3
        assert [message.phase for message in heard] == ["raw-loaded", "analytics-ready", "features-ready"]
        assert at.warehouse.query("SELECT count(*) FROM precompute.ml_feature_store").item() == 4


def test_the_same_bytes_seen_again_stop_the_cascade(home: Path):
    with listening(home) as (at, heard):
        landed(at, index(active=False))
        the_chain(at)
        heard.clear()
        landed(at, index(active=False), QUOTED_AT - timedelta(minutes=1))
        result = load_raw(at, DAY, trigger="message")
        assert (result.status, result.counts["captures"], result.counts["written"]) == ("no_data", 1, 0)
        assert [(message.phase, message.status) for message in heard] == [("raw-loaded", "no_data")]
        assert at.ledger.runs("raw")[0].status == RunStatus.NO_DATA


def test_messages_doubled_late_or_out_of_order_change_nothing(home: Path):
    with listening(home) as (at, _):
        landed(at)
        the_chain(at)
        before = held(at)
        steps: list[Callable[[], PhaseResult]] = [
            lambda: load_raw(at, DAY, trigger="message"),
            lambda: build_analytics(at, DAY, trigger="message"),
            lambda: precompute_date(at, DAY, trigger="message"),
        ] * 3  # fmt: skip
        random.Random(7).shuffle(steps)
        assert {step().status for step in steps} == {"no_data"}
        assert held(at) == before


def test_a_late_message_does_for_the_latest_captures_what_the_lost_one_would_have_done(home: Path):
    with listening(home) as (at, _):
        landed(at)
        landed(at, index(weight="200"), QUOTED_AT - timedelta(minutes=30))
        result = load_raw(at, DAY, trigger="message")
        assert (result.status, result.counts["captures"]) == ("success", 2)
        weights = at.warehouse.query("SELECT weight_pounds FROM raw.players ORDER BY known_at")["weight_pounds"]
        assert weights.to_list() == [190, 200]


def test_a_step_that_died_before_its_bell_rings_it_when_it_is_done_again(home: Path):
    def dies(message: Message) -> None:
        raise ConnectionError(message.phase)

    with opened(home, now=QUOTED_AT) as at:
        landed(at)
        at.bus.subscribe("raw-loaded", dies)
        with pytest.raises(ExceptionGroup):
            load_raw(at, DAY, trigger="message")
    with listening(home) as (at, heard):
        result = load_raw(at, DAY, trigger="message")
        assert (result.status, result.counts["written"], result.counts["news"]) == ("success", 0, 1)
        assert [message.status for message in heard] == ["success"]
        assert load_raw(at, DAY, trigger="message").status == "no_data"


def test_what_cannot_be_read_makes_the_load_partial_and_never_a_success(home: Path):
    with listening(home) as (at, heard):
        landed(at, b"<html>Access denied</html>")
        result = load_raw(at, DAY, trigger="message")
        assert (result.status, result.counts["unreadable"], result.counts["quarantined"]) == ("partial", 1, 1)
        assert heard[0].status == "partial"
        assert at.ledger.runs("raw")[0].error


def test_an_empty_home_has_no_data_and_no_error(tmp_path: Path):
    with listening(tmp_path / "home") as (at, heard):
        assert [step.status for step in the_chain(at)] == ["no_data"] * 3
        assert {message.status for message in heard} == {"no_data"}
        assert {run.status for run in at.ledger.runs()} == {RunStatus.NO_DATA}


def test_a_backfill_builds_again_what_has_not_changed_and_a_message_does_not(home: Path):
    with listening(home) as (at, _):
        build_analytics(at, trigger="message")
        before = held(at)
        at.warehouse.execute("DELETE FROM analytics.player_game_summary")
        assert build_analytics(at, trigger="backfill", again=True).status == "success"
        assert held(at) == before


def test_a_new_quote_is_news_for_the_features_of_its_day(home: Path):
    with listening(home) as (at, _):
        the_chain(at)
        at.warehouse.execute("DELETE FROM raw.prop_quotes")
        assert precompute_date(at, DAY, trigger="message").status == "success"


def test_a_date_without_a_game_is_no_data(home: Path):
    with listening(home) as (at, heard):
        assert precompute_date(at, date(2024, 7, 4), trigger="manual").status == "no_data"
        assert [(message.phase, message.status) for message in heard] == [("features-ready", "no_data")]


def test_a_failed_step_is_recorded_and_rings_nothing(home: Path):
    with listening(home) as (at, heard):
        landed(at)
        at.warehouse.execute("DROP TABLE raw.rosters")
        with pytest.raises(Exception, match="rosters"):
            load_raw(at, DAY, trigger="message")
        assert heard == []
        assert at.ledger.runs("raw")[0].status == RunStatus.FAILED


def test_rows_that_cannot_be_read_back_are_no_success():
    with pytest.raises(BrokenContract, match=r"3 rows of raw\.players were written and 2 can be read back"):
        verified("raw.players", 3, 2)


def test_a_date_is_graded_and_graded_again_without_change(home: Path):
    with opened(home, now=QUOTED_AT) as at:
        keep_model(at)
        run_slate(at, DAY, ["points"])
    with opened(home, now=LATER) as at:
        assert (grade_phase(at, DAY).status, grade_phase(at, DAY).counts["written"]) == ("no_data", 0)
        at.warehouse.execute("UPDATE raw.games SET status = 'final' WHERE game_date = ?", [DAY])
        build_analytics(at, trigger="manual", again=True)
        first = grade_phase(at, DAY)
        second = grade_phase(at, DAY)
        assert (first.status, first.counts["ungraded"]) == ("success", 0)
        assert first.counts["graded"] > 0
        assert (second.status, second.counts["written"]) == ("success", 0)


def test_an_export_publishes_what_was_published_and_no_new_revision(home: Path):
    with opened(home, now=QUOTED_AT) as at:
        keep_model(at)
        run_slate(at, DAY, ["points"])
    with opened(home, now=LATER) as at:
        grade_phase(at, DAY)
        before = {key: at.objects.get(key) for key in at.objects.list("v1")}
        result = export_phase(at, DAY)
        assert (result.status, result.counts) == ("success", {"documents": 3, "written": 0})
        assert {key: at.objects.get(key) for key in at.objects.list("v1")} == before


def test_an_export_writes_again_what_was_lost(home: Path):
    with opened(home, now=QUOTED_AT) as at:
        keep_model(at)
        run_slate(at, DAY, ["points"])
        key = f"v1/predictions/{DAY}.json"
        was = at.objects.get(key)
        at.objects.delete(key)
        assert export_phase(at, DAY).counts["written"] == 1
        assert at.objects.get(key) == was


def test_nothing_predicted_is_nothing_to_publish(home: Path):
    with opened(home) as at, pytest.raises(NotFound, match="nothing to publish"):
        export_phase(at, DAY)
