"""`fairline parse`: what a provider's answer says, without writing any of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import polars as pl

    from fairline.ops.payloads import ReadPayload

HIDDEN = ("row_number", "content_hash")


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command("parse", no_args_is_help=True)(parse)


def parse(
    file: Annotated[
        Path, typer.Argument(help="A provider's answer (JSON, HTML, PDF, gzipped or not), Parquet or CSV.")
    ],
    source: Annotated[str, typer.Option(help="Only as an answer of this provider: nba, espn, odds_api ...")] = "",
    kind: Annotated[str, typer.Option(help="Only as this kind of answer.")] = "",
    limit: Annotated[int, typer.Option(min=0, help="Rows to show of each table; JSON is whole.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Read a payload by its content and print the rows it states and what was set aside. Writes nothing.

    Names and games are resolved against the home, if there is one; what waits for either is shown apart.

    Example: fairline parse ../shared/payloads/espn/espn_scoreboard_api_raw_92de7c9a.json.gz --limit 5
    """
    from fairline.cli.printing import print_json
    from fairline.ops.payloads import read_payload

    read = read_payload(file, source=source, kind=kind)
    if as_json:
        print_json(_as_plain(read))
    else:
        _print(read, limit)
    if read.error:
        raise typer.Exit(1)


def _as_plain(read: ReadPayload) -> dict[str, Any]:
    def tables(frames: dict[Any, pl.DataFrame]) -> dict[str, list[dict[str, Any]]]:
        return {table.full_name: _shown(rows).to_dicts() for table, rows in frames.items()}

    return {
        "file": read.file, "source": read.source, "kind": read.kind, "means": read.means,
        "captured_at": read.captured_at, "records": read.records, "duplicates": read.parsed.duplicates,
        "rows": tables(read.parsed.rows), "waiting": tables(read.parsed.waiting),
        "quarantined": read.quarantined.to_dicts(), "unresolved": read.parsed.unresolved.to_dicts(),
        "error": read.error,
    }  # fmt: skip


def _shown(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.drop(HIDDEN, strict=False)


def _print(read: ReadPayload, limit: int) -> None:
    import polars as pl

    from fairline.cli.printing import print_frame

    typer.echo(f"{read.file}: {read.source} {read.kind}. {read.means}.")
    if read.error:
        typer.echo(read.error, err=True)
    waiting = "rows that wait for a person or a game, of"
    for label, frames in (("rows of", read.parsed.rows), (waiting, read.parsed.waiting)):
        for table, rows in frames.items():
            if rows.height:
                print_frame(_narrow(rows).head(limit), f"{rows.height:,} {label} {table.full_name}")
    aside = read.quarantined
    if aside.height:
        why = aside.group_by("reason").agg(records=pl.col("row_number").n_unique(), example=pl.col("detail").first())
        why = why.sort("records", "reason", descending=[True, False])
        print_frame(why, "Set aside (--json has every record)", folded=["example"])
    if read.parsed.unresolved.height:
        names = read.parsed.unresolved.select("name", "team_id", "problem", "rows", "candidates")
        print_frame(names.head(limit), f"{names.height:,} names that no rule resolves", folded=["candidates"])
    stated = sum(rows.height for rows in read.parsed.rows.values())
    typer.echo(
        f"{read.records:,} records: {stated:,} rows stated, {aside['row_number'].n_unique():,} records set aside, "
        f"{int(read.parsed.unresolved['rows'].sum()):,} wait for a name, {read.parsed.duplicates:,} duplicates. "
        "Nothing was written."
    )


def _narrow(rows: pl.DataFrame) -> pl.DataFrame:
    """Without columns that say nothing, the two clocks last."""
    held = [name for name in _shown(rows).columns if rows[name].null_count() < rows.height]
    clocks = [name for name in held if name in ("valid_at", "known_at")]
    return rows.select([name for name in held if name not in clocks] + clocks)
