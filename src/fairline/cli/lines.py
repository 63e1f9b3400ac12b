"""`fairline lines`: how a player's line opened, moved and closed at each book."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from fairline.cli.printing import console, print_frame, print_json
from fairline.cli.tables import american, before_tip, say_who

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from fairline.ops.lines import LineMoves


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(no_args_is_help=True)(lines)


def lines(
    player: Annotated[str, typer.Argument(help="Name in any spelling, part of one, or NBA person id.")],
    market: Annotated[str, typer.Option(help="Market in any spelling: points, pra, 3pt ...")] = "points",
    day: Annotated[
        str | None,
        typer.Option(
            "--date", help="Game date: YYYY-MM-DD, yesterday, today or tomorrow (US Eastern); the last quoted."
        ),
    ] = None,
    book: Annotated[str | None, typer.Option(help="Only this book.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Opening, every move and close of a player's line at each book.

    A book with several lines counts with the one priced nearest even. Times are from when quotes were seen.

    Example: fairline lines "Jalen Brunson" --market points --date 2025-11-28
    """
    from zoneinfo import ZoneInfo

    from fairline.ops.catalogue import open_home
    from fairline.ops.lines import line_moves

    with open_home("fairline lines", on_wait=say_who) as home:
        found = line_moves(home, player, market=market, day=day, book=book)
        now, zone = home.clock.now(), ZoneInfo(home.settings.zone)
    if as_json:
        print_json(_as_json(found))
    else:
        _print(found, now, zone)


def _as_json(found: LineMoves) -> dict[str, Any]:
    from fairline.ops.lines import TOLD

    rows = found.rows.select(TOLD)
    return {
        "player_id": found.person.player_id, "player": found.person.name, "market": found.market.value,
        "date": found.day, "moves": rows.to_dicts(),
    }  # fmt: skip


def _print(found: LineMoves, now: datetime, zone: tzinfo) -> None:
    import polars as pl

    from fairline.domain.dates import describe_instant

    tip: datetime | None = found.rows.select(pl.col("tipped_at").max()).item()
    shown = [
        {
            "book": row["book"], "what": _what(row, now), "line": row["line"], "over": american(row["over_decimal"]),
            "under": american(row["under_decimal"]), "seen": describe_instant(row["captured_at"], now, zone),
            "to tip": _to_tip(row, zone), "other lines": row["alternates"] or None,
        }
        for row in found.rows.iter_rows(named=True)
    ]  # fmt: skip
    title = f"{found.person.name}, {found.market.replace('_', ' + ')} on {found.day}"
    print_frame(pl.DataFrame(shown, infer_schema_length=None), title)
    if tip is None:
        console().print("The game was not played on this date; bets on these lines are no action.", highlight=False)
    else:
        console().print(f"Tip-off taken as {describe_instant(tip, now, zone)}.", highlight=False)


def _to_tip(row: dict[str, Any], zone: tzinfo) -> str:
    if row["tipped_at"] is None:
        return ""
    return before_tip(row["captured_at"], row["tipped_at"], zone).rpartition(", ")[2]


def _what(row: dict[str, Any], now: datetime) -> str:
    """What happened, in the words of the trade.

    >>> from datetime import UTC, datetime
    >>> tip = datetime(2025, 11, 29, tzinfo=UTC)
    >>> row = {"opened": True, "moved": False, "last": True, "in_game": False, "tipped_at": tip}
    >>> _what(row, tip)
    'open, close'
    """
    begun = row["tipped_at"] is not None and row["tipped_at"] <= now
    words = {"opened": "open", "moved": "in game" if row["in_game"] else "move", "last": "close" if begun else "latest"}
    return ", ".join(word for flag, word in words.items() if row[flag])
