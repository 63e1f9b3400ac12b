"""The threads of `fairline up`: they run what is due, end soon when asked to, and leave nothing that looks at work."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.ops.slates import DAY, QUOTED_AT, keep_model

from fairline.domain.clock import FixedClock
from fairline.ops.schedule import SCHEDULE
from fairline.ops.slates import kept_plan
from fairline.platform.bus import Message
from fairline.platform.ledger.contract import BatchStatus, RunStatus
from fairline.platform.settings import load_settings
from fairline.services import upkeep as module
from fairline.services.station import Station, station
from fairline.services.upkeep import Upkeep

CHECKS = tuple(job for job in SCHEDULE if job.name in {"stall-check", "cleanup"})


@pytest.fixture
def place(home: Path) -> Iterator[Station]:
    clock = FixedClock(QUOTED_AT)
    made = station("tests", load_settings(home=home), clock)
    yield made
    made.close()


@pytest.fixture
def checks_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The schedule without its scrapes: nothing here asks a provider."""
    real = module.tick
    monkeypatch.setattr(module, "tick", lambda *args, **named: real(*args, table=CHECKS, **named))


def until(true: Callable[[], bool]) -> None:
    """Wait for another thread, however slow the machine; the test fails when it never comes."""
    waiting = threading.Event()
    for _ in range(600):
        if true():
            return
        waiting.wait(0.1)
    pytest.fail("it never came")


def ended(place: Station, name: str) -> bool:
    return any(run.finished_at is not None for run in place.ledger.runs(name))


def ready() -> Message:
    return Message("m1", "m1", "analytics-ready", DAY, "analytics", "success", "message", QUOTED_AT, {"rows": 1})


@pytest.mark.usefixtures("checks_alone")
def test_the_schedule_runs_until_the_block_is_left_and_then_no_thread_is_alive(place: Station):
    with Upkeep(place, beat_s=0.05, rest_s=0.05) as upkeep:
        until(lambda: all(ended(place, job.name) for job in CHECKS))
        assert upkeep.running
    assert not upkeep.running
    assert {run.status for run in place.ledger.runs("cleanup")} <= {RunStatus.NO_DATA, RunStatus.SUCCESS}
    plan = kept_plan(place.objects)
    assert plan is not None
    assert DAY in plan.slates


@pytest.mark.usefixtures("checks_alone")
def test_closing_the_station_ends_the_threads_before_the_ledger_is_closed(home: Path):
    made = station("tests", load_settings(home=home), FixedClock(QUOTED_AT))
    upkeep = Upkeep(made, beat_s=0.05, rest_s=0.05)
    upkeep.start()
    until(lambda: ended(made, "stall-check"))
    made.close()
    assert not upkeep.running


def test_a_job_at_work_gives_up_at_its_next_step_when_asked_to_end(place: Station, monkeypatch: pytest.MonkeyPatch):
    begun = threading.Event()

    def endless(_home: object, _day: object, told: Callable[[str], None]) -> None:
        begun.set()
        while True:
            told("one more step")
            threading.Event().wait(0.01)

    real = module.tick
    works = {"stall-check": endless}
    table = tuple(job for job in SCHEDULE if job.name in works)
    monkeypatch.setattr(module, "tick", lambda *args, **named: real(*args, table=table, works=works, **named))
    with Upkeep(place, beat_s=0.05, rest_s=0.05) as upkeep:
        assert begun.wait(60)
    assert not upkeep.running
    [run] = place.ledger.runs("stall-check")
    assert (run.status, run.error) == (RunStatus.FAILED, "Busy: the process was asked to end")


def test_an_error_outside_any_job_does_not_end_the_days(place: Station, monkeypatch: pytest.MonkeyPatch):
    looked = []

    def breaks(*_: object, **__: object) -> None:
        looked.append(1)
        raise OSError("the disk is full")

    monkeypatch.setattr(module, "tick", breaks)
    with Upkeep(place, beat_s=0.01, rest_s=0.05):
        until(lambda: len(looked) > 2)


def test_a_message_prices_the_date_again_only_if_something_moved(place: Station):
    upkeep = Upkeep(place)
    with place.turn() as home:
        keep_model(home)
    upkeep.reprice(ready())
    assert place.ledger.batches() == []


def test_what_a_message_could_not_bring_about_is_buried_and_does_not_fail_who_rang(
    place: Station, monkeypatch: pytest.MonkeyPatch
):
    def breaks(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(module, "reprice_if_moved", breaks)
    Upkeep(place).reprice(ready())
    [letter] = place.ledger.dead_messages()
    assert (letter.subscriber, letter.error) == ("reprice", "OSError: the disk is full")
    assert letter.message["phase"] == "analytics-ready"


def test_the_worker_thread_ends_the_tasks_of_a_batch_and_completes_it(place: Station, monkeypatch: pytest.MonkeyPatch):
    from fairline.ops.coordinating import start_batch

    monkeypatch.setattr("fairline.ops.units.LEAST_QUALITY", 0)
    with place.turn() as home:
        keep_model(home)
        started = start_batch(home, DAY, ["points"])
    assert started.tasks > 0
    upkeep = Upkeep(place)
    while upkeep.work():
        pass
    assert place.ledger.batch(started.batch_id).status in {BatchStatus.DONE, BatchStatus.PARTIAL}
    with place.turn() as home:
        assert home.objects.list("v1/")
