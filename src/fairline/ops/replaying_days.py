"""A stored day run again from its captures in a new home: the same feature rows, forecasts, prices and files, or not.

The captures come in their order and at their times, the clock stands where it stood when each batch was opened, the
models are the same by hash. What then differs was not determined by what was kept.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

from fairline.analytics.build import refresh
from fairline.domain.clock import FixedClock
from fairline.domain.errors import NotFound
from fairline.features.schema import ML_FEATURE_STORE
from fairline.ops.catalogue import open_home
from fairline.ops.comparing import Compared, documents_compared, rows_compared
from fairline.ops.coordinating import complete_batch, start_batch
from fairline.ops.relanding import Past
from fairline.ops.results import grade_date
from fairline.ops.units import RUN_KIND
from fairline.platform.ledger.contract import RunStatus
from fairline.predict.schema import FORECASTS, PREDICTIONS
from fairline.predict.tasks import input_of, plan_of
from fairline.predict.worker import Worker
from fairline.publish.exports import encoded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from pathlib import Path

    import polars as pl

    from fairline.domain.tables import Table
    from fairline.platform.home import Home
    from fairline.platform.ledger.contract import HeldBatch
    from fairline.predict.tasks import Plan


def replay_day(home: Home, day: date, folder: Path, told: Callable[[str], None] = lambda _: None) -> list[Compared]:
    """Run a day again in a new home in an empty folder, and compare it with what this home holds of it.

    home: is only read. Raises NotFound for a day of which nothing was published, BrokenContract for a capture whose
    bytes are not those that came.
    """
    batches = _published_batches(home, day)
    settings = home.settings.model_copy(update={"home": folder, "ledger": None, "replay": ""})
    past, clock, found = Past.of(home), FixedClock(batches[0].opened_at), list[Compared]()
    with open_home("fairline replay day", settings=settings, clock=clock) as again:
        for batch in batches:
            clock.advance(batch.opened_at - clock.now())
            past.tell(again, batch.opened_at, told)
            plan = plan_of(home.objects, batch.batch_id)
            told(f"batch {batch.batch_id}")
            _run_again(home, again, batch, plan, told)
            found += _compared(home, again, batch, plan)
        graded_at = _graded_at(home, day)
        if graded_at is not None and graded_at >= clock.now():
            clock.advance(graded_at - clock.now())
            past.tell(again, graded_at, told)
            told("grades")
            found += _regraded(home, again, day)
    return found


def _published_batches(home: Home, day: date) -> list[HeldBatch]:
    held = [one for one in home.ledger.batches(game_date=day, limit=1000) if one.run_kind == RUN_KIND]
    published = [one for one in held if home.objects.exists(_published_key(one))]
    if not published:
        message = f"no batch of {day} was published from this home"
        raise NotFound(message, hint=f"`fairline run --date {day}` prices the day first")
    return sorted(published, key=lambda one: (one.opened_at, one.batch_id))


def _published_key(batch: HeldBatch) -> str:
    return f"batches/{batch.batch_id}/published.{batch.attempt}.json"


def _graded_at(home: Home, day: date) -> datetime | None:
    runs = home.ledger.runs("grade", limit=100_000)
    done = {RunStatus.SUCCESS, RunStatus.PARTIAL}
    return max((run.started_at for run in runs if run.game_date == day and run.status in done), default=None)


def _run_again(home: Home, again: Home, batch: HeldBatch, plan: Plan, told: Callable[[str], None]) -> None:
    _lend_models(home, again, plan)
    _take_number(again, batch.batch_id, plan)
    started = start_batch(again, plan.game_date, plan.markets, plan.systems, as_of=plan.as_of, force=True, told=told)
    worker = Worker(again.ledger, again.objects, again.clock, "replay")
    while worker.work_once() is not None:
        pass
    complete_batch(again, started.batch_id)


def _lend_models(home: Home, again: Home, plan: Plan) -> None:
    """The plan's models and no others, so that they are the latest."""
    for market, model_hash in plan.models.items():
        for key in again.objects.list(f"models/{market}/known-to/"):
            again.objects.delete(key)
        for key in home.objects.list(f"models/{market}/{model_hash}/"):
            again.objects.put_new(key, home.objects.get(key))
        for key in home.objects.list(f"models/{market}/known-to/"):
            if home.objects.get(key).decode() == model_hash:
                again.objects.put(key, model_hash.encode())


def _take_number(again: Home, batch_id: str, plan: Plan) -> None:
    """Have the numbers before the batch's taken, as they were when it was started."""
    natural_id = f"{plan.game_date}/{RUN_KIND}/{plan.as_of:%Y%m%dT%H%M%SZ}"
    number = int(batch_id.removeprefix(natural_id).removeprefix(".") or 1)
    for before in range(1, number):
        taken = natural_id if before == 1 else f"{natural_id}.{before}"
        again.objects.put_new(f"batches/{taken}/plan.json", b"taken")


def _compared(home: Home, again: Home, batch: HeldBatch, plan: Plan) -> Iterator[Compared]:
    of = batch.batch_id
    keys = input_of(home.objects, of, plan.players).select("game_id", "player_id", "cutoff")
    yield rows_compared(of, ML_FEATURE_STORE, *(_features(one, keys) for one in (home, again)))
    for table in (FORECASTS, PREDICTIONS):
        yield rows_compared(of, table, *(_of_batch(one, table, of) for one in (home, again)))
    mine, theirs = (dict(_published(one, of)) for one in (home, again))
    for key, revision in mine.items():
        stored = _document(home, key, revision)
        replayed = _document(again, key, theirs[key]) if key in theirs else b""
        yield documents_compared(of, f"{key.removesuffix('.json')}/r{revision}", stored, replayed)


def _regraded(home: Home, again: Home, day: date) -> Iterator[Compared]:
    refresh(again.warehouse)
    published = grade_date(again, day).published
    key = f"v1/results/{day}.json"
    if home.objects.exists(key):
        replayed = _without_revision(again.objects.get(published.key)) if published else b""
        yield documents_compared("grades", key, _without_revision(home.objects.get(key)), replayed)


def _published(home: Home, batch_id: str) -> Iterator[tuple[str, int]]:
    """Key and revision of each document of a batch; nothing of a batch that was not published."""
    for key in home.objects.list(f"batches/{batch_id}"):
        if "/published." in key:
            yield from ((name, number) for name, number in json.loads(home.objects.get(key)))


def _document(home: Home, key: str, revision: int) -> bytes:
    """What a revision says, but for its number. The file in front must be the last revision to the byte."""
    folder = key.removesuffix(".json")
    content = home.objects.get(f"{folder}/r{revision}.json")
    is_last = not home.objects.exists(f"{folder}/r{revision + 1}.json")
    in_front = home.objects.get(key)
    return _without_revision(in_front if is_last and in_front != content else content)


def _without_revision(content: bytes) -> bytes:
    try:
        document = json.loads(content)
    except ValueError:
        return content
    if not isinstance(document, dict):
        return content
    return encoded({name: value for name, value in document.items() if name != "revision"})


def _features(home: Home, keys: pl.DataFrame) -> pl.DataFrame:
    columns = ", ".join(name for name in ML_FEATURE_STORE.column_names if name != "content_hash")
    with home.warehouse.frame("wanted", keys):
        return home.warehouse.query(
            f"SELECT {columns} FROM {ML_FEATURE_STORE.full_name} SEMI JOIN wanted USING (game_id, player_id, cutoff)"  # noqa: S608 - names of our own
        )


def _of_batch(home: Home, table: Table, batch_id: str) -> pl.DataFrame:
    columns = ", ".join(name for name in table.column_names if name != "content_hash")
    return home.warehouse.query(f"SELECT {columns} FROM {table.full_name} WHERE batch_id = ?", [batch_id])  # noqa: S608 - names of our own
