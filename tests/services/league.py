"""The small league as a running service: its home, a model of points, and the roles asked for on a real port."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.ops.slates import DAY, QUOTED_AT, keep_model, opened
from tests.services.conftest import Served, at, serving

from fairline.domain.clock import FixedClock
from fairline.platform.bus import Message
from fairline.services import chain
from fairline.services.app import application, roles_named
from fairline.services.push import plain
from fairline.services.roles import ROLES
from fairline.services.station import Station

EVERY_ROLE = ",".join(role.name for role in ROLES)


@contextmanager
def playing(folder: Path, names: str = EVERY_ROLE, *, now: datetime = QUOTED_AT) -> Iterator[Served]:
    """The league's home served by these roles, their chain connected, at the time of its quote unless told."""
    with stationed(folder, now=now) as place:
        roles = roles_named(names, ROLES)
        chain.subscribe(place, [role.name for role in roles])
        with serving(application(roles, place), place) as served:
            yield served


@contextmanager
def stationed(folder: Path, *, now: datetime = QUOTED_AT) -> Iterator[Station]:
    """A station on the league's home."""
    place = at(folder, FixedClock(now))
    try:
        yield place
    finally:
        place.close()


def learned(folder: Path) -> Path:
    """The home with a model of points."""
    with opened(folder, now=QUOTED_AT) as home:
        keep_model(home)
    return folder


def message(phase: str, **told: Any) -> Message:
    """A message of the league's day."""
    usual: dict[str, Any] = {
        "message_id": f"{phase}-1", "correlation_id": "chain-1", "game_date": DAY, "table": "raw", "status": "success",
        "trigger": "message", "at": QUOTED_AT, "counts": {},
    }  # fmt: skip
    return Message(phase=phase, **usual | told)


def pushed(phase: str, **told: Any) -> dict[str, Any]:
    """The message as JSON."""
    return plain(message(phase, **told))
