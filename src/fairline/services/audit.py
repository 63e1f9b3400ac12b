"""The audit of a process: calls that changed something or were refused, written in batches beside the requests."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from threading import Lock
from typing import TYPE_CHECKING

from fairline.platform.auth import without_keys

if TYPE_CHECKING:
    from fairline.platform.auth import Keyring
    from fairline.platform.ledger.access import Access, Audited

EVERY_S = 2.0
MOST_WAITING = 10_000
LONGEST_PATH = 200

LOG = logging.getLogger("fairline.services")


class Audit:
    """Keeps calls until the next write, at most every EVERY_S and at the end. Safe to share between threads."""

    def __init__(self, access: Access, keyring: Keyring) -> None:
        """Write to the access of a ledger, beside when the keys were used."""
        self._access, self._keyring = access, keyring
        self._waiting: deque[Audited] = deque()
        self._lost = 0
        self._lock = Lock()

    def note(self, call: Audited) -> None:
        """Keep a call. Under a flood the calls beyond MOST_WAITING are counted in the log and not kept."""
        with self._lock:
            if len(self._waiting) < MOST_WAITING:
                self._waiting.append(call)
            else:
                self._lost += 1

    def flush(self) -> None:
        """Write what waits; what cannot be written waits on, and the log says so."""
        with self._lock:
            calls, lost = list(self._waiting), self._lost
            self._waiting.clear()
            self._lost = 0
        if lost:
            LOG.warning("%d calls more than the audit bears were not kept", lost)
        try:
            if calls:
                self._access.note(calls)
                calls = []
            self._keyring.flush()
        except Exception:
            LOG.exception("The audit could not be written; it is tried again")
            with self._lock:
                self._waiting.extendleft(reversed(calls))

    async def keep_flushing(self) -> None:
        """Write every EVERY_S until cancelled."""
        while True:
            await asyncio.sleep(EVERY_S)
            await asyncio.to_thread(self.flush)


def audited_path(path: str) -> str:
    r"""A path as it is kept: without keys, without control characters, and not endless.

    >>> audited_path("/status/fl_aaaaaaaa_bbbb\n")
    '/status/fl_…?'
    """
    printable = "".join(each if each.isprintable() else "?" for each in path[:LONGEST_PATH])
    return without_keys(printable)
