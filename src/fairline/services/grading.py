"""The grading service: a date's predictions against its results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from fastapi import APIRouter

from fairline.domain.errors import BrokenContract
from fairline.domain.settle import Outcome, outcomes
from fairline.grade.grading import grade
from fairline.ops.phases import grade_phase
from fairline.platform.ledger.access import Scope
from fairline.services.canary import ledger_answers, objects_bear, tried, tried_in_home
from fairline.services.given import Day, Done, Strict, day_of
from fairline.services.guard import needs
from fairline.services.problems import PROBLEMS

if TYPE_CHECKING:
    from datetime import date

    from fairline.platform.home import Home
    from fairline.services.contract import Check
    from fairline.services.station import Station

NAME = "grading"


class Grade(Strict):
    """The game date to grade."""

    date: Day


def routes(station: Station) -> APIRouter:
    """`POST /grade-date`."""
    router = APIRouter(tags=[NAME], responses=PROBLEMS)

    @router.post("/grade-date", dependencies=[needs(Scope.WRITE)])
    def grade_date(wanted: Grade) -> Done:
        """Grade a date by what is known now, and publish its results; `partial` while some games are not final."""
        with station.turn() as home:
            return Done.of(grade_phase(home, day_of(wanted.date, station.clock)))

    return router


def ready(station: Station) -> list[Check]:
    """One bet of each kind is settled, and the latest predictions held are graded; nothing of it stays."""
    return [
        objects_bear(station.objects), ledger_answers(station), tried("settlement", _settle),
        tried_in_home(station, "grades", _grade),
    ]  # fmt: skip


def _settle() -> str:
    """Over, under, push, and a player who did not play: 25, 24, 24 and nothing on a line of 24 or a half off it."""
    actual, half_points = np.array([25.0, 24.0, 24.0, np.nan]), np.array([49, 49, 48, 49])
    yes, no = np.ones(4, dtype=bool), np.zeros(4, dtype=bool)
    ended = outcomes(actual, half_points, game_final=yes, postponed=no, results_held=yes)
    wanted = [Outcome.OVER, Outcome.UNDER, Outcome.PUSH, Outcome.VOID]
    if list(ended) != [each.value for each in wanted]:
        message = f"25, 24, 24 and nobody against 24.5, 24.5, 24 and 24.5 settled as {list(ended)}"
        raise BrokenContract(message, hint="Run another build: this one must not grade.")
    return ", ".join(ended)


def _grade(home: Home) -> str:
    # Of players nobody forecast there are rows too, which promise nothing that could be graded.
    promised = "SELECT max(game_date) FROM predictions.player_prop_predictions WHERE mean IS NOT NULL"
    day: date | None = home.warehouse.query(promised).item()
    if day is None:
        return "nothing is predicted yet"
    graded = grade(home.warehouse, day, home.clock.now())
    return f"{graded.rows.height} predictions of {day} graded"
