"""Whom a smoke test asks: the process that serves from this home, or else every role started here for the while."""

from __future__ import annotations

import threading
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from fairline.services.app import application
from fairline.services.lending import lives, owner_api, read_owner_api
from fairline.services.roles import ROLES
from fairline.services.running import listening, server_of, url_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fairline.services.lending import OwnerApi
    from fairline.services.station import Station


def owner_at(home: Path) -> OwnerApi | None:
    """Where the process that serves from a home listens, and a key to it; None when none does."""
    owner = read_owner_api(home)
    return owner if owner is not None and lives(owner.pid) else None


@contextmanager
def serving_here(station: Station) -> Iterator[OwnerApi]:
    """Serve every role on a free port of the loopback for the block, with an admin key that ends with it."""
    with closing(listening("127.0.0.1", 0)) as listener, owner_api(station, url_of(listener)) as owner:
        server = server_of(application(ROLES, station), station)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="smoke", daemon=True)
        thread.start()
        try:
            yield owner
        finally:
            server.should_exit = True
            thread.join()
