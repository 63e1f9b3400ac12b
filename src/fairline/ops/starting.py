"""The first part of a slate run: what is to be forecast is settled and written down, then the batch is opened.

Everything a worker reads lies in the object store before the ledger knows of the batch, so a start that dies at any
point leaves nothing open and nothing in the way of the next.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from fairline.analytics.build import refresh
from fairline.domain.dates import utc
from fairline.domain.errors import ContractMismatch, NotFound, Permanent, Transient
from fairline.features import market
from fairline.features.contract import contract_hash, model_features
from fairline.features.store import keep_market
from fairline.ops.fallback import kept_rows
from fairline.ops.frames import games_of
from fairline.ops.opening import held_as, open_batch, refuse_open
from fairline.ops.slate_rows import cutoffs_of, moment_of, slate_rows
from fairline.ops.training import train
from fairline.ops.units import RUN_KIND, filtered, planned, skipped_by_reason
from fairline.platform.ledger.contract import Batch
from fairline.predict import registry
from fairline.predict.systems import SYSTEMS
from fairline.predict.tasks import Inputs, Plan, tasks_for, write_plan

if TYPE_CHECKING:
    import polars as pl

    from fairline.platform.home import Home

ABOUT = (
    "game_id", "player_id", "cutoff", "game_date", "tip_at", "player_name", "team_id", "opponent_id", "status",
    "quality", "row_hash", "status_changed_at", "skipped",
)  # fmt: skip
"""What is told of everyone expected, whether he is forecast or not."""


class Started(NamedTuple):
    """A batch as begun. expected: its units, of which `skipped` by reason are born so. tasks: its workers'."""

    batch_id: str
    game_date: date
    as_of: datetime
    expected: int
    skipped: dict[str, int]
    tasks: int


class Steps:
    """Seconds by named step, from a monotonic clock: a measurement, never an input."""

    def __init__(self) -> None:
        """Begin the first step."""
        self.seconds: dict[str, float] = {}
        self._since = time.perf_counter()

    def done(self, step: str) -> None:
        """End a step; the next one begins."""
        now = time.perf_counter()
        self.seconds[step] = round(now - self._since, 3)
        self._since = now


@dataclass(frozen=True, slots=True)
class Asked:
    """What a caller wants priced, and what is to become of a batch of the date that is open.

    systems: all of them when empty. force: the open one gives way. take_up: it was left by a process that died; the
    same batch goes on, another gives way. fallback: rows kept earlier will do when the features cannot be built.
    """

    day: date
    markets: tuple[str, ...]
    systems: tuple[str, ...] = ()
    as_of: datetime | None = None
    force: bool = False
    take_up: bool = False
    fallback: bool = False
    told: Callable[[str], None] = lambda _: None
    steps: Steps = field(default_factory=Steps)


def start_batch(
    home: Home,
    day: date,
    markets: Sequence[str],
    systems: Sequence[str] = (),
    *,
    as_of: datetime | None = None,
    force: bool = False,
    fallback: bool = False,
    told: Callable[[str], None] = lambda _: None,
) -> Started:
    """Settle what is forecast of the day's games as of a moment, and open the batch for workers.

    as_of: an aware moment; without it now, or for a day gone by the latest capture before its tip-offs. The same start
    again is the same batch: closed without a failure it stays so, with failures it is their next attempt. force: a
    batch of the date that is open gives way. fallback: should the features be impossible to build, rows kept earlier
    are taken, at their lower quality. Raises AlreadyOpen; NotFound without games, players, any model, or a system of
    that name; LookAhead for a future as_of; ContractMismatch for models of other features.
    """
    moment = None if as_of is None else utc(as_of)
    asked = Asked(day, tuple(markets), tuple(systems), moment, force=force, fallback=fallback, told=told)
    return start(home, asked)


def start(home: Home, asked: Asked) -> Started:
    """Start what is asked. Raises as `start_batch`."""
    if not (asked.force or asked.take_up):
        refuse_open(home.ledger, asked.day)
    systems = _checked(asked.systems) or SYSTEMS
    slate = _slate(home, asked)
    plan, inputs, players = _written(home, asked, systems, slate)
    natural_id = f"{asked.day}/{RUN_KIND}/{slate.as_of:%Y%m%dT%H%M%SZ}"
    batch_id = write_plan(home.objects, natural_id, plan, inputs, lambda one: held_as(home.ledger, one) is not None)
    units = planned(players, asked.markets)
    tasks = tasks_for(asked.markets, systems) if players["skipped"].has_nulls() else ()
    batch = Batch(batch_id, asked.day, RUN_KIND, units, tasks)
    opened = open_batch(home.ledger, batch, force=asked.force, take_up=asked.take_up)
    asked.steps.done("features")
    return Started(batch_id, asked.day, slate.as_of, len(units), skipped_by_reason(units), len(tasks) if opened else 0)


class _Slate(NamedTuple):
    """Whom to price as of when, and by which models. note: how the rows came about, when it is not as usual."""

    as_of: datetime
    rows: pl.DataFrame
    models: dict[str, str]
    left_out: int
    note: str


def _slate(home: Home, asked: Asked) -> _Slate:
    warehouse, late = home.warehouse, ""
    try:
        refresh(warehouse)
    except (Transient, Permanent) as error:
        late = _late(asked, error)
    games = games_of(warehouse, asked.day)
    as_of = moment_of(home, games, asked.as_of)
    models = _models(home, asked.markets, as_of, asked.told)
    asked.steps.done("models")
    cutoffs = cutoffs_of(warehouse, asked.day, games, as_of)
    try:
        rows = kept_rows(warehouse, cutoffs) if late else slate_rows(warehouse, cutoffs, asked.markets)
    except (Transient, Permanent) as error:
        if late or isinstance(error, NotFound):
            raise
        late = _late(asked, error)
        rows = kept_rows(warehouse, cutoffs)
    return _Slate(as_of, filtered(rows), models, games.height - cutoffs.height, late)


def _late(asked: Asked, error: Exception) -> str:
    """What to say of a start that falls back; without leave to, the error is raised again."""
    if not asked.fallback:
        raise error
    note = f"features as kept earlier, for they could not be built ({type(error).__name__}: {error})"
    asked.told(note)
    return note


def _models(home: Home, markets: Sequence[str], as_of: datetime, told: Callable[[str], None]) -> dict[str, str]:
    """Each market's latest honest model; those of which every one kept knows more are first fitted as of the moment."""
    knowing = [name for name in markets if not registry.has_honest(home.objects, name, as_of)]
    if knowing:
        told(
            f"the models of {', '.join(knowing)} learned from later outcomes: fitting as of {as_of:%Y-%m-%d %H:%M} UTC"
        )
        train(home, knowing, known_by=as_of, told=told)
    models = {name: registry.latest(home.objects, name, as_of) for name in markets}
    ours = contract_hash(model_features())
    for name, model_hash in models.items():
        theirs = registry.card_of(home.objects, name, model_hash)["contract_hash"]
        if theirs != ours:
            message = f"the {name} model follows contract {theirs}, the rows follow {ours}"
            raise ContractMismatch(message, hint="`fairline train` fits models to the current contract.")
    return models


def _written(home: Home, asked: Asked, systems: tuple[str, ...], slate: _Slate) -> tuple[Plan, Inputs, pl.DataFrame]:
    """The plan, the inputs it names, and everyone expected."""
    import polars as pl

    inputs, players = Inputs(), slate.rows.select(ABOUT)
    forecast = slate.rows.filter(slate.rows["skipped"].is_null()).drop("skipped")
    lines, quotes, held = {}, {}, []
    quoted = market.quotes_of_each(home.warehouse, slate.rows.select(market.PLAYER), asked.markets)
    for name, standing in quoted.items():
        consensus = market.consensus(standing)
        held.append(named(consensus, name))
        lines[name], quotes[name] = inputs.add(f"lines.{name}", consensus), inputs.add(f"quotes.{name}", standing)
    keep_market(home.warehouse, pl.concat(held))
    plan = Plan(
        asked.day, slate.as_of, contract_hash(model_features()), asked.markets, systems, slate.models,
        features=inputs.add("features", forecast), players=inputs.add("players", players), lines=lines, quotes=quotes,
        left_out=slate.left_out, note=slate.note,
    )  # fmt: skip
    return plan, inputs, players


def named(consensus: pl.DataFrame, name: str) -> pl.DataFrame:
    """A market's consensus that says which market it is of."""
    import polars as pl

    return consensus.with_columns(market=pl.lit(name))


def _checked(systems: tuple[str, ...]) -> tuple[str, ...]:
    for name in systems:
        if name not in SYSTEMS:
            message = f"no system is named {name}"
            raise NotFound(message, hint=f"choose among {', '.join(SYSTEMS)}")
    return tuple(dict.fromkeys(systems))
