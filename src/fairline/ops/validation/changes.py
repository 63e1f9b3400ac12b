"""What changed from one morning to the next: corrections, published revisions, records set aside, alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairline.ops.validation.sections import Section, window_of
from fairline.publish.exports import KINDS
from fairline.raw.schema import BOX_COUNTS, GAMES, PLAYER_BOX_SCORES, SHOTS, TEAM_BOX_SCORES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    import polars as pl

    from fairline.domain.tables import Table
    from fairline.platform.home import Home
    from fairline.platform.ledger.contract import Ledger
    from fairline.platform.warehouse import Warehouse

REVISED = (GAMES, PLAYER_BOX_SCORES, TEAM_BOX_SCORES, SHOTS)
"""Tables in which a later row of the same fact is a correction, and not news."""

NAMED = 30
"""Corrected values that are named; of the rest the rows are counted."""


def sections(home: Home, day: date) -> Iterator[Section]:
    """Corrections counted and named, published revisions of the date, quarantine by reason, alerts."""
    asked = window_of(day)._asdict()
    when = "between 06:00 ET of the date and of the next"
    yield Section(
        "corrections", "Corrections", f"Raw rows that became known {when} and say otherwise than an earlier one.",
        "Nothing was corrected.",
        home.warehouse.query(" UNION ALL ".join(map(_corrected, REVISED)) + " ORDER BY ALL", asked),
    )  # fmt: skip
    yield Section(
        "corrected", "What was corrected in box scores", f"Statistics before and after; {NAMED} at most.",
        "No box score was corrected.", _named(home.warehouse, asked),
    )  # fmt: skip
    yield Section(
        "revisions", "Published", "The documents of the date: how often each was published, and when last.",
        "Nothing of the date is published.", _published(home.ledger, day),
    )  # fmt: skip
    yield Section(
        "quarantine", "Quarantine", f"Records set aside {when}, by kind and reason.", "Nothing was set aside.",
        home.warehouse.query(_QUARANTINE, asked),
    )  # fmt: skip
    yield Section(
        "alerts", "Alerts", f"Open at some time {when}.", "No alert was open.",
        home.warehouse.query(_ALERTS, asked),
    )  # fmt: skip


def _corrected(table: Table) -> str:
    """SQL: rows by source that became known in the window after another row of the same fact."""
    fact = [name for name in table.key if name != "known_at"]
    same = " AND ".join(f"earlier.{name} = later.{name}" for name in fact)
    return (
        f"SELECT '{table.full_name}' AS table_name, later.source, count(*) AS rows,"  # noqa: S608 - names of our own
        f" count(DISTINCT later.game_id) AS games, min(later.game_date) AS first_game_date,"
        f" max(later.game_date) AS last_game_date FROM {table.full_name} AS later"
        f" WHERE later.known_at >= $start AND later.known_at < $end AND EXISTS ("
        f"SELECT 1 FROM {table.full_name} AS earlier WHERE {same} AND earlier.known_at < later.known_at)"
        f" GROUP BY later.source"
    )


def _named(warehouse: Warehouse, asked: dict[str, Any]) -> pl.DataFrame:
    """Each statistic that a box score corrected in the window states otherwise than the source's word before."""
    import polars as pl

    told = warehouse.query(_BOX_SCORES_CORRECTED, asked)
    fact = ["source", "game_date", "game_id", "player_id", "statistic"]
    words = told.unpivot(STATISTICS, index=[*fact[:-1], "player_name", "known_at"], variable_name="statistic")
    before = words.with_columns(before=pl.col("value").shift().over(fact, order_by="known_at"))
    later = pl.col("known_at").rank("dense").over(fact) > 1
    within = pl.col("known_at").is_between(asked["start"], asked["end"], closed="left")
    changed = before.filter(later & within & pl.col("before").ne_missing(pl.col("value")))
    named = changed.sort("game_date", "game_id", "player_name", "source", "statistic", "known_at").head(NAMED)
    return named.select("game_date", "game_id", "player_name", "source", "statistic", "before", after="value")


STATISTICS = ("minutes", "points", *(column.name for column in BOX_COUNTS))

_BOX_SCORES_CORRECTED = """
WITH later AS (
    SELECT source, game_id, player_id FROM raw.player_box_scores WHERE known_at >= $start AND known_at < $end
)
SELECT * FROM raw.player_box_scores AS box
WHERE EXISTS (
    SELECT 1 FROM later
    WHERE later.source = box.source AND later.game_id = box.game_id AND later.player_id = box.player_id
)
"""


def _published(ledger: Ledger, day: date) -> pl.DataFrame:
    import polars as pl

    held = {kind: ledger.revisions(f"v1/{kind}/{day.isoformat()}") for kind in KINDS}
    rows = [
        (f"v1/{kind}", len(said), said[0].published_at, said[-1].published_at) for kind, said in held.items() if said
    ]
    instant = pl.Datetime("us", "UTC")
    types = {"document": pl.String(), "revisions": pl.Int64(), "first_published": instant, "last_published": instant}
    return pl.DataFrame(rows, schema=types, orient="row")


_QUARANTINE = """
SELECT kind, reason, count(*) AS records, count(DISTINCT capture_id) AS captures, min(detail) AS example
FROM ops.quarantine
WHERE quarantined_at >= $start AND quarantined_at < $end
GROUP BY kind, reason
ORDER BY records DESC, kind, reason
"""

_ALERTS = """
SELECT severity, alert, subject, raised_at, CASE WHEN cleared_at < $end THEN cleared_at END AS cleared_at, detail
FROM ops.alerts
WHERE raised_at < $end AND coalesce(cleared_at, $end) >= $start
ORDER BY raised_at, alert, subject
"""


def counted(found: dict[str, Section]) -> dict[str, int]:
    """The changes in numbers: corrections, quarantined, alerts."""
    return {
        "corrections": int(found["corrections"].rows["rows"].sum()),
        "quarantined": int(found["quarantine"].rows["records"].sum()),
        "alerts": found["alerts"].rows.height,
    }
