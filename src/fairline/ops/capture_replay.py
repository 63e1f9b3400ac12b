"""Reading again what waits, and bringing the summaries up to date, as one recorded run."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from fairline.analytics.build import refresh
from fairline.platform.ledger.recorded import recorded_run
from fairline.raw.replaying import replay

if TYPE_CHECKING:
    from fairline.platform.home import Home
    from fairline.raw.capture_loading import OnCapture
    from fairline.raw.replaying import Replayed

LASTING = timedelta(minutes=30)
"""A replay still open after this long is overdue."""


def replay_waiting(home: Home, *, kind: str = "", reason: str = "", told: OnCapture | None = None) -> Replayed:
    """Read again every capture and import of which something waits, and rebuild analytics when raw has changed."""
    with recorded_run(home.ledger, "quarantine replay", lasting=LASTING) as report:
        done = replay(home.warehouse, home.objects, home.clock.now(), kind=kind, reason=reason, on_capture=told)
        refresh(home.warehouse)
        report.counts.update(captures=done.captures, rows=done.written)
    return done
