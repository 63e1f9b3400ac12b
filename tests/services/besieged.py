"""Every role on the small league, priced and published, for those who try to break it.

Providers are played by a replay that knows nothing, so no request leaves the machine.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.ops.slates import DAY, QUOTED_AT, forecast_anyone, keep_model, opened
from tests.services.conftest import Served, serving

from fairline.domain.clock import FixedClock
from fairline.ops.catalogue import tables
from fairline.ops.slate import run_slate
from fairline.platform.settings import load_settings
from fairline.services import chain
from fairline.services.app import application
from fairline.services.limits import Limits
from fairline.services.roles import ROLES
from fairline.services.station import station
from fairline.sim.replay import ReplayServer

UNPACED = Limits(writes_per_second=1e6, write_burst=10**6, reads_per_second=1e6, read_burst=10**6)
"""As in production, but as often as one likes."""
ONE_WORKER = pytest.mark.xdist_group("besieged")
"""What shares a league of its own is made once, by one process."""


@contextmanager
def besieged(folder: Path, **chosen: Any) -> Iterator[Served]:
    """The league's home, which is changed, served at the time of its quote, with other settings if chosen."""
    with pytest.MonkeyPatch.context() as patch, ReplayServer([]) as provider:
        forecast_anyone(patch)
        with opened(folder, now=QUOTED_AT) as home:
            keep_model(home)
            run_slate(home, DAY, ["points"])
        settings = load_settings(home=folder, replay=provider.url, **chosen)
        place = station("tests", settings, FixedClock(QUOTED_AT))
        chain.subscribe(place)
        try:
            with serving(application(ROLES, place, limits=UNPACED), place) as served:
                yield served
        finally:
            place.close()


def stock(served: Served) -> dict[str, Any]:
    """What the home holds: rows by table, each object's hash, batches, runs and dead letters; not the audit."""
    place = served.station
    with place.turn() as home:
        names = [table.full_name for table in tables()]
        rows: dict[str, Any] = {name: home.warehouse.query(f"SELECT count(*) FROM {name}").item() for name in names}
    ledger, held = place.ledger, place.ledger.access.keys()
    for key in place.objects.list(""):
        rows[key] = hashlib.sha256(place.objects.get(key)).hexdigest()
    return rows | {
        "batches": ledger.batches(limit=1000), "runs": ledger.runs(limit=1000),
        "tasks": ledger.dead_letters(1000), "messages": ledger.dead_messages(1000),
        "keys": [(key.key_id, key.revoked_at) for key in held],
    }  # fmt: skip
