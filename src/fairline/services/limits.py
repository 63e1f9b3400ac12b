"""How much a caller may ask: how often by key, how many at once by process, how large and how slow a body may be."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fairline.domain.errors import BrokenContract, TooMany, Transient

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Limits:
    """What a process bears. Rates are requests per second and key; a burst may be asked at once."""

    writes_per_second: float = 50
    write_burst: int = 100
    reads_per_second: float = 1000
    read_burst: int = 2000
    in_flight: int = 64
    head_bytes: int = 32 * 1024
    body_bytes: int = 4 * 1024 * 1024
    body_s: float = 10.0


class TooLong(BrokenContract):
    """A head longer than is taken."""


class TooLarge(BrokenContract):
    """A body larger than is taken."""


class TooSlow(Transient):
    """A body that did not arrive in time."""


class Full(TooMany):
    """The process has as many requests in hand as it bears."""


@dataclass(slots=True)
class Bucket:
    """Holds up to `burst` tokens and gains `rate` a second; a request takes one.

    >>> bucket = Bucket(rate=2, burst=1, tokens=1, at=0.0)
    >>> bucket.wait(0.0), bucket.wait(0.0), bucket.wait(0.5)
    (0.0, 0.5, 0.0)
    """

    rate: float
    burst: float
    tokens: float
    at: float

    def wait(self, now: float) -> float:
        """Take a token, 0; or the seconds until there is one."""
        self.tokens = min(self.burst, self.tokens + max(0.0, now - self.at) * self.rate)
        self.at = now
        if self.tokens >= 1:
            self.tokens -= 1
            return 0.0
        return (1 - self.tokens) / self.rate


class Pace:
    """How often each key asks, reads and writes apart. Used from the event loop's thread alone."""

    def __init__(self, limits: Limits, seconds: Callable[[], float] = time.monotonic) -> None:
        """Begin with full buckets; `seconds` never goes back."""
        self._limits, self._seconds = limits, seconds
        self._buckets: dict[tuple[str, bool], Bucket] = {}

    def check(self, key_id: str, *, writes: bool) -> None:
        """Count a request. Raises TooMany, with the seconds to wait, when the key asks too often."""
        now = self._seconds()
        bucket = self._buckets.get((key_id, writes))
        if bucket is None:
            rate, burst = self._rate(writes=writes)
            bucket = self._buckets[key_id, writes] = Bucket(rate, burst, burst, now)
        if wait := bucket.wait(now):
            what = "writes" if writes else "reads"
            message = f"The key {key_id} makes more than {bucket.rate:g} {what} a second"
            raise TooOften(message, wait_s=math.ceil(wait))

    def _rate(self, *, writes: bool) -> tuple[float, int]:
        limits = self._limits
        if writes:
            return limits.writes_per_second, limits.write_burst
        return limits.reads_per_second, limits.read_burst


class TooOften(TooMany):
    """A key asks more often than it may; wait_s: whole seconds until it may ask again."""

    def __init__(self, message: str, *, wait_s: int) -> None:
        """Say which key, and how long to wait."""
        super().__init__(message, hint=f"Ask again in {wait_s} s.")
        self.wait_s = wait_s
