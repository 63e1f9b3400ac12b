"""`fairline up`: every role, the schedule and the bus in one process on one port."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(up)


def up(
    host: Annotated[
        str, typer.Option(help="Address to listen on; another than the loopback needs a key.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; a free one when 0.")] = 8470,
    schedule: Annotated[
        bool, typer.Option(help="Run what the schedule says is due; --no-schedule only serves.")
    ] = True,
) -> None:
    """Keep the days going until interrupted: scrape, forecast, price, publish and grade on schedule, and serve it all.

    Commands in other terminals work meanwhile; `fairline status` shows the day.

    Example: fairline up --port 8470
    """
    from fairline.domain.errors import Missing
    from fairline.platform.clock import SystemClock
    from fairline.platform.settings import load_settings

    try:
        from fairline.services import running
        from fairline.services.app import application
        from fairline.services.chain import subscribe
        from fairline.services.roles import ROLES
        from fairline.services.station import station
        from fairline.services.upkeep import Upkeep
    except ModuleNotFoundError as error:
        message = f"Serving needs {error.name}, which is not installed"
        raise Missing(message, hint="Install Fairline from its lock again: `make install`.") from error
    place = station("fairline up", load_settings(), SystemClock())
    app = application(ROLES, place)
    upkeep = Upkeep(place)

    def begin(line: str) -> None:
        typer.echo(line)
        if schedule:
            upkeep.start()
            typer.echo("The schedule runs; `fairline status` shows the day.")

    subscribe(place)
    running.serve(app, place, host, port, told=begin)
