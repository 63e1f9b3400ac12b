"""The roles: every service there is, in the order of the phases."""

from __future__ import annotations

from fairline.services import (
    analytics,
    coordinator,
    grading,
    precompute,
    publishing,
    raw,
    scrapers,
    worker,
)
from fairline.services.contract import Role

ROLES: tuple[Role, ...] = (
    Role("scrapers", 1, "Providers' answers, landed as captures", scrapers.routes, scrapers.ready),
    Role("raw", 2, "Captures to typed rows", raw.routes, raw.ready),
    Role("analytics", 3, "Raw to summaries and contexts", analytics.routes, analytics.ready),
    Role("precompute", 4, "Feature rows of a slate", precompute.routes, precompute.ready),
    Role("coordinator", 5, "Batches opened, watched and completed", coordinator.routes, coordinator.ready),
    Role("worker", 5, "Forecasts, task by task", worker.routes, worker.ready, needs_home=False),
    Role("grading", 6, "Predictions against results", grading.routes, grading.ready),
    Role("publishing", 6, "Documents, and what was published", publishing.routes, publishing.ready),
)
"""Every service. `fairline serve ROLE[,ROLE]` runs some, `fairline up` all."""
