"""Import files and bring the summaries up to date, as one recorded run."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from fairline.analytics.build import refresh
from fairline.platform.ledger.contract import RunStatus
from fairline.platform.ledger.recorded import recorded_run
from fairline.raw.loading import import_files

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fairline.platform.home import Home
    from fairline.raw.loading import FileReport, OnFile

LASTING = timedelta(minutes=15)
"""An import still open after this long is overdue."""


def import_paths(home: Home, files: Sequence[Path], on_file: OnFile) -> list[FileReport]:
    """Import the files and rebuild analytics when raw has changed; a file that fails is reported and the rest go on.

    Errors of single files are in their reports; others are raised.
    """
    with recorded_run(home.ledger, "import", lasting=LASTING) as report:
        reports = import_files(files, warehouse=home.warehouse, objects=home.objects, clock=home.clock, on_file=on_file)
        refresh(home.warehouse)
        failed = [one for one in reports if one.error]
        report.counts.update(files=len(reports), rows=sum(one.rows_read for one in reports))
        if failed:
            report.status = RunStatus.PARTIAL if len(failed) < len(reports) else RunStatus.FAILED
            report.error = "; ".join(f"{one.file}: {one.error}" for one in failed)
    return reports
