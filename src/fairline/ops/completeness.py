"""Whether the games that should have ended have box scores: an alert for each date that lacks some, by its age."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from fairline.domain.dates import game_date
from fairline.ops.alerts import BOX_SCORES_INCOMPLETE, Change, report
from fairline.ops.expected import plan_outputs

if TYPE_CHECKING:
    import polars as pl

    from fairline.platform.home import Home
    from fairline.platform.warehouse import Warehouse

LOOKED_BACK = timedelta(days=7)
"""Dates looked at; those of open alerts are too, so that an old one is cleared when its box scores come."""

SHOWN = 5
"""Games named in an alert; the rest are counted."""


class Bound(NamedTuple):
    """So long after the date's last game should have ended, a share of box scores below which it is so grave."""

    severity: str
    after: timedelta
    below: float


BOUNDS = (
    Bound("critical", timedelta(hours=24), 0.50),
    Bound("warning", timedelta(hours=12), 0.90),
    Bound("info", timedelta(hours=6), 1.00),
)
"""The gravest first: the first that holds counts."""


class Completeness(NamedTuple):
    """What was found of the dates whose last game should have ended, and what became of the alerts.

    dates: game_date, games, held, share, ended_at, lacking (game ids), severity (null when nothing is wrong yet).
    """

    dates: pl.DataFrame
    alerts: Change


def severity_of(share: float, since: timedelta) -> str | None:
    """How grave it is that only this share of box scores is there, so long after the last game should have ended.

    >>> severity_of(0.4, timedelta(hours=5)), severity_of(0.4, timedelta(hours=13)), severity_of(0.4, timedelta(days=2))
    (None, 'warning', 'critical')
    >>> severity_of(1.0, timedelta(days=2)), severity_of(0.95, timedelta(days=2))
    (None, 'info')
    """
    return next((bound.severity for bound in BOUNDS if since >= bound.after and share < bound.below), None)


def check_box_scores(home: Home) -> Completeness:
    """Look at the dates of the last week and of open alerts, and bring the alerts up to date.

    The plan of those dates is revised first: postponed games are not expected. A box score is one of both teams.
    """
    import polars as pl

    now = home.clock.now()
    today = game_date(now)
    week = [today - timedelta(days=back) for back in range(LOOKED_BACK.days, -1, -1)]
    older = sorted(_alerted(home.warehouse) - set(week))
    for first, last in [*((day, day) for day in older), (week[0], week[-1])]:
        plan_outputs(home, first, last)
    found = home.warehouse.query(_BY_DATE, {"dates": [*older, *week], "now": now})
    grave = [severity_of(row["share"], now - row["ended_at"]) for row in found.iter_rows(named=True)]
    rows = found.with_columns(severity=pl.Series(grave, dtype=pl.String))
    wrong = {row["game_date"].isoformat(): row for row in rows.iter_rows(named=True) if row["severity"]}
    change = report(
        home.warehouse, BOX_SCORES_INCOMPLETE, {subject: _detail(row) for subject, row in wrong.items()}, now,
        severities={subject: row["severity"] for subject, row in wrong.items()},
    )  # fmt: skip
    return Completeness(rows, change)


def _alerted(warehouse: Warehouse) -> set[date]:
    """The dates of open alerts."""
    subjects = warehouse.query(
        "SELECT subject FROM ops.alerts WHERE alert = ? AND cleared_at IS NULL", [BOX_SCORES_INCOMPLETE.name]
    )["subject"]
    return {date.fromisoformat(subject) for subject in subjects}


_BY_DATE = """
WITH planned AS (
    SELECT game_date, game_id, expected, due_at
    FROM ops.expected_outputs
    WHERE list_contains($dates::DATE[], game_date) AND output = 'raw.player_box_scores'
    QUALIFY row_number() OVER (PARTITION BY game_date, game_id ORDER BY known_at DESC) = 1
),
held AS (
    SELECT game_id FROM raw.player_box_scores
    WHERE game_id IN (SELECT game_id FROM planned) AND known_at <= $now
    GROUP BY game_id
    HAVING count(DISTINCT team_id) = 2
)
SELECT planned.game_date, count(*) AS games, count(held.game_id) AS held, count(held.game_id) / count(*) AS share,
    max(planned.due_at) AS ended_at,
    list(planned.game_id ORDER BY planned.game_id) FILTER (held.game_id IS NULL) AS lacking
FROM planned
LEFT JOIN held ON held.game_id = planned.game_id
WHERE planned.expected IS DISTINCT FROM 0
GROUP BY planned.game_date
HAVING max(planned.due_at) <= $now
ORDER BY planned.game_date
"""


def _detail(row: dict[str, Any]) -> str:
    """In words, what lacks.

    >>> _detail({"held": 1, "games": 3, "lacking": ["0022400105", "0022400106"]})
    '1 of 3 games have a box score; it lacks of 0022400105, 0022400106'
    """
    named = ", ".join(row["lacking"][:SHOWN])
    more = f" and {len(row['lacking']) - SHOWN} more" if len(row["lacking"]) > SHOWN else ""
    return f"{row['held']} of {row['games']} games have a box score; it lacks of {named}{more}"
