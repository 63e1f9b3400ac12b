"""`fairline replay serve`: recorded answers in the providers' place, with faults on demand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

replay_app = typer.Typer(no_args_is_help=True, help="Recorded answers of providers, served in their place.")


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(replay_app, name="replay")


@replay_app.command(no_args_is_help=True)
def serve(
    folder: Annotated[
        Path, typer.Argument(help="A home, its objects, or a folder of answers (with routes.json, or recognised).")
    ],
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on the loopback; a free one when 0.")] = 0,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME:RATE",
            help="How often to fail: 429, 403, 500, slow, truncated, dropped, html, changed, stale. May be repeated.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed and questions give the same faults.")] = 0,
    slow: Annotated[float, typer.Option(min=0, help="Seconds a slow answer takes.")] = 2.0,
    listed: Annotated[bool, typer.Option("--list", help="Print what can be asked, as JSON, and stop.")] = False,
) -> None:
    """Serve recorded answers at the providers' own paths and query strings until interrupted.

    A question that was not recorded, to the last parameter, is answered with 404. Point Fairline at it with the
    setting it prints.

    Example: fairline replay serve ../shared/payloads --port 8765 --fault 429:0.2 --fault html:0.05
    """
    from fairline.cli.printing import print_json
    from fairline.sim.faults import Faults, rates_of
    from fairline.sim.recordings import recordings_in
    from fairline.sim.replay import ReplayServer

    faults = Faults(rates_of(fault or []), seed=seed, slow_s=slow)
    found = recordings_in(folder)
    if listed:
        answers = [{"url": each.url, "params": dict(each.params), "file": each.file} for each in found.answers]
        print_json({"answers": answers, "left_out": found.left_out})
        return
    with ReplayServer(found.answers, faults, port=port) as server:
        typer.echo(f"Answering {len(server.places):,} questions; {len(found.left_out):,} files are left out (--list).")
        typer.echo(f"FAIRLINE_REPLAY={server.url}")
        server.wait()
