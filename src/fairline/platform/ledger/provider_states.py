"""What providers have shown of themselves: when each host may be asked again, its circuit, quotas, validators.

Durable, so that a new process neither hurries a host nor forgets that it is down.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

MOST_FAILURES = 5
"""Failures of a host in a row after which it is left alone."""

COOL_DOWN = timedelta(minutes=5)
"""How long a host is left alone before one question probes it."""

LONGEST_REST = timedelta(hours=1)
"""A host that asks for a longer rest is probed after this one."""


@dataclass(frozen=True, slots=True)
class HostState:
    """One host. failures: in a row. open_until: it is left alone until then; afterwards one question probes it."""

    host: str
    failures: int = 0
    open_until: datetime | None = None
    succeeded_at: datetime | None = None
    failed_at: datetime | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Quota:
    """Credits as a provider last told them; null where it does not say."""

    told_at: datetime
    remaining: int | None = None
    used: int | None = None
    last_cost: int | None = None


@dataclass(frozen=True, slots=True)
class Validator:
    """What a provider wants to hear to say "not changed", and the sighting whose bytes that would mean."""

    etag: str
    last_modified: str
    sighting: str


class ProviderStates(Protocol):
    """The state of hosts, quotas and validators, in a durable store that any process may ask."""

    def reserve(self, host: str, apart: timedelta) -> timedelta:
        """How long to wait before asking this host; the turn is then this caller's and no other's."""
        ...

    def admitted(self, host: str) -> bool:
        """Whether the host may be asked. Of an open circuit whose rest is over, one caller is admitted, to probe."""
        ...

    def succeeded(self, host: str) -> None:
        """The host answered: its circuit closes."""
        ...

    def failed(self, host: str, problem: str, rest: timedelta | None = None) -> None:
        """The host failed. Its circuit opens after several in a row, after a failed probe, or when it asks for rest."""
        ...

    def host(self, host: str) -> HostState:
        """The host as known; one never asked has a clean state."""
        ...

    def note_quota(self, source: str, quota: Quota) -> None:
        """Keep what a provider said of credits."""
        ...

    def quota(self, source: str) -> Quota | None:
        """What it last said of credits, if ever."""
        ...

    def note_validator(self, question: str, validator: Validator) -> None:
        """Keep what to send with this question the next time."""
        ...

    def validator(self, question: str) -> Validator | None:
        """What to send with this question, if anything."""
        ...
