"""Compare the sources, and raise an alert for each game on which they disagree; clear those that agree again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from fairline.ops.alerts import BOX_SCORES_DISAGREE, LINES_DISAGREE, RESULTS_DISAGREE, Change, report
from fairline.ops.moments import game_day
from fairline.raw.reconciliation import disagreements

if TYPE_CHECKING:
    import polars as pl

    from fairline.platform.home import Home

KINDS = {"result": RESULTS_DISAGREE, "box_score": BOX_SCORES_DISAGREE, "line": LINES_DISAGREE}
"""The alert of each part of a disagreement."""

SHOWN = 3
"""Disagreements of a game told in its alert; the rest are counted."""


class Reconciled(NamedTuple):
    """rows: as raw.reconciliation.disagreements gives them. alerts: what became of the alerts, by kind."""

    rows: pl.DataFrame
    alerts: dict[str, Change]


def reconcile(home: Home, day: date | str | None = None) -> Reconciled:
    """Compare the sources of a game date, or of all that is held, and bring the alerts up to date."""
    now = home.clock.now()
    when = None if day is None else game_day(day, now)
    first, last = (date.min, date.max) if when is None else (when, when)
    with home.warehouse.transaction():
        rows = disagreements(home.warehouse, first, last)
        changes = {
            kind.name: report(home.warehouse, kind, _by_game(rows, part), now, among=when.isoformat() if when else "")
            for part, kind in KINDS.items()
        }
    return Reconciled(rows, changes)


def _by_game(rows: pl.DataFrame, part: str) -> dict[str, str]:
    """Detail by subject: the date and the id of each game."""
    games = rows.filter(part=part).group_by("game_date", "game_id", maintain_order=True)
    return {f"{day} {game}": _detail(found.to_dicts()) for (day, game), found in games}


def _detail(found: list[dict[str, Any]]) -> str:
    told = [in_words(row) for row in found[:SHOWN]]
    return "; ".join([*told, f"and {len(found) - SHOWN} more"] if len(found) > SHOWN else told)


def in_words(row: dict[str, Any]) -> str:
    """A disagreement as a person says it.

    >>> row = {"player_name": "Jalen Brunson", "statistic": "points", "book": None, "source": "nba_box_score"}
    >>> in_words(row | {"stated": 31.0, "other_source": "espn_box_score", "other_stated": 29.0})
    'points of Jalen Brunson: nba_box_score 31, espn_box_score 29'
    """
    of = f" of {row['player_name']}" if row["player_name"] else ""
    at = f" at {row['book']}" if row["book"] else ""
    said = f"{row['source']} {row['stated']:g}, {row['other_source']} {row['other_stated']:g}"
    return f"{row['statistic']}{of}{at}: {said}"
