"""The morning after: grade a date and publish its results."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from fairline.platform.ledger.contract import RunStatus
from fairline.platform.ledger.recorded import recorded_run

if TYPE_CHECKING:
    from datetime import date

    from fairline.grade.grading import Graded
    from fairline.platform.home import Home
    from fairline.publish.exports import Published


LASTING = timedelta(minutes=10)
"""After it a run still at work is overdue."""


class GradedDay(NamedTuple):
    """The grades of a date, and the results published; None when every run of the date came after its tip-offs."""

    graded: Graded
    published: Published | None


def grade_date(home: Home, day: date) -> GradedDay:
    """Grade every prediction of a date by what is known now, and publish the results of those made before tip-off.

    Running it again changes nothing; a corrected box score makes new revisions. Raises NotFound without predictions.
    """
    from fairline.grade.grading import grade
    from fairline.grade.performance import last_before_tip
    from fairline.publish.results import publish_results

    with recorded_run(home.ledger, "grade", lasting=LASTING, game_date=day) as report:
        graded = grade(home.warehouse, day, home.clock.now())
        ended = graded.rows["outcome"].drop_nulls()
        report.counts |= {"graded": int((ended != "ungraded").sum()), "ungraded": int((ended == "ungraded").sum())}
        if report.counts["ungraded"]:
            report.status = RunStatus.PARTIAL if report.counts["graded"] else RunStatus.NO_DATA
        rows = last_before_tip(graded.rows)
        if rows.is_empty():
            return GradedDay(graded, None)
        return GradedDay(graded, publish_results(home.objects, home.ledger, day, rows, graded.performance))
