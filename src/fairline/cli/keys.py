"""`fairline keys`: who may call the services."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fairline.platform.clock import SystemClock
    from fairline.platform.ledger.access import Access, HeldKey

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]

keys_app = typer.Typer(no_args_is_help=True, help="Keys to the services: make, list, revoke.")


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(keys_app, name="keys")


@keys_app.command()
def create(
    name: Annotated[str, typer.Option(help="Whose key it is; two live ones may have it, so that keys can be rotated.")],
    scope: Annotated[str, typer.Option(help="read, write or admin; each includes those before it.")] = "read",
    days: Annotated[int | None, typer.Option(min=1, max=3650, help="Days until it expires; never without it.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and print it, once: only its hash is kept.

    Example: fairline keys create --name dashboard --scope read --days 90
    """
    from fairline.cli.printing import print_json
    from fairline.ops.keys import create_key

    with _access() as (access, clock):
        made = create_key(access, clock, name, scope, days)
        told = _told(made.held, clock)
    if as_json:
        print_json({"key": made.text} | told)
        return
    typer.echo(made.text)
    until = f"until {made.held.expires_at:%Y-%m-%d %H:%M} UTC" if made.held.expires_at else "until it is revoked"
    typer.echo(
        f"Key {made.held.key_id} of {made.held.name} may {made.held.scope} {until}. It is shown this once; "
        "send it in the header X-API-Key.",
        err=True,
    )


@keys_app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Every key: whose, what it allows, when it was last used, and whether it is live.

    Example: fairline keys list --json
    """
    from fairline.cli.printing import print_frame, print_json
    from fairline.ops.keys import list_keys

    with _access() as (access, clock):
        told = [_told(key, clock) for key in list_keys(access)]
    if as_json:
        print_json(told)
        return
    if not told:
        typer.echo("There are no keys. `fairline keys create --name NAME --scope read` makes one.")
        return
    import polars as pl

    print_frame(pl.DataFrame(told, infer_schema_length=None))


@keys_app.command(no_args_is_help=True)
def revoke(key_id: Annotated[str, typer.Argument(help="The key's id, as `fairline keys list` tells it.")]) -> None:
    """Revoke a key: every serving process refuses it within five seconds.

    Example: fairline keys revoke abcd2345
    """
    from fairline.ops.keys import revoke_key

    with _access() as (access, _):
        held = revoke_key(access, key_id)
    typer.echo(f"Key {held.key_id} of {held.name} is revoked.")


@contextmanager
def _access() -> Iterator[tuple[Access, SystemClock]]:
    from fairline.platform.clock import SystemClock
    from fairline.platform.home import open_workplace
    from fairline.platform.settings import load_settings

    clock = SystemClock()
    ledger, _ = open_workplace(load_settings(), clock)
    try:
        yield ledger.access, clock
    finally:
        ledger.close_connection()


def _told(key: HeldKey, clock: SystemClock) -> dict[str, Any]:
    """What may be shown of a key: not its hash."""
    from fairline.ops.keys import state_of

    return {
        "key_id": key.key_id,
        "name": key.name,
        "scope": key.scope.value,
        "state": state_of(key, clock.now()),
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
        "last_used_at": key.last_used_at,
    }
