"""`fairline smoke`: whether the services that run do what they are for."""

from __future__ import annotations

from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from fairline.cli.printing import console, print_json, steps

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fairline.domain.clock import Clock
    from fairline.platform.api_client import ApiClient
    from fairline.services.smoke_canary import Replay
    from fairline.services.smoke_rows import Row

KEY_VARIABLE = "FAIRLINE_API_KEY"


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(smoke)


def smoke(
    base_url: Annotated[
        list[str] | None,
        typer.Option(help="Address of a service; may be repeated. Without it, the process that serves from this home."),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(
            envvar=KEY_VARIABLE,
            show_default=False,
            help=f"A key of scope admin. Better in {KEY_VARIABLE}: others on this machine can see what is typed here.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Try every role, then send a canary from capture to published file; exit code 1 when anything is red.

    For each role: alive, ready, a call answered with a key and refused without. The canary is a fictional player in a
    home of his own, removed at the end. Where no `fairline up` runs, every role is started here for the while.

    Example: fairline smoke --base-url https://fairline.example.com
    """
    from fairline.platform.clock import SystemClock

    clock = SystemClock()
    with _asked(base_url or [], key, clock) as clients, steps(shown=not as_json) as told:
        rows, notes = [], list[str]()
        for row in _rows(clients, clock, notes):
            told(f"{row.role}: {row.check}")
            rows.append(row)
    ok = all(row.ok for row in rows)
    if as_json:
        print_json({"ok": ok, "notes": notes, "rows": [asdict(row) for row in rows]})
    else:
        _print(rows, notes)
    if not ok:
        raise typer.Exit(1)


def _rows(clients: Sequence[ApiClient], clock: Clock, notes: list[str]) -> Iterator[Row]:
    """Everything tried, in order; notes: what was left out, and why."""
    from fairline.services.smoke import role_checks, served_roles
    from fairline.services.smoke_canary import canary_walk, lacking

    rows, serving = served_roles(clients)
    yield from rows
    yield from role_checks(serving)
    missing = lacking(serving)
    if not missing:
        yield from canary_walk(serving, _replay(clock))
    elif serving:
        notes.append(f"No canary was sent: nobody asked serves {', '.join(missing)}.")


@contextmanager
def _asked(urls: Sequence[str], key: str | None, clock: Clock) -> Iterator[list[ApiClient]]:
    """Clients of the addresses; without any, of the process that serves from this home, or of one started here."""
    from fairline.domain.errors import Refused
    from fairline.platform.api_client import ApiClient
    from fairline.platform.settings import load_settings
    from fairline.services.smoke_serving import owner_at, serving_here
    from fairline.services.station import station

    with ExitStack() as opened:
        if urls and not key:
            message = "The services at --base-url ask for a key, and none is given"
            hint = (
                f"Put one of scope admin in {KEY_VARIABLE}; `fairline keys create --name smoke --scope admin` makes it."
            )
            raise Refused(message, hint=hint)
        if not urls:
            settings = load_settings()
            owner = owner_at(settings.home)
            if owner is None:
                place = station("fairline smoke", settings, clock)
                opened.callback(place.close)
                owner = opened.enter_context(serving_here(place))
            urls, key = [owner.url], owner.key
        yield [opened.enter_context(closing(ApiClient(url, key or ""))) for url in dict.fromkeys(urls)]


def _replay(clock: Clock) -> Replay:
    from fairline.services.smoke_canary import Replay
    from fairline.sim.canary import PLAYER_ID, canary

    made = canary(clock.now())
    before, after = (
        [asdict(each) | {"captured_at": each.captured_at.isoformat()} for each in replayed]
        for replayed in (made.before, made.after)
    )
    return Replay(made.day, PLAYER_ID, made.priced_at, made.graded_at, before, after)


def _print(rows: Sequence[Row], notes: Sequence[str]) -> None:
    from rich.markup import escape
    from rich.table import Table

    out = console()
    table = Table(header_style="bold")
    for name in ("role", "check", "ok"):
        table.add_column(name, no_wrap=True)
    table.add_column("ms", justify="right", no_wrap=True)
    table.add_column("detail", overflow="fold")
    for row in rows:
        verdict = "[green]ok[/]" if row.ok else "[red]RED[/]"
        table.add_row(row.role, row.check, verdict, f"{row.ms:.0f}", escape(row.detail))
    out.print(table)
    red = [row for row in rows if not row.ok]
    for row in red:
        out.print(f"{row.role}, {row.check}: {row.hint}", markup=False, highlight=False)
    for note in notes:
        out.print(note, markup=False, highlight=False)
    told = f"{len(red)} of {len(rows)} checks are red." if red else f"All {len(rows)} checks are well."
    out.print(told, highlight=False)
