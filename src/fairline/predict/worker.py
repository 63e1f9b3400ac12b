"""A worker: takes a task, one system on one market of a slate, and leaves its forecasts as one object.

It needs the ledger and the object store alone. Its lease is renewed between steps; a worker whose lease was taken drops
what it made, and one that is told to stop gives its task back.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from datetime import timedelta
from threading import Event
from typing import TYPE_CHECKING, Final, Generic, Literal, NamedTuple, TypeVar

from fairline.domain.errors import StaleLease, Transient
from fairline.platform.ledger.contract import TaskEnd, TaskOutcome
from fairline.predict import registry
from fairline.predict.rows import forecast_rows
from fairline.predict.tasks import KIND, frame_bytes, input_of, market_and_system, plan_of, result_key

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from fairline.domain.clock import Clock
    from fairline.platform.ledger.contract import Claim, Ledger
    from fairline.platform.objects import Objects
    from fairline.predict.forecasting import MarketModel
    from fairline.predict.systems.centre import Centres
    from fairline.predict.tasks import Plan

T = TypeVar("T")

LEASE = timedelta(seconds=60)
DROPPED: Final = "dropped"
"""The lease was taken, and the result is nobody's."""
FIRST_REST_S = 0.5
PLAYER = ["game_id", "player_id", "cutoff"]
MOST_KEPT = 48
"""Models, plans and inputs of each kind a worker keeps at hand."""


class Worked(NamedTuple):
    """One task's end. seconds: of forecasting alone."""

    batch_id: str
    market: str
    system: str
    end: TaskEnd | Literal["dropped"]
    rows: int = 0
    seconds: float = 0.0
    reason: str = ""


class Stopped(Exception):
    """The worker was told to stop between two steps of a task."""


class Worker:
    """One owner of tasks at a time. Not for two threads at once: give each its own."""

    def __init__(
        self, ledger: Ledger, objects: Objects, clock: Clock, owner: str, *, lease_for: timedelta = LEASE,
        first_rest_s: float = FIRST_REST_S,
    ) -> None:  # fmt: skip
        """owner: who the ledger says has a task, such as `host:4711`. lease_for: until others may take it.

        first_rest_s: before a task that may work later is given back; twice as long at each further attempt.
        """
        self._ledger, self._objects, self._clock = ledger, objects, clock
        self._owner, self._lease_for, self._first_rest_s = owner, lease_for, first_rest_s
        self._stopped = Event()
        self._models: _Kept[MarketModel] = _Kept()
        self._plans: _Kept[Plan] = _Kept()
        self._frames: _Kept[pl.DataFrame] = _Kept()
        self._centres: _Kept[Centres] = _Kept()

    def stop(self) -> None:
        """Take no further task, and give back the one at hand at its next step."""
        self._stopped.set()

    @property
    def stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._stopped.is_set()

    def rest(self, seconds: float) -> None:
        """Wait, but not beyond being told to stop."""
        self._stopped.wait(seconds)

    def work_once(self) -> Worked | None:
        """Do one task of any open batch; None when none is free, or the worker is to stop.

        A failing system is its task's end, by type and message, and no error of the caller's.
        """
        if self.stopping:
            return None
        claim = self._ledger.claim(KIND, self._owner, self._lease_for)
        return None if claim is None else self._worked(claim)

    def _worked(self, claim: Claim) -> Worked:
        market, system = market_and_system(claim.task)
        rows, seconds, key = 0, 0.0, result_key(claim.batch_id, claim.task, claim.fence)
        try:
            forecast, seconds = self._forecast(claim, market, system)
            rows = forecast.height
            self._held(claim)
            self._objects.put(key, frame_bytes(forecast))
            outcome = TaskOutcome(TaskEnd.DONE, result=key)
        except StaleLease as error:
            return Worked(claim.batch_id, market, system, DROPPED, reason=str(error))
        except Stopped:
            outcome = TaskOutcome(TaskEnd.RETRY, "the worker was stopped")
        except (Transient, ConnectionError, TimeoutError) as error:
            self.rest(self._first_rest_s * 2 ** (claim.attempt - 1))
            outcome = TaskOutcome(TaskEnd.RETRY, f"{type(error).__name__}: {error}")
        except Exception as error:  # noqa: BLE001 - it is the task's end, told by type and message
            outcome = TaskOutcome(TaskEnd.FAILED, f"{type(error).__name__}: {error}")
        return self._finished(claim, outcome, Worked(claim.batch_id, market, system, outcome.end, rows, seconds))

    def _finished(self, claim: Claim, outcome: TaskOutcome, worked: Worked) -> Worked:
        try:
            self._ledger.finish(claim, outcome)
        except StaleLease as error:
            if outcome.result:
                self._objects.delete(outcome.result)
            return worked._replace(end=DROPPED, reason=str(error))
        return worked._replace(reason=outcome.reason)

    def _forecast(self, claim: Claim, market: str, system: str) -> tuple[pl.DataFrame, float]:
        """The rows of FORECASTS, and the seconds it took to forecast them."""
        batch_id = claim.batch_id
        plan = self._plans.kept(batch_id, lambda: plan_of(self._objects, batch_id))
        rows, lines = (self._input(batch_id, name) for name in (plan.features, plan.lines[market]))
        self._held(claim)
        model_hash = plan.models[market]
        model = self._models.kept(
            f"{model_hash}/{system}", lambda: registry.named(self._objects, market, model_hash, system)[0]
        )
        self._held(claim)
        lined = rows.select(PLAYER).join(lines, on=PLAYER, how="left", maintain_order="left")

        def asked(name: str) -> Centres:
            # The stack's centres are also systems of their own: what one said of these rows is not computed again.
            said = f"{batch_id}/{model_hash}/{name}"
            return self._centres.kept(said, lambda: model.centres[name].centres(rows))

        started = time.perf_counter()
        forecast = model.forecast_one(system, rows, lined.select("half_points", "p_over"), plan.contract_hash, asked)
        seconds = time.perf_counter() - started
        kept = forecast_rows(rows, {system: forecast}, batch_id=batch_id, market=market, model_hash=model_hash)
        return kept, seconds

    def _input(self, batch_id: str, name: str) -> pl.DataFrame:
        return self._frames.kept(f"{batch_id}/{name}", lambda: input_of(self._objects, batch_id, name))

    def _held(self, claim: Claim) -> None:
        """Go on only with the lease: renewed once half of it is over. Raises StaleLease, Stopped."""
        if self.stopping:
            raise Stopped
        if self._clock.now() > claim.deadline - self._lease_for / 2:
            self._ledger.renew(claim, self._lease_for)


class _Kept(Generic[T]):
    """What was read last, by name: immutable, so it never grows old."""

    def __init__(self) -> None:
        self._items: OrderedDict[str, T] = OrderedDict()

    def kept(self, name: str, read: Callable[[], T]) -> T:
        if name not in self._items:
            self._items[name] = read()
            if len(self._items) > MOST_KEPT:
                self._items.popitem(last=False)
        self._items.move_to_end(name)
        return self._items[name]
