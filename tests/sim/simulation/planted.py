"""Bugs planted in the platform, one at a time: each breaks a promise that the simulation looks at.

within: the number of seeds, from 0, of which at least one finds it. As measured, with room to spare.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NamedTuple

import numpy as np
import polars as pl
import pytest

from fairline.domain.errors import Transient
from fairline.grade import grading
from fairline.ops import checks, merging, news, starting
from fairline.ops import due_times as times
from fairline.platform.ledger import tasks
from fairline.platform.ledger.contract import Claim
from fairline.predict import coordinator, worker
from fairline.publish import exports
from fairline.raw import capture_loading
from fairline.sim.simulation import days

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PREDICTING = {"same-day-predictions", "self-heal", "phase4-timeout-check", "lines"}

Patch = pytest.MonkeyPatch


class Planted(NamedTuple):
    """A bug: what it is, how it is planted, and within how many seeds it is found."""

    means: str
    plant: Callable[[Patch], None]
    within: int


def swallowed_error(patch: Patch) -> None:
    """An error about one player is swallowed, and the rest are called all."""
    whole = worker.forecast_rows
    patch.setattr(worker, "forecast_rows", lambda *args, **named: whole(*args, **named)[1:])


def lock_without_fence(patch: Patch) -> None:
    """A lease is judged by its task alone."""

    def held(claim: Claim) -> Any:
        return tasks.TASKS.c.task_id == claim.task_id

    patch.setattr(tasks, "_held", held)


def doubled_write(patch: Patch) -> None:
    """Each grading writes what it says once more."""

    def always(rows: pl.DataFrame, held: pl.DataFrame, now: Any) -> pl.DataFrame:
        del held
        return rows.with_columns(known_at=pl.lit(now).cast(rows.schema["known_at"]))

    patch.setattr(grading, "_new_statements", always)


def known_a_minute_before(patch: Patch) -> None:
    """What is read is noted as known one minute before it was captured."""
    whole = capture_loading.load_capture

    def early(capture: Any, *args: Any, **named: Any) -> Any:
        from dataclasses import replace

        return whole(replace(capture, captured_at=capture.captured_at - MINUTE), *args, **named)

    patch.setattr(capture_loading, "load_capture", early)


def cutoff_a_minute_ahead(patch: Patch) -> None:
    """A slate is priced as of the next minute: what is known until then counts."""
    whole = starting.moment_of
    patch.setattr(starting, "moment_of", lambda *args: whole(*args) + MINUTE)


def published_before_kept(patch: Patch) -> None:
    """The slate is published as soon as its documents are made, before the rows they tell of are kept."""
    whole = merging._documents

    def published(home: Any, *args: Any) -> Any:
        documents = whole(home, *args)
        for document in documents:
            merging.publish(home.objects, home.ledger, document)
        return documents

    patch.setattr(merging, "_documents", published)
    patch.setattr(merging, "ThreadPoolExecutor", AtOnce)


class AtOnce(ThreadPoolExecutor):
    """Does the work where it is submitted, so that a seed always does the same."""

    def submit(self, work: Any, /, *args: Any, **named: Any) -> Future[Any]:
        """The work, done."""
        done: Future[Any] = Future()
        done.set_result(work(*args, **named))
        return done


def step_left_out(patch: Patch) -> None:
    """The day's predictions are never due, and nobody looks for them."""
    patch.setattr(days, "TABLE", tuple(job for job in days.TABLE if job.name not in PREDICTING))


def message_taken_as_truth(patch: Patch) -> None:
    """A batch is completed by the message that its task is done, and by nothing else."""
    patch.setattr(checks, "finish_batches", lambda _: 0)
    patch.setattr(days, "finish_batches", lambda _: 0)
    patch.setattr("fairline.ops.coordinating.check_stalled", lambda _: [])


def unit_without_an_end(patch: Patch) -> None:
    """One unit of a batch is forgotten when the others are ended."""
    whole = merging.ended
    patch.setattr(merging, "ended", lambda forecasts: whole(forecasts)[1:])


def retry_without_bound(patch: Patch) -> None:
    """What fails is tried again for ever."""

    def failing(self: Any, claim: Claim, market: str, system: str) -> Any:
        del self, claim, market
        raise Transient(f"{system} is busy", hint="Try again.")

    patch.setattr(tasks, "MAX_ATTEMPTS", 10**6)
    patch.setattr(worker.Worker, "_forecast", failing)
    patch.setattr(worker.Worker, "rest", lambda *_: None)


def hour_skipped(patch: Patch) -> None:
    """Due times are told on the winter's clock all year."""
    from datetime import timezone

    patch.setattr(times, "EASTERN", timezone(timedelta(hours=-5)))


def graded_before_final(patch: Patch) -> None:
    """A game is taken for over once it has begun, also when it is called off."""
    whole = grading.results_of

    def over(*args: Any) -> Any:
        from dataclasses import replace

        results = whole(*args)
        return replace(results, games=results.games.with_columns(game_final=pl.lit(True), postponed=pl.lit(False)))

    patch.setattr(grading, "results_of", over)


def more_than_all(patch: Patch) -> None:
    """What has ended is counted with one more."""

    def percent(self: coordinator.BatchState) -> float:
        return 100 * (len(self.tasks) + 1) / max(1, len(self.tasks))

    patch.setattr(coordinator.BatchState, "percent", property(percent))


def latest_left_behind(patch: Patch) -> None:
    """The next revision is frozen, and the file that everybody reads is left as it was."""

    def put_once(objects: Any, key: str, content: bytes) -> bool:
        return bool(objects.put_new(key, content))

    patch.setattr(exports, "_put_changed", put_once)


def correction_ignored(patch: Patch) -> None:
    """What was graded once is never graded again."""
    whole = grading._new_statements

    def first_alone(rows: pl.DataFrame, held: pl.DataFrame, now: Any) -> pl.DataFrame:
        return whole(rows, held, now) if held.is_empty() else rows[:0]

    patch.setattr(grading, "_new_statements", first_alone)


def absent_graded_as_none(patch: Patch) -> None:
    """Who did not play is graded as if he had counted nothing."""
    whole = grading.outcomes
    patch.setattr(grading, "outcomes", lambda actual, *args, **named: whole(np.nan_to_num(actual), *args, **named))


def news_unheeded(patch: Patch) -> None:
    """Whom the user called out is forecast all the same."""
    patch.setattr(starting, "filtered", lambda rows: rows.with_columns(skipped=pl.lit(None, pl.String)))


def news_known_before(patch: Patch) -> None:
    """What the user tells is noted as known two hours before he told it."""
    whole = news._kept
    patch.setattr(news, "_kept", lambda home, said, now, told: whole(home, said, now - 2 * HOUR, told))


PLANTED: Mapping[str, Planted] = {
    bug.__name__: Planted(bug.__doc__ or "", bug, within)
    for bug, within in (
        (swallowed_error, 2), (lock_without_fence, 20), (doubled_write, 2), (known_a_minute_before, 2),
        (message_taken_as_truth, 6), (unit_without_an_end, 2), (retry_without_bound, 2),
        (hour_skipped, 3), (graded_before_final, 12), (more_than_all, 2), (latest_left_behind, 6),
        (correction_ignored, 6), (cutoff_a_minute_ahead, 2), (published_before_kept, 2), (step_left_out, 6),
        (absent_graded_as_none, 4), (news_unheeded, 4), (news_known_before, 8),
    )
}  # fmt: skip


@contextmanager
def planted(name: str) -> Iterator[Planted]:
    """The bug in place for the block."""
    with pytest.MonkeyPatch.context() as patch:
        PLANTED[name].plant(patch)
        # Due times that were told before are not told again by the clock that is wrong, nor its times by the right one.
        times.clock_times.cache_clear()
        yield PLANTED[name]
    times.clock_times.cache_clear()
