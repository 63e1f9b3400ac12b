"""A demo's home served: every role on it, the league in the providers' place, and a clock that walks on from then."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from fairline.domain.dates import utc
from fairline.sim.demo_settings import demo_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairline.sim.demo import Demo


class WalkingClock:
    """A clock that begins at a simulated instant and goes on at the pace of the real one."""

    def __init__(self, at: datetime) -> None:
        """Begin at an aware instant."""
        self._from, self._since = utc(at), time.monotonic()

    def now(self) -> datetime:
        """The simulated instant, in UTC."""
        return self._from + timedelta(seconds=time.monotonic() - self._since)


def serve_demo(demo: Demo, port: int, told: Callable[[str], None]) -> None:
    """Serve every role on the demo's home, on the loopback, until interrupted. told: hears how to call it."""
    from fairline.ops.keys import create_key
    from fairline.services import running
    from fairline.services.app import application
    from fairline.services.chain import subscribe
    from fairline.services.roles import ROLES
    from fairline.services.station import station

    at = demo.evening.next_morning
    with demo.replay(demo.evening.day + timedelta(days=1), at) as server:
        clock = WalkingClock(at)
        place = station("fairline demo --serve", demo_settings(demo.folder, replay=server.url), clock)
        subscribe(place)
        key = create_key(place.ledger.access, clock, "demo", "read", days=1).text

        def say(line: str) -> None:
            told(line)
            told(f"It is {clock.now():%Y-%m-%d %H:%M} UTC there. A key for it, good for a day: {key}")

        running.serve(application(ROLES, place), place, running.HOST, port, told=say)
