"""The machine's clock. The only place that asks it for the time."""

from datetime import UTC, datetime


class SystemClock:
    """Tells the machine's time, in UTC.

    >>> SystemClock().now().utcoffset()
    datetime.timedelta(0)
    """

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        return datetime.now(UTC)
