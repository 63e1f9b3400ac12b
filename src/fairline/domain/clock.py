"""The injected clock. Nothing reads the wall clock but the adapter in `platform`."""

from datetime import datetime, timedelta
from typing import Protocol

from fairline.domain.dates import utc


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        ...


class FixedClock:
    """A clock that moves only when told, for tests and replays.

    >>> from datetime import UTC
    >>> clock = FixedClock(datetime(2025, 11, 28, 16, 30, tzinfo=UTC))
    >>> clock.advance(timedelta(minutes=15))
    >>> clock.now().isoformat()
    '2025-11-28T16:45:00+00:00'
    """

    def __init__(self, at: datetime) -> None:
        """Stand at an aware instant. Raises BrokenContract when it has no zone."""
        self._at = utc(at)

    def now(self) -> datetime:
        """The instant it stands at, in UTC."""
        return self._at

    def advance(self, by: timedelta) -> None:
        """Move on by a span of time."""
        self._at += by
