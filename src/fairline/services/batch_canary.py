"""Whether a coordinator could run a batch now: opens one, has its task claimed, renewed and given back, and closes it.

The ledger keeps what was, so the canary batch is one row, opened again as the next attempt each time. It ends failed on
purpose: only what failed may be opened again. Its kind and its date keep it apart from every slate.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from fairline.domain.errors import BrokenContract, StaleLease
from fairline.platform.ledger.contract import Batch, BatchStatus, Task, TaskEnd, TaskOutcome, Unit
from fairline.services.canary import models_load, objects_bear, tried, tried_in_home
from fairline.services.precompute import rows_of_one_game
from fairline.services.working import owner

if TYPE_CHECKING:
    from fairline.platform.ledger.contract import Ledger
    from fairline.services.contract import Check
    from fairline.services.station import Station

KIND = "canary"
BATCH = Batch("canary", date(2000, 1, 1), KIND, (Unit("0000000000", 1, "points"),), (Task(KIND, "points/canary"),))
LEASE = timedelta(seconds=30)
ENDED = "canary"


def ready(station: Station) -> list[Check]:
    """A batch is opened, worked at and closed; the models load; one game's features are computed and taken back."""
    return [
        objects_bear(station.objects), tried("batch", lambda: batch_there_and_back(station.ledger)),
        models_load(station),
        tried_in_home(station, "feature rows", rows_of_one_game),
    ]  # fmt: skip


def batch_there_and_back(ledger: Ledger) -> str:
    """Open the canary batch, claim and renew its task, find an old claim refused, and close it."""
    if not _opened(ledger):
        return "another process has its canary open"
    claim = ledger.claim(KIND, owner(), LEASE)
    if claim is None:
        message = "The ledger opened a batch and gives none of its tasks"
        raise BrokenContract(message, hint="`fairline status` shows the ledger's batches.")
    renewed = ledger.renew(claim, LEASE)
    ledger.finish(renewed, TaskOutcome(TaskEnd.RETRY, ENDED))
    try:
        ledger.renew(renewed, LEASE)
    except StaleLease:
        closed = ledger.close(BATCH.batch_id, failing_open_with=ENDED)
        return f"opened, claimed, renewed and closed, the {closed.attempt}. time"
    message = "The ledger renewed a claim that was given back"
    raise BrokenContract(message, hint="Run no batch on this ledger: its leases do not hold.")


def _opened(ledger: Ledger) -> bool:
    """Open it, or open it again; one left open by a process that died is closed first."""
    if ledger.open(BATCH) or ledger.reopen(BATCH):
        return True
    if ledger.batch(BATCH.batch_id).status is BatchStatus.OPEN:
        ledger.close(BATCH.batch_id, failing_open_with=ENDED)
    return ledger.reopen(BATCH)
