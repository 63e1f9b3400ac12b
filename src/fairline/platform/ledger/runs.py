"""Runs of named steps, and the digests of what was published."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from fairline.domain.errors import BrokenContract, Refused
from fairline.platform.ledger.contract import Revision, Run, RunStatus
from fairline.platform.ledger.tables import REVISIONS, RUNS


def start_run(
    connection: Connection, name: str, lasting: timedelta, trigger: str, game_date: date | None, now: datetime
) -> Run:
    """Note that a step begins; after `lasting` it is overdue."""
    values: dict[str, object] = {
        "name": name, "trigger": trigger, "game_date": game_date, "status": RunStatus.RUNNING,
        "started_at": now, "deadline": now + lasting, "counts": {}, "error": "",
    }  # fmt: skip
    return _as_run(connection.execute(insert(RUNS).values(**values).returning(RUNS)).one(), now)


def finish_run(
    connection: Connection, run: Run, status: RunStatus, counts: Mapping[str, int], error: str, now: datetime
) -> Run:
    """Note how the run ended. Raises Refused when it has already ended, or claims a success that counts nothing."""
    _check_end(run, status, counts, error)
    ended = {"status": status, "finished_at": now, "counts": dict(counts), "error": error}
    change = update(RUNS).where(RUNS.c.run_id == run.run_id, RUNS.c.status == RunStatus.RUNNING).values(**ended)
    row = connection.execute(change.returning(RUNS)).one_or_none()
    if row is None:
        message = f"Run {run.run_id} of {run.name} has already ended"
        raise Refused(message, hint="A run ends once; start another.")
    return _as_run(row, now)


def latest_runs(connection: Connection, name: str, limit: int, now: datetime) -> list[Run]:
    """The latest runs, of one step or of all when the name is empty, the latest first."""
    query = select(RUNS).order_by(RUNS.c.run_id.desc()).limit(limit)
    chosen = query.where(RUNS.c.name == name) if name else query
    return [_as_run(row, now) for row in connection.execute(chosen)]


def publish_revision(connection: Connection, key: str, digest: str, now: datetime) -> Revision:
    """The latest revision when it has this digest, else the next one, now published."""
    latest = select(REVISIONS).where(REVISIONS.c.key == key).order_by(REVISIONS.c.number.desc()).limit(1)
    held = connection.execute(latest).one_or_none()
    if held is not None and held.digest == digest:
        return _as_revision(held)
    values = {"key": key, "number": 1 if held is None else held.number + 1, "digest": digest, "published_at": now}
    return _as_revision(connection.execute(insert(REVISIONS).values(**values).returning(REVISIONS)).one())


def revisions(connection: Connection, key: str) -> list[Revision]:
    """Every revision published under the key, the first first."""
    query = select(REVISIONS).where(REVISIONS.c.key == key).order_by(REVISIONS.c.number)
    return [_as_revision(row) for row in connection.execute(query)]


def _check_end(run: Run, status: RunStatus, counts: Mapping[str, int], error: str) -> None:
    if status in {RunStatus.RUNNING, RunStatus.OVERDUE}:
        message = f"Run {run.run_id} of {run.name} cannot end as {status}"
        raise BrokenContract(message, hint="Say success, partial, no_data or failed.")
    if status in {RunStatus.SUCCESS, RunStatus.PARTIAL} and not any(counts.values()):
        message = f"Run {run.run_id} of {run.name} claims {status} and counts nothing"
        raise Refused(message, hint="No rows is no_data, and an error is failed.")
    if status == RunStatus.FAILED and not error:
        message = f"Run {run.run_id} of {run.name} failed without a word"
        raise BrokenContract(message, hint="Give the error's type and message.")


def _as_run(row: Row[Any], now: datetime) -> Run:
    late = row.status == RunStatus.RUNNING and row.deadline < now
    status = RunStatus.OVERDUE if late else RunStatus(row.status)
    return Run(
        row.run_id, row.name, row.trigger, row.game_date, status,
        row.started_at, row.deadline, row.finished_at, row.counts, row.error,
    )  # fmt: skip


def _as_revision(row: Row[Any]) -> Revision:
    return Revision(row.key, row.number, row.digest, row.published_at)
