"""`fairline import` and `fairline names`: bring files in, and answer the names that no rule resolves."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fairline.cli.printing import console, print_frame, print_json
from fairline.cli.tables import say_who
from fairline.domain.errors import Refused

if TYPE_CHECKING:
    import polars as pl

    from fairline.raw.loading import FileReport, OnFile

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]

names_app = typer.Typer()


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("import", no_args_is_help=True)(import_)
    app.add_typer(names_app, name="names")


def import_(
    paths: Annotated[list[Path] | None, typer.Argument(help="Parquet or CSV files, or folders of them.")] = None,
    template: Annotated[
        str | None,
        typer.Option(metavar="KIND", help="Write an example file of this kind (`all` lists the kinds) and stop."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where --template writes; KIND.csv here by default.")] = None,
    as_json: AsJson = False,
) -> None:
    """Import files: recognised by their columns, checked, names resolved, quotes placed in their games.

    Importing a file again changes nothing. Rows that break their contract wait in `fairline quarantine`, names that no
    rule resolves in `fairline names`.

    Example: fairline import ../shared/data --json
    """
    if template is not None:
        _write_template(template, out)
        return
    if not paths:
        message = "Name at least one file or folder, or a kind with --template."
        raise typer.BadParameter(message)
    from fairline.ops.catalogue import open_home
    from fairline.ops.importing import import_paths
    from fairline.raw.loading import files_in

    files = files_in(paths)
    with open_home("fairline import", on_wait=say_who) as home, _progress(len(files), shown=not as_json) as on_file:
        reports = import_paths(home, files, on_file)
    if as_json:
        print_json({"files": [_as_dict(report) for report in reports], "totals": _totals(reports)})
    else:
        _print_reports(reports)
    if any(report.error for report in reports):
        raise typer.Exit(1)


@names_app.callback(invoke_without_command=True)
def names(context: typer.Context, as_json: AsJson = False) -> None:
    """Names that wait, with the rows that need them and the likest people (a proposal, never a decision).

    Example: fairline names --json
    """
    if context.invoked_subcommand is not None:
        return
    from fairline.ops.catalogue import open_home
    from fairline.raw.waiting_room import waiting_names

    with open_home("fairline names", read_only=True, on_wait=say_who) as home:
        waiting = waiting_names(home.warehouse)
    if as_json:
        print_json({"total": int(waiting["rows"].sum()), "names": waiting.to_dicts()})
        return
    shown = waiting.select(
        "name", "source", team=_team_labels(waiting), problem="problem", rows="rows", candidates="candidates"
    )
    title = f"{waiting.height:,} names wait; `fairline names alias NAME ID` answers one"
    print_frame(shown, title, folded=["candidates"])


@names_app.command()
def alias(
    name: Annotated[str, typer.Argument(help="The name as the source writes it.")],
    player_id: Annotated[int, typer.Argument(help="NBA person id it stands for.")],
    team: Annotated[str | None, typer.Option(help="Only when written with this team.")] = None,
    as_json: AsJson = False,
) -> None:
    """Let a written name stand for a person; `fairline quarantine replay` then resolves its rows.

    Example: fairline names alias "Danilo Galinari" 201568
    """
    from fairline.domain.teams import team as team_named
    from fairline.ops.catalogue import open_home
    from fairline.raw.waiting_room import add_alias

    team_id = team_named(team).team_id if team else 0
    with open_home("fairline names alias", on_wait=say_who) as home:
        own = add_alias(home.warehouse, name, player_id, team_id=team_id, now=home.clock.now())
    if as_json:
        print_json({"name": name, "player_id": player_id, "player_name": own, "team_id": team_id})
    else:
        typer.echo(f"{name!r} now stands for {own} ({player_id}). `fairline quarantine replay` resolves the rows.")


def _write_template(kind: str, out: Path | None) -> None:
    from fairline.raw.kinds import KINDS
    from fairline.raw.templates import example

    if kind == "all":
        typer.echo("\n".join(f"{each.name:24}{each.means}" for each in KINDS))
        return
    text = example(kind)
    path = out or Path(f"{kind}.csv")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        message = f"{path} exists."
        raise Refused(message, hint="Give another place with --out.") from error
    typer.echo(f"{path}: the columns of {kind}, with made-up rows to replace.")


@contextmanager
def _progress(files: int, *, shown: bool) -> "Iterator[OnFile]":
    """A bar on standard error over the files, where that is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not (shown and console.is_terminal)) as bar:
        task = bar.add_task("looking", total=files)
        yield lambda name, place, _: bar.update(task, description=name, completed=place)


def _as_dict(report: "FileReport") -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(report)


def _totals(reports: "Sequence[FileReport]") -> dict[str, Any]:
    count = ("rows_read", "written", "unchanged", "duplicates", "unresolved_rows", "unresolved_names")
    totals: dict[str, Any] = {name: sum(getattr(report, name) for report in reports) for name in count}
    totals["quarantined"] = sum(sum(report.quarantined.values()) for report in reports)
    totals["failed_files"] = sum(bool(report.error) for report in reports)
    return totals


def _print_reports(reports: "Sequence[FileReport]") -> None:
    from rich.markup import escape
    from rich.table import Table

    table = Table(title="Imported")
    table.add_column("file", overflow="fold")
    for column in ("rows read", "written", "unchanged", "duplicate", "quarantined", "unresolved"):
        table.add_column(column, justify="right")
    for report in reports:
        aside = sum(report.quarantined.values())
        counts = (report.rows_read, report.written, report.unchanged, report.duplicates, aside, report.unresolved_rows)
        label = f"{escape(report.file)}\n[dim]{report.kind or 'not read'}[/dim]"
        table.add_row(label, *(f"{count:,}" for count in counts))
    totals = _totals(reports)
    table.add_section()
    table.add_row("total", *(f"{totals[name]:,}" for name in _TOTAL_COLUMNS))
    screen = console()
    screen.print(table)
    for report in reports:
        if report.quarantined:
            reasons = ", ".join(f"{reason} {rows:,}" for reason, rows in report.quarantined.items())
            screen.print(f"{escape(report.file)}: quarantined {reasons}")
        if report.error:
            screen.print(f"[red]{escape(report.error)}[/red]\n  {escape(report.hint)}")
    if totals["unresolved_names"]:
        screen.print(f"{totals['unresolved_names']} names wait: `fairline names` lists them.")


_TOTAL_COLUMNS = ("rows_read", "written", "unchanged", "duplicates", "quarantined", "unresolved_rows")


def _team_labels(waiting: "pl.DataFrame") -> "pl.Series":
    """Abbreviations for team ids; blank for 0, where only the game is known."""
    import polars as pl

    from fairline.domain.teams import TEAMS

    labels = {each.team_id: each.abbreviation for each in TEAMS}
    return waiting["team_id"].replace_strict(labels, default="", return_dtype=pl.String)
