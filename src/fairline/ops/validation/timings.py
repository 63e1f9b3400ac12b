"""How long each phase of a date took, beside the day before, by the runs in the ledger; and how its batches ended."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from fairline.domain.dates import game_date
from fairline.ops.validation.sections import Section
from fairline.platform.ledger.contract import RunStatus, UnitState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    import polars as pl

    from fairline.platform.ledger.contract import Ledger, Run

OWN = frozenset({"validation-report", "validate"})
"""The report's own runs are not told in it: a second look would find the first."""

LOOKED_AT = 20_000
"""Runs looked at: three weeks of a schedule that runs a few things each quarter of an hour."""


def sections(ledger: Ledger, day: date) -> Iterator[Section]:
    """The last run of each step that came to something, and the batches of the date."""
    yield Section(
        "timings", "Timings",
        "Of each step the runs of the date, how its last one ended, and how many seconds that took; beside it the day"
        " before. A step without a date counts for the Eastern day on which it began.",
        "No run of the date is in the ledger.", _timings(ledger, day),
    )  # fmt: skip
    yield Section(
        "batches", "Slate runs", "Players' markets of each batch, by how they ended.",
        "No slate of the date was priced.", _batches(ledger, day),
    )  # fmt: skip


def _timings(ledger: Ledger, day: date) -> pl.DataFrame:
    import polars as pl

    by_day: dict[date, dict[str, list[Run]]] = {day: {}, day - timedelta(days=1): {}}
    for run in ledger.runs("", LOOKED_AT):
        of = by_day.get(run.game_date or game_date(run.started_at))
        if of is not None and run.name not in OWN and run.status is not RunStatus.RUNNING:
            of.setdefault(run.name, []).append(run)
    today, before = by_day.values()
    rows = [_row(name, today.get(name, []), before.get(name, [])) for name in sorted({*today, *before})]
    seconds = dict.fromkeys(("seconds", "seconds_before", "change"), pl.Float64())
    return pl.DataFrame(rows, schema={"step": pl.String(), "runs": pl.Int64(), "ended": pl.String(), **seconds})


def _row(name: str, runs: list[Run], before: list[Run]) -> dict[str, Any]:
    """The latest run comes first; one that found nothing to do tells no time when another did something."""
    last, last_before = _telling(runs), _telling(before)
    seconds, seconds_before = _seconds(last), _seconds(last_before)
    change = None if seconds is None or seconds_before is None else round(seconds - seconds_before, 1)
    return {
        "step": name, "runs": len(runs), "ended": last.status.value if last else None, "seconds": seconds,
        "seconds_before": seconds_before, "change": change,
    }  # fmt: skip


def _telling(runs: list[Run]) -> Run | None:
    did = [run for run in runs if run.status is not RunStatus.NO_DATA]
    return next(iter(did or runs), None)


def _seconds(run: Run | None) -> float | None:
    if run is None or run.finished_at is None:
        return None
    return round((run.finished_at - run.started_at).total_seconds(), 1)


def _batches(ledger: Ledger, day: date) -> pl.DataFrame:
    import polars as pl

    rows = [
        {
            "batch": batch.batch_id, "status": batch.status.value, "opened_at": batch.opened_at,
            "closed_at": batch.closed_at,
            **{state.value: count for state, count in ledger.tally(batch.batch_id).items()},
        }
        for batch in ledger.batches(game_date=day)
    ]  # fmt: skip
    instant = pl.Datetime("us", "UTC")
    types = {"batch": pl.String(), "status": pl.String(), "opened_at": instant, "closed_at": instant}
    return pl.DataFrame(rows, schema=types | {state.value: pl.Int64() for state in UnitState})
