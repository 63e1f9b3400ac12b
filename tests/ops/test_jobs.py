"""Beats of the schedule on a real ledger: once across processes, retries, failures that stop nobody else."""

import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.ops.slates import DAY, QUOTED_AT, TIP, keep_model, opened

from fairline.domain.clock import FixedClock
from fairline.domain.errors import Busy, NotFound
from fairline.ops.catalogue import open_home
from fairline.ops.due import CatchUp, Game, Job, Kind, Needs, due
from fairline.ops.due_times import At
from fairline.ops.jobs import WORKS
from fairline.ops.slates import keep_plan, kept_plan, slates_around
from fairline.ops.steps import Done, Told
from fairline.ops.ticking import Stopped, is_permanent, last_runs, tick
from fairline.platform.home import Home
from fairline.platform.ledger.contract import Run, RunStatus
from fairline.platform.settings import load_settings


@pytest.fixture(autouse=True)
def everyone_is_forecast(monkeypatch: pytest.MonkeyPatch) -> None:
    """A week of games makes poor feature rows, of whom no player would be forecast."""
    monkeypatch.setattr("fairline.ops.units.LEAST_QUALITY", 0)


NOON = datetime(2024, 11, 12, 17, tzinfo=UTC)
Opened = Callable[[], AbstractContextManager[Home]]


def job(name: str, cron: str = "0 11 * * *", kind: Kind = Kind.LATEST) -> Job:
    return Job(name, "", (At(cron, cron),), CatchUp(kind, timedelta(hours=4)), timedelta(minutes=10), Needs.NOTHING)


def counting(home: Home, day: date, told: Told) -> Done:
    del home, day, told
    return Done({"rows": 1})


def raising(error: BaseException) -> Callable[[Home, date, Told], Done]:
    def work(home: Home, day: date, told: Told) -> Done:
        del home, day, told
        raise error

    return work


@pytest.fixture
def at_noon(tmp_path: Path) -> Iterator[tuple[Home, FixedClock, Opened]]:
    clock = FixedClock(NOON)
    with open_home("tests", settings=load_settings(home=tmp_path / "home"), clock=clock) as home:

        @contextmanager
        def lent() -> Iterator[Home]:
            yield home

        yield home, clock, lent


def ticked(at: tuple[Home, FixedClock, Opened], table: list[Job], **works: Callable[..., Done]) -> list[Run]:
    home, clock, lent = at
    return tick(lent, home.ledger, clock.now(), slates={}, table=table, works=works)


def test_a_due_time_runs_once_however_often_the_schedule_is_looked_at(at_noon: tuple[Home, FixedClock, Opened]):
    [run] = ticked(at_noon, [job("one")], one=counting)
    assert (run.status, run.due_at, run.game_date) == (RunStatus.SUCCESS, NOON - timedelta(hours=1), date(2024, 11, 12))
    assert ticked(at_noon, [job("one")], one=counting) == []
    at_noon[1].advance(timedelta(hours=23))
    assert len(ticked(at_noon, [job("one")], one=counting)) == 1


def test_a_job_that_fails_is_noted_with_its_type_and_keeps_no_other_from_running(
    at_noon: tuple[Home, FixedClock, Opened],
):
    runs = ticked(at_noon, [job("bad"), job("good")], bad=raising(ZeroDivisionError("by nothing")), good=counting)
    assert [(run.name, run.status, run.error) for run in runs] == [
        ("bad", RunStatus.FAILED, "ZeroDivisionError: by nothing"), ("good", RunStatus.SUCCESS, ""),
    ]  # fmt: skip


def test_a_transient_failure_is_tried_again_after_its_rest_and_three_times_at_most(
    at_noon: tuple[Home, FixedClock, Opened],
):
    attempts = []
    for _ in range(40):
        attempts += ticked(at_noon, [job("bad")], bad=raising(Busy("the provider is at lunch")))
        at_noon[1].advance(timedelta(minutes=1))
    assert [(run.attempt, run.started_at - NOON) for run in attempts] == [
        (1, timedelta()), (2, timedelta(minutes=5)), (3, timedelta(minutes=15)),
    ]  # fmt: skip


def test_a_permanent_failure_is_not_tried_again(at_noon: tuple[Home, FixedClock, Opened]):
    [run] = ticked(at_noon, [job("bad")], bad=raising(NotFound("No model is trained")))
    assert is_permanent(run.error)
    at_noon[1].advance(timedelta(minutes=30))
    assert ticked(at_noon, [job("bad")], bad=counting) == []


def test_while_others_have_the_home_no_attempt_is_used_up(at_noon: tuple[Home, FixedClock, Opened]):
    home, clock, _ = at_noon

    @contextmanager
    def busy() -> Iterator[Home]:
        raise Busy("others have the home")
        yield

    for _ in range(5):
        with pytest.raises(Busy):
            tick(busy, home.ledger, clock.now(), slates={}, table=[job("one")], works={"one": counting})
    assert home.ledger.runs("one") == []
    [run] = ticked(at_noon, [job("one")], one=counting)
    assert run.attempt == 1


def test_a_job_interrupted_by_the_end_of_the_process_is_done_by_the_next(at_noon: tuple[Home, FixedClock, Opened]):
    with pytest.raises(Stopped):
        ticked(at_noon, [job("one"), job("two")], one=raising(Stopped()), two=counting)
    assert [(run.name, run.status) for run in at_noon[0].ledger.runs()] == [("one", RunStatus.FAILED)]
    at_noon[1].advance(timedelta(minutes=6))
    runs = ticked(at_noon, [job("one"), job("two")], one=counting, two=counting)
    assert [(run.name, run.status, run.attempt) for run in runs] == [
        ("one", RunStatus.SUCCESS, 2), ("two", RunStatus.SUCCESS, 1),
    ]  # fmt: skip


def test_a_run_whose_process_was_killed_gives_way_after_its_deadline(at_noon: tuple[Home, FixedClock, Opened]):
    home, clock, _ = at_noon
    due_at = NOON - timedelta(hours=1)
    assert home.ledger.start_due("one", due_at, lasting=timedelta(minutes=10), game_date=date(2024, 11, 12))
    assert ticked(at_noon, [job("one")], one=counting) == []
    clock.advance(timedelta(minutes=11))
    [run] = ticked(at_noon, [job("one")], one=counting)
    assert (run.status, run.attempt) == (RunStatus.SUCCESS, 2)


def test_a_success_that_counts_nothing_is_no_data(at_noon: tuple[Home, FixedClock, Opened]):
    [run] = ticked(at_noon, [job("one")], one=lambda *_: Done(status=RunStatus.SUCCESS))
    assert run.status is RunStatus.NO_DATA


TICKING = """
import sys
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fairline.domain.clock import FixedClock
from fairline.ops.due import CatchUp, Job, Kind, Needs
from fairline.ops.due_times import At
from fairline.ops.steps import Done
from fairline.ops.steps import Done, Told
from fairline.ops.ticking import tick
from fairline.platform.home import open_workplace
from fairline.platform.settings import load_settings

clock = FixedClock(datetime(2024, 11, 12, 17, tzinfo=UTC))
ledger, _ = open_workplace(load_settings(home=Path(sys.argv[1])), clock)
within = CatchUp(Kind.ALL, timedelta(hours=1))
table = [Job("one", "", (At("*/2 * * * *", ""),), within, timedelta(minutes=10), Needs.NOTHING)]
sys.stdin.readline()
ran = tick(
    lambda: nullcontext(None), ledger, clock.now(), slates={}, table=table, works={"one": lambda *_: Done({"rows": 1})}
)
print(*(run.due_at.isoformat() for run in ran))
"""


def test_two_processes_that_look_at_once_run_each_due_time_once(tmp_path: Path):
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", TICKING, str(tmp_path / "home")], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    ran = [process.communicate(timeout=120)[0].split() for process in processes]
    counted = Counter(ran[0] + ran[1])
    assert [process.returncode for process in processes] == [0, 0]
    assert len(counted) == 31
    assert set(counted.values()) == {1}


def test_the_plan_is_read_back_as_it_was_kept(home: Path):
    with opened(home, now=QUOTED_AT) as at:
        slates = slates_around(at.warehouse, QUOTED_AT)
        assert slates[DAY] == [Game(slates[DAY][0].game_id, TIP, slates[DAY][0].status)]
        keep_plan(at.objects, slates, QUOTED_AT)
        plan = kept_plan(at.objects)
    assert plan == (QUOTED_AT, slates)


def test_the_days_chain_on_a_real_home_ends_in_published_prices(home: Path):
    with opened(home, now=QUOTED_AT) as at:
        keep_model(at)
        chain = ("same-day-phase3", "same-day-phase4", "same-day-predictions", "phase4-failure-alert", "self-heal")
        done = {name: WORKS[name](at, DAY, lambda _: None) for name in (*chain, "publish-tonight")}
        assert done["same-day-phase4"].counts
        assert done["same-day-predictions"].counts["tasks_open"] == 0
        assert done["phase4-failure-alert"].counts["raised"] == 0
        assert done["self-heal"].counts["healed"] == 0
        assert at.objects.list("v1/")
        assert WORKS["reprice-on-news"](at, DAY, lambda _: None).status is RunStatus.NO_DATA
        assert WORKS["phase4-timeout-check"](at, DAY, lambda _: None).status is RunStatus.NO_DATA


def test_a_slate_whose_phase_4_never_came_is_alerted_and_predicted_all_the_same(home: Path):
    with opened(home, now=QUOTED_AT) as at:
        keep_model(at)
        WORKS["same-day-phase3"](at, DAY, lambda _: None)
        alert = WORKS["phase4-failure-alert"](at, DAY, lambda _: None)
        assert alert.counts["raised"] == 1
        done = WORKS["phase4-timeout-check"](at, DAY, lambda _: None)
        assert (done.counts["tasks_open"], done.note) == (0, "phase 4 was late: predicted from what phase 3 knew")
        assert WORKS["phase4-failure-alert"](at, DAY, lambda _: None).counts["cleared"] == 1


def test_grading_a_date_on_which_nothing_was_predicted_is_no_failure(home: Path):
    with opened(home) as at:
        done = WORKS["yesterday-grading"](at, DAY, lambda _: None)
    assert done.status is RunStatus.NO_DATA


def test_without_a_model_pricing_fails_loudly_and_says_what_to_do(home: Path):
    with opened(home, now=QUOTED_AT) as at, pytest.raises(NotFound, match="No model is trained"):
        WORKS["same-day-predictions"](at, DAY, lambda _: None)


def test_the_ledger_remembers_what_was_answered_when_another_process_asks(at_noon: tuple[Home, FixedClock, Opened]):
    home, clock, _ = at_noon
    table = [job("one"), job("two")]
    ticked(at_noon, table, one=counting, two=raising(Busy("later")))
    assert [each.job.name for each in due(table, last_runs(home.ledger, table), clock.now(), {})] == ["two"]
