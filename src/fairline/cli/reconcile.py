"""`fairline reconcile` and `fairline alerts`: where sources disagree, and what is wrong now."""

from __future__ import annotations

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(reconcile)
    app.command()(alerts)


def reconcile(
    day: Annotated[
        str | None,
        typer.Option("--date", help="Game date: YYYY-MM-DD, yesterday, today or tomorrow (US Eastern); without, all."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compare the sources' box scores, results and lines; an alert for each game on which they disagree.

    Counts must be equal, minutes within one, and a book's line from two sources within half a point. Games that agree
    again are cleared.

    Example: fairline reconcile --date yesterday
    """
    from fairline.cli.printing import print_frame, print_json
    from fairline.cli.tables import say_who
    from fairline.ops.catalogue import open_home
    from fairline.ops.reconciling import reconcile as compared

    with open_home("fairline reconcile", on_wait=say_who) as home:
        found = compared(home, day)
    if as_json:
        changes = {name: change._asdict() for name, change in found.alerts.items()}
        print_json({"disagreements": found.rows.to_dicts(), "alerts": changes})
        return
    if found.rows.height:
        title = f"{found.rows.height:,} statements that sources make differently"
        print_frame(found.rows.drop("game_id", "player_id", "part"), title)
    for name, change in found.alerts.items():
        typer.echo(f"{name}: {change.raised} raised, {change.lasting} open as before, {change.cleared} cleared.")


def alerts(as_json: AsJson = False) -> None:
    """What is wrong now: each open alert with its age, who acts on it and where it is written what to do.

    Example: fairline alerts --json
    """
    from zoneinfo import ZoneInfo

    from fairline.cli.printing import on_clock, print_frame, print_json
    from fairline.cli.tables import say_who
    from fairline.ops.alerts import open_alerts
    from fairline.ops.catalogue import open_home

    with open_home("fairline alerts", read_only=True, on_wait=say_who) as home:
        held = open_alerts(home.warehouse)
        now, zone = home.clock.now(), ZoneInfo(home.settings.zone)
    if as_json:
        print_json({"alerts": held.drop("cleared_at").to_dicts()})
    elif held.is_empty():
        typer.echo("No alert is open.")
    else:
        columns = ["severity", "alert", "subject", "raised", "owner", "detail", "runbook"]
        shown = on_clock(held.rename({"raised_at": "raised"}).select(columns), now, zone)
        print_frame(shown, folded=["detail", "runbook"])
