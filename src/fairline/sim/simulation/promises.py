"""What must hold when a day is over, whatever went wrong in it. Each promise is looked at from the outside.

A promise yields what breaks it, in words that name the row. None of them asks the code that it judges: what should be
there is computed from the league, from raw rows, or from the ledger's own numbers. Where two readings of the clock are
compared, as much is allowed as it was set back in the run, which in most is nothing.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING

from fairline.domain.dates import EASTERN
from fairline.ops.coordinating import batch_status
from fairline.platform.ledger.contract import BatchStatus, RunStatus, TaskState, UnitState
from fairline.sim.simulation.knowledge import (
    nothing_is_known_before_it_was_so,
    nothing_is_known_before_it_was_told,
    nothing_was_read_past_its_cutoff,
    what_the_user_said_counts_from_then_on,
)
from fairline.sim.simulation.model import SYSTEMS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from fairline.sim.simulation.machine import Machine

PUBLISHED = {BatchStatus.DONE, BatchStatus.PARTIAL}
MOST_ATTEMPTS = 10
"""Claims of one task: five, and five again when its batch is opened anew."""


def broken(machine: Machine, day: date) -> list[str]:
    """Every promise that does not hold of the day, now that it was graded."""
    return [told for promise in PROMISES for told in promise(machine, day)]


def every_unit_ended(machine: Machine, day: date) -> Iterator[str]:
    """Batches are closed, their units and tasks have ends, and no more than all of the work has ended."""
    for batch in machine.batches(day):
        view = batch_status(machine.ledger, batch.batch_id)
        if batch.status == BatchStatus.OPEN or view.units.get(UnitState.OPEN.value, 0):
            yield f"{batch.batch_id} is {batch.status} with {view.units} on the morning after"
        if any(task.state in {TaskState.FREE, TaskState.CLAIMED} for task in view.tasks):
            yield f"{batch.batch_id} has tasks without an end"
        if {task.state for task in view.tasks} == {TaskState.DONE} and batch.status in PUBLISHED - {BatchStatus.DONE}:
            yield f"{batch.batch_id} is {batch.status} with {view.units}, though every task is done"
        if most := [task.task.key for task in view.tasks if task.attempts > MOST_ATTEMPTS]:
            yield f"{batch.batch_id}: {most} were claimed more than {MOST_ATTEMPTS} times"
        if not 0 <= view.percent_done <= 100:
            yield f"{batch.batch_id} is done to {view.percent_done} %"
        if (closed := batch.closed_at) is not None and closed < batch.opened_at - machine.clock.behind:
            yield f"{batch.batch_id} was closed before it was opened"


def the_day_was_priced(machine: Machine, day: date) -> Iterator[str]:
    """A day with a game has a batch that was published, once the schedule was looked at in time and in peace.

    Otherwise what was tried says why not: a run that failed, or a batch that did.
    """
    if not [game for game in machine.league.of_day(day) if game.postponed_at is None]:
        return
    batches = machine.batches(day)
    if any(batch.status in PUBLISHED for batch in batches):
        return
    names = {"same-day-predictions", "self-heal"}
    tried = [run for run in machine.runs() if run.name in names and run.game_date == day]
    said = [(run.name, run.status.value, run.error) for run in tried]
    died = {RunStatus.FAILED, RunStatus.OVERDUE}
    if day in machine.looked_in_peace and not tried:
        yield f"{day} was not priced, and nothing tried, though the schedule was looked at in time"
    elif tried and not any(run.status in died or run.error for run in tried) and not batches:
        yield f"{day} was not priced, and no run says why: {said}"
    if batches and not machine.warehouse.query("SELECT count(*) FROM ops.alerts").item():
        yield f"{day} was not published, and no alert says so: {[(one.batch_id, one.status) for one in batches]}"


def each_forecast_once(machine: Machine, day: date) -> Iterator[str]:
    """A batch that was published holds each unit's forecast by each system, and each forecast a price or a reason."""
    held = dict(machine.warehouse.query(
        "SELECT batch_id, count(*) FROM predictions.player_prop_forecasts WHERE game_date = ? GROUP BY 1", [day]
    ).iter_rows())  # fmt: skip
    priced = dict(machine.warehouse.query(
        "SELECT batch_id, count(DISTINCT (game_id, player_id, market, system))"
        " FROM predictions.player_prop_predictions WHERE game_date = ? GROUP BY 1", [day]
    ).iter_rows())  # fmt: skip
    for batch in machine.batches(day):
        if batch.status not in PUBLISHED:
            continue
        expected = sum(machine.ledger.tally(batch.batch_id).values()) * len(SYSTEMS)
        for what, found in (("forecasts", held), ("priced", priced)):
            if found.get(batch.batch_id, 0) != expected:
                yield f"{batch.batch_id} holds {found.get(batch.batch_id, 0)} {what} of {expected}"


def each_prediction_graded(machine: Machine, day: date) -> Iterator[str]:
    """Each distribution, and each price of one, is graded, lastly by the box score as it stands, and never twice."""
    rows = machine.warehouse.query(
        """
        SELECT said.game_id, said.player_id, said.half_points, said.book, grade.actual, grade.outcome,
            grade.grades, grade.said
        FROM predictions.player_prop_predictions AS said
        LEFT JOIN (
            SELECT batch_id, game_id, player_id, market, system, book, half_points,
                arg_max(actual, known_at) AS actual, arg_max(outcome, known_at) AS outcome,
                count(*) AS grades, count(DISTINCT (actual, outcome, profit, clv, crps)) AS said
            FROM predictions.prediction_accuracy WHERE game_date = $day GROUP BY ALL
        ) AS grade USING (batch_id, game_id, player_id, market, system, book, half_points)
        WHERE said.game_date = $day AND said.mean IS NOT NULL
        """,
        {"day": day},
    )
    games = {game.game_id: game for game in machine.league.of_day(day)}
    players = {player.player_id: player for player in machine.league.players}
    now, told = machine.clock.now(), set()
    for game_id, player_id, half_points, book, actual, outcome, grades, said in rows.iter_rows():
        game = games[game_id]
        played = game.final(now) and machine.league.plays(game, players[player_id])
        truth = machine.league.box(game, players[player_id], now)["PTS"] if played else None
        ended = _ended(truth, half_points, over=game.final(now)) if book else None
        if grades is None or (outcome, actual) != (ended, truth):
            told.add(f"{game_id}/{player_id} at {half_points}: graded {outcome} by {actual}, truly {ended} by {truth}")
        elif grades > said:
            told.add(f"{game_id}/{player_id} at {half_points} was graded {grades} times, to say {said} things")
    yield from sorted(told)[:3]


def _ended(truth: int | None, half_points: int, *, over: bool) -> str:
    if truth is None:
        return "void" if over else "no_action"
    return "push" if 2 * truth == half_points else "over" if 2 * truth > half_points else "under"


def the_schedule_keeps_eastern_time(machine: Machine, day: date) -> Iterator[str]:
    """What is due at six in the morning is due then on Eastern clocks, whatever night was before."""
    for run in machine.runs("yesterday-grading"):
        if run.due_at is not None and run.game_date == day:
            local = run.due_at.astimezone(EASTERN)
            if (local.date() - day, local.hour) != (timedelta(days=1), 6):
                yield f"the grading of {day} was due at {local}, not at six on the morning after"


def published_equals_stored(machine: Machine, day: date) -> Iterator[str]:
    """What is out is the last revision, says what the tables say, and is the latest batch that ended well."""
    for kind in ("predictions", "best-bets", "results"):
        folder = f"v1/{kind}/{day}"
        said = machine.ledger.revisions(folder)
        if not said:
            continue
        if not machine.objects.exists(f"{folder}.json"):
            yield f"{folder}.json is not out, though the ledger holds {len(said)} revisions"
            continue
        document = json.loads(machine.objects.get(f"{folder}.json"))
        revision = document.pop("revision")
        text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        if (revision, hashlib.sha256(text.encode()).hexdigest()) != (said[-1].number, said[-1].digest):
            yield f"{folder}.json is revision {revision}, not what the ledger says of {said[-1].number}"
        if machine.objects.get(f"{folder}/r{revision}.json") != machine.objects.get(f"{folder}.json"):
            yield f"{folder}.json is another text than its revision {revision}"
        if kind == "predictions":
            yield from _says_what_is_stored(machine, document)


def _says_what_is_stored(machine: Machine, document: dict[str, object]) -> Iterator[str]:
    batch_id = document["generated_from"]["batch"]  # type: ignore[index]
    out = {
        (player["player_id"], market["market"], system["system"]): system["mean"]
        for player in document["players"]  # type: ignore[attr-defined]
        for market in player["markets"]
        for system in market["systems"]
    }
    held = {
        row[:3]: row[3]
        for row in machine.warehouse.query(
            "SELECT player_id, market, system, mean FROM predictions.player_prop_forecasts WHERE batch_id = ?",
            [batch_id],
        ).iter_rows()
    }
    if out.keys() != held.keys() or any(abs((out[key] or 0) - (held[key] or 0)) > 1e-6 for key in out):
        yield f"what is published of {batch_id} is not what is stored of it"


def no_error_without_a_word(machine: Machine, day: date) -> Iterator[str]:
    """A run that failed says by what, and one that succeeded counted something."""
    for run in machine.runs():
        if run.game_date != day:
            continue
        if run.status.value == "failed" and not run.error:
            yield f"{run.name} of {run.due_at or run.started_at} failed without a word"
        if run.status.value == "success" and not any(run.counts.values()):
            yield f"{run.name} succeeded without a row"


PROMISES = (
    every_unit_ended, the_day_was_priced, each_forecast_once, each_prediction_graded, nothing_was_read_past_its_cutoff,
    nothing_is_known_before_it_was_so, nothing_is_known_before_it_was_told, what_the_user_said_counts_from_then_on,
    the_schedule_keeps_eastern_time, published_equals_stored, no_error_without_a_word,
)  # fmt: skip
