"""`fairline status`: the day at a glance, also while another process owns the home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime, tzinfo
    from pathlib import Path

    from fairline.ops.day_status import BatchLine, DayStatus, JobStatus
    from fairline.ops.due import Due
    from fairline.platform.ledger.contract import Run
    from fairline.platform.lock import Owner

Date = Annotated[str, typer.Option("--date", help="Game date: YYYY-MM-DD, today, yesterday or tomorrow (US Eastern).")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(status)


def status(day: Date = "today", as_json: AsJson = False) -> None:
    """Show the day: what ran and how it ended, batches, what is due next, late or missed, last errors, dead letters.

    It asks the ledger alone, so it waits for nobody.

    Example: fairline status --date today
    """
    from contextlib import ExitStack
    from zoneinfo import ZoneInfo

    from fairline.cli.printing import print_json
    from fairline.ops.day_status import day_status
    from fairline.ops.moments import game_day
    from fairline.platform.clock import SystemClock
    from fairline.platform.home import open_workplace
    from fairline.platform.lock import live_owner
    from fairline.platform.settings import load_settings

    settings, clock = load_settings(), SystemClock()
    _check_there(settings.home)
    ledger, objects = open_workplace(settings, clock, read_only=True)
    with ExitStack() as opened:
        opened.callback(ledger.close_connection)
        found = day_status(ledger, objects, game_day(day, clock.now()), clock.now())
    owner = live_owner(settings.home / "owner.json")
    if as_json:
        print_json(_as_json(found, owner))
    else:
        _print(found, owner, ZoneInfo(settings.zone))


def _check_there(home: Path) -> None:
    from fairline.domain.errors import NotFound

    if not (home / "home.json").is_file():
        message = f"There is no Fairline home in {home}"
        raise NotFound(message, hint="`fairline up` makes one; FAIRLINE_HOME names another folder.")


def _as_json(found: DayStatus, owner: Owner | None) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "date": found.day, "at": found.now, "owner": asdict(owner) if owner else None, "planned_at": found.planned_at,
        "games": found.games, "first_tip": found.first_tip,
        "jobs": [_job_json(each) for each in found.jobs], "phases": [_job_json(each) for each in found.phases],
        "batches": [_batch_json(each) for each in found.batches],
        "next": [_due_json(each) for each in found.coming], "late": [_due_json(each) for each in found.late],
        "missed": [_due_json(each) for each in found.missed],
        "errors": [{"name": run.name, **_run_json(run)} for run in found.errors],
        "dead_letters": [_letter_json(*each) for each in _letters(found)],
    }  # fmt: skip


def _letters(found: DayStatus) -> Iterator[tuple[str, int, str, str]]:
    for task in found.dead_tasks:
        yield "task", task.task_id, task.task.key, task.reason
    for letter in found.dead_messages:
        yield "message", letter.letter_id, letter.subscriber, letter.error


def _letter_json(kind: str, number: int, what: str, error: str) -> dict[str, Any]:
    return {"kind": kind, "id": number, "what": what, "error": error}


def _job_json(each: JobStatus) -> dict[str, Any]:
    last = _run_json(each.last) if each.last else None
    return {"name": each.name, "due_at": each.due_at, "late": each.late, "last": last}


def _run_json(run: Run) -> dict[str, Any]:
    return {
        "status": run.status.value, "started_at": run.started_at, "finished_at": run.finished_at, "due_at": run.due_at,
        "attempt": run.attempt, "trigger": run.trigger, "counts": dict(run.counts), "error": run.error,
    }  # fmt: skip


def _batch_json(each: BatchLine) -> dict[str, Any]:
    return {
        "batch_id": each.batch.batch_id, "status": each.batch.status.value, "opened_at": each.batch.opened_at,
        "closed_at": each.batch.closed_at, "units": {state.value: count for state, count in each.units.items()},
        "tasks": each.tasks, "tasks_open": each.tasks_open, "requeued": each.batch.requeued,
    }  # fmt: skip


def _due_json(each: Due) -> dict[str, Any]:
    seconds = round(each.late_by.total_seconds())
    return {"job": each.job.name, "date": each.game_date, "due_at": each.due_at, "late_by_s": max(seconds, 0)}


def _print(found: DayStatus, owner: Owner | None, zone: tzinfo) -> None:
    from fairline.cli.printing import console

    screen = console()
    for line in _heading(found, owner, zone):
        screen.print(line, highlight=False)
    ran = [_run_row(each, found.now, zone) for each in (*found.jobs, *found.phases) if each.last or each.late]
    _table("Runs of the day", ran, ["problem"])
    _table("Batches", [_batch_row(each, found.now, zone) for each in found.batches])
    _table("Next", [_due_row(each, found.now, zone) for each in found.coming])
    _table("Late", [_due_row(each, found.now, zone) for each in found.late])
    _table("Missed: too late to be of use", [_due_row(each, found.now, zone) for each in found.missed[:10]])
    _table("Last errors", [_error_row(each, found.now, zone) for each in found.errors], ["error"])
    for line in _ending(found):
        screen.print(line, highlight=False)


def _heading(found: DayStatus, owner: Owner | None, zone: tzinfo) -> Iterator[str]:
    from datetime import datetime

    from fairline.domain.dates import describe_instant

    tip = "" if found.first_tip is None else f", first tip-off {describe_instant(found.first_tip, found.now, zone)}"
    games = f"{found.games} game{'' if found.games == 1 else 's'}{tip}" if found.planned_at else "slate not known"
    yield f"{found.day:%a %d %b %Y}: {games}"
    if owner is None:
        running = [each.name for each in found.jobs if each.last and each.last.status.value == "running"]
        lent = f"; {' and '.join(running)}, noted as running, lets others have it while a provider is waited for"
        yield f"Nobody has the home{lent if running else ''}."
    else:
        since = describe_instant(datetime.fromisoformat(owner.since), found.now, zone)
        yield f"`{owner.command}` (process {owner.pid}) has the home since {since}."
    if found.planned_at is None:
        yield "No schedule has run on this home; `fairline up` runs it."
    else:
        yield f"The schedule last read the slates {describe_instant(found.planned_at, found.now, zone)}."


def _run_row(each: JobStatus, now: datetime, zone: tzinfo) -> dict[str, str]:
    if each.last is None:
        return {"step": each.name, "status": "late", "began": "", "counts": "", "problem": ""}
    counts = ", ".join(f"{name} {count:,}" for name, count in each.last.counts.items() if count)
    status = f"{each.last.status.value}{', to be tried again' if each.late else ''}"
    began = _when(each.last.started_at, now, zone)
    return {"step": each.name, "status": status, "began": began, "counts": counts, "problem": each.last.error}


def _batch_row(each: BatchLine, now: datetime, zone: tzinfo) -> dict[str, str]:
    units = ", ".join(f"{state.value} {count:,}" for state, count in each.units.items() if count)
    return {
        "batch": each.batch.batch_id, "status": each.batch.status.value, "units": units,
        "tasks": f"{each.tasks - each.tasks_open} of {each.tasks}", "opened": _when(each.batch.opened_at, now, zone),
    }  # fmt: skip


def _due_row(each: Due, now: datetime, zone: tzinfo) -> dict[str, str]:
    return {"job": each.job.name, "of": each.game_date.isoformat(), "due": _when(each.due_at, now, zone)}


def _error_row(run: Run, now: datetime, zone: tzinfo) -> dict[str, str]:
    error = run.error or "still at work after its deadline"
    return {"step": run.name, "when": _when(run.started_at, now, zone), "error": error}


def _ending(found: DayStatus) -> Iterator[str]:
    if found.dead_tasks:
        yield f"{len(found.dead_tasks)} tasks failed for good; the last: {found.dead_tasks[0].reason}"
    if found.dead_messages:
        yield f"{len(found.dead_messages)} messages could not be borne; the last: {found.dead_messages[0].error}"
    if not (found.late or found.errors or found.dead_tasks or found.dead_messages):
        yield "Nothing is late, and nothing failed in the last day."


def _when(instant: datetime, now: datetime, zone: tzinfo) -> str:
    from fairline.domain.dates import describe_instant

    return describe_instant(instant, now, zone)


def _table(title: str, rows: list[dict[str, str]], folded: Sequence[str] = ()) -> None:
    if not rows:
        return
    import polars as pl

    from fairline.cli.printing import print_frame

    print_frame(pl.DataFrame(rows), title, folded=folded)
