"""Readiness by the real path: each role does its work on a canary, and takes it back (failures 16 and 17)."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

from fairline.domain.dates import game_date
from fairline.domain.errors import BrokenContract, FairlineError, NotFound, Transient
from fairline.features.contract import contract_hash, model_features
from fairline.ops.frames import DEFAULT_MARKETS
from fairline.predict import registry
from fairline.services.contract import Check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from fairline.platform.home import Home
    from fairline.platform.objects import Objects
    from fairline.platform.warehouse import Warehouse
    from fairline.services.station import Station

READY_WAIT_S = 5.0
"""How long readiness waits for the home before it says that it is busy."""

CANARIES = "canary"
"""The folder of the objects that readiness writes and removes."""


def tried(name: str, path: Callable[[], str]) -> Check:
    """Walk a path that says what it saw; any error is what was wrong, with its hint or its type."""
    try:
        return Check(name, ok=True, detail=path())
    except FairlineError as error:
        return Check(name, ok=False, detail=str(error), hint=error.hint, busy=isinstance(error, Transient))
    except Exception as error:  # noqa: BLE001 - whatever it is, the role is not ready, and says so
        hint = "An error nobody foresaw: the service's log and `fairline status` tell more."
        return Check(name, ok=False, detail=f"{type(error).__name__}: {error}", hint=hint)


def tried_in_home(station: Station, name: str, path: Callable[[Home], str]) -> Check:
    """Walk a path in the home, in its turn; what it writes there is taken back."""

    def walk() -> str:
        with station.turn(READY_WAIT_S) as home, undone(home.warehouse):
            return path(home)

    return tried(name, walk)


class _TakenBack(Exception):
    """Ends a transaction so that nothing of it stays."""


@contextmanager
def undone(warehouse: Warehouse) -> Iterator[None]:
    """A block whose writes are rolled back, however it ends."""
    try:
        with warehouse.transaction():
            yield
            raise _TakenBack
    except _TakenBack:
        return


def objects_bear(objects: Objects) -> Check:
    """Write an object, read it and remove it."""

    def walk() -> str:
        return f"{len(there_and_back(objects, b'canary'))} bytes there and back"

    return tried("objects", walk)


def there_and_back(objects: Objects, content: bytes) -> bytes:
    """What comes back of the content from the object store, where none of it is left. Raises BrokenContract."""
    key = f"{CANARIES}/{uuid4().hex}"
    objects.put(key, content)
    try:
        came = objects.get(key)
    finally:
        objects.delete(key)
    if hashlib.sha256(came).digest() != hashlib.sha256(content).digest() or objects.exists(key):
        message = "The object store does not give back what was put there, or keeps what was removed"
        raise BrokenContract(message, hint="Look at the disk or the bucket of FAIRLINE_HOME.")
    return came


def ledger_answers(station: Station) -> Check:
    """Ask the ledger what every role asks it."""

    def walk() -> str:
        latest = station.ledger.runs(limit=1)
        return f"latest run: {latest[0].name} {latest[0].status}" if latest else "no run yet"

    return tried("ledger", walk)


def latest_models(objects: Objects) -> dict[str, str]:
    """The hash of each market's latest model. Raises NotFound when none is kept: there is no stand-in."""
    kept = {name: objects.list(f"models/{name}/known-to") for name in DEFAULT_MARKETS}
    latest = {name: objects.get(moments[-1]).decode() for name, moments in kept.items() if moments}
    if not latest:
        message = "no model is trained for any market"
        raise NotFound(message, hint="fairline train")
    return latest


def models_load(station: Station) -> Check:
    """Load every market's latest model; each must follow the contract of the features."""

    def walk() -> str:
        told, contract = [], contract_hash(model_features())
        for name, model_hash in latest_models(station.objects).items():
            model, _, _ = registry.named(station.objects, name, model_hash)
            if model.contract_hash != contract:
                message = f"the {name} model follows contract {model.contract_hash}, the features {contract}"
                raise BrokenContract(message, hint=f"fairline train --markets {name}")
            told.append(f"{name} {model_hash[:8]}")
        return ", ".join(told)

    return tried("models", walk)


def latest_slate(home: Home) -> date | None:
    """The latest game date held of which somebody can be known, tomorrow's at the latest; None when there is none.

    A schedule reaches further than its box scores: nobody is expected to play a month after the last one held.
    """
    day: date | None = home.warehouse.query(
        """
        SELECT max(game_date) FROM analytics.game_versions
        WHERE game_date <= CAST(? AS DATE) + 1 AND superseded_at = TIMESTAMPTZ '9999-01-01 00:00:00+00'
            AND game_type IN ('regular', 'play_in', 'playoffs', 'cup_final') AND tip_at IS NOT NULL
            AND home_team_id IS NOT NULL AND away_team_id IS NOT NULL
            AND game_date <= greatest(
                (SELECT coalesce(max(game_date), DATE '1900-01-01') FROM analytics.player_game_summary) + 30,
                (SELECT coalesce(max(game_date), DATE '1900-01-01') FROM raw.prop_quotes)
            )
        """,
        [game_date(home.clock.now())],
    ).item()
    return day
