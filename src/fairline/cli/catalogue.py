"""`fairline describe` and `fairline sql`: what the tables hold, and how they are made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from fairline.ops.dictionary import Described


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(describe)
    app.command(no_args_is_help=True)(sql)


def describe(
    name: Annotated[
        str | None, typer.Argument(help="TABLE, TABLE.COLUMN or a column; without it, every table.")
    ] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the whole dictionary as Markdown.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """What a table or column holds: unit, range, meaning, source, and when its rows are known.

    Example: fairline describe ml_feature_store.points_avg_last_5
    """
    from fairline.cli.printing import print_json
    from fairline.ops import catalogue, dictionary

    if markdown:
        typer.echo(dictionary.markdown(), nl=False)
        return
    found = dictionary.find(name) if name else [dictionary.Described(table, None, None) for table in catalogue.tables()]
    if as_json:
        print_json([dictionary.as_plain(one) for one in found])
    elif not name:
        _print_tables(found)
    elif len(found) == 1:
        _print_one(found[0])
    else:
        _print_columns(found)


def sql(
    table: Annotated[str, typer.Argument(help="Table, with or without its zone.")],
    dialect: Annotated[str, typer.Option(help="Engine to translate to: bigquery, postgres, snowflake ...")] = "duckdb",
) -> None:
    """Print the SQL that makes a table.

    Example: fairline sql player_game_summary --dialect bigquery
    """
    from fairline.ops.dictionary import table_named
    from fairline.ops.table_sql import sql_behind

    typer.echo(sql_behind(table_named(table), dialect), nl=False)


def _print_tables(found: list[Described]) -> None:
    import polars as pl

    from fairline.cli.printing import print_frame

    rows = [(one.table.full_name, len(one.table.columns), one.table.means) for one in found]
    frame = pl.DataFrame(rows, schema=["table", "columns", "meaning"], orient="row")
    print_frame(frame, folded=["meaning"])
    typer.echo("`fairline describe TABLE` shows its columns, `fairline sql TABLE` how it is made.")


def _print_one(one: Described) -> None:
    from fairline.ops.dictionary import facts, valid_text

    if one.column is None:
        _print_table(one)
        return
    column = one.column
    told = {
        "meaning": column.means, "type": column.type, "unit": column.unit, "range": valid_text(column),
        "null": "never" if column.required or column.name in one.table.key else "when not known",
    }  # fmt: skip
    told |= facts(one.feature) if one.feature else {}
    told |= {"source": one.table.source, "known at": one.table.known_at}
    typer.echo(f"{one.table.full_name}.{column.name}")
    for label, text in told.items():
        if text:
            typer.echo(f"  {label.replace('_', ' '):16}{text}")


def _print_table(one: Described) -> None:
    import polars as pl

    from fairline.cli.printing import print_frame
    from fairline.ops.dictionary import valid_text

    table = one.table
    typer.echo(f"{table.full_name}: {table.means}")
    typer.echo(f"  source     {table.source}\n  known at   {table.known_at}\n  key        {', '.join(table.key)}")
    rows = [(each.name, each.type, each.unit, valid_text(each), each.means) for each in table.columns]
    frame = pl.DataFrame(rows, schema=["column", "type", "unit", "range", "meaning"], orient="row")
    print_frame(frame, folded=["meaning", "range"])


def _print_columns(found: list[Described]) -> None:
    import polars as pl

    from fairline.cli.printing import print_frame

    rows = [
        (one.table.full_name, one.column.name, one.column.type, one.column.unit, one.column.means)
        for one in found
        if one.column
    ]
    frame = pl.DataFrame(rows, schema=["table", "column", "type", "unit", "meaning"], orient="row")
    print_frame(frame, folded=["meaning"])
