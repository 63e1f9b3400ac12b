"""A step whose run cannot end unnoticed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta

from fairline.platform.ledger.contract import Ledger, RunStatus


@dataclass(slots=True)
class Report:
    """What a running step has to tell: its counts, and its status when that is not success or no_data."""

    counts: dict[str, int] = field(default_factory=dict)
    status: RunStatus | None = None
    error: str = ""


@contextmanager
def recorded_run(
    ledger: Ledger, name: str, *, lasting: timedelta, trigger: str = "manual", game_date: date | None = None
) -> Iterator[Report]:
    """Record the block as a run: failed when it raises, no_data when it counted nothing, else success.

    The error is recorded with its type and raised again; nothing is swallowed.
    """
    run = ledger.start_run(name, lasting=lasting, trigger=trigger, game_date=game_date)
    report = Report()
    try:
        yield report
    except BaseException as error:
        ledger.finish_run(run, RunStatus.FAILED, report.counts, f"{type(error).__name__}: {error}")
        raise
    status = report.status or (RunStatus.SUCCESS if any(report.counts.values()) else RunStatus.NO_DATA)
    ledger.finish_run(run, status, report.counts, report.error)
