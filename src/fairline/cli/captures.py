"""`fairline captures`: the answers kept, whether they are sound, and which may go."""

from __future__ import annotations

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]

captures_app = typer.Typer(no_args_is_help=True, help="The providers' answers as they came: list, show, verify, prune.")


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(captures_app, name="captures")


@captures_app.command("list")
def list_(
    source: Annotated[str, typer.Option(help="Only of this provider.")] = "",
    kind: Annotated[str, typer.Option(help="Only of this kind.")] = "",
    limit: Annotated[int, typer.Option(min=0, help="Captures to show; JSON too.")] = 30,
    as_json: AsJson = False,
) -> None:
    """Captures held, the latest first, and what became of each.

    Example: fairline captures list --source nba --limit 10
    """
    from zoneinfo import ZoneInfo

    from fairline.cli.printing import on_clock, print_frame, print_json
    from fairline.cli.tables import say_who
    from fairline.ops.capture_keeping import listed
    from fairline.ops.catalogue import open_home

    with open_home("fairline captures list", read_only=True, on_wait=say_who) as home:
        held = listed(home, source=source, kind=kind)
        now, zone = home.clock.now(), ZoneInfo(home.settings.zone)
    if as_json:
        print_json({"total": held.height, "captures": held.head(limit).to_dicts()})
        return
    columns = ["captured_at", "kind", "day", "status", "bytes", "outcome", "rows", "quarantined"]
    short = held.head(limit).select(*columns, capture=held.head(limit)["capture_id"].str.slice(0, 12))
    print_frame(on_clock(short, now, zone), f"{held.height:,} captures")


@captures_app.command(no_args_is_help=True)
def show(
    capture: Annotated[str, typer.Argument(help="Its hash, or the beginning of it.")],
    content: Annotated[bool, typer.Option("--content", help="Print its bytes, and nothing else.")] = False,
    as_json: AsJson = False,
) -> None:
    """What was asked, when, and what came.

    Example: fairline captures show 3f9a1c --content
    """
    import sys
    from dataclasses import asdict

    from fairline.cli.printing import print_json
    from fairline.cli.tables import say_who
    from fairline.ops.capture_keeping import shown
    from fairline.ops.catalogue import open_home

    with open_home("fairline captures show", read_only=True, on_wait=say_who) as home:
        sightings, came = shown(home, capture)
    if content:
        sys.stdout.buffer.write(came)
    elif as_json:
        print_json({"sightings": [{**asdict(each), "sighting": each.key} for each in sightings]})
    else:
        for each in sightings:
            asked = f"{each.url} {dict(each.params) or ''}".strip() or "a file given by hand"
            typer.echo(f"{each.captured_at:%Y-%m-%d %H:%M:%S}Z {each.kind}: {asked}, status {each.status}")
        typer.echo(f"{sightings[0].capture_id}: {len(came):,} bytes. --content prints them.")


@captures_app.command()
def verify(as_json: AsJson = False) -> None:
    """Read every capture and compare it with its hash; exit code 1 when one is damaged or gone.

    Example: fairline captures verify --json
    """
    from fairline.cli.printing import print_json, steps
    from fairline.cli.tables import say_who
    from fairline.ops.capture_keeping import verified
    from fairline.ops.catalogue import open_home

    with (
        open_home("fairline captures verify", read_only=True, on_wait=say_who) as home,
        steps(shown=not as_json) as told,
    ):
        looked_at, damaged = verified(home, lambda place, of: told(f"{place + 1:,} of {of:,}"))
    if as_json:
        print_json(
            {
                "captures": looked_at,
                "damaged": [{"sighting": each.sighting, "problem": each.problem} for each in damaged],
            }
        )
    else:
        for each in damaged:
            typer.echo(f"{each.sighting}: {each.problem}")
        typer.echo(f"{looked_at:,} captures, {len(damaged):,} damaged.")
    if damaged:
        raise typer.Exit(1)


@captures_app.command()
def prune(
    older_than: Annotated[int, typer.Option(min=1, help="Days since it was last seen.")] = 400,
    yes: Annotated[bool, typer.Option("--yes", help="Remove them; without it, only say what would go.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove old captures that no row of the tables was read from: error answers, and answers that said nothing new.

    Example: fairline captures prune --older-than 400 --yes
    """
    from dataclasses import asdict
    from datetime import timedelta

    from fairline.cli.printing import print_json
    from fairline.cli.tables import say_who
    from fairline.ops.capture_keeping import prune as prune_captures
    from fairline.ops.catalogue import open_home

    with open_home("fairline captures prune", on_wait=say_who) as home:
        pruned = prune_captures(home, timedelta(days=older_than), dry=not yes)
    if as_json:
        print_json(asdict(pruned))
        return
    did = "Removed" if pruned.done else "Would remove"
    typer.echo(
        f"{did} {pruned.sightings:,} captures ({pruned.bytes:,} bytes); {pruned.kept_for_rows:,} as old stay, for rows "
        "were read from them or they still wait."
    )
