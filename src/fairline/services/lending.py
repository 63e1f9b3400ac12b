"""Lending the home: a command in another terminal asks the process that serves from it, and takes it for a while.

{home}/owner-api.json, readable by its user alone, says where that process listens and holds a key made for it, which
is revoked when the process ends, or, if it was killed, by the next one.
"""

from __future__ import annotations

import json
import os
import socket
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from fastapi import APIRouter
from pydantic import BaseModel

from fairline.domain.errors import FairlineError, NotFound
from fairline.platform.auth import new_key
from fairline.platform.ledger.access import Scope
from fairline.platform.transport import Httpx2Transport, Request
from fairline.services.guard import KEY_HEADER, needs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fairline.services.station import Station

OWNER_FILE = "owner-api.json"
BORROW_S = 25.0
"""How long a command waits for the process to end the work it has in hand."""


class Lent(BaseModel):
    """The home is given up, and kept free until then for whoever asked."""

    until: datetime


@dataclass(frozen=True, slots=True)
class OwnerApi:
    """Where the process that serves from a home listens, and a key to it."""

    url: str
    pid: int
    key_id: str
    key: str


def routes(station: Station) -> APIRouter:
    """`POST /lend`."""
    router = APIRouter(tags=["common"])

    @router.post("/lend", dependencies=[needs(Scope.ADMIN)])
    def lend() -> Lent:
        """Give up the home between two turns, for a command in another terminal."""
        return Lent(until=station.lend())

    return router


@contextmanager
def owner_api(station: Station, url: str) -> Iterator[OwnerApi]:
    """Tell commands on this home, for the block, where it is served from. What a killed process left is cleared."""
    record = station.settings.home / OWNER_FILE
    _clear(station, record)
    text, held = new_key(f"process {os.getpid()} on {socket.gethostname()[:40]}", Scope.ADMIN, station.clock.now())
    station.ledger.access.add_key(held)
    mine = OwnerApi(url, os.getpid(), held.key_id, text)
    _write(record, mine)
    try:
        yield mine
    finally:
        if read_owner_api(station.settings.home) == mine:
            record.unlink(missing_ok=True)
        station.ledger.access.revoke_key(held.key_id)


def read_owner_api(home: Path) -> OwnerApi | None:
    """The record of a home; None without one, or with one that cannot be read."""
    try:
        return OwnerApi(**json.loads((home / OWNER_FILE).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def borrow(home: Path, pid: int) -> bool:
    """Ask the process that has the home to give it up; False when it is none that serves, or does not."""
    owner = read_owner_api(home)
    if owner is None or owner.pid != pid:
        return False
    transport = Httpx2Transport(connect_s=2, read_s=BORROW_S, total_s=BORROW_S)
    try:
        answer = transport.send(Request(f"{owner.url}/lend", "POST", headers={KEY_HEADER: owner.key}))
    except FairlineError:
        return False
    finally:
        transport.close()
    return answer.status == 200


def _clear(station: Station, record: Path) -> None:
    """Revoke the key of a process that was killed before it could."""
    left = read_owner_api(station.settings.home)
    if left is None or lives(left.pid):
        return
    record.unlink(missing_ok=True)
    try:
        station.ledger.access.revoke_key(left.key_id)
    except NotFound:
        # It was another ledger's.
        return


def lives(pid: int) -> bool:
    """Whether a process of that id runs on this machine."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _write(record: Path, owner: OwnerApi) -> None:
    """Write the record, whole, readable by its user alone from the first byte."""
    unfinished = record.with_name(f".{record.name}.{owner.pid}")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(owner), file)
    unfinished.replace(record)
