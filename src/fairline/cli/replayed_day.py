"""`fairline replay day`: a stored day run again from its captures, and compared hash by hash."""

from __future__ import annotations

from typing import Annotated

import typer

from fairline.cli.replay import replay_app
from fairline.cli.tables import say_who


def register(app: typer.Typer) -> None:  # noqa: ARG001 - the command is one of `replay`, which is registered itself
    """Add the command to `fairline replay`."""
    replay_app.command("day", no_args_is_help=True)(replay_day)


def replay_day(
    day: Annotated[str, typer.Argument(metavar="DATE", help="Game date: YYYY-MM-DD, today or yesterday (US Eastern).")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Run a day again from its imports and captures in a new home, and compare: feature rows, forecasts, prices, files.

    They come in their order and at their times, with the same models. The home is only read; exit code 1 when anything
    differs.

    Example: fairline replay day 2025-11-28
    """
    from pathlib import Path
    from tempfile import TemporaryDirectory

    import polars as pl

    from fairline.cli.printing import console, print_frame, print_json, steps
    from fairline.ops.catalogue import open_home
    from fairline.ops.moments import game_day
    from fairline.ops.replaying_days import replay_day as replayed_day

    with (
        open_home("fairline replay day", read_only=True, on_wait=say_who) as home,
        TemporaryDirectory(prefix="fairline-replay-") as folder,
        steps(shown=not as_json) as told,
    ):
        on = game_day(day, home.clock.now())
        found = replayed_day(home, on, Path(folder), told)
    different = sum(one.different for one in found)
    if as_json:
        print_json({"date": on, "identical": not different, "parts": [one._asdict() for one in found]})
    else:
        print_frame(pl.DataFrame([one._asdict() for one in found]).drop("first"), f"{on}, replayed from its captures")
        for one in found:
            if one.first:
                console().print(f"{one.part}: {one.first}", markup=False, highlight=False, soft_wrap=True)
        told_at_last = f"{different} rows or documents differ." if different else "Everything is identical."
        console().print(told_at_last, highlight=False)
    if different:
        raise typer.Exit(1)
