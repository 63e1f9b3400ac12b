"""What each role does for a canary: its everyday work, in the canary's home, and a look at what came of it."""

from __future__ import annotations

import json
import math
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from fairline.domain.clock import FixedClock
from fairline.domain.errors import NotFound, Refused
from fairline.services import canary_home
from fairline.services.given import Moment, Strict

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairline.services.canary_home import CanaryHome
    from fairline.services.station import Station

MARKET = "points"


class StepAsked(Strict):
    """What a role needs to do its part. now: where the canary's clock stands. batch_id: what to complete."""

    now: Moment
    day: date
    player_id: Annotated[int, Field(gt=0, lt=2**53)]
    batch_id: Annotated[str, Field(max_length=128, pattern=r"^[A-Za-z0-9._:/+-]*$")] = ""


class StepDone(Strict):
    """What a role did for the canary, in words and numbers."""

    role: str
    did: str
    counts: dict[str, int] = Field(default_factory=dict)
    batch_id: str = ""


def _raw(station: Station, canary: CanaryHome, asked: StepAsked) -> StepDone:  # noqa: ARG001 - every step is given both
    from fairline.ops.phases import load_raw

    with canary.opened() as home:
        result = load_raw(home, asked.day, trigger="manual")
    told = result.counts
    lost = told.get("quarantined", 0) + told.get("unresolved", 0)
    if lost or result.status != "success":
        message = f"Of the canary's captures {lost} records were set aside; the load ended as {result.status}"
        raise Refused(message, hint="A parser no longer reads what it used to: run its tests in tests/raw.")
    return _done("raw", f"wrote {told.get('written', 0)} rows", told)


def _analytics(station: Station, canary: CanaryHome, asked: StepAsked) -> StepDone:  # noqa: ARG001 - likewise
    from fairline.ops.phases import build_analytics

    with canary.opened() as home:
        result = build_analytics(home, asked.day, trigger="manual")
    games = result.counts.get("player_game_summary", 0)
    if not games:
        raise Refused("The canary's games were not summarised", hint="`fairline sql player_game_summary` shows how.")
    return _done("analytics", f"{games} player games summarised", result.counts)


def _precompute(station: Station, canary: CanaryHome, asked: StepAsked) -> StepDone:  # noqa: ARG001 - likewise
    from fairline.ops.phases import precompute_date

    with canary.opened() as home:
        result = precompute_date(home, asked.day, trigger="manual")
        row = home.warehouse.query(
            "SELECT quality, tier FROM precompute.ml_feature_store WHERE player_id = ? ORDER BY cutoff DESC LIMIT 1",
            [asked.player_id],
        )
    if row.is_empty():
        raise Refused("The canary has no feature row", hint="`fairline explain` takes a row apart.")
    quality, tier = row.row(0)
    return _done("precompute", f"feature row of quality {quality:.0f} ({tier})", result.counts)


def _coordinator(station: Station, canary: CanaryHome, asked: StepAsked) -> StepDone:
    from fairline.ops.coordinating import complete_batch, start_batch

    with canary.opened() as home:
        if not asked.batch_id:
            model_hash = canary_home.lend_model(station, home, MARKET)
            started = start_batch(home, asked.day, (MARKET,))
            did = f"opened a batch of {started.expected} units and {started.tasks} tasks for model {model_hash[:8]}"
            counts = {"expected": started.expected, "tasks": started.tasks, **started.skipped}
            return _done("coordinator", did, counts, started.batch_id)
        run = complete_batch(home, asked.batch_id)
    if run is None:
        raise Refused("The canary's batch cannot be completed yet", hint="A task has not ended; see the worker.")
    told = {"predictions": run.predictions.height, "games": run.games}
    return _done("coordinator", f"completed the batch with {run.predictions.height} predictions", told, run.batch_id)


def _worker(station: Station, canary: CanaryHome, asked: StepAsked) -> StepDone:  # noqa: ARG001 - likewise
    from fairline.predict.worker import Worker

    with canary.workplace() as (ledger, objects):
        worker, worked = Worker(ledger, objects, FixedClock(canary.now), f"canary {canary.folder.name}"), 0
        while worker.work_once() is not None:
            worked += 1
        failed = ledger.dead_letters()
    if failed or not worked:
        message = f"Of {worked} tasks {len(failed)} failed" if worked else "The worker found no task"
        hint = f"{failed[0].task.key}: {failed[0].reason}" if failed else "The coordinator opened none: see its row."
        raise Refused(message, hint=hint)
    return _done("worker", f"worked {worked} tasks", {"tasks": worked})


def _publishing(station: Station, canary: CanaryHome, asked: StepAsked) -> StepDone:  # noqa: ARG001 - likewise
    from fairline.ops.phases import export_phase

    with canary.opened() as home:
        result = export_phase(home, asked.day)
        document = json.loads(home.objects.get(f"v1/predictions/{asked.day}.json"))
    systems = _systems_of(document, asked.player_id)
    priced = [system for system in systems if _is_priced(system)]
    silent = [system for system in systems if system not in priced and not system.get("reason")]
    if not priced or silent:
        message = f"Of the canary's {len(systems)} systems {len(priced)} are priced, {len(silent)} say nothing"
        raise Refused(message, hint="`fairline board --systems all` shows the same of a real player.")
    counts = {**result.counts, "systems": len(systems), "priced": len(priced)}
    return _done("publishing", f"published {len(priced)} priced systems, {len(systems)} in all", counts)


def _grading(station: Station, canary: CanaryHome, asked: StepAsked) -> StepDone:  # noqa: ARG001 - likewise
    from fairline.ops.phases import grade_phase

    with canary.opened() as home:
        result = grade_phase(home, asked.day)
        ended = home.warehouse.query(
            "SELECT count(*) FROM predictions.prediction_accuracy WHERE player_id = ? AND outcome IN ('over', 'under')",
            [asked.player_id],
        ).item()
    if not ended:
        raise Refused("No prediction of the canary was graded", hint="`fairline grade` says what it lacks.")
    return _done("grading", f"graded {ended} predictions", result.counts)


STEPS: dict[str, Callable[[Station, CanaryHome, StepAsked], StepDone]] = {
    "raw": _raw, "analytics": _analytics, "precompute": _precompute, "coordinator": _coordinator, "worker": _worker,
    "publishing": _publishing, "grading": _grading,
}  # fmt: skip
"""What each role does for a canary."""


def _done(role: str, did: str, counts: dict[str, int], batch_id: str = "") -> StepDone:
    return StepDone(role=role, did=did, counts=counts, batch_id=batch_id)


def _systems_of(document: dict[str, Any], player_id: int) -> list[dict[str, Any]]:
    """What each system says of a player. Raises NotFound when he is not in the document."""
    for player in document["players"]:
        if player["player_id"] == player_id:
            return [system for market in player["markets"] for system in market["systems"]]
    raise NotFound("The canary is not in the published file", hint="See the coordinator's row: was he skipped?")


def _is_priced(system: dict[str, Any]) -> bool:
    """Both sides of a quote have probabilities between 0 and 1."""
    best = system.get("best") or {}
    told = [(best.get(side) or {}).get(name) for side in ("over", "under") for name in ("p", "p_push")]
    return all(isinstance(p, int | float) and math.isfinite(p) and 0 <= p <= 1 for p in told)
