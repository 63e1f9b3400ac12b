"""Failures 18, 20, 21 and 25 as a batch meets them: killed workers, a slate of nobody, a model that is gone."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.ops.slates import DAY, QUOTED_AT, forecast_anyone, keep_model, opened
from tests.predict.batches import BATCH, place
from tests.predict.batches import opened as a_batch

from fairline.ops.coordinating import check_stalled, complete_batch, start_batch
from fairline.platform.clock import SystemClock
from fairline.platform.ledger.contract import BatchStatus, TaskState, UnitState
from fairline.platform.ledger.sqlite import open_sqlite
from fairline.predict.systems import SYSTEMS
from fairline.predict.tasks import frame_of
from fairline.predict.worker import Worker

DIES_AT_WORK = """
import os, signal, sys
from datetime import timedelta
from pathlib import Path
from fairline.platform.clock import SystemClock
from fairline.platform.home import open_workplace
from fairline.platform.settings import load_settings
from fairline.predict.worker import Worker

clock = SystemClock()
ledger, objects = open_workplace(load_settings(home=Path(sys.argv[1])), clock)

class Dying:
    def __getattr__(self, name):
        return getattr(objects, name)

    def put(self, key, content):
        objects.put(key, content)
        os.kill(os.getpid(), signal.SIGKILL)

Worker(ledger, Dying(), clock, sys.argv[2], lease_for=timedelta(seconds=1)).work_once()
"""


def test_20_a_worker_killed_after_it_wrote_and_before_it_said_so_costs_nothing_and_counts_once(tmp_path: Path) -> None:
    at = place(tmp_path)
    a_batch(at, ["ensemble", "similarity"])
    for life in range(3):
        killed = subprocess.run([sys.executable, "-c", DIES_AT_WORK, str(tmp_path), f"life {life}"], check=False)
        assert killed.returncode == -signal.SIGKILL
    clock = SystemClock()
    ledger = open_sqlite(tmp_path / "ledger.sqlite", clock)
    survivor = Worker(ledger, at.objects, clock, f"survivor:{os.getpid()}")
    while {held.state for held in ledger.tasks_of(BATCH)} != {TaskState.DONE}:
        if survivor.work_once() is None:
            survivor.rest(0.05)
    for held in ledger.tasks_of(BATCH):
        assert held.owner == survivor_of(survivor)
        named = frame_of(at.objects.get(held.result))
        left = [key for key in at.objects.list(f"batches/{BATCH}/results") if held.task.key in key]
        # What the dead left says the same, and nobody reads it.
        assert all(frame_of(at.objects.get(key)).equals(named) for key in left)
    ledger.close_connection()
    at.ledger.close_connection()


def survivor_of(worker: Worker) -> str:
    """Who it says it is."""
    return worker._owner


def test_18_a_slate_of_which_nobody_can_be_forecast_ends_and_blocks_no_other(home: Path) -> None:
    with opened(home) as at:
        keep_model(at)
        first = start_batch(at, DAY, ["points"])
        assert first.tasks == 0
        assert [verdict.action for verdict in check_stalled(at)] == ["completed"]
        assert at.ledger.tally(first.batch_id)[UnitState.SKIPPED] == first.expected
        assert at.ledger.batch(first.batch_id).status == BatchStatus.DONE
        later = start_batch(at, DAY, ["points"], as_of=QUOTED_AT.replace(minute=30))
        assert later.batch_id != first.batch_id


def test_21_who_was_superseded_can_neither_end_a_task_nor_publish(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forecast_anyone(monkeypatch)
    with opened(home) as at:
        keep_model(at)
        old = start_batch(at, DAY, ["points"], as_of=QUOTED_AT.replace(hour=21))
        while Worker(at.ledger, at.objects, at.clock, "old").work_once() is not None:
            pass
        new = start_batch(at, DAY, ["points"], force=True)
        assert complete_batch(at, old.batch_id) is None
        while Worker(at.ledger, at.objects, at.clock, "new").work_once() is not None:
            pass
        assert complete_batch(at, new.batch_id) is not None
        assert complete_batch(at, old.batch_id) is None
        document = json.loads(at.objects.get(f"v1/predictions/{DAY}.json"))
        assert (document["generated_from"]["batch"], document["revision"]) == (new.batch_id, 1)


def test_25_a_model_that_is_gone_fails_its_systems_and_no_other_answers_for_them(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forecast_anyone(monkeypatch)
    with opened(home) as at:
        model_hash = keep_model(at)
        batch = start_batch(at, DAY, ["points"])
        at.objects.delete(f"models/points/{model_hash}/similarity/neighbours.npz")
        while Worker(at.ledger, at.objects, at.clock, "worker 1").work_once() is not None:
            pass
        run = complete_batch(at, batch.batch_id)
        assert run is not None
        failed = run.predictions.filter(run.predictions["reason"] == "system_failed")
        assert set(failed["system"]) == {"similarity", "ensemble", "market_pooled"}
        assert failed["mean"].null_count() == failed.height
        assert set(run.predictions["system"]) == set(SYSTEMS)
        assert run.status == BatchStatus.PARTIAL
