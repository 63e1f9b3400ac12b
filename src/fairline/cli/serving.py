"""`fairline serve`: one or more roles over HTTP."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command(no_args_is_help=True)(serve)


def serve(
    roles: Annotated[
        str,
        typer.Argument(
            help="Roles, with commas: scrapers, raw, analytics, precompute, coordinator, worker, grading, publishing."
        ),
    ],
    host: Annotated[
        str, typer.Option(help="Address to listen on; another than the loopback needs a key.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; a free one when 0.")] = 8470,
) -> None:
    """Serve roles until interrupted: their routes, /health, /ready, /version, /metrics and /docs.

    Example: fairline serve coordinator,worker --port 8470
    """
    from fairline.domain.errors import Missing
    from fairline.platform.clock import SystemClock
    from fairline.platform.settings import load_settings

    try:
        from fairline.services import running
        from fairline.services.app import application, roles_named
        from fairline.services.chain import subscribe
        from fairline.services.roles import ROLES
        from fairline.services.station import station
    except ModuleNotFoundError as error:
        message = f"Serving needs {error.name}, which is not installed"
        raise Missing(message, hint="Install Fairline from its lock again: `make install`.") from error
    chosen = roles_named(roles, ROLES)
    place = station(f"fairline serve {roles}", load_settings(), SystemClock())
    subscribe(place, {role.name for role in chosen})
    running.serve(application(chosen, place), place, host, port, told=typer.echo)
