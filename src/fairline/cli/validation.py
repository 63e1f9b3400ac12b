"""`fairline validate`: the validation report of a game date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from datetime import datetime, tzinfo
    from pathlib import Path

    from fairline.ops.validation.making import Validation


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(validate)


def validate(
    date: Annotated[str, typer.Argument(help="Game date: YYYY-MM-DD, yesterday or today (US Eastern).")] = "yesterday",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
    open_page: Annotated[
        Literal["yes", "no"], typer.Option("--open", help="Open the page in a browser when it is made.")
    ] = "no",
) -> None:
    """Report on a date: games, expected against actual, quality, timings, spot checks from raw, what changed.

    The report is kept as Markdown and as a page; made again from the same tables it stays the same revision.

    Example: fairline validate 2025-11-26 --open no
    """
    from zoneinfo import ZoneInfo

    from fairline.cli.printing import print_json
    from fairline.cli.tables import say_who
    from fairline.ops.catalogue import open_home
    from fairline.ops.moments import game_day
    from fairline.ops.validation.making import validate as made

    with open_home("fairline validate", on_wait=say_who) as home:
        now, zone = home.clock.now(), ZoneInfo(home.settings.zone)
        report = made(home, game_day(date, now))
        objects = home.path / "objects"
    if as_json:
        print_json(_as_json(report))
    else:
        _print(report, objects, now, zone)
    if open_page == "yes":
        import webbrowser

        webbrowser.open((objects / report.html).absolute().as_uri())


def _as_json(report: Validation) -> dict[str, Any]:
    return {
        "date": report.day, "revision": report.revision, "written": report.written, "facts": report.facts,
        "wrong": report.wrong, "markdown": report.markdown, "html": report.html,
        "tables": {name: rows.to_dicts() for name, rows in report.frames.items()},
    }  # fmt: skip


def _print(report: Validation, objects: Path, now: datetime, zone: tzinfo) -> None:
    from fairline.cli.printing import console, on_clock, print_frame
    from fairline.ops.validation.pages import heading, said

    screen = console()
    facts = ", ".join(f"{heading(name)} {said(value)}" for name, value in report.facts.items() if value is not None)
    screen.print(f"{report.day:%a %d %b %Y}: {facts}", highlight=False)
    for one in report.sections:
        if one.rows.height:
            print_frame(on_clock(one.rows, now, zone), one.title, folded=["detail", "why", "example"])
        else:
            screen.print(f"{one.title}: {one.nothing}", highlight=False)
    for words in report.wrong:
        screen.print(words, highlight=False)
    held = "" if report.written else ", as it was"
    screen.print(f"Revision {report.revision}{held}: {objects / report.html} and .md", highlight=False, soft_wrap=True)
