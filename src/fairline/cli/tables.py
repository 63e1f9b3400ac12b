"""The board on the screen: times with their distance, prices as books write them, and the table itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, tzinfo

    import polars as pl
    from rich.table import Table

    from fairline.platform.lock import Owner

WIDE = 120
"""Characters a full board needs."""

SHORT_REASONS = {
    "not_stake_system": "not staked", "edge_within_error": "within error", "suspect_price": "suspect",
    "alternate_line": "off the line",
}  # fmt: skip

SHORT_MARKETS = {
    "points": "pts", "rebounds": "reb", "assists": "ast", "threes": "3pm", "steals": "stl", "blocks": "blk",
    "turnovers": "tov", "points_rebounds": "p+r", "points_assists": "p+a", "rebounds_assists": "r+a",
    "points_rebounds_assists": "pra", "steals_blocks": "s+b",
}  # fmt: skip
SHORT_SYSTEMS = {
    "market_pooled": "pooled", "gradient_boosting": "boosted", "moving_average": "average", "zone_matchup": "zones",
    "similarity": "similar", "ensemble": "mixture",
}  # fmt: skip


def say_who(owner: Owner | None) -> None:
    """Say, on standard error, which command is waited for; one that serves is asked for the home instead."""
    if owner is not None and _lent_by(owner):
        return
    who = f"`{owner.command}` (process {owner.pid})" if owner else "another command"
    typer.echo(f"Waiting for {who} to end.", err=True)


def _lent_by(owner: Owner) -> bool:
    from fairline.platform.settings import load_settings
    from fairline.services.lending import borrow

    return borrow(load_settings().home, owner.pid)


def before_tip(instant: datetime, tip_at: datetime | None, zone: tzinfo) -> str:
    """An instant with its distance from a tip-off.

    >>> from datetime import datetime, timezone
    >>> from fairline.domain.dates import EASTERN
    >>> noon, tip = datetime(2025, 11, 28, 17, tzinfo=timezone.utc), datetime(2025, 11, 28, 22, tzinfo=timezone.utc)
    >>> before_tip(noon, tip, EASTERN)
    '12:00 ET, 5 h before tip'
    """
    from fairline.domain.dates import describe_instant

    if tip_at is None:
        return describe_instant(instant, instant, zone).removesuffix(", now")
    at, _, distance = describe_instant(instant, tip_at, zone).rpartition(", ")
    if distance == "now":
        return f"{at}, at tip"
    ago = distance.endswith(" ago")
    return f"{at}, {distance.removesuffix(' ago').removeprefix('in ')} {'before' if ago else 'after'} tip"


def age(minutes: int | None) -> str:
    """A quote's age in three characters.

    >>> age(38), age(300), age(4000), age(None)
    ('38m', '5h', '3d', '')
    """
    if minutes is None:
        return ""
    if minutes < 100:
        return f"{minutes}m"
    return f"{round(minutes / 60)}h" if minutes < 48 * 60 else f"{round(minutes / 1440)}d"


def american(price: float | None) -> str:
    """A price as books write it.

    >>> american(1.5), american(2.1), american(None)
    ('-200', '+110', '')
    """
    from fairline.domain.odds import american_from_decimal

    # Even money and less than it by a rounding error are one price; a certainty has none.
    return "" if price is None or price <= 1.0001 else f"{american_from_decimal(price):+.0f}"


def board_table(rows: pl.DataFrame, width: int) -> Table:
    """The board as a table: all columns in 120 characters, the most needed in 100."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold")
    shown = [column for column in _BOARD if width >= WIDE or not column[3]]
    for heading, widest, justify, _, _ in shown:
        table.add_column(heading, max_width=widest, justify=justify, no_wrap=True, overflow="ellipsis")  # type: ignore[arg-type]
    for row in rows.iter_rows(named=True):
        table.add_row(*(cell(row) for *_, cell in shown))
    return table


def _bet(row: dict[str, Any]) -> str:
    return f"{row['side']} {row['line']:g} {SHORT_MARKETS.get(row['market'], row['market'])}"


def _edge(row: dict[str, Any]) -> str:
    """In points of a hundred, with the half-width of its interval where it has one."""
    if row["edge"] is None:
        return ""
    if row["edge_low"] is None:
        return f"{100 * row['edge']:+.1f} ±?"
    return f"{100 * row['edge']:+.1f} ±{50 * (row['edge_high'] - row['edge_low']):.1f}"


def _call(row: dict[str, Any]) -> str:
    if row["recommendation"] != "PASS":
        return str(row["recommendation"])
    return f"PASS {SHORT_REASONS.get(row['reason'], row['reason'].replace('_', ' '))}"


def _p(row: dict[str, Any]) -> str:
    """With a star where it holds only if he plays."""
    return f"{row['p']:.0%}{'*' if row['status'] == 'questionable' else ''}"


# Heading, widest, justified, dropped in a narrow window, and what a row says there.
_BOARD: tuple[tuple[str, int, str, bool, Callable[[dict[str, Any]], str]], ...] = (
    ("Player", 15, "left", False, lambda row: row["player_name"]),
    ("Game", 9, "left", True, lambda row: row["game"]),
    ("Bet", 14, "left", False, _bet),
    ("Price", 5, "right", False, lambda row: american(row["price"])),
    ("Book", 10, "left", False, lambda row: row["book"]),
    ("Age", 3, "right", False, lambda row: age(row["age_minutes"])),
    ("System", 7, "left", False, lambda row: SHORT_SYSTEMS.get(row["system"], row["system"])),
    ("Mean", 4, "right", True, lambda row: f"{row['mean']:.1f}"),
    ("P", 4, "right", False, _p),
    ("Fair", 5, "right", True, lambda row: american(row["fair_price"])),
    ("Edge", 10, "right", False, _edge),
    ("EV", 5, "right", False, lambda row: f"{100 * row['expected_value']:+.1f}"),
    ("Call", 17, "left", False, _call),
)
