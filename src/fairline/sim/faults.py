"""Faults on demand: what a provider may do wrong, how often, and in which order."""

import hashlib
import json
from collections import Counter, deque
from collections.abc import Mapping
from enum import StrEnum
from random import Random
from threading import Lock

from fairline.domain.errors import Refused


class Fault(StrEnum):
    """What a provider does instead of answering well."""

    THROTTLED = "429"
    """Too many requests, with Retry-After."""
    REFUSED = "403"
    BROKEN = "500"
    SLOW = "slow"
    """The right answer, late."""
    TRUNCATED = "truncated"
    """Half of the answer, then the connection closes."""
    DROPPED = "dropped"
    """The connection closes without an answer."""
    HTML = "html"
    """An error page with status 200."""
    CHANGED = "changed"
    """The answer with every key of its objects renamed."""
    STALE = "stale"
    """The earliest answer recorded for the question, not the latest."""


class Faults:
    """Which fault, if any, each request meets: first those in `script`, one a request, then at random by `rates`.

    Whether a request meets a fault follows from the seed, the request and how often it came before, so threads do not
    change it. Raises Refused for rates that are no probabilities.

    >>> faults = Faults(script=["500", ""])
    >>> faults.of("/v4/sports"), faults.of("/v4/sports"), faults.of("/v4/sports")
    (<Fault.BROKEN: '500'>, None, None)
    """

    def __init__(
        self,
        rates: Mapping[str, float] | None = None,
        *,
        script: list[str] | None = None,
        seed: int = 0,
        slow_s: float = 2.0,
        retry_after_s: int = 1,
    ) -> None:
        """Set the rates by name of the fault; an empty name in the script is a good answer."""
        self._rates = {Fault(name): rate for name, rate in (rates or {}).items()}
        if any(not 0 <= rate <= 1 for rate in self._rates.values()) or sum(self._rates.values()) > 1:
            message = f"Rates of faults must lie between 0 and 1, and so must their sum: {dict(self._rates)}"
            raise Refused(message, hint="An example is 429:0.2.")
        self._script = deque(script or [])
        self._seed = seed
        self._came: Counter[str] = Counter()
        self._lock = Lock()
        self.slow_s, self.retry_after_s = slow_s, retry_after_s

    def then(self, *names: str) -> None:
        """Add to the script: the next requests meet these faults, in order."""
        self._script.extend(names)

    def of(self, request: str) -> Fault | None:
        """The fault this request meets."""
        with self._lock:
            if self._script:
                name = self._script.popleft()
                return Fault(name) if name else None
            nth = self._came[request]
            self._came[request] += 1
        drawn = Random(f"{self._seed} {nth} {request}").random()  # noqa: S311 - chance for a rehearsal, not for a secret
        for fault, rate in self._rates.items():
            if drawn < rate:
                return fault
            drawn -= rate
        return None


def rates_of(texts: list[str]) -> dict[str, float]:
    """Rates as written on the command line. Raises Refused.

    >>> rates_of(["429:0.2", "html:0.05"])
    {'429': 0.2, 'html': 0.05}
    """
    rates = {}
    for text in texts:
        name, _, rate = text.partition(":")
        try:
            rates[Fault(name).value] = float(rate)
        except ValueError as error:
            message = f"{text!r} is no fault with a rate."
            hint = f"Write NAME:RATE, as 429:0.2; the names are {', '.join(fault.value for fault in Fault)}."
            raise Refused(message, hint=hint) from error
    return rates


def renamed(content: bytes) -> bytes:
    """JSON with every key renamed, as a provider's new version would; other content cut at its middle.

    >>> renamed(b'{"id": 1, "team": {"id": 2}}')
    b'{"id_v2": 1, "team_v2": {"id_v2": 2}}'
    """
    try:
        told = json.loads(content)
    except ValueError:
        return content[: len(content) // 2]
    return json.dumps(_renamed(told)).encode()


def _renamed(value: object) -> object:
    if isinstance(value, dict):
        return {f"{key}_v2": _renamed(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_renamed(one) for one in value]
    return value


def etag_of(content: bytes) -> str:
    """A validator that changes with the content."""
    return f'"{hashlib.sha256(content).hexdigest()[:16]}"'
