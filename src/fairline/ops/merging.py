"""The last part of a slate run: its workers' results merged, priced, kept and published, and the batch closed.

Each step bears being done again, so whoever completes a batch after a crash ends where the first would have.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from fairline.features.availability import BY_STATUS
from fairline.ops.starting import Steps, named
from fairline.ops.units import SYSTEM_FAILED, ended, planned, skipped_by_reason
from fairline.platform.ledger.contract import BatchStatus, TaskState
from fairline.predict import registry
from fairline.predict.board import best, best_sides
from fairline.predict.pricing import StakeRules, price
from fairline.predict.rows import unforecast_rows
from fairline.predict.schema import BEST_BETS, FORECASTS, PREDICTIONS
from fairline.predict.tasks import frame_of, input_of, market_and_system, plan_of
from fairline.publish.exports import Prepared, Published, publish
from fairline.publish.slate import Slate, documents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import polars as pl

    from fairline.domain.tables import Table
    from fairline.platform.home import Home
    from fairline.platform.ledger.contract import HeldBatch, HeldTask
    from fairline.predict.tasks import Plan


class SlateRun(NamedTuple):
    """What a run priced. seconds: by named step. skipped: units not forecast, by reason."""

    batch_id: str
    game_date: date
    as_of: datetime
    games: int
    predictions: pl.DataFrame
    best: pl.DataFrame
    published: tuple[Published, ...]
    seconds: dict[str, float]
    notes: tuple[str, ...]
    skipped: dict[str, int]
    status: BatchStatus


def merge(home: Home, held: HeldBatch, tasks: Sequence[HeldTask], steps: Steps) -> SlateRun | None:
    """Merge what the tasks left, price, keep, end the units, publish and close.

    A task that has not ended is withdrawn first: what it would still bring is not published, so it must not come.
    None when the batch was closed meanwhile by somebody else, without being published.
    """
    if any(task.state in {TaskState.FREE, TaskState.CLAIMED} for task in tasks):
        home.ledger.withdraw(held.batch_id)
        tasks = home.ledger.tasks_of(held.batch_id)
    plan = plan_of(home.objects, held.batch_id)
    priced = _merged(home, held, plan, tasks)
    steps.done("forecast and price")
    # The documents are written out while the rows are: each takes a processor about as long.
    with ThreadPoolExecutor(max_workers=1) as beside:
        told = beside.submit(_documents, home, held, plan, priced)
        with home.warehouse.transaction():
            for table, rows in (
                (FORECASTS, priced.forecasts),
                (PREDICTIONS, priced.predictions),
                (BEST_BETS, priced.best),
            ):
                _keep(home, table, held.batch_id, rows)
    home.ledger.end_units(held.batch_id, ended(priced.forecasts))
    written: tuple[Published, ...] = ()
    if home.ledger.batch(held.batch_id).status == BatchStatus.OPEN:
        written = _publish(home, held, told.result())
        home.ledger.close(held.batch_id, failing_open_with=SYSTEM_FAILED)
    run = _run(home, home.ledger.batch(held.batch_id), tasks, lambda: (priced.predictions, priced.best))
    steps.done("keep and publish")
    return run._replace(published=written) if run and written else run


def as_kept(home: Home, held: HeldBatch, tasks: Sequence[HeldTask]) -> SlateRun | None:
    """A completed batch, as the tables hold it; None for one that was never published."""
    return _run(
        home, held, tasks, lambda: tuple(_rows_of(home, one, held.batch_id) for one in (PREDICTIONS, BEST_BETS))
    )


def _run(
    home: Home, held: HeldBatch, tasks: Sequence[HeldTask], rows: Callable[[], tuple[pl.DataFrame, ...]]
) -> SlateRun | None:
    """The run of a batch, of which `rows` gives predictions and best bets; None for one that was never published."""
    published = _published(home, held)
    if published is None:
        return None
    plan = plan_of(home.objects, held.batch_id)
    players = input_of(home.objects, held.batch_id, plan.players)
    predictions, chosen = rows()
    quoted = any(input_of(home.objects, held.batch_id, name).height for name in plan.quotes.values())
    return SlateRun(
        held.batch_id, held.game_date, plan.as_of, players["game_id"].n_unique(), predictions, chosen, published, {},
        tuple(_notes(plan, tasks, quoted=quoted)), skipped_by_reason(planned(players, plan.markets)), held.status,
    )  # fmt: skip


def _notes(plan: Plan, tasks: Sequence[HeldTask], *, quoted: bool) -> Iterator[str]:
    """What the reader of the board should know first."""
    if plan.note:
        yield plan.note
    if plan.left_out:
        yield (
            f"{plan.left_out} of the day's games left out: by {plan.as_of:%H:%M} UTC not known, postponed, "
            "or on another day"
        )
    if not quoted:
        yield f"no quotes are held for {plan.game_date} before {plan.as_of:%H:%M} UTC"
    for task in tasks:
        if task.state != TaskState.DONE:
            market, system = market_and_system(task.task)
            yield f"{system} on {market} has no forecasts: {task.reason or 'it did not end'}"


class _Priced(NamedTuple):
    """Rows of a batch: of FORECASTS, of PREDICTIONS in the order of their key, and of BEST_BETS."""

    forecasts: pl.DataFrame
    predictions: pl.DataFrame
    best: pl.DataFrame


def _merged(home: Home, held: HeldBatch, plan: Plan, tasks: Sequence[HeldTask]) -> _Priced:
    """What the tasks left, at the quotes that stood at the cutoffs."""
    import polars as pl

    players = input_of(home.objects, held.batch_id, plan.players)
    forecasts = [_forecasts(home, held, plan, players, tasks, name) for name in plan.markets]
    priced = [_priced(home, held, plan, *one) for one in zip(plan.markets, forecasts, strict=True)]
    predictions = pl.concat(priced).sort(PREDICTIONS.key)
    kept = pl.concat(forecasts).select(FORECASTS.column_names)
    return _Priced(kept, predictions, best(predictions, home.settings.books))


def _forecasts(
    home: Home, held: HeldBatch, plan: Plan, players: pl.DataFrame, tasks: Sequence[HeldTask], name: str
) -> pl.DataFrame:
    """Rows of FORECASTS and `status_changed_at` of one market: results, and the reasons of those without one."""
    import polars as pl

    forecast = players.filter(pl.col("skipped").is_null()).with_columns(skipped=pl.lit(SYSTEM_FAILED))
    about = {"batch_id": held.batch_id, "market": name, "model_hash": plan.models[name]}
    parts = [
        unforecast_rows(players.filter(pl.col("skipped").is_not_null()), plan.systems, **about),
    ]
    for task in tasks:
        market, system = market_and_system(task.task)
        if market != name:
            continue
        if task.state == TaskState.DONE:
            parts.append(frame_of(home.objects.get(task.result)))
        else:
            parts.append(unforecast_rows(forecast, (system,), **about))
    return pl.concat(parts)


def _priced(home: Home, held: HeldBatch, plan: Plan, name: str, forecasts: pl.DataFrame) -> pl.DataFrame:
    """One market's forecasts at the quotes that stood at the cutoffs."""
    lines, quotes = (input_of(home.objects, held.batch_id, names[name]) for names in (plan.lines, plan.quotes))
    return price(forecasts, quotes, named(lines, name), _rules(home, name, plan.models[name]))


def _rules(home: Home, name: str, model_hash: str) -> StakeRules:
    """What a stake must have earned, by the settings and by how the model did when it was trained."""
    metrics = registry.card_of(home.objects, name, model_hash)["about"]["metrics"]
    settings = home.settings
    return StakeRules(
        stake_system=settings.stake_system,
        verdicts={name: metrics.get(settings.stake_system, {}).get("verdict", "INSUFFICIENT")},
        edge_error={system: result["edge_error"] for system, result in metrics.items()},
        kelly_fraction=settings.kelly_fraction,
        books=settings.books,
        pickem_break_even=settings.pickem_break_even,
    )


def _documents(home: Home, held: HeldBatch, plan: Plan, priced: _Priced) -> tuple[Prepared, ...]:
    """What is to be published of the batch."""
    # Whole distributions are long, and not published.
    slate = Slate(
        day=held.game_date, contract_hash=plan.contract_hash, forecasts=priced.forecasts.drop("pmf"),
        predictions=priced.predictions, best=priced.best, sides=best_sides(priced.predictions, home.settings.books),
        plays=BY_STATUS,
    )  # fmt: skip
    return documents(slate)


def _publish(home: Home, held: HeldBatch, told: Sequence[Prepared]) -> tuple[Published, ...]:
    """Publish the batch's documents, once for each attempt, and note that it was; nothing when it had been."""
    if _published(home, held) is not None:
        return ()
    published = tuple(publish(home.objects, home.ledger, document) for document in told)
    home.objects.put(_published_key(held), json.dumps([[one.key, one.revision] for one in published]).encode())
    return published


def _published(home: Home, held: HeldBatch) -> tuple[Published, ...] | None:
    key = _published_key(held)
    if not home.objects.exists(key):
        return None
    return tuple(Published(name, revision, written=False) for name, revision in json.loads(home.objects.get(key)))


def _published_key(held: HeldBatch) -> str:
    return f"batches/{held.batch_id}/published.{held.attempt}.json"


def _keep(home: Home, table: Table, batch_id: str, rows: pl.DataFrame) -> None:
    """Make the table hold these rows of the batch.

    What an earlier attempt said under a key that is gone, such as no line, goes with it. A batch of which nothing is
    held is only inserted, which takes a quarter of the time.
    """
    of_batch = f"{table.full_name} WHERE batch_id = ?"
    if not home.warehouse.query(f"SELECT EXISTS (FROM {of_batch})", [batch_id]).item():
        home.warehouse.append_new(table, rows)
        return
    key = ", ".join(table.key)
    with home.warehouse.frame("said", rows.select(table.key)):
        home.warehouse.execute(f"DELETE FROM {of_batch} AND ({key}) NOT IN (SELECT ({key}) FROM said)", [batch_id])  # noqa: S608 - names of our own
    home.warehouse.upsert(table, rows)


def _rows_of(home: Home, table: Table, batch_id: str) -> pl.DataFrame:
    # Whole distributions are long, and neither shown nor published.
    columns = ", ".join(name for name in table.column_names if name != "pmf")
    rows = f"SELECT {columns} FROM {table.full_name}"  # noqa: S608 - names of our own
    return home.warehouse.query(f"{rows} WHERE batch_id = ? ORDER BY {', '.join(table.key)}", [batch_id])
