"""How long to wait before asking again: exponential backoff with full jitter, and what the server asked for."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from random import Random

from fairline.domain.dates import utc

MOST_ATTEMPTS = 4
"""Times one page is asked for in all."""

FIRST_S, LONGEST_S = 1.0, 30.0

PATIENCE = timedelta(seconds=60)
"""A server that asks for a longer rest gets it from the circuit, and the question fails now."""


def backoff(attempt: int, random: Random) -> timedelta:
    """The wait after that attempt, from 0: anything up to a bound that doubles (full jitter).

    Source: Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.

    >>> backoff(3, Random(1)) <= timedelta(seconds=8)
    True
    """
    return timedelta(seconds=random.uniform(0, min(LONGEST_S, FIRST_S * 2**attempt)))


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta:
    """The rest the server asks for, in seconds or as a date; none when it asks for none or says it unreadably.

    >>> retry_after({"retry-after": "7"}, datetime(2025, 11, 28, tzinfo=UTC))
    datetime.timedelta(seconds=7)
    """
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdecimal():
        return timedelta(seconds=min(int(said), 10**9))
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return timedelta(0)
    # A date without a zone is Greenwich's.
    return max(utc(until if until.tzinfo else until.replace(tzinfo=UTC)) - now, timedelta(0))
