"""What a game date must produce, planned from the schedule of games: the expected outputs, revised when games move."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from fairline.ops.schema import EXPECTED_OUTPUTS
from fairline.ops.slates import slates_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    import polars as pl

    from fairline.ops.due import Game
    from fairline.platform.home import Home
    from fairline.platform.warehouse import Warehouse, WriteCount

GAME_LASTS = timedelta(minutes=150)
"""From tip-off until a game should have ended."""

AT_ITS_END = ""
"""Due when the game should have ended, rather than by a job."""


class Output(NamedTuple):
    """One thing a game, or a date, must produce. by: the job that makes or needs it, whose due time it must keep.

    expected: how many; None where that is not known beforehand, with why.
    """

    phase: str
    name: str
    by: str
    expected: int | None = None
    why: str | None = None
    of_date: bool = False


WHO_PLAYS = "who plays is not known beforehand"
WHO_IS_QUOTED = "whom the books quote is not known beforehand"
NOT_PRICED = "as many as were priced, and nothing is priced yet"

OUTPUTS = (
    Output("raw", "raw.prop_quotes", "same-day-predictions", why=WHO_IS_QUOTED),
    Output("raw", "raw.games", AT_ITS_END, 1),
    Output("raw", "raw.player_box_scores", AT_ITS_END, why=WHO_PLAYS),
    Output("raw", "raw.shots", "yesterday-analytics", why="how often they shoot is not known beforehand"),
    Output("analytics", "analytics.team_offense_game_summary", "yesterday-analytics", 2),
    Output("analytics", "analytics.team_defense_game_summary", "yesterday-analytics", 2),
    Output("analytics", "analytics.player_game_summary", "yesterday-analytics", why=WHO_PLAYS),
    Output("precompute", "precompute.ml_feature_store", "same-day-phase4", why="who may play is known at the cutoff"),
    Output("predict", "predictions.player_prop_forecasts", "same-day-predictions", why=WHO_IS_QUOTED),
    Output("predict", "predictions.player_prop_predictions", "same-day-predictions", why=WHO_IS_QUOTED),
    Output("grade", "predictions.prediction_accuracy", "yesterday-grading", why=NOT_PRICED),
    Output("publish", "v1/predictions", "publish-tonight", 1, of_date=True),
    Output("publish", "v1/best-bets", "publish-tonight", 1, of_date=True),
    Output("publish", "v1/results", "yesterday-grading", 1, of_date=True),
)
"""Everything that is expected: of each game of a date, or once of the date."""

PHASES = tuple(dict.fromkeys(output.phase for output in OUTPUTS))


def plan_outputs(home: Home, first: date, last: date) -> WriteCount:
    """Plan what the dates must produce by what is known now, both ends included; what the plan said before stays.

    A postponed game, or one that left its date, is expected to produce nothing. Planning twice changes nothing.
    """
    from fairline.analytics.build import refresh

    refresh(home.warehouse)
    slates = slates_of(home.warehouse, first, last)
    now = home.clock.now()
    rows = [row for day, games in slates.items() for row in _of_date(day, games)]
    planned = {(row["game_date"], row["output"], row["game_id"]) for row in rows}
    rows += [row for row in _held(home.warehouse, first, last) if _key(row) not in planned]
    priced = _priced(home.warehouse, first, last)
    for row in rows:
        if row["why"] == NOT_PRICED and (row["game_date"], row["game_id"]) in priced:
            row |= {"expected": priced[row["game_date"], row["game_id"]], "why": None}
    return home.warehouse.append_revisions(EXPECTED_OUTPUTS, _frame(rows, now), now)


def _of_date(day: date, games: Sequence[Game]) -> Iterator[dict[str, Any]]:
    played = [game for game in games if game.status != "postponed"]
    for output in OUTPUTS:
        by_job = _due(output.by, day, games) if output.by else None
        if output.of_date:
            yield _row(day, output, "", by_job, "" if played else "every game is postponed")
            continue
        for game in games:
            why_not = "postponed" if game.status == "postponed" else ""
            yield _row(day, output, game.game_id, by_job if output.by else _ends(day, game), why_not)


def _row(day: date, output: Output, game_id: str, due_at: datetime | None, why_not: str) -> dict[str, Any]:
    about = {"game_date": day, "phase": output.phase, "output": output.name, "game_id": game_id}
    if why_not:
        return {**about, "expected": 0, "why": why_not, "due_at": None}
    return {**about, "expected": output.expected, "why": output.why, "due_at": due_at}


def _ends(day: date, game: Game) -> datetime:
    """When the game should have ended; without a tip-off set, when its date has."""
    from fairline.ops.due_times import clock_times

    return game.tip_at + GAME_LASTS if game.tip_at else clock_times(day + timedelta(days=1), "0 0 * * *")[0]


def _due(job: str, day: date, games: Sequence[Game]) -> datetime | None:
    from fairline.ops.due import times_of
    from fairline.ops.schedule import job_named

    return max(times_of(job_named(job), day, games), default=None)


def _key(row: dict[str, Any]) -> tuple[date, str, str]:
    return row["game_date"], row["output"], row["game_id"]


def _held(warehouse: Warehouse, first: date, last: date) -> list[dict[str, Any]]:
    """What was planned for the dates, as if each game had left its date."""
    facts = warehouse.query(
        "SELECT DISTINCT game_date, phase, output, game_id FROM ops.expected_outputs WHERE game_date BETWEEN ? AND ?"
        " ORDER BY ALL",
        [first, last],
    )
    gone = {"expected": 0, "why": "no longer on this date", "due_at": None}
    return [row | gone for row in facts.iter_rows(named=True)]


def _priced(warehouse: Warehouse, first: date, last: date) -> dict[tuple[date, str], int]:
    """Quotes priced by date and game: each is to be graded."""
    counted = warehouse.query(
        "SELECT game_date, game_id, count(*) FROM predictions.player_prop_predictions"
        " WHERE book <> '' AND game_date BETWEEN ? AND ? GROUP BY ALL",
        [first, last],
    )
    return {(day, game_id): number for day, game_id, number in counted.iter_rows()}


def _frame(rows: list[dict[str, Any]], now: datetime) -> pl.DataFrame:
    import polars as pl

    instant = pl.Datetime("us", "UTC")
    types = {"game_date": pl.Date(), "expected": pl.Int32(), "due_at": instant, "known_at": instant}
    names = [name for name in EXPECTED_OUTPUTS.column_names if name != "content_hash"]
    schema = {name: types.get(name, pl.String()) for name in names}
    return pl.DataFrame([row | {"known_at": now} for row in rows], schema=schema)
