"""`fairline query`: a person's own SQL, read-only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fairline.domain.errors import Refused

if TYPE_CHECKING:
    import polars as pl

ROWS_SHOWN = 40
"""Rows of a table on the screen when nobody says how many; files and JSON get all."""


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command(no_args_is_help=True)(query)


def query(
    sql: Annotated[str, typer.Argument(help="One SELECT, WITH, DESCRIBE, SHOW or EXPLAIN, in DuckDB's SQL.")],
    limit: Annotated[
        int | None, typer.Option(min=1, help=f"Rows at most; {ROWS_SHOWN} in a table, all in a file or JSON.")
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: a list of rows.")] = False,
    parquet: Annotated[Path | None, typer.Option(help="Write a Parquet file.")] = None,
) -> None:
    """Ask the warehouse in SQL. The home is only read, and a query reaches nothing outside it.

    `fairline describe` lists the tables, with units and meanings.

    Example: fairline query "SELECT player_name, max(points) AS best FROM analytics.player_game_summary GROUP BY ALL
    ORDER BY best DESC" --limit 5
    """
    from fairline.cli.printing import print_json
    from fairline.cli.tables import say_who
    from fairline.ops.catalogue import open_home

    is_table = not (as_csv or as_json or parquet)
    asked = limit if limit is not None or not is_table else ROWS_SHOWN + 1
    with open_home("fairline query", read_only=True, on_wait=say_who) as home:
        rows = home.warehouse.ask(sql, limit=asked)
    if parquet:
        rows.write_parquet(parquet)
        typer.echo(f"{rows.height:,} rows in {parquet}", err=True)
    if as_csv:
        typer.echo(_csv(rows), nl=False)
    if as_json:
        print_json(rows.to_dicts())
    if is_table:
        _print_table(rows, limit)


def _csv(rows: pl.DataFrame) -> str:
    """The rows as CSV. Raises Refused for a column that holds several values in one cell."""
    if nested := [name for name, dtype in rows.schema.items() if dtype.is_nested()]:
        message = f"CSV cannot hold {', '.join(nested)}: each cell is a list or a record."
        raise Refused(message, hint="Use --json or --parquet PATH, or leave the column out.")
    return rows.write_csv()


def _print_table(rows: pl.DataFrame, limit: int | None) -> None:
    from fairline.cli.printing import print_frame

    if rows.columns == ["explain_key", "explain_value"]:
        typer.echo("\n".join(rows["explain_value"]))
        return
    shown = rows if limit is not None else rows.head(ROWS_SHOWN)
    print_frame(shown)
    if shown.height < rows.height:
        typer.echo(
            f"The first {ROWS_SHOWN} rows. --limit N shows more, --csv, --json or --parquet PATH gives all.", err=True
        )
