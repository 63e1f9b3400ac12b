"""Price a slate in one process: the batch started, every task of it worked off, the results merged and published."""

from __future__ import annotations

import os
import socket
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from fairline.domain.dates import utc
from fairline.domain.errors import Busy, Permanent
from fairline.ops.coordinating import complete
from fairline.ops.merging import SlateRun
from fairline.ops.starting import Asked, start
from fairline.platform.ledger.contract import BatchStatus, RunStatus, TaskState
from fairline.platform.ledger.recorded import recorded_run
from fairline.predict.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from fairline.platform.home import Home

__all__ = ["SlateRun", "run_slate"]

LASTING = timedelta(minutes=10)
"""A run still open after this long is overdue."""

REST_S = 0.1
"""Between two looks at tasks that other workers have."""

AT_WORK = {TaskState.FREE, TaskState.CLAIMED}


def run_slate(
    home: Home,
    day: date,
    markets: Sequence[str],
    *,
    as_of: datetime | None = None,
    told: Callable[[str], None] = lambda _: None,
) -> SlateRun:
    """Price the day's games as of a moment; running it again with the same inputs changes nothing.

    as_of: an aware moment; without it now, or for a day gone by the latest capture before its tip-offs. A game's cutoff
    is as_of or its tip-off, whichever is earlier. A market whose models all know more than the moment allows is first
    trained as of then; told hears of it. A batch of the day left open by a run that died is taken up where it was left,
    or gives way to one of another moment. Raises NotFound without games, players or any model, LookAhead for a future
    as_of, Permanent when no system came to a result.
    """
    with recorded_run(home.ledger, "run", lasting=LASTING, game_date=day) as report:
        run = _run(
            home, Asked(day, tuple(markets), as_of=None if as_of is None else utc(as_of), take_up=True, told=told)
        )
        report.counts["predictions"] = run.predictions.height
        if run.status != BatchStatus.DONE:
            report.status = RunStatus.PARTIAL
    return run


def _run(home: Home, asked: Asked) -> SlateRun:
    batch_id, steps = start(home, asked).batch_id, asked.steps
    worker = Worker(home.ledger, home.objects, home.clock, f"{socket.gethostname()}:{os.getpid()}:run")
    steps.seconds["of which forecasting"] = round(_worked_off(home, batch_id, worker), 3)
    run = complete(home, batch_id, steps)
    if run is None:
        raise _without_result(home, batch_id)
    # The share that is forecasting is told last, after the steps it is a part of.
    forecasting = steps.seconds.pop("of which forecasting")
    return run._replace(seconds={**steps.seconds, "of which forecasting": forecasting})


def _worked_off(home: Home, batch_id: str, worker: Worker) -> float:
    """Do tasks until all of the batch have ended, other workers' too; the seconds spent forecasting here."""
    forecasting, give_up_at = 0.0, home.clock.now() + LASTING
    while any(task.state in AT_WORK for task in home.ledger.tasks_of(batch_id)):
        while (worked := worker.work_once()) is not None:
            forecasting += worked.seconds
        if home.clock.now() > give_up_at:
            message = f"batch {batch_id} has tasks that another worker has not ended in {LASTING}"
            raise Busy(message, hint="`fairline status` shows who has them; run it again to take it up")
        if any(task.state in AT_WORK for task in home.ledger.tasks_of(batch_id)):
            time.sleep(REST_S)
    return forecasting


def _without_result(home: Home, batch_id: str) -> Permanent:
    reasons = {task.reason for task in home.ledger.tasks_of(batch_id) if task.reason}
    message = f"no system came to a result in batch {batch_id}: {'; '.join(sorted(reasons)) or 'it was superseded'}"
    return Permanent(message, hint="run it again once that is mended; what failed is then planned anew")
