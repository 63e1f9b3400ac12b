"""`fairline worker`: processes that pull tasks from the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from fairline.predict.worker import Worked


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(worker)


def worker(
    processes: Annotated[int, typer.Option(min=1, max=64, help="Processes at work.")] = 1,
    drain: Annotated[
        bool, typer.Option("--drain", help="End when no task is free, instead of waiting for more.")
    ] = False,
) -> None:
    """Forecast what open batches ask for, one system on one market at a time, until interrupted.

    It needs the ledger and the object store alone, so any number may run beside `fairline up`, here or on other
    machines that share both. The batch is completed by whoever coordinates it.

    Example: fairline worker --processes 2
    """
    if processes == 1:
        work_alone(drain)
        return
    from fairline.ops.working import work_in_processes

    work_in_processes(processes, work_alone, drain=drain, told=typer.echo)


def work_alone(drain: bool) -> None:
    """One worker in this process."""
    from fairline.ops.working import work
    from fairline.platform.clock import SystemClock
    from fairline.platform.settings import load_settings

    done = work(load_settings(), SystemClock(), drain=drain, told=_tell)
    typer.echo(f"{done} task{'' if done == 1 else 's'} worked on")


def _tell(worked: Worked) -> None:
    detail = f"{worked.rows} rows, {1000 * worked.seconds:.0f} ms" if worked.rows else worked.reason
    typer.echo(f"{worked.batch_id} {worked.market}/{worked.system}: {worked.end} ({detail})")
