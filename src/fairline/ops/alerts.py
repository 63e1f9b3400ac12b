"""Alerts: raised once for each kind and subject, seen again as long as the cause lasts, cleared when it is gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from fairline.ops.schema import ALERTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import polars as pl

    from fairline.platform.warehouse import Warehouse

RUNBOOKS = "docs/runbooks.md"


@dataclass(frozen=True, slots=True)
class AlertKind:
    """One kind of alert. severity: info, warning or critical. owner: who acts on it. means: in a sentence."""

    name: str
    severity: str
    owner: str
    means: str

    @property
    def runbook(self) -> str:
        """Where it is written what to do.

        >>> AlertKind("lines_disagree", "warning", "data", "").runbook
        'docs/runbooks.md#lines_disagree'
        """
        return f"{RUNBOOKS}#{self.name}"


RESULTS_DISAGREE = AlertKind("results_disagree", "critical", "data", "Sources state different scores of a game.")
BOX_SCORES_DISAGREE = AlertKind(
    "box_scores_disagree", "warning", "data", "Sources state different box scores of a player."
)
LINES_DISAGREE = AlertKind(
    "lines_disagree", "warning", "data", "Two sources state different lines of one book at about the same time."
)
SOURCE_UNHEALTHY = AlertKind(
    "source_unhealthy", "warning", "data", "A provider does not answer, or its answers are not what they used to be."
)
PHASE_4_LATE = AlertKind(
    "phase_4_late", "critical", "operations", "A slate has no feature rows of its day when its pricing is due."
)

BATCH_STALLED = AlertKind(
    "batch_stalled", "critical", "predictions", "A slate's forecasts came to a standstill, or nothing came of them."
)

BOX_SCORES_INCOMPLETE = AlertKind(
    "box_scores_incomplete", "critical", "data",
    "Games of a date should have ended and have no box score; info or warning while it is early or few lack.",
)  # fmt: skip
SPOT_CHECK_DIFFERS = AlertKind(
    "spot_check_differs", "warning", "data", "A feature kept for a slate is not what raw says was known at its cutoff."
)

CANDIDATE_REJECTED = AlertKind(
    "candidate_rejected", "warning", "predictions", "A model fitted anew did not pass its gate; the old one stays."
)

ALERT_KINDS = (
    RESULTS_DISAGREE, BOX_SCORES_DISAGREE, LINES_DISAGREE, SOURCE_UNHEALTHY, PHASE_4_LATE, BATCH_STALLED,
    BOX_SCORES_INCOMPLETE, SPOT_CHECK_DIFFERS, CANDIDATE_REJECTED,
)  # fmt: skip
"""Every kind there is; each has its section in the runbooks."""


class Change(NamedTuple):
    """What became of a kind's alerts: newly raised, open as before, cleared."""

    raised: int
    lasting: int
    cleared: int


def report(
    warehouse: Warehouse,
    kind: AlertKind,
    seen: Mapping[str, str],
    now: datetime,
    *,
    among: str = "",
    severities: Mapping[str, str] | None = None,
) -> Change:
    """Make the open alerts of a kind those that were seen: detail by subject.

    among: a check that looked at a part only clears what begins so, such as `2024-11-04` of subjects that begin with
    their date. severities: by subject, where it is less than the kind's own.
    """
    grave = severities or {}
    asked = "SELECT * FROM ops.alerts WHERE alert = ?"
    held = warehouse.remembered(f"alerts {kind.name}", (ALERTS,), lambda: warehouse.query(asked, [kind.name]))
    still = {row["subject"]: row for row in held.iter_rows(named=True) if row["cleared_at"] is None}
    gone = [subject for subject in still if subject.startswith(among) and subject not in seen]
    rows = [
        _seen(kind, subject, detail, still.get(subject), now) | {"severity": grave.get(subject, kind.severity)}
        for subject, detail in seen.items()
    ]
    rows += [{**still[subject], "cleared_at": now} for subject in gone]
    if rows:
        warehouse.upsert(ALERTS, _frame(rows))
    lasting = sum(subject in still for subject in seen)
    return Change(len(seen) - lasting, lasting, len(gone))


def open_alerts(warehouse: Warehouse) -> pl.DataFrame:
    """Every open alert, the gravest and oldest first."""
    return warehouse.query(
        "SELECT * FROM ops.alerts WHERE cleared_at IS NULL ORDER BY"
        " CASE severity WHEN 'critical' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, raised_at, alert, subject"
    )


def _seen(kind: AlertKind, subject: str, detail: str, held: dict[str, Any] | None, now: datetime) -> dict[str, Any]:
    return {
        "alert": kind.name, "subject": subject, "severity": kind.severity, "owner": kind.owner, "detail": detail,
        "runbook": kind.runbook, "raised_at": held["raised_at"] if held else now, "last_seen_at": now,
        "cleared_at": None,
    }  # fmt: skip


def _frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    import polars as pl

    types = {"VARCHAR": pl.String(), "TIMESTAMPTZ": pl.Datetime("us", "UTC")}
    return pl.DataFrame(rows, schema={column.name: types[column.type] for column in ALERTS.columns})
