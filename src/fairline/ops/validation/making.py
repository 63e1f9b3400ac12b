"""Making a date's validation report and keeping it: a row of the table, and the report as objects by revision."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from fairline.ops.alerts import SPOT_CHECK_DIFFERS, report
from fairline.ops.expected import plan_outputs
from fairline.ops.schema import VALIDATION_REPORTS
from fairline.ops.validation import changes, quality, spot_checks, timings
from fairline.ops.validation import day as of_day
from fairline.ops.validation.pages import markdown, page
from fairline.ops.validation.sections import Section

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from fairline.platform.home import Home

FOLDER = "reports"
LASTING = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Validation:
    """A report as it is kept. facts: the date in numbers, as in the table. wrong: what asks for a person, in words.

    written: this call made the revision; else it was held and says the same. markdown, html: keys of its objects.
    """

    day: date
    revision: int
    written: bool
    facts: dict[str, Any]
    wrong: tuple[str, ...]
    sections: tuple[Section, ...]
    markdown: str
    html: str

    @property
    def frames(self) -> dict[str, pl.DataFrame]:
        """Its tables by name."""
        return {one.name: one.rows for one in self.sections}


def validate(home: Home, day: date) -> Validation:
    """Make the date's report by what is held now, and keep it unless the last revision says the same.

    A spot check that differs raises an alert; a report of the date without one clears it.
    """
    from fairline.platform.ledger.recorded import recorded_run

    with recorded_run(home.ledger, "validate", lasting=LASTING, game_date=day) as run:
        plan_outputs(home, day, day)
        rows = quality.latest_rows(home.warehouse, day)
        checks = spot_checks.section(home.warehouse, day, rows)
        sections = (
            *of_day.sections(home, day), *quality.sections(home.warehouse, day, rows),
            *timings.sections(home.ledger, day), checks, *changes.sections(home, day),
        )  # fmt: skip
        found = {one.name: one for one in sections}
        differ = spot_checks.differences(checks)
        facts = {
            **of_day.counted(found), **quality.counted(rows, found), "spot_checks": checks.rows.height,
            "differences": len(differ), **changes.counted(found),
        }  # fmt: skip
        kept = _kept(home, day, facts, (*_gaps(facts), *differ), sections)
        seen = {day.isoformat(): "; ".join(differ)} if differ else {}
        report(home.warehouse, SPOT_CHECK_DIFFERS, seen, home.clock.now(), among=day.isoformat())
        run.counts |= {"sections": len(sections), "lacking": facts["lacking"], "differences": len(differ)}
    return kept


def _gaps(facts: dict[str, Any]) -> list[str]:
    """In words, what is lacking."""
    lacking, games, finals = facts["lacking"], facts["games"], facts["finals"]
    told = [f"{lacking} of {facts['outputs']} outputs are due and lacking."] if lacking else []
    return told + ([f"{finals} of {games} games have a final score."] if finals < games else [])


def _kept(
    home: Home, day: date, facts: dict[str, Any], wrong: tuple[str, ...], sections: tuple[Section, ...]
) -> Validation:
    """Keep the report. Its revision is no part of what it says, so that the same report is the same revision."""
    import polars as pl

    texts = {"md": markdown(day, facts, wrong, sections), "html": page(day, facts, wrong, sections)}
    digest = hashlib.sha256(texts["md"].encode()).hexdigest()
    folder = f"{FOLDER}/{day.isoformat()}"
    revision = home.ledger.publish_revision(folder, digest).number
    keys = {kind: f"{folder}/validation.r{revision}.{kind}" for kind in texts}
    for kind, text in texts.items():
        home.objects.put_new(keys[kind], text.encode())
        home.objects.put(f"{folder}/validation.{kind}", text.encode())
    row = {
        "game_date": day, "revision": revision, "made_at": home.clock.now(), **facts, "digest": digest,
        "markdown": keys["md"], "html": keys["html"],
    }  # fmt: skip
    types = {"made_at": pl.Datetime("us", "UTC"), "quality": pl.Float64(), "carried": pl.Float64()}
    done = home.warehouse.append_new(VALIDATION_REPORTS, pl.DataFrame([row], schema_overrides=types))
    return Validation(day, revision, bool(done.written), facts, wrong, sections, keys["md"], keys["html"])
