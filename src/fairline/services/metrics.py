"""What a process counts, for Prometheus: requests by route and, read at each scrape, the ledger's batches and tasks."""

from __future__ import annotations

from collections import Counter as Tally
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from fairline.domain.errors import FairlineError
from fairline.platform.ledger.contract import BatchStatus, TaskState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fairline.platform.ledger.contract import Ledger

BATCHES_COUNTED = 50
UNKNOWN_ROUTE = "(none)"
"""What a request is counted under whose path no route has: paths are callers' text."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """The counts of one application, in a registry of its own."""

    def __init__(self, ledger: Ledger) -> None:
        """Count from nothing; batches and tasks are read from the ledger."""
        self._registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self._requests = Counter("fairline_requests", "Requests answered.", labels, registry=self._registry)
        self._seconds = Histogram(
            "fairline_request_seconds", "Seconds from request to answer.", ("route",), registry=self._registry
        )
        self._in_flight = Gauge("fairline_requests_in_flight", "Requests in hand.", registry=self._registry)
        self._registry.register(_OfLedger(ledger))

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(method if method in _METHODS else "other", route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def in_flight(self, requests: int) -> None:
        """Tell how many requests are in hand."""
        self._in_flight.set(requests)

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self._registry)


class _OfLedger(Collector):
    """Batches and tasks by state, read when asked."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing, so that registering does not read the ledger."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges. Without an answer from the ledger, only that there was none."""
        reached = GaugeMetricFamily("fairline_ledger_reached", "Whether the ledger answered this scrape.")
        try:
            families = self._read()
        except (FairlineError, OSError):
            families = []
        reached.add_metric([], float(bool(families)))
        yield reached
        yield from families

    def _read(self) -> list[GaugeMetricFamily]:
        batches = GaugeMetricFamily(
            "fairline_batches", f"The latest {BATCHES_COUNTED} batches by status.", labels=["status"]
        )
        statuses = Tally(batch.status for batch in self._ledger.batches(limit=BATCHES_COUNTED))
        for status in BatchStatus:
            batches.add_metric([status.value], statuses[status])
        tasks = GaugeMetricFamily("fairline_tasks", "Tasks of open batches by state.", labels=["state"])
        states = Tally(
            task.state for batch in self._ledger.open_batches() for task in self._ledger.tasks_of(batch.batch_id)
        )
        for state in TaskState:
            tasks.add_metric([state.value], states[state])
        return [batches, tasks]
