"""What a batch's workers read and leave: its plan, its inputs and their results, as objects that never change.

    batches/{batch_id}/plan.json                                 what was asked, and the names of the inputs
    batches/{batch_id}/{features|players}.{digest}.parquet       rows to forecast; everyone expected, filtered ones too
    batches/{batch_id}/{lines|quotes}.{market}.{digest}.parquet  the market as of the cutoffs
    batches/{batch_id}/results/{market}/{system}.{fence}.parquet  one system on one market, by one owner

The plan is written after the inputs it names and once, so a batch with a plan is whole, and two starts of one moment
with different inputs are two batches.
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from itertools import count
from typing import TYPE_CHECKING

from fairline.domain.errors import BrokenContract, NotFound
from fairline.platform.ledger.contract import Task

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import polars as pl

    from fairline.platform.objects import Objects

KIND = "predict"
"""The kind of task a worker claims."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A slate to forecast, as asked.

    models: hash of each market's model. features, players: names of the inputs; lines, quotes: of each market's.
    left_out: games of the day that are not priced. note: what a reader should know, such as that it fell back.
    """

    game_date: date
    as_of: datetime
    contract_hash: str
    markets: tuple[str, ...]
    systems: tuple[str, ...]
    models: Mapping[str, str]
    features: str
    players: str
    lines: Mapping[str, str]
    quotes: Mapping[str, str]
    left_out: int = 0
    note: str = ""

    def to_bytes(self) -> bytes:
        """JSON of one spelling."""
        fields = asdict(self) | {"game_date": self.game_date.isoformat(), "as_of": self.as_of.isoformat()}
        return json.dumps(fields, sort_keys=True, indent=1).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> Plan:
        """The plan that was written. Raises BrokenContract for another document."""
        try:
            fields = json.loads(content)
            fields |= {name: tuple(fields[name]) for name in ("markets", "systems")}
            day, as_of = date.fromisoformat(fields["game_date"]), datetime.fromisoformat(fields["as_of"])
            return cls(**(fields | {"game_date": day, "as_of": as_of}))
        except (ValueError, TypeError, KeyError) as error:
            message = f"a batch's plan cannot be read: {error}"
            raise BrokenContract(message, hint="start the date again, with force if its batch is open") from error


@dataclass(slots=True)
class Inputs:
    """Frames on their way to becoming a batch's inputs, each named by its content."""

    contents: dict[str, bytes] = field(default_factory=dict)

    def add(self, label: str, frame: pl.DataFrame) -> str:
        """Take the frame; the name it will have."""
        content = frame_bytes(frame)
        name = f"{label}.{hashlib.sha256(content).hexdigest()[:16]}.parquet"
        self.contents[name] = content
        return name


def write_plan(
    objects: Objects, natural_id: str, plan: Plan, inputs: Inputs, is_used: Callable[[str], bool] = lambda _: False
) -> str:
    """Write inputs and plan; the batch id they have: the natural one, or the next after it that has no other plan.

    is_used: whether a batch of that id is held, which without a plan is none of ours. A start that died midway leaves
    objects that nothing names; the next start passes them by or finishes them.
    """
    content = plan.to_bytes()
    for number in count(1):
        batch_id = natural_id if number == 1 else f"{natural_id}.{number}"
        key = _plan_key(batch_id)
        if objects.get(key) != content if objects.exists(key) else is_used(batch_id):
            continue
        for name, held in inputs.contents.items():
            objects.put_new(f"batches/{batch_id}/{name}", held)
        if objects.put_new(key, content) or objects.get(key) == content:
            return batch_id
    raise AssertionError


def plan_of(objects: Objects, batch_id: str) -> Plan:
    """The batch's plan. Raises NotFound for a batch without one."""
    try:
        return Plan.from_bytes(objects.get(_plan_key(batch_id)))
    except NotFound as error:
        message = f"batch {batch_id} has no plan"
        raise NotFound(message, hint="its objects were removed; start the date again") from error


def input_of(objects: Objects, batch_id: str, name: str) -> pl.DataFrame:
    """One of the inputs that the plan names."""
    return frame_of(objects.get(f"batches/{batch_id}/{name}"))


def tasks_for(markets: tuple[str, ...], systems: tuple[str, ...]) -> tuple[Task, ...]:
    """One system on one market each."""
    return tuple(Task(KIND, f"{market}/{system}") for market in markets for system in systems)


def market_and_system(task: Task) -> tuple[str, str]:
    """What a task is about.

    >>> market_and_system(Task("predict", "points/ensemble"))
    ('points', 'ensemble')
    """
    market, _, system = task.key.partition("/")
    return market, system


def result_key(batch_id: str, task: Task, fence: int) -> str:
    """Where the owner with that fence leaves its result: no two owners write one object."""
    return f"batches/{batch_id}/results/{task.key}.{fence}.parquet"


def frame_bytes(frame: pl.DataFrame) -> bytes:
    """The frame as Parquet; doubles keep their last bit."""
    buffer = io.BytesIO()
    frame.rechunk().write_parquet(buffer, compression="zstd", compression_level=1)
    return buffer.getvalue()


def frame_of(content: bytes) -> pl.DataFrame:
    """The frame that was written."""
    import polars as pl

    return pl.read_parquet(io.BytesIO(content))


def _plan_key(batch_id: str) -> str:
    return f"batches/{batch_id}/plan.json"
