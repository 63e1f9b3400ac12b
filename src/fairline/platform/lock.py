"""The owner lock of a home: one writer, or any number of readers.

The lock is the kernel's (flock), so it is free the moment its owner dies; the record beside it only tells who it is.
"""

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from fairline.domain.clock import Clock
from fairline.domain.dates import describe_instant
from fairline.domain.errors import Busy
from fairline.platform.files import write_whole

POLL_S = 0.1

AGAIN = "Wait for it to end, then try again."


@dataclass(frozen=True, slots=True)
class Owner:
    """Who has the home: the command as typed, its process, and since when (ISO 8601, UTC)."""

    command: str
    pid: int
    since: str


OnWait = Callable[[Owner | None], None]
"""Called once for each owner a command waits for; None when the owner cannot be told, as of several readers."""


@contextmanager
def owner_lock(
    folder: Path, *, command: str, clock: Clock, wait_s: float, shared: bool, on_wait: OnWait | None = None
) -> Iterator[None]:
    """Hold the lock for the block, alone or, when shared, beside other readers.

    Waits at most `wait_s` seconds. Raises Busy with the owner's command, process and since.
    """
    record = folder / "owner.json"
    me = Owner(command, os.getpid(), clock.now().isoformat())
    with (folder / "owner.lock").open("a") as lock:
        _acquire(lock.fileno(), record, clock, wait_s=wait_s, shared=shared, on_wait=on_wait)
        write_whole(record, json.dumps(asdict(me)).encode())
        try:
            yield
        finally:
            # While the lock is held nobody but another reader can have put its own name here.
            if read_owner(record) == me:
                record.unlink(missing_ok=True)


def read_owner(record: Path) -> Owner | None:
    """The owner on record, None without one; a record alone does not mean that its process lives."""
    try:
        return Owner(**json.loads(record.read_bytes()))
    except FileNotFoundError:
        return None


def live_owner(record: Path) -> Owner | None:
    """The owner on record if its process lives, as far as this machine can tell."""
    owner = read_owner(record)
    if owner is None:
        return None
    try:
        os.kill(owner.pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        return owner
    return owner


def _acquire(lock: int, record: Path, clock: Clock, *, wait_s: float, shared: bool, on_wait: OnWait | None) -> None:
    how = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    give_up = time.monotonic() + wait_s
    told: set[Owner | None] = set()
    while True:
        try:
            fcntl.flock(lock, how | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = read_owner(record)
            if time.monotonic() >= give_up:
                raise _busy(owner, clock.now()) from None
            if on_wait is not None and owner not in told:
                on_wait(owner)
            told.add(owner)
            time.sleep(min(POLL_S, max(0.0, give_up - time.monotonic())))
        else:
            return


def _busy(owner: Owner | None, now: datetime) -> Busy:
    if owner is None:
        return Busy("Another command is reading this home", hint=AGAIN)
    since = describe_instant(datetime.fromisoformat(owner.since), now)
    message = f"`{owner.command}` (process {owner.pid}) has had this home since {since}"
    return Busy(message, hint=AGAIN)
