"""The checks of a day: whether phase 4 came in time, what came to nothing, what stalled, what was left lying."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from fairline.domain.errors import AlreadyOpen
from fairline.ops.steps import Done, analytics, of_phase, of_pricing, precompute, predictions
from fairline.platform.ledger.contract import RunStatus

if TYPE_CHECKING:
    from datetime import date, datetime

    from fairline.ops.steps import Told
    from fairline.platform.home import Home

PHASE_4_MAY_TAKE = timedelta(minutes=30)
"""After it the slate is predicted without waiting for phase 4 any longer."""


def alert_phase_4(home: Home, day: date, told: Told) -> Done:
    """Raise the alert when no feature row of the slate was kept on its day, clear it when one was."""
    from fairline.ops.alerts import PHASE_4_LATE, report

    told("feature rows held?")
    rows = _feature_rows(home, day)
    subject = day.isoformat()
    seen = {} if rows else {subject: f"No feature row of {day} was kept on its day."}
    change = report(home.warehouse, PHASE_4_LATE, seen, home.clock.now(), among=subject)
    return Done({"rows": rows, "raised": change.raised, "cleared": change.cleared})


def _feature_rows(home: Home, day: date) -> int:
    """Feature rows of the slate kept since its day began, or since phase 4 was due where that was sooner."""
    from fairline.ops.due_times import clock_times

    began = min([*clock_times(day, "0 0 * * *"), *_phase_4_due(home, day)])
    counted = "SELECT count(*) FROM precompute.ml_feature_store WHERE game_date = ? AND cutoff >= ?"
    return int(home.warehouse.query(counted, [day, began]).item())


def _phase_4_due(home: Home, day: date) -> list[datetime]:
    from fairline.ops.due import times_of
    from fairline.ops.schedule import job_named
    from fairline.ops.slates import slates_of

    return times_of(job_named("same-day-phase4"), day, slates_of(home.warehouse, day, day).get(day, ()))


def heal(home: Home, day: date, told: Told) -> Done:
    """Do again, in order, what of the date's own chain came to nothing: analytics and features, then the prices."""
    from fairline.ops.day_pricing import tasks_open

    counts = {"healed": 0}
    if not _feature_rows(home, day):
        for step in (analytics, precompute):
            step(home, day, told)
        counts["healed"] += 1
    batches = [batch for batch in home.ledger.open_batches() if batch.game_date == day]
    if batches:
        counts["tasks_open"] = sum(tasks_open(home, batch.batch_id) for batch in batches)
        return Done(counts, RunStatus.PARTIAL if any(counts.values()) else None, "a batch is open; the workers have it")
    if not _is_priced(home, day):
        counts |= predictions(home, day, told).counts
        counts["healed"] += 1
    return Done(counts)


def _is_priced(home: Home, day: date) -> bool:
    from fairline.platform.ledger.contract import BatchStatus

    ended_well = {BatchStatus.DONE, BatchStatus.PARTIAL}
    return any(batch.status in ended_well for batch in home.ledger.batches(game_date=day))


def predict_without_phase_4(home: Home, day: date, told: Told) -> Done:
    """Half an hour after phase 4 was due and still is not done: predict from what is known, unless it was priced."""
    from fairline.ops.day_pricing import price_day

    late = any(home.clock.now() >= due_at + PHASE_4_MAY_TAKE for due_at in _phase_4_due(home, day))
    opened = home.ledger.batches(game_date=day, limit=1)
    if not late or opened or _feature_rows(home, day):
        return Done(status=RunStatus.NO_DATA)
    try:
        done = of_pricing(price_day(home, day, told, fallback=True))
    except AlreadyOpen:
        return Done(status=RunStatus.NO_DATA, note="a batch of the date has just been opened")
    done.note = "phase 4 was late: predicted from what phase 3 knew"
    return done


def check_stalled(home: Home, day: date, told: Told) -> Done:
    """Free what is stuck, and close what stays stuck."""
    del day
    from fairline.ops.coordinating import check_stalled

    told("stalled?")
    return Done({"verdicts": len(check_stalled(home))})


def clean_up(home: Home, day: date, told: Told) -> Done:
    """Load what nobody loaded and merge what nobody merged."""
    from fairline.ops.phases import load_raw

    told("captures")
    loaded = of_phase(load_raw(home, day, trigger="schedule"))
    merged = finish_batches(home)
    if merged and loaded.status is RunStatus.NO_DATA:
        loaded.status = None
    loaded.counts["batches"] = merged
    return loaded


def finish_batches(home: Home) -> int:
    """Complete every open batch whose tasks have all ended; how many there were."""
    from fairline.ops.coordinating import complete_batch
    from fairline.ops.day_pricing import tasks_open

    ready = [batch for batch in home.ledger.open_batches() if not tasks_open(home, batch.batch_id)]
    return sum(complete_batch(home, batch.batch_id) is not None for batch in ready)
