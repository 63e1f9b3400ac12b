"""`fairline quarantine`: what was set aside and why, and reading it again after a fix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import polars as pl

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]

quarantine_app = typer.Typer()


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(quarantine_app, name="quarantine")


@quarantine_app.callback(invoke_without_command=True)
def quarantine(
    context: typer.Context,
    reason: Annotated[str | None, typer.Option(help="Only rows set aside for this reason.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only rows of files of this kind.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="Rows to show.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Rows that broke their contract: counts by reason, then the rows as they came.

    Example: fairline quarantine --reason wrong_game --limit 5
    """
    if context.invoked_subcommand is not None:
        return
    from fairline.cli.printing import print_frame, print_json
    from fairline.cli.tables import say_who
    from fairline.ops.catalogue import open_home
    from fairline.raw.waiting_room import quarantined

    with open_home("fairline quarantine", read_only=True, on_wait=say_who) as home:
        waiting = quarantined(home.warehouse, reason=reason, kind=kind)
    counts = (
        waiting.group_by("kind", "reason").len("rows").sort("rows", "kind", "reason", descending=[True, False, False])
    )
    rows = waiting.head(limit).select(
        "kind", "reason", "detail", "row_number", "row_json", "capture_id", "quarantined_at"
    )
    if as_json:
        print_json({"total": waiting.height, "reasons": counts.to_dicts(), "rows": rows.to_dicts()})
        return
    print_frame(counts, f"{waiting.height:,} rows in quarantine")
    _print_rows(rows)


@quarantine_app.command()
def replay(
    reason: Annotated[str, typer.Option(help="Only what was set aside for this reason.")] = "",
    kind: Annotated[str, typer.Option(help="Only files and captures of this kind.")] = "",
    as_json: AsJson = False,
) -> None:
    """Read again, from the bytes kept, what has rows in quarantine or names that wait, as after a fix or an alias.

    Example: fairline quarantine replay --reason no_game
    """
    from dataclasses import asdict

    from fairline.cli.printing import print_json, steps
    from fairline.cli.tables import say_who
    from fairline.ops.capture_replay import replay_waiting
    from fairline.ops.catalogue import open_home

    with open_home("fairline quarantine replay", on_wait=say_who) as home, steps(shown=not as_json) as told:
        done = replay_waiting(
            home, kind=kind, reason=reason, told=lambda name, place, of: told(f"{name} {place + 1} of {of}")
        )
    if as_json:
        print_json(asdict(done))
        return
    typer.echo(
        f"{done.captures:,} captures read again, {done.written:,} rows written; {done.waited:,} records waited before, "
        f"{done.wait_still:,} wait still."
    )
    for name, records in done.left.items():
        typer.echo(f"Nothing reads {name} any more: {records:,} records stay as they are.")


def _print_rows(rows: pl.DataFrame) -> None:
    """Rows as they came, each under what was wrong with it."""
    for row in rows.iter_rows(named=True):
        typer.echo(f"{row['kind']} row {row['row_number']:,} {row['reason']}: {row['detail']}\n  {row['row_json']}")
