"""The push form of a step: a pushed message comes in, the step's result goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairline.services.chain import deliver
from fairline.services.given import Done
from fairline.services.push import Pushed, message_of

if TYPE_CHECKING:
    from fairline.services.station import Station


def answered(station: Station, role: str, pushed: Pushed) -> Done:
    """Do what the pushed message asks of the role."""
    return Done.of(deliver(station, role, message_of(pushed)))
