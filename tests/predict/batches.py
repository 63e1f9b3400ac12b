"""A batch opened by hand: one date of the simulated season, a model of points, a ledger and objects in a folder."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
from tests.evaluate.seasons import season
from tests.predict.models import CONTRACT, a_model

from fairline.domain.clock import FixedClock
from fairline.platform.ledger.contract import Batch, Ledger, TaskState, Unit
from fairline.platform.ledger.sqlite import open_sqlite
from fairline.platform.objects import Objects, ObstoreObjects
from fairline.predict import registry
from fairline.predict.systems import SYSTEMS
from fairline.predict.tasks import Inputs, Plan, tasks_for, write_plan
from fairline.predict.worker import PLAYER, Worker

DAY, NOON = date(2024, 10, 22), datetime(2024, 10, 22, 16, tzinfo=UTC)
BATCH = f"{DAY}/slate/noon"


def slate() -> pl.DataFrame:
    """Feature rows as a start writes them."""
    times = pl.Datetime("us", "UTC")
    nothing = {"status": pl.String, "team_id": pl.Int64, "opponent_id": pl.Int64, "status_changed_at": times}
    return season(dates=1, seed=4).with_columns(
        *(pl.lit(None, kind).alias(name) for name, kind in nothing.items()),
        tip_at=pl.col("cutoff"), quality=pl.lit(97.0), row_hash=pl.lit(7, pl.UInt64),
    )  # fmt: skip


def lines() -> pl.DataFrame:
    """Everybody but the first player is quoted at 13.5."""
    quoted = slate()[1:].select(PLAYER)
    return quoted.with_columns(half_points=pl.lit(27, pl.Int32), p_over=pl.lit(0.55))


@dataclass
class Place:
    """What a worker needs, and a clock that moves when told."""

    ledger: Ledger
    objects: Objects
    clock: FixedClock
    model_hash: str

    def worker(self, owner: str = "worker 1") -> Worker:
        return Worker(self.ledger, self.objects, self.clock, owner, first_rest_s=0)

    def states(self) -> dict[str, TaskState]:
        return {held.task.key: held.state for held in self.ledger.tasks_of(BATCH)}

    def after(self, seconds: float) -> None:
        self.clock.advance(timedelta(seconds=seconds))


def place(folder: Path) -> Place:
    """Ledger and objects in the folder, with the simulated model of points."""
    clock, objects = FixedClock(NOON), ObstoreObjects.local(folder / "objects")
    model_hash = registry.save(objects, a_model(), {"metrics": {}}, NOON - timedelta(days=1))
    return Place(open_sqlite(folder / "ledger.sqlite", clock), objects, clock, model_hash)


def opened(at: Place, systems: Iterable[str] = SYSTEMS) -> Plan:
    """The batch opened with a task for each system on points."""
    inputs, systems = Inputs(), tuple(systems)
    plan = Plan(
        DAY, NOON, CONTRACT, ("points",), systems, {"points": at.model_hash}, features=inputs.add("features", slate()),
        players=inputs.add("players", slate()), lines={"points": inputs.add("lines.points", lines())},
        quotes={"points": inputs.add("quotes.points", lines())},
    )  # fmt: skip
    assert write_plan(at.objects, BATCH, plan, inputs) == BATCH
    units = tuple(Unit(game, player, "points") for game, player in slate().select("game_id", "player_id").rows())
    assert at.ledger.open(Batch(BATCH, DAY, "slate", units, tasks_for(("points",), systems)))
    return plan
